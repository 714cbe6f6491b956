#pragma once
// The rules table: small named functions that the engine consults wherever the standard decides or leaves a choice. The
// defaults are lawful; a deviation or a liberty replaces rows. Rules are pure functions of what they are given, but may
// remember what they were given before.

#include "hiatus/v1/session.pb.h"
#include "minibroker/engine/session.h"

#include <functional>
#include <optional>
#include <vector>

namespace hiatus::broker {

/// What just happened to a session.
enum class Reason {
    Closed,       ///< its connection ended; it lives on
    TakenOver,    ///< its connection was displaced by another; it lives on
    Resumed,      ///< a connection was accepted with it; CONNACK is not yet written
    CleanStarted, ///< it was discarded by Clean Start or Clean Session; `after` is its successor
    Expired,      ///< it ended by its expiry interval, 0 included
    Restarted,    ///< the broker was stopped in good order and came up again; `after` is what it finds
    Crashed,      ///< the same after kill -9
};

/// The state hook: `before` is the session as it was, `after` what the engine goes on with, deadlines computed anew.
/// - Reason::Expired: `after` comes empty; if it gets a client id and an expiry that has not passed, that session
/// stays.
using StateHook = std::function<void(v1::ServerSession &after, const v1::ServerSession &before, Reason why)>;

/// Why a will may be due.
enum class WillCause { ConnectionLost, TakenOver, CleanStarted, SessionEnded };

/// What an accepted CONNECT found.
struct ConnectFacts
{
    bool clean = false;   ///< Clean Session, Clean Start
    bool found = false;   ///< a session of this client id is stored
    bool expired = false; ///< but its time has passed
};

/// One copy of a publication for a session.
struct Copy
{
    std::uint8_t qos = 0;
    bool retain = false;
    std::vector<std::uint32_t> identifiers;
};
using Copies = std::vector<Copy>;
using Matching = std::vector<const Subscription *>; ///< of one session, at least one

namespace rules {

// Sessions
bool sessionPresent(const ConnectFacts &facts);
std::uint32_t grantedExpiry(const v1::Connect &connect, v1::Version version, std::uint32_t cap);
std::uint32_t expiryAfterDisconnect(const Session &session, const v1::Disconnect &disconnect, std::uint32_t cap);
std::optional<Time> sessionEnd(const Session &session, Reason why, Time closedAt);
Time sweepAt(Time end);

// Connections
Milliseconds patience(std::uint32_t keepAlive);
bool publishesWill(const Session &session, WillCause cause);
Time willDueAt(const Session &session, Time closedAt);
Time publishesWillAt(Time due);

// Subscriptions
std::uint32_t grantedQos(std::uint32_t asked, std::uint32_t maximum);
Subscription replaced(const Subscription &old, const Subscription &fresh);
bool removesSubscription(const Session &session, const Subscription &subscription);
bool sendsRetained(const Subscription &subscription, bool existed, bool onResume);
Copies copies(const Session &session, const Matching &matching, const Publication &publication);
bool storesRetained(const Publication &publication);

// Publications received
bool isRepeat(const Session &session, const v1::Publish &publish);
std::uint32_t acceptedCode(std::size_t receivers);
std::optional<std::uint32_t> unknownPubrel(v1::Version version);

// Publications sent
std::uint32_t window(const Session &session, const Connection &connection, std::uint32_t maximum);
/// The next one round from the last, of 1 to `highest`, that no exchange in flight has; nothing when all are taken.
std::optional<PacketId> nextPacketId(const Session &session, unsigned highest);
bool queuesBehind(const Session &session);
bool takesOldest(const Session &session);
bool resends(const Session &session, const Inflight &inflight, Time now);
bool forgetsAcknowledged(const Session &session, const Inflight &inflight);
bool handsOver(const Inflight &inflight, bool hasEnded);

} // namespace rules

struct Rules
{
    /// Session present of an accepting CONNACK [3.1.1 MQTT-3.2.2-1] [3.1.1 MQTT-3.2.2-2] [3.1.1 MQTT-3.2.2-3]
    /// [5.0 MQTT-3.2.2-2] [5.0 MQTT-3.2.2-3].
    std::function<bool(const ConnectFacts &)> sessionPresent = rules::sessionPresent;
    /// Session expiry interval, seconds: what was asked up to the cap, absent is 0 [5.0 U5-3.1.2.11.2-1]; 3.1.1: Clean
    /// Session 0 never expires [3.1.1 MQTT-3.1.2-4#c]. A 5.0 grant that differs is told [5.0 U5-3.2.2.3.2-1].
    std::function<std::uint32_t(const v1::Connect &, v1::Version, std::uint32_t cap)> grantedExpiry =
        rules::grantedExpiry;
    /// DISCONNECT may replace the interval [5.0 U5-3.14.2.2.2-1].
    std::function<std::uint32_t(const Session &, const v1::Disconnect &, std::uint32_t cap)> expiryAfterDisconnect =
        rules::expiryAfterDisconnect;
    /// When a session ends whose connection ended at `closedAt` (Closed or TakenOver); nothing: never. Not later than
    /// `closedAt` ends it at once [3.1.1 MQTT-3.1.2-6#b] [5.0 U5-4.1-3] [5.0 D5-2].
    std::function<std::optional<Time>(const Session &, Reason, Time closedAt)> sessionEnd = rules::sessionEnd;
    /// When a session that ended is deleted: nothing is lost by being late, it is dead from its end on
    /// [5.0 MQTT-4.1.0-2] [5.0 A5-4].
    std::function<Time(Time end)> sweepAt = rules::sweepAt;
    /// Is a resumed subscription routed to from a restart on, before its client returns [3.1.1 MQTT-3.1.2-5]
    /// [5.0 MQTT-4.5.0-1]?
    bool routesToRestored = true;
    /// Seam 2: called in order; exports and imports happen only where there are any.
    std::vector<StateHook> hooks;

    /// Is a refused 5.0 CONNECT answered with CONNACK before the close [5.0 A5-7]?
    bool answersRefusals = true;
    /// Does DISCONNECT 0x8E precede the close of a taken-over 5.0 connection [5.0 A5-6]?
    bool tellsTakenOver = true;
    /// Does a DISCONNECT with the code precede a 5.0 close for an error [5.0 A5-7]?
    bool tellsErrors = true;
    /// Silence that ends a connection with this keep alive in seconds, not 0: one and a half times
    /// [3.1.1 MQTT-3.1.2-24] [5.0 MQTT-3.1.2-22].
    std::function<Milliseconds(std::uint32_t keepAlive)> patience = rules::patience;
    /// Is the will published for this cause? All of them [3.1.1 MQTT-3.1.2-8#b] [5.0 MQTT-3.1.2-8#a]; a DISCONNECT 0x00
    /// or a resumption within the delay has taken the will away before this is asked.
    std::function<bool(const Session &, WillCause)> publishesWill = rules::publishesWill;
    /// When the will is due, session end aside: the delay after the close [5.0 U5-3.1.3.2.2-1]. From then on no new
    /// connection cancels it.
    std::function<Time(const Session &, Time closedAt)> willDueAt = rules::willDueAt;
    /// When it is published: nothing is wrong with being a little late [3.1.1 A311-13] [5.0 A5-16].
    std::function<Time(Time due)> publishesWillAt = rules::publishesWillAt;

    /// At most what was asked [5.0 MQTT-3.8.4-7] [3.1.1 MQTT-3.8.4-5].
    std::function<std::uint32_t(std::uint32_t asked, std::uint32_t maximum)> grantedQos = rules::grantedQos;
    /// What holds after a second SUBSCRIBE to a filter: the new one [3.1.1 MQTT-3.8.4-3#a] [5.0 MQTT-3.8.4-3].
    std::function<Subscription(const Subscription &old, const Subscription &fresh)> replaced = rules::replaced;
    /// UNSUBSCRIBE deletes the subscription [3.1.1 MQTT-3.10.4-1] [5.0 MQTT-3.10.4-1].
    std::function<bool(const Session &, const Subscription &)> removesSubscription = rules::removesSubscription;
    /// Are retained messages sent for it: by Retain Handling [5.0 MQTT-3.3.1-9] [5.0 MQTT-3.3.1-10] [5.0
    /// MQTT-3.3.1-11], never for a shared one [5.0 U5-3.8.4-4], never because a session was resumed [3.1.1 D311-6].
    std::function<bool(const Subscription &, bool existed, bool onResume)> sendsRetained = rules::sendsRetained;
    /// Are they sent before SUBACK [3.1.1 A311-10] [5.0 A5-11]?
    bool retainedBeforeSuback = false;
    /// The copies a session gets of a publication: one, at the highest QoS granted, with all identifiers
    /// [3.1.1 MQTT-3.3.5-1] [5.0 MQTT-3.3.4-2] [5.0 MQTT-3.3.4-4].
    std::function<Copies(const Session &, const Matching &, const Publication &)> copies = rules::copies;
    /// Is a message published with RETAIN 1 kept [3.1.1 MQTT-3.3.1-5] [5.0 MQTT-3.3.1-5]?
    std::function<bool(const Publication &)> storesRetained = rules::storesRetained;

    /// Is an inbound QoS 2 PUBLISH one that we own already: its identifier is held [3.1.1 MQTT-4.3.3-2#b]
    /// [5.0 MQTT-4.3.3-10]?
    std::function<bool(const Session &, const v1::Publish &)> isRepeat = rules::isRepeat;
    /// The code of the PUBREC that answers a repeat, 5.0; from 0x80 on the exchange has ended [5.0 A5-32].
    std::uint32_t repeatCode = 0;
    /// The code of the PUBACK or PUBREC that accepts a 5.0 publication for so many sessions [5.0 MQTT-3.4.2-1].
    std::function<std::uint32_t(std::size_t receivers)> acceptedCode = rules::acceptedCode;
    /// Is an inbound QoS 2 message routed at PUBREL in place of PUBLISH [3.1.1 A311-7] [5.0 A5-9]?
    bool routesAtPubrel = false;
    /// The code of the PUBCOMP for an unknown identifier [3.1.1 MQTT-4.3.3-2#c] [5.0 MQTT-4.3.3-11]; nothing: silence.
    std::function<std::optional<std::uint32_t>(v1::Version)> unknownPubrel = rules::unknownPubrel;

    /// QoS 1 and 2 PUBLISHes that may be unacknowledged on this connection: never more than the client's Receive
    /// Maximum [5.0 MQTT-3.3.4-9] [5.0 MQTT-4.9.0-1].
    std::function<std::uint32_t(const Session &, const Connection &, std::uint32_t maximum)> window = rules::window;
    /// An identifier that no open exchange of the session has [3.1.1 MQTT-2.3.1-4#a] [5.0 MQTT-2.2.1-4]; nothing: all
    /// are taken, the message waits.
    std::function<std::optional<PacketId>(const Session &, unsigned highest)> nextPacketId = rules::nextPacketId;
    /// Does a new message wait behind those that wait [3.1.1 MQTT-4.6.0-6#b] [5.0 MQTT-4.6.0-5]?
    std::function<bool(const Session &)> queuesBehind = rules::queuesBehind;
    /// Is the oldest waiting message sent next? The same.
    std::function<bool(const Session &)> takesOldest = rules::takesOldest;
    /// Is this unacknowledged message, or its PUBREL, sent again on a resumption [3.1.1 MQTT-4.4.0-1#a]
    /// [5.0 MQTT-4.4.0-1#a] [5.0 MQTT-4.4.0-1#b]? Otherwise it is forgotten.
    std::function<bool(const Session &, const Inflight &, Time now)> resends = rules::resends;
    /// Has a message sent again DUP 1 [3.1.1 MQTT-3.3.1-1] [5.0 MQTT-3.3.1-1]?
    bool dupOnResend = true;
    /// Do PUBRELs come before PUBLISHes on a resumption, in place of the order of first transmission [3.1.1 A311-16]
    /// [5.0 A5-17]?
    bool pubrelsFirst = false;
    /// Is a completely acknowledged message forgotten [3.1.1 MQTT-4.3.2-1#c] [5.0 MQTT-4.3.2-3]?
    std::function<bool(const Session &, const Inflight &)> forgetsAcknowledged = rules::forgetsAcknowledged;

    /// Does a message that was sent over a shared subscription go to another member, when the session has ended or only
    /// its connection: QoS 1 with the session [5.0 A5-14], QoS 2 never [5.0 MQTT-4.8.2-4] [5.0 MQTT-4.8.2-5]?
    std::function<bool(const Inflight &, bool hasEnded)> handsOver = rules::handsOver;
    /// And what waited for a member whose session has ended [5.0 A5-14]?
    bool inheritsWaiting = true;
    /// Does a message that a member rejected go to another [5.0 MQTT-4.8.2-6]?
    bool rejectedGoesOn = false;
};

} // namespace hiatus::broker
