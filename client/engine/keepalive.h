#pragma once
// PINGREQ and PINGRESP.

#include "client/engine/context.h"

namespace hiatus::client::keepalive {

/// PINGREQ when idle [3.1.1 MQTT-3.1.2-23] [5.0 MQTT-3.1.2-20]; closes when PINGRESP doesn't come.
void advanced(Context &c);
void pingresp(Context &c);
std::optional<Time> nextDeadline(const Context &c);

} // namespace hiatus::client::keepalive
