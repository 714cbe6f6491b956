#pragma once
// Bytes that no conformant peer sends, and what the decoder has to say of each.

#include "proto/wire/decoder.h"

#include <string>
#include <vector>

namespace hiatus::wire::test {

struct MalformedRow
{
    const char *phrase;
    const char *hex; ///< "LL" is the remaining length, in one byte
    v1::Version version;
    Direction direction;
    const char *reason;
    std::size_t offset;
    const char *statement;
    std::uint32_t code;
};

inline constexpr auto Any = v1::VERSION_UNSPECIFIED;
inline constexpr auto V3 = v1::V3;
inline constexpr auto V5 = v1::V5;
inline constexpr auto Up = Direction::ToServer;
inline constexpr auto Down = Direction::ToClient;

std::vector<MalformedRow> framingRows();
std::vector<MalformedRow> connectRows();
std::vector<MalformedRow> publishRows();
std::vector<MalformedRow> subscribeRows();
std::vector<MalformedRow> propertyRows();

/// The bytes that hex digits with spaces and at most one "LL" say.
std::string bytesOf(std::string hex);

} // namespace hiatus::wire::test
