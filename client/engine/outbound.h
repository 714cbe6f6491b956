#pragma once
// Messages from the application to the server, QoS 0, 1 and 2.

#include "client/engine/context.h"

namespace hiatus::client::outbound {

/// Takes a message: it is sent at once or waits its turn.
tl::expected<Token, std::string> publish(Context &c, const v1::Publish &publish);

/// Sends what is due and fits the window: unfinished exchanges of earlier connections first, in their old order
/// [3.1.1 MQTT-4.6.0-1] [5.0 MQTT-4.6.0-1], then what waits.
void pump(Context &c);

void puback(Context &c, const v1::Ack &ack);
void pubrec(Context &c, const v1::Ack &ack);
void pubcomp(Context &c, const v1::Ack &ack);

} // namespace hiatus::client::outbound
