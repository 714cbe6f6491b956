#pragma once
// Messages from the server to the application, QoS 0, 1 and 2.

#include "client/engine/context.h"

namespace hiatus::client::inbound {

void publish(Context &c, v1::Publish publish);
void pubrel(Context &c, const v1::Ack &ack);
/// The application is done with a delivery: what is owed goes out, in its turn.
tl::expected<void, std::string> acknowledge(Context &c, Token delivery);

} // namespace hiatus::client::inbound
