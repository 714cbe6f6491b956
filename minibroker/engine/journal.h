#pragma once
// What changed in the broker's lasting state, entry by entry: a durable store writes these in one transaction before
// the actions of the same input are carried out, so that nothing is acknowledged that a crash could lose.
//
// Rows: a session is known by its client id; a message of a session by (client id, sequence); a QoS 2 receipt by
// (client id, packet id); a retained message by its topic. Every entry may name a row that exists (it replaces it) and
// removal may name one that does not. Applied in order to an empty store, the entries since BrokerEngine::create()
// give what snapshot() gives, up to `disconnected_at` of sessions that were connected at a crash.

#include "hiatus/v1/session.pb.h"
#include "proto/session/values.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace hiatus::broker::journal {

/// Forget everything: the first entry after create(), followed by all that was restored.
struct Cleared
{
};

/// The session's own values: client_id, version, will, session_expiry_interval, disconnected_at, user_name. The
/// repeated fields are never set here; the session's other rows stay as they are.
struct SessionPut
{
    v1::ServerSession session;
};

/// The session and every row of it.
struct SessionRemoved
{
    std::string clientId;
};

struct SubscriptionPut
{
    std::string clientId;
    v1::Subscription subscription; ///< known by its filter
};

struct SubscriptionRemoved
{
    std::string clientId;
    std::string filter;
};

/// A message waits for the session.
struct MessageQueued
{
    std::string clientId;
    std::uint64_t sequence = 0; ///< of the session; messages wait in ascending order
    v1::StoredMessage message;
};

/// A queued message was sent for the first time, or its exchange has come further.
struct InflightPut
{
    std::string clientId;
    std::uint64_t sequence = 0; ///< of the message, queued before (also when it never had to wait)
    std::uint64_t order = 0;    ///< of first transmission within the session, ascending
    PacketId packetId = 0;
    v1::Stage stage = v1::STAGE_UNSPECIFIED;
};

/// Completely acknowledged, dropped or expired.
struct MessageRemoved
{
    std::string clientId;
    std::uint64_t sequence = 0;
};

struct ReceivedPut
{
    std::string clientId;
    v1::Received received;
};

struct ReceivedRemoved
{
    std::string clientId;
    PacketId packetId = 0;
};

struct RetainedPut
{
    v1::StoredMessage message; ///< known by its topic
};

struct RetainedRemoved
{
    std::string topic;
};

using Entry = std::variant<Cleared, SessionPut, SessionRemoved, SubscriptionPut, SubscriptionRemoved, MessageQueued,
                           InflightPut, MessageRemoved, ReceivedPut, ReceivedRemoved, RetainedPut, RetainedRemoved>;
using Entries = std::vector<Entry>; ///< in order

} // namespace hiatus::broker::journal
