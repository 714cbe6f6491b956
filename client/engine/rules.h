#pragma once
// Where the standard decides or leaves a choice, the engine asks one of these. A deviation or a liberty replaces one.

#include "client/engine/connection.h"
#include "client/engine/options.h"
#include "client/engine/sessionstate.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace hiatus::client {

/// What to make of CONNACK's session present.
enum class Presence {
    Fresh,       ///< a new session, as expected
    Resume,      ///< both have it
    Lost,        ///< the server has it no longer: discard and go on
    LostAndLeave,///< discard and close
    Impossible,  ///< the server claims a session that can't be: close
};

struct PresenceCase
{
    v1::Version version = v1::V5;
    bool clean = false;   ///< our CONNECT asked for a clean start
    bool present = false; ///< what CONNACK says
    bool known = false;   ///< the server should have a session for us
    bool holding = false; ///< something in flight, either direction
};

/// A message that this connection's limits forbid.
struct Refusal
{
    std::uint32_t code = 0;
    std::string why;
};

/// The rules of the standard, each with the statement it honours.
struct Rules
{
    std::function<Presence(const PresenceCase &)> presence;
    /// CONNECT as it goes out; `again`: not the first of this client object.
    std::function<v1::Connect(const v1::Connect &wanted, const SessionState &, bool again, v1::Version)> connectPacket;
    std::function<bool(const SessionState &, Time now)> hasExpired;
    /// The identifier of a new exchange.
    std::function<std::optional<PacketId>(PacketIds &)> chooseId;
    /// What goes out for an unfinished exchange of an earlier connection; nothing: it stays silent.
    std::function<std::optional<v1::Packet>(const Outgoing &)> resent;
    /// How many exchanges may be open at a time.
    std::function<std::uint32_t(const Limits &)> window;
    /// Does the open exchange take a place in the window?
    std::function<bool(const Outgoing &)> occupiesWindow;
    std::function<std::optional<Refusal>(const v1::Publish &, const Limits &, v1::Version)> refusal;
    std::function<bool(v1::Version)> publishesBeforeConnack;
    /// Was this QoS 2 PUBLISH received before?
    std::function<bool(const SessionState &, const v1::Publish &)> isRepeated;
    /// The answer to a PUBREL; `known`: its message is in our table. Nothing: silence.
    std::function<std::optional<v1::Packet>(PacketId, bool known, v1::Version)> answerToPubrel;
    /// The answer to a PUBREC for an identifier that is not in use.
    std::function<std::optional<v1::Packet>(PacketId, v1::Version)> answerToUnknownPubrec;
    /// Idle time after which PINGREQ goes out.
    std::function<Milliseconds(Seconds keepAlive)> pingAfter;
    std::function<bool(bool sessionPresent, const ClientOptions &)> resubscribes;
    /// Is another attempt worth while after this code of CONNACK or DISCONNECT?
    std::function<bool(std::uint32_t code, v1::Version)> retries;
};

Rules standardRules();

} // namespace hiatus::client
