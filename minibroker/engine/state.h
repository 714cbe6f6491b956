#pragma once
// What the engine is made of, and its conversations: one file each, functions on the whole state. Inside of the engine
// only. A conversation appends actions and journal entries; nothing is carried out before the input has been dealt
// with.

#include "minibroker/engine/broker.h"
#include "minibroker/engine/deadlines.h"
#include "minibroker/engine/journal.h"
#include "minibroker/engine/options.h"
#include "minibroker/engine/rules.h"
#include "minibroker/engine/topicindex.h"

#include <map>
#include <memory>
#include <string>
#include <unordered_map>

namespace hiatus::broker {

struct State
{
    BrokerOptions options;
    Rules rules;
    Time now{};
    Actions actions;
    journal::Entries journal;

    std::unordered_map<LinkId, std::unique_ptr<Connection>> connections;
    std::unordered_map<std::string, std::unique_ptr<Session>> sessions;
    std::map<std::string, PublicationPtr, std::less<>> retained; ///< by topic
    TopicIndex index;
    Deadlines deadlines;
    std::uint64_t sessionsMade = 0;
    std::uint64_t idsAssigned = 0;
    std::vector<LinkId> overrun; ///< links of clients that would not take what they are owed
};

/// Reason codes used here [5.0 2.4].
namespace code {
inline constexpr std::uint32_t NormalDisconnection = 0x00, DisconnectWithWill = 0x04, NoSubscriptionExisted = 0x11,
                               UnspecifiedError = 0x80, MalformedPacket = 0x81, ProtocolError = 0x82,
                               UnsupportedProtocolVersion = 0x84, ClientIdentifierNotValid = 0x85,
                               BadUserNameOrPassword = 0x86, NotAuthorized = 0x87, BadAuthenticationMethod = 0x8C,
                               KeepAliveTimeout = 0x8D, SessionTakenOver = 0x8E, TopicFilterInvalid = 0x8F,
                               TopicNameInvalid = 0x90, PacketIdentifierNotFound = 0x92, ReceiveMaximumExceeded = 0x93,
                               TopicAliasInvalid = 0x94, PacketTooLarge = 0x95, RetainNotSupported = 0x9A,
                               QosNotSupported = 0x9B, SharedNotSupported = 0x9E,
                               SubscriptionIdentifiersNotSupported = 0xA1, WildcardsNotSupported = 0xA2;
}

// connect.cpp: CONNECT and its answer.
void connect(State &state, Connection &connection, const v1::Connect &packet);
/// CONNACK with that 5.0 code, or its 3.1.1 counterpart, where one is described; then the close.
void refuseConnect(State &state, Connection &connection, std::uint32_t code, const std::string &why);

// leave.cpp: the ways a connection ends. The reference is dead afterwards.
void disconnect(State &state, Connection &connection, const v1::Disconnect &packet);
/// For an error: DISCONNECT with the code in 5.0, then the close [3.1.1 MQTT-4.8.0-1] [5.0 MQTT-4.13.1-1].
void fail(State &state, Connection &connection, std::uint32_t code, const std::string &why);
void takeOver(State &state, Connection &old);
/// The connection is gone: its session goes on without it, or ends.
void detach(State &state, Connection &connection, Reason reason);
void close(State &state, const Connection &connection, const std::string &why);

// keepalive.cpp
void armSilence(State &state, Connection &connection);
void silenceDue(State &state, Connection &connection);

// subscribe.cpp
void subscribe(State &state, Connection &connection, const v1::Subscribe &packet);
void unsubscribe(State &state, Connection &connection, const v1::Unsubscribe &packet);
void putSubscription(State &state, Session &session, const Subscription &subscription);
void dropSubscriptions(State &state, Session &session);
/// In the session but not, or again, among those routed to.
void hideSubscriptions(State &state, Session &session);
void showSubscriptions(State &state, Session &session);
bool isShared(const std::string &filter);

// inbound.cpp: publications from clients.
void publish(State &state, Connection &connection, const v1::Publish &packet);
void release(State &state, Connection &connection, const v1::Ack &packet);

// route.cpp: from a publication to the sessions it concerns; how many.
std::size_t route(State &state, const PublicationPtr &publication, const Session *publisher);
/// `matching`: subscriptions of that session, either one shared one or the others.
void deliverCopies(State &state, Session &session, const Matching &matching, const PublicationPtr &publication);

// orphans.cpp: what a session that ends leaves to the other members of its shared subscriptions.
struct Orphan
{
    std::string filter; ///< with $share/group/
    PublicationPtr publication;
};
std::vector<Orphan> orphansOf(const State &state, const Session &session);
/// The connection is lost, the session is not: takes out what goes to another member at once.
std::vector<Orphan> takeMoving(State &state, Session &session);
/// The message came over a shared subscription and was rejected.
std::vector<Orphan> rejected(const State &state, const Session &session, const Inflight &inflight);
void adopt(State &state, const std::vector<Orphan> &orphans);

// outbound.cpp: publications to a client.
void deliver(State &state, Session &session, Message message);
/// Sends as much as the window takes: what is owed again first, then what waits.
void drain(State &state, Session &session);
void resume(State &state, Session &session);
void acknowledged(State &state, Connection &connection, const v1::Ack &packet, v1::Packet::KindCase kind);

// queue.cpp: what waits for a session.
void enqueue(State &state, Session &session, Message message);
Message takeNext(State &state, Session &session);
/// No window holds these back [5.0 MQTT-3.3.4-10].
std::vector<Message> takeQos0(Session &session);

// retained.cpp
void retain(State &state, const PublicationPtr &publication);
void sendRetained(State &state, Session &session, const Subscription &subscription);

// will.cpp
void scheduleWill(State &state, Session &session);
void scheduleWillAt(State &state, Session &session, Time due);
/// A connection has come before the will was published: too late for one that was due, it cancels the others
/// [5.0 MQTT-3.1.3-9].
void settleWill(State &state, Session &session);
void publishWill(State &state, Session &session, WillCause cause);
void dropWill(State &state, Session &session);

// expiry.cpp: the ends of sessions.
Session &makeSession(State &state, const std::string &clientId);
void scheduleEnd(State &state, Session &session, Reason reason);
void sessionEndDue(State &state, Session &session);
bool isExpired(const State &state, const Session &session);
/// The session ends; its will is due. Dead afterwards, unless a hook keeps it: then true.
bool endSession(State &state, Session &session, WillCause cause);

// statevalue.cpp: a session as a value, out and in.
v1::ServerSession exportSession(const Session &session);
/// Without subscriptions and messages.
v1::ServerSession exportHead(const Session &session);
v1::Subscription exportSubscription(const Subscription &subscription);
/// In place of all that it had, connection and number aside; deadlines are computed anew.
void importSession(State &state, Session &session, const v1::ServerSession &value, Reason reason);
/// Seam 2, for a session that goes on.
void runHooks(State &state, Session &session, const v1::ServerSession &before, Reason reason);

// journaling.cpp: nothing unless BrokerOptions::journal.
void noteSession(State &state, const Session &session);
void noteWhole(State &state, const Session &session);
template <class Make> void note(State &state, Make make)
{
    if (state.options.journal)
        state.journal.emplace_back(make());
}

// send.cpp
/// False: the packet is larger than the client takes and was not sent [5.0 MQTT-3.1.2-24]; the connection, which waits
/// for it in vain, ends with this input (an application message is seen to before: see fits()).
bool send(State &state, const Connection &connection, v1::Packet packet);
void sendAck(State &state, const Connection &connection, v1::Packet::KindCase kind, std::uint32_t packetId,
             std::uint32_t code);
/// Would the client take a packet of that size [5.0 MQTT-3.1.2-24]?
bool fits(const Connection &connection, const v1::Packet &packet);

} // namespace hiatus::broker
