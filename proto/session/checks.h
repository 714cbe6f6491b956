#pragma once
// Checks of session state on the way in: a value that passed can be made live without further thought.

#include "hiatus/v1/session.pb.h"

#include <tl/expected.hpp>

#include <string>

namespace hiatus {

/// Why a session is refused, in one sentence that names the entry.
using Contradiction = std::string;

/// A client's half: a client id and version; identifiers 1 to 65,535, each once per direction; stages that fit the QoS;
/// messages of QoS 1 or 2 with a topic, without DUP, identifier and alias.
tl::expected<void, Contradiction> checkClientSession(const v1::ClientSession &session);

/// A server's half: the same, and subscriptions with valid, distinct filters and options, identifiers 1 to 268,435,455,
/// a will with a topic; pending messages may be of QoS 0.
tl::expected<void, Contradiction> checkServerSession(const v1::ServerSession &session);

/// All sessions of a broker, each client id once, and its retained messages.
tl::expected<void, Contradiction> checkBrokerState(const v1::BrokerState &state);

} // namespace hiatus
