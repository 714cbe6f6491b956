#pragma once
// Topic aliases of one connection, both directions.

#include "client/engine/context.h"

namespace hiatus::client {

/// The message with an alias in place of its topic where the server allows it: one that the application chose, else one
/// of ours if asked for. Never above Topic Alias Maximum [5.0 MQTT-3.2.2-17, MQTT-3.2.2-18].
v1::Publish aliased(Context &c, v1::Publish publish);

/// Puts the topic back; the reason code of the protocol error if that is impossible [5.0 MQTT-3.3.2-7].
std::optional<std::uint32_t> resolveAlias(Context &c, v1::Publish &publish);

} // namespace hiatus::client
