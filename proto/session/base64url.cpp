#include "proto/session/base64url.h"

#include <cstdint>

namespace hiatus {

namespace {

constexpr std::string_view Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

} // namespace

std::string toBase64Url(std::string_view bytes)
{
    std::string text;
    text.reserve(bytes.size() * 4 / 3 + 3);
    std::uint32_t bits = 0;
    int held = 0;
    for (const char byte : bytes) {
        bits = (bits << 8) | static_cast<unsigned char>(byte);
        for (held += 8; held >= 6; held -= 6)
            text += Alphabet[(bits >> (held - 6)) & 0x3F];
    }
    if (held > 0)
        text += Alphabet[(bits << (6 - held)) & 0x3F];
    return text;
}

std::optional<std::string> fromBase64Url(std::string_view text)
{
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    int held = 0;
    for (const char letter : text) {
        const std::size_t value = Alphabet.find(letter);
        if (value == std::string_view::npos)
            return std::nullopt;
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        held += 6;
        if (held < 8)
            continue;
        held -= 8;
        bytes += static_cast<char>((bits >> held) & 0xFF);
    }
    const bool isWhole = held < 6 && (bits & ((1u << held) - 1)) == 0;
    return isWhole ? std::optional(bytes) : std::nullopt;
}

} // namespace hiatus
