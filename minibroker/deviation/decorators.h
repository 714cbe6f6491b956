#pragma once
// Deviations that need the whole interface.

#include "minibroker/engine/broker.h"

#include <memory>

namespace hiatus::broker {

/// After CONNACK with session present nothing more goes to the link until a message is published to it.
std::unique_ptr<Broker> waitForNextPublish(std::unique_ptr<Broker> inner);
/// A taken-over link is not closed; its PINGREQs are still answered.
std::unique_ptr<Broker> leaveOldOpen(std::unique_ptr<Broker> inner);
/// When a taken-over link is torn down the session of its successor goes.
std::unique_ptr<Broker> tearDownTwice(std::unique_ptr<Broker> inner);

/// A QoS 2 message whose PUBREL comes on a later connection goes to the subscribers once more, then.
std::unique_ptr<Broker> forwardAgain(std::unique_ptr<Broker> inner);

} // namespace hiatus::broker
