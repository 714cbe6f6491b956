#pragma once
// SUBSCRIBE and UNSUBSCRIBE and what the application is subscribed to.

#include "client/engine/context.h"

namespace hiatus::client::subscribing {

tl::expected<Token, std::string> subscribe(Context &c, const v1::Subscribe &subscribe);
tl::expected<Token, std::string> unsubscribe(Context &c, const v1::Unsubscribe &unsubscribe);
void suback(Context &c, const v1::Suback &suback);
void unsuback(Context &c, const v1::Suback &unsuback);

/// Subscribes to all that the application had, with its options and identifiers.
void again(Context &c);
/// The connection is over: what was not answered never will be; the identifiers are free.
void abandon(Context &c);

} // namespace hiatus::client::subscribing
