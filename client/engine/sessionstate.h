#pragma once
// The client's half of a session while it lives: sent and not completely acknowledged, received and not completely
// acknowledged [3.1.1 U311-3.1.2.4-1] [5.0 U5-4.1-1], and what waits to be sent.

#include "client/engine/client.h"
#include "proto/session/values.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace hiatus::client {

/// A message that was sent and is not completely acknowledged.
struct Outgoing
{
    Token token = 0;
    PacketId id = 0;
    v1::Stage stage = v1::STAGE_UNSPECIFIED;
    v1::Publish message; ///< as first sent, without DUP and identifier
    std::optional<Time> expiresAt;
    bool written = false; ///< PUBLISH or PUBREL went out on the present connection
};

/// A message that was accepted from the application and never sent.
struct Queued
{
    Token token = 0;
    v1::Publish message;
    std::optional<Time> expiresAt;
};

/// A QoS 2 message received and not completed. Until the application has acknowledged it no PUBREC was sent for it.
struct Receipt
{
    Token token = 0;
    bool acknowledged = true;
};

struct SessionState
{
    std::string clientId;
    bool known = false; ///< the server should have a session for us
    std::deque<Outgoing> inflight; ///< by first transmission; among those that wait for PUBCOMP, by PUBREC
    std::map<PacketId, Receipt> received;
    std::deque<Queued> pending;       ///< not session state: outlives it
    std::uint32_t expiryInterval = 0; ///< seconds, effective; 3.1.1: 0 or NeverExpires
    std::optional<Time> disconnectedAt;

    /// Nothing that the standard calls the client's session state.
    bool isEmpty() const { return inflight.empty() && received.empty(); }
    /// Something of an earlier connection.
    bool holdsOld() const;
    Outgoing *find(PacketId id);
    /// When the session is over if nobody resumes it; nothing: never, or connected.
    std::optional<Time> endsAt() const;
};

/// What has just happened to the state.
enum class Reason {
    Closed,       ///< the connection ended; the state is kept
    Resumed,      ///< session present 1; nothing is sent again yet
    SessionLost,  ///< session present 0 against expectation; the state is discarded
    CleanStarted, ///< CONNECT with clean start is about to go out; the state is discarded
    Expired,      ///< the session ended with its connection or its interval passed; the state is discarded
};

/// Seam: called when the engine has done its part; whatever it changes is the state from then on.
using StateHook = std::function<void(SessionState &, Reason)>;

v1::ClientSession toValue(const SessionState &state, v1::Version version);
/// Tokens are given out from `firstToken` on: in-flight messages first, then pending ones.
SessionState fromValue(const v1::ClientSession &value, Token firstToken);

} // namespace hiatus::client
