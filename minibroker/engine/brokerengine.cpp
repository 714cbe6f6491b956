#include "minibroker/engine/brokerengine.h"

#include "minibroker/engine/state.h"
#include "proto/session/checks.h"

#include <algorithm>

namespace hiatus::broker {

namespace {

/// Packets of a connection whose CONNECT was accepted.
void dispatch(State &state, Connection &connection, const v1::Packet &packet)
{
    switch (packet.kind_case()) {
    case v1::Packet::kPublish:
        return publish(state, connection, packet.publish());
    case v1::Packet::kPuback:
        return acknowledged(state, connection, packet.puback(), packet.kind_case());
    case v1::Packet::kPubrec:
        return acknowledged(state, connection, packet.pubrec(), packet.kind_case());
    case v1::Packet::kPubcomp:
        return acknowledged(state, connection, packet.pubcomp(), packet.kind_case());
    case v1::Packet::kPubrel:
        return release(state, connection, packet.pubrel());
    case v1::Packet::kSubscribe:
        return subscribe(state, connection, packet.subscribe());
    case v1::Packet::kUnsubscribe:
        return unsubscribe(state, connection, packet.unsubscribe());
    case v1::Packet::kDisconnect:
        return disconnect(state, connection, packet.disconnect());
    case v1::Packet::kPingreq: {
        v1::Packet answer;
        answer.mutable_pingresp();
        send(state, connection, std::move(answer));
        return;
    }
    case v1::Packet::kConnect: // [3.1.1 MQTT-3.1.0-2] [5.0 MQTT-3.1.0-2]
        return fail(state, connection, code::ProtocolError, "a second CONNECT");
    default:
        return fail(state, connection, code::ProtocolError, "not a packet for a server");
    }
}

bool isConnect(const wire::Malformed &what)
{
    return !what.bytes.empty() && (static_cast<unsigned char>(what.bytes.front()) >> 4) == 1;
}

Connection *find(State &state, LinkId link)
{
    const auto found = state.connections.find(link);
    return found == state.connections.end() ? nullptr : found->second.get();
}

std::vector<const Session *> inOrderOfMaking(const State &state)
{
    std::vector<const Session *> all;
    all.reserve(state.sessions.size());
    for (const auto &[id, session] : state.sessions)
        all.push_back(session.get());
    std::sort(all.begin(), all.end(), [](const auto *a, const auto *b) { return a->number < b->number; });
    return all;
}

bool isIndexable(const v1::ServerSession &session)
{
    return std::all_of(session.subscription().begin(), session.subscription().end(),
                       [](const v1::Subscription &one) { return TopicIndex::takes(one.filter().filter()); });
}

void restoreSession(State &state, const v1::ServerSession &value)
{
    auto &session = makeSession(state, value.client_id());
    session.disconnectedAt = state.now;
    auto stored = value;
    if (!stored.has_disconnected_at())
        stored.set_disconnected_at(state.now.time_since_epoch().count());
    importSession(state, session, stored, Reason::Closed);
    if (!state.rules.routesToRestored)
        hideSubscriptions(state, session);
}

} // namespace

BrokerEngine::BrokerEngine(BrokerOptions options, Rules rules) : m_state(std::make_unique<State>())
{
    m_state->options = std::move(options);
    m_state->rules = std::move(rules);
    note(*m_state, [] { return journal::Cleared{}; });
}

BrokerEngine::~BrokerEngine() = default;

tl::expected<std::unique_ptr<BrokerEngine>, std::string> BrokerEngine::create(BrokerOptions options, Rules rules,
                                                                              const v1::BrokerState &state, Time now)
{
    if (const auto checked = checkBrokerState(state); !checked)
        return tl::unexpected("the stored state is contradictory: " + checked.error());
    if (!std::all_of(state.session().begin(), state.session().end(), isIndexable))
        return tl::unexpected(std::string("the stored state has a topic filter of too many levels"));
    auto engine = std::make_unique<BrokerEngine>(std::move(options), std::move(rules));
    auto &live = *engine->m_state;
    live.now = now;
    for (const auto &message : state.retained()) {
        const auto publication = std::make_shared<const Publication>(message);
        live.retained.emplace(publication->topic(), publication);
        note(live, [&] { return journal::RetainedPut{message}; });
    }
    for (const auto &session : state.session())
        restoreSession(live, session);
    for (const auto *session : inOrderOfMaking(live))
        noteWhole(live, *session);
    return engine;
}

Actions BrokerEngine::opened(LinkId link, Time now)
{
    m_state->now = now;
    auto connection = std::make_unique<Connection>();
    connection->link = link;
    connection->lastReceived = now;
    armSilence(*m_state, *connection);
    m_state->connections[link] = std::move(connection);
    return take();
}

Actions BrokerEngine::received(LinkId link, const v1::Packet &packet, Time now)
{
    m_state->now = now;
    auto *connection = find(*m_state, link);
    if (connection == nullptr)
        return {};
    connection->lastReceived = now;
    if (connection->session != nullptr)
        dispatch(*m_state, *connection, packet);
    else if (packet.has_connect())
        connect(*m_state, *connection, packet.connect());
    else
        fail(*m_state, *connection, code::ProtocolError, "the first packet is not CONNECT");
    return take();
}

Actions BrokerEngine::malformed(LinkId link, const wire::Malformed &what, Time now)
{
    m_state->now = now;
    auto *connection = find(*m_state, link);
    if (connection == nullptr)
        return {};
    const auto code = what.code >= code::UnspecifiedError ? what.code : code::MalformedPacket;
    const auto why = what.reason + ": " + what.text;
    if (connection->session != nullptr || !isConnect(what)) {
        fail(*m_state, *connection, code, why);
    } else {
        connection->version = what.version == v1::V5 ? v1::V5 : v1::V3;
        refuseConnect(*m_state, *connection, code, why);
    }
    return take();
}

Actions BrokerEngine::closed(LinkId link, Time now)
{
    m_state->now = now;
    if (auto *connection = find(*m_state, link))
        detach(*m_state, *connection, Reason::Closed);
    return take();
}

Actions BrokerEngine::advanced(Time now)
{
    m_state->now = now;
    while (const auto deadline = m_state->deadlines.due(now)) {
        switch (deadline->kind) {
        case Deadline::Kind::Silence:
            silenceDue(*m_state, *deadline->connection);
            break;
        case Deadline::Kind::Will:
            publishWill(*m_state, *deadline->session, WillCause::ConnectionLost);
            break;
        case Deadline::Kind::SessionEnd:
            sessionEndDue(*m_state, *deadline->session);
            break;
        }
    }
    return take();
}

std::optional<Time> BrokerEngine::nextDeadline() const
{
    return m_state->deadlines.next();
}

v1::BrokerState BrokerEngine::snapshot(Time now) const
{
    v1::BrokerState value;
    for (const auto *session : inOrderOfMaking(*m_state))
        if (!session->endsAt || *session->endsAt > now)
            *value.add_session() = exportSession(*session);
    for (const auto &[topic, publication] : m_state->retained)
        if (!publication->isExpired(now))
            *value.add_retained() = stored(*publication);
    return value;
}

journal::Entries BrokerEngine::takeJournal()
{
    return std::exchange(m_state->journal, {});
}

std::size_t BrokerEngine::sessions() const
{
    return m_state->sessions.size();
}

std::size_t BrokerEngine::connections() const
{
    return m_state->connections.size();
}

Actions BrokerEngine::take()
{
    for (const auto link : std::exchange(m_state->overrun, {}))
        if (auto *connection = find(*m_state, link))
            fail(*m_state, *connection, code::PacketTooLarge, "it would not take the answer");
    return std::exchange(m_state->actions, {});
}

} // namespace hiatus::broker
