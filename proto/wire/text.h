#pragma once
// A packet in one line, as a person debugging sessions would write it.

#include "hiatus/v1/packet.pb.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace hiatus::wire {

/// E.g. `PUBLISH q1 DUP id=12 door "open" expiry=60`, `CONNACK session_present=1 code=0x00 Success`.
/// Payloads over 40 bytes are cut with their length; bytes that are not printable ASCII appear as \xNN.
std::string text(const v1::Packet &packet, v1::Version version = v1::VERSION_UNSPECIFIED);

/// "PUBLISH", "CONNACK", …; "?" for a packet without a kind.
std::string_view kindName(v1::Packet::KindCase kind);

/// The standard's name of a return or reason code in that packet; empty if there is none.
std::string_view reasonName(v1::Packet::KindCase kind, v1::Version version, std::uint32_t code);

/// "20 02 00 00"
std::string hex(std::string_view bytes);

} // namespace hiatus::wire
