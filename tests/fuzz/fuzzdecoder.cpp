// libFuzzer: any bytes into the codec.

#include "exercise.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    hiatus::wire::test::exercise({reinterpret_cast<const char *>(data), size});
    return 0;
}
