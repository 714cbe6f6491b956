#include "proto/wire/utf8.h"

#include <cstdint>
#include <cstring>

namespace hiatus::wire {

namespace {

/// True for eight bytes that are all 0x01 to 0x7F: by far the most of what is ever sent.
bool isPlain(const char *eight)
{
    constexpr std::uint64_t Ones = 0x0101010101010101u;
    constexpr std::uint64_t Highs = 0x8080808080808080u;
    std::uint64_t word = 0;
    std::memcpy(&word, eight, sizeof word);
    return ((word | (word - Ones)) & Highs) == 0;
}

/// Bytes of the multi-byte character at the beginning, 0 if it is ill-formed (Unicode's table 3-7).
std::size_t characterSize(std::string_view bytes)
{
    const auto at = [bytes](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
    const std::uint8_t lead = at(0);
    const std::size_t size = lead >= 0xC2 && lead <= 0xDF   ? 2
                             : (lead & 0xF0) == 0xE0        ? 3
                             : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                            : 0;
    if (size == 0 || bytes.size() < size)
        return 0;
    const std::uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const std::uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (at(1) < low || at(1) > high)
        return 0;
    for (std::size_t i = 2; i < size; ++i) {
        if ((at(i) & 0xC0) != 0x80)
            return 0;
    }
    return size;
}

} // namespace

Utf8Fault utf8Fault(std::string_view bytes)
{
    std::size_t i = 0;
    while (i < bytes.size()) {
        if (bytes.size() - i >= 8 && isPlain(bytes.data() + i)) {
            i += 8;
            continue;
        }
        const auto byte = static_cast<std::uint8_t>(bytes[i]);
        if (byte == 0)
            return {Utf8Fault::Null, i};
        const std::size_t size = byte < 0x80 ? 1 : characterSize(bytes.substr(i));
        if (size == 0)
            return {Utf8Fault::Ill, i};
        i += size;
    }
    return {};
}

} // namespace hiatus::wire
