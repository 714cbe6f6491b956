#pragma once
// Packets for the tests: from protobuf text, complete ones, and random lawful ones.

#include "proto/wire/decoder.h"
#include "proto/wire/property.h"

#include <functional>
#include <string_view>

namespace hiatus::wire::test {

/// A packet as a script writes it; a packet without a kind if the text does not parse.
v1::Packet packetOf(std::string_view textproto);

/// Decides what a random packet contains.
struct Choice
{
    std::function<bool()> present;
    std::function<std::uint32_t(std::uint32_t least, std::uint32_t most)> number; ///< both ends included
    std::function<std::string()> text;                                            ///< UTF-8 without U+0000
    std::function<std::string()> topic;
    std::function<std::string()> filter;
    std::function<std::string()> binary;
};

/// Everything present; numbers at their least.
Choice everything();

/// A lawful packet of that kind as the decoder returns it; a packet without a kind if that side never sends one.
v1::Packet lawfulPacket(const Choice &choice, v1::Packet::KindCase kind, v1::Version version, Direction direction);

} // namespace hiatus::wire::test
