// Publications to a client: first transmission, acknowledgements, and what a resumption owes.

#include "minibroker/engine/state.h"

#include <algorithm>

namespace hiatus::broker {

namespace {

bool isWindowOpen(const State &state, const Session &session)
{
    const auto &connection = *session.connection;
    return connection.outstanding < state.rules.window(session, connection, state.options.maximumInflight);
}

v1::Packet publishPacket(const State &state, const Connection &connection, const Message &message)
{
    v1::Packet packet;
    auto &publish = *packet.mutable_publish();
    const auto &publication = *message.publication;
    publish.set_qos(message.qos);
    publish.set_retain(message.retain);
    publish.set_dup(false);
    if (connection.version != v1::V5) {
        publication.copyTo(publish);
        return packet;
    }
    v1::Publish described;
    publication.copyWithPropertiesTo(described);
    publish.MergeFrom(described);
    // A message that has expired in flight is completed with what is least: nothing left [5.0 A5-36].
    if (publication.expiresAt() != Time::max())
        publish.set_message_expiry_interval(
            publication.isExpired(state.now) ? 0 : remainingSeconds(publication.expiresAt(), state.now));
    for (const auto identifier : message.identifiers)
        publish.add_subscription_identifier(identifier);
    return packet;
}

/// Within the client's maximum; an alias that would make the packet too large is not taken into use.
void useAlias(Connection &connection, v1::Packet &packet)
{
    if (connection.topicAliasMaximum == 0)
        return;
    auto &publish = *packet.mutable_publish();
    if (const auto known = connection.aliasesOut.find(publish.topic()); known != connection.aliasesOut.end()) {
        publish.set_topic_alias(known->second);
        publish.set_topic("");
        return;
    }
    if (connection.aliasesOut.size() >= connection.topicAliasMaximum)
        return;
    const auto alias = static_cast<std::uint16_t>(connection.aliasesOut.size() + 1);
    publish.set_topic_alias(alias);
    if (fits(connection, packet))
        connection.aliasesOut.emplace(publish.topic(), alias);
    else
        publish.clear_topic_alias();
}

void noteInflight(State &state, const Session &session, const Inflight &inflight)
{
    note(state, [&] {
        return journal::InflightPut{session.clientId, inflight.message.sequence, inflight.order, inflight.packetId,
                                    inflight.stage};
    });
}

void noteGone(State &state, const Session &session, std::uint64_t sequence)
{
    if (sequence != 0) // QoS 0 to a connected client was never queued
        note(state, [&] { return journal::MessageRemoved{session.clientId, sequence}; });
}

Inflight &putInflight(State &state, Session &session, Message message, PacketId id)
{
    auto &inflight = session.inflight[id];
    if (inflight.counted) // only where a rule gives an identifier twice
        --session.connection->outstanding;
    noteGone(state, session, inflight.message.sequence);
    inflight = {};
    inflight.stage = message.qos == 1 ? v1::AWAIT_PUBACK : v1::AWAIT_PUBREC;
    inflight.message = std::move(message);
    inflight.order = ++session.lastOrder;
    inflight.packetId = id;
    return inflight;
}

/// First transmission. A message that has expired, or that the client would not take, is dropped as if it had been
/// sent [5.0 MQTT-3.3.2-5] [5.0 MQTT-3.1.2-25]. Gives it back when all packet identifiers are taken.
std::optional<Message> sendFirst(State &state, Session &session, Message message)
{
    auto &connection = *session.connection;
    if (message.publication->isExpired(state.now)) {
        noteGone(state, session, message.sequence);
        return {};
    }
    auto packet = publishPacket(state, connection, message);
    if (message.qos > 0) {
        const auto id = state.rules.nextPacketId(session, state.options.packetIdentifiers);
        if (!id)
            return message;
        packet.mutable_publish()->set_packet_id(*id);
    }
    if (!fits(connection, packet)) {
        noteGone(state, session, message.sequence);
        return {};
    }
    useAlias(connection, packet);
    if (message.qos == 0) {
        noteGone(state, session, message.sequence);
    } else {
        const auto id = static_cast<PacketId>(packet.publish().packet_id());
        session.lastPacketId = id;
        auto &inflight = putInflight(state, session, std::move(message), id);
        inflight.counted = true;
        ++connection.outstanding;
        ++connection.sent;
        noteInflight(state, session, inflight);
    }
    send(state, connection, std::move(packet));
    return {};
}

void complete(State &state, Session &session, PacketId id)
{
    const auto found = session.inflight.find(id);
    auto &inflight = found->second;
    if (inflight.counted)
        --session.connection->outstanding;
    inflight.counted = inflight.owed = false;
    if (!state.rules.forgetsAcknowledged(session, inflight))
        return;
    noteGone(state, session, inflight.message.sequence);
    session.inflight.erase(found);
}

void resendPublish(State &state, Session &session, Inflight &inflight)
{
    auto &connection = *session.connection;
    inflight.owed = false;
    auto packet = publishPacket(state, connection, inflight.message);
    packet.mutable_publish()->set_packet_id(inflight.packetId);
    packet.mutable_publish()->set_dup(state.rules.dupOnResend);
    if (!fits(connection, packet)) // too large for this connection: as if it had been sent and acknowledged
        return complete(state, session, inflight.packetId);
    inflight.counted = true;
    ++connection.outstanding;
    useAlias(connection, packet);
    send(state, connection, std::move(packet));
}

void sendPubrel(State &state, Session &session, Inflight &inflight)
{
    inflight.owed = false;
    sendAck(state, *session.connection, v1::Packet::kPubrel, inflight.packetId, 0);
}

/// What is owed again, in order, as far as the window reaches.
void resendOwed(State &state, Session &session)
{
    auto &resends = session.connection->resends;
    while (!resends.empty()) {
        const auto found = session.inflight.find(resends.front());
        const bool owed = found != session.inflight.end() && found->second.owed;
        if (owed && found->second.stage == v1::AWAIT_PUBCOMP)
            sendPubrel(state, session, found->second);
        else if (owed && !isWindowOpen(state, session))
            return;
        else if (owed)
            resendPublish(state, session, found->second);
        resends.takeFront();
    }
}

void sendWaiting(State &state, Session &session)
{
    if (!session.connection->resends.empty())
        return;
    while (!session.pending.empty() && isWindowOpen(state, session)) {
        auto back = sendFirst(state, session, takeNext(state, session));
        if (!back)
            continue;
        session.pending.pushFront(std::move(*back));
        return;
    }
}

/// A closed window holds back neither PUBREL nor QoS 0 [5.0 MQTT-3.3.4-10] [5.0 MQTT-4.9.0-3].
void sendUnhindered(State &state, Session &session)
{
    for (const auto id : session.connection->resends) {
        const auto found = session.inflight.find(id);
        if (found != session.inflight.end() && found->second.owed && found->second.stage == v1::AWAIT_PUBCOMP)
            sendPubrel(state, session, found->second);
    }
    for (auto &message : takeQos0(session))
        sendFirst(state, session, std::move(message));
}

std::vector<Inflight *> inOrder(const State &state, Session &session)
{
    std::vector<Inflight *> all;
    all.reserve(session.inflight.size());
    for (auto &[id, inflight] : session.inflight)
        all.push_back(&inflight);
    std::sort(all.begin(), all.end(), [&](const Inflight *a, const Inflight *b) {
        const bool aFirst = a->stage == v1::AWAIT_PUBCOMP, bFirst = b->stage == v1::AWAIT_PUBCOMP;
        if (state.rules.pubrelsFirst && aFirst != bFirst)
            return aFirst;
        return a->order < b->order;
    });
    return all;
}

/// [5.0 MQTT-4.4.0-2] an acknowledgement of 0x80 or more ends the exchange.
void pubrec(State &state, Connection &connection, const v1::Ack &packet, Inflight *inflight)
{
    if (inflight == nullptr) {
        const bool v5 = connection.version == v1::V5;
        if (!v5 || packet.code() < code::UnspecifiedError)
            sendAck(state, connection, v1::Packet::kPubrel, packet.packet_id(),
                    v5 ? code::PacketIdentifierNotFound : 0);
        return;
    }
    if (packet.code() >= code::UnspecifiedError)
        return complete(state, *connection.session, inflight->packetId);
    inflight->stage = v1::AWAIT_PUBCOMP;
    noteInflight(state, *connection.session, *inflight);
    sendPubrel(state, *connection.session, *inflight);
}

bool answers(v1::Packet::KindCase kind, v1::Stage stage)
{
    return (kind == v1::Packet::kPuback) == (stage == v1::AWAIT_PUBACK);
}

} // namespace

void deliver(State &state, Session &session, Message message)
{
    if (session.connection != nullptr && message.qos == 0) {
        sendFirst(state, session, std::move(message));
        return;
    }
    if (message.qos == 0 && !state.options.queueQos0)
        return;
    enqueue(state, session, std::move(message));
    if (session.connection != nullptr)
        drain(state, session);
}

void drain(State &state, Session &session)
{
    resendOwed(state, session);
    sendWaiting(state, session);
    sendUnhindered(state, session);
}

void resume(State &state, Session &session)
{
    for (auto *inflight : inOrder(state, session)) {
        if (!state.rules.resends(session, *inflight, state.now)) {
            noteGone(state, session, inflight->message.sequence);
            session.inflight.erase(inflight->packetId);
            continue;
        }
        inflight->owed = true;
        inflight->counted = false;
        session.connection->resends.pushBack(inflight->packetId);
    }
    if (session.resumptions > 0)
        for (const auto &subscription : session.subscriptions)
            if (state.rules.sendsRetained(subscription, true, true))
                sendRetained(state, session, subscription);
    drain(state, session);
}

void acknowledged(State &state, Connection &connection, const v1::Ack &packet, v1::Packet::KindCase kind)
{
    auto &session = *connection.session;
    const auto id = static_cast<PacketId>(packet.packet_id());
    const auto found = session.inflight.find(id);
    auto *inflight = found == session.inflight.end() ? nullptr : &found->second;
    if (inflight != nullptr && !answers(kind, inflight->stage))
        return fail(state, connection, code::ProtocolError, "acknowledgement of the wrong kind");
    const bool isRejected = inflight != nullptr && kind != v1::Packet::kPubcomp && packet.code() >= code::UnspecifiedError;
    const auto goingOn = isRejected ? rejected(state, session, *inflight) : std::vector<Orphan>();
    if (kind == v1::Packet::kPubrec)
        pubrec(state, connection, packet, inflight);
    else if (inflight != nullptr)
        complete(state, session, id);
    drain(state, session);
    adopt(state, goingOn);
}

} // namespace hiatus::broker
