#pragma once
// What becomes of the session state when connections end, resume or begin anew.

#include "client/engine/context.h"

namespace hiatus::client::resume {

/// CONNECT with clean start goes out: all state is discarded [3.1.1 MQTT-3.1.2-6#a] [5.0 MQTT-3.1.2-4].
void startClean(Context &c);
/// Session present 1: unfinished exchanges are due again [3.1.1 MQTT-4.4.0-1#a, -1#b] [5.0 MQTT-4.4.0-1#a, -1#b].
void goOn(Context &c);
/// Session present 0 against expectation: all state is discarded [5.0 MQTT-3.2.2-5, MQTT-4.4.0-1#c].
void lose(Context &c);
/// An accepted connection ended: the state is kept [3.1.1 MQTT-3.1.2-4#c] [5.0 MQTT-3.1.2-23], unless the session ends
/// with it [3.1.1 MQTT-3.1.2-6#c].
void connectionEnded(Context &c);
/// A connection ended before CONNACK: what had already been sent on it was never accepted, unless a session is known.
void attemptFailed(Context &c);
/// Discards a state whose interval has passed.
void checkExpiry(Context &c);

tl::expected<void, std::string> restore(Context &c, const v1::ClientSession &value);

} // namespace hiatus::client::resume
