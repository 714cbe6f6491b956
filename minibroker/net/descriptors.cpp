#include "minibroker/net/descriptors.h"

#include <sys/resource.h>

#include <algorithm>

namespace hiatus {

std::uint64_t raiseDescriptorLimit(std::uint64_t wanted)
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    const rlim_t soft = std::max<rlim_t>(limit.rlim_cur, std::min<rlim_t>(limit.rlim_max, wanted));
    const rlimit raised{soft, limit.rlim_max};
    return ::setrlimit(RLIMIT_NOFILE, &raised) == 0 ? soft : limit.rlim_cur;
}

} // namespace hiatus
