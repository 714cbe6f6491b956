#pragma once
// Values that every layer shares. Units are in the types; live instants are milliseconds since the Unix epoch.

#include "hiatus/v1/packet.pb.h"

#include <chrono>
#include <cstdint>

namespace hiatus {

using Milliseconds = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;

/// An instant. Engines never read a clock: whoever drives them says what time it is.
using Time = std::chrono::sys_time<Milliseconds>;

/// MQTT packet identifier; 0 is never valid on the wire.
using PacketId = std::uint16_t;

/// One network connection, as numbered by whoever owns the sockets; never reused.
using LinkId = std::uint64_t;

/// Session Expiry Interval that never passes [5.0 U5-3.1.2.11.2].
inline constexpr std::uint32_t NeverExpires = 0xFFFFFFFFu;

} // namespace hiatus
