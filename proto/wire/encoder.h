#pragma once
// Packets -> bytes. Writes what it is told: unset fields as the protocol's zero, `wire {}` overrides laid over the result.

#include "hiatus/v1/packet.pb.h"

#include <string>

namespace hiatus::wire {

/// Appends the packet's bytes.
/// - A packet without a kind and without `wire.hex` appends nothing.
/// - Reason codes of 0 without properties are left out of 5.0 acknowledgements and DISCONNECT, as the standard allows.
/// - Strings and binary data over 65,535 bytes are cut to that length (the format cannot say more).
void encodeTo(std::string &out, const v1::Packet &packet, v1::Version version);

std::string encode(const v1::Packet &packet, v1::Version version);

/// Bytes the encoded packet takes.
std::size_t encodedSize(const v1::Packet &packet, v1::Version version);

} // namespace hiatus::wire
