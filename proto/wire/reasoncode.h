#pragma once
// The return and reason codes that the standards list, per packet, version and sender.

#include "proto/wire/decoder.h"

namespace hiatus::wire {

/// May that side send that code in that packet? [3.1.1 MQTT-3.9.3-2] [5.0 MQTT-3.2.2-8, MQTT-3.4.2-1, …]
bool isListedCode(v1::Packet::KindCase kind, v1::Version version, Direction direction, std::uint32_t code);

} // namespace hiatus::wire
