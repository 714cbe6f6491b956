#pragma once
// From OpenLink to CloseLink: CONNECT, CONNACK, DISCONNECT, reconnecting.

#include "client/engine/context.h"

namespace hiatus::client::connecting {

/// How a connection ends.
struct Ending
{
    std::string why;
    std::optional<std::uint32_t> code;
    bool byClient = false;
    bool mayRetry = true;
};

tl::expected<void, std::string> connect(Context &c, const v1::Connect &connect);
void disconnect(Context &c, v1::Disconnect disconnect);

void opened(Context &c);
void acknowledged(Context &c, const v1::Connack &connack);
void serverDisconnected(Context &c, const v1::Disconnect &disconnect);
void closed(Context &c);
void advanced(Context &c);
std::optional<Time> nextDeadline(const Context &c);

/// Says goodbye with this reason code (5.0) and closes [3.1.1 MQTT-4.8.0-1] [5.0 MQTT-4.13.2-1, A5-21].
void fail(Context &c, std::uint32_t code, std::string why, bool mayRetry = true);
/// Closes without a word.
void leave(Context &c, const Ending &how);

} // namespace hiatus::client::connecting
