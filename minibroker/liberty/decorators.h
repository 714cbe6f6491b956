#pragma once
// Liberties that need the whole interface.

#include "minibroker/engine/broker.h"

#include <memory>

namespace hiatus::broker {

/// Every PUBLISH leaves a moment later than it could.
std::unique_ptr<Broker> deliverLate(std::unique_ptr<Broker> inner);
/// A PUBLISH is dealt with a moment after it came; a PINGREQ behind it is answered at once.
std::unique_ptr<Broker> pingsFirst(std::unique_ptr<Broker> inner);
/// QoS 0 messages leave a moment later than others: they are overtaken.
std::unique_ptr<Broker> sendQos0Apart(std::unique_ptr<Broker> inner);
/// What follows a CONNACK with session present comes piece by piece.
std::unique_ptr<Broker> resendInPortions(std::unique_ptr<Broker> inner);
/// Clients of that version that do not acknowledge get PUBLISH and PUBREL again on the same connection: lawful in 3.1.1.
std::unique_ptr<Broker> resendByTimer(std::unique_ptr<Broker> inner, v1::Version version);
/// Clients of that version get each QoS 1 or 2 PUBLISH once more before they can have answered it: lawful in 3.1.1.
std::unique_ptr<Broker> sendTwice(std::unique_ptr<Broker> inner, v1::Version version);

/// A second takeover of a client id within a second is refused: CONNACK 0x9F in 5.0, a close in 3.1.1.
std::unique_ptr<Broker> turnHasteAway(std::unique_ptr<Broker> inner);

/// Turns client identifiers away that no server has to take [MQTT-3.1.3-5].
std::unique_ptr<Broker> takeSimpleIds(std::unique_ptr<Broker> inner);
/// Holds QoS 0 messages back while others are in flight.
std::unique_ptr<Broker> suspendQos0(std::unique_ptr<Broker> inner);

} // namespace hiatus::broker
