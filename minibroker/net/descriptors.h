#pragma once

#include <cstdint>

namespace hiatus {

/// Raises this process's soft limit of open descriptors to its hard limit, at most to `wanted`; returns what holds then.
std::uint64_t raiseDescriptorLimit(std::uint64_t wanted = 65'536);

} // namespace hiatus
