// Publications from clients, and their second half of QoS 2.

#include "minibroker/engine/state.h"

#include "proto/wire/topicfilter.h"

namespace hiatus::broker {

namespace {

struct Refusal
{
    std::uint32_t code = 0;
    const char *why = nullptr;
};

/// The topic, by alias or spelt out [5.0 MQTT-3.3.2-7]; a new alias is remembered for this connection.
std::optional<Refusal> resolve(const State &state, Connection &connection, const v1::Publish &packet,
                               std::string &topic)
{
    topic = packet.topic();
    if (packet.has_topic_alias()) {
        const auto alias = packet.topic_alias();
        if (alias == 0 || alias > state.options.topicAliasMaximum)
            return Refusal{code::TopicAliasInvalid, "topic alias out of range"};
        auto &known = connection.aliasesIn[static_cast<std::uint16_t>(alias)];
        if (topic.empty())
            topic = known;
        else
            known = topic;
    }
    if (topic.empty())
        return Refusal{code::ProtocolError, "neither topic nor known alias"};
    if (!wire::isTopicName(topic))
        return Refusal{code::TopicNameInvalid, "invalid topic name"};
    return {};
}

std::optional<Refusal> beyondUs(const State &state, const Connection &connection, const v1::Publish &packet)
{
    if (packet.qos() > state.options.maximumQos)
        return Refusal{code::QosNotSupported, "QoS not supported"};
    if (packet.retain() && !state.options.retain && connection.version == v1::V5)
        return Refusal{code::RetainNotSupported, "no retained messages here"};
    if (packet.subscription_identifier_size() > 0)
        return Refusal{code::ProtocolError, "subscription identifier from a client"};
    return {};
}

/// More open at once than we said we take [5.0 U5-3.3.4-1]; what an earlier connection left open is not counted.
std::optional<Refusal> overQuota(const State &state, const Connection &connection, const v1::Publish &packet)
{
    if (connection.version != v1::V5 || packet.qos() == 0)
        return {};
    const bool known = connection.open.contains(static_cast<PacketId>(packet.packet_id()));
    if (!known && connection.open.size() >= state.options.receiveMaximum)
        return Refusal{code::ReceiveMaximumExceeded, "Receive Maximum exceeded"};
    return {};
}

std::size_t accept(State &state, Connection &connection, const PublicationPtr &publication)
{
    retain(state, publication);
    return route(state, publication, connection.session);
}

void forget(State &state, Session &session, PacketId id)
{
    session.received.erase(id);
    note(state, [&] { return journal::ReceivedRemoved{session.clientId, id}; });
}

/// Routes what waited for PUBREL, if anything did.
void releaseHeld(State &state, Connection &connection, PacketId id)
{
    auto &session = *connection.session;
    const auto held = session.received[id];
    forget(state, session, id);
    if (held)
        accept(state, connection, held);
}

void repeated(State &state, Connection &connection, PacketId id)
{
    const auto code = state.rules.repeatCode;
    if (code >= code::UnspecifiedError && connection.version == v1::V5) {
        connection.open.erase(id);
        releaseHeld(state, connection, id);
    }
    sendAck(state, connection, v1::Packet::kPubrec, id, code);
}

void publishQos2(State &state, Connection &connection, const v1::Publish &packet, const PublicationPtr &publication)
{
    auto &session = *connection.session;
    const auto id = static_cast<PacketId>(packet.packet_id());
    connection.open.insert(id);
    if (state.rules.isRepeat(session, packet))
        return repeated(state, connection, id);
    const bool hold = state.rules.routesAtPubrel;
    session.received[id] = hold ? publication : nullptr;
    note(state, [&] {
        v1::Received received;
        received.set_packet_id(id);
        if (hold)
            *received.mutable_held() = stored(*publication);
        return journal::ReceivedPut{session.clientId, received};
    });
    const auto receivers = hold ? 1 : accept(state, connection, publication);
    sendAck(state, connection, v1::Packet::kPubrec, id, state.rules.acceptedCode(receivers));
}

} // namespace

void publish(State &state, Connection &connection, const v1::Publish &packet)
{
    std::string topic;
    auto refusal = overQuota(state, connection, packet);
    if (!refusal)
        refusal = beyondUs(state, connection, packet);
    if (!refusal)
        refusal = resolve(state, connection, packet, topic);
    if (refusal)
        return fail(state, connection, refusal->code, refusal->why);

    const auto publication = std::make_shared<const Publication>(packet, topic, state.now);
    if (packet.qos() == 2)
        return publishQos2(state, connection, packet, publication);
    const auto receivers = accept(state, connection, publication);
    if (packet.qos() == 1)
        sendAck(state, connection, v1::Packet::kPuback, packet.packet_id(), state.rules.acceptedCode(receivers));
}

void release(State &state, Connection &connection, const v1::Ack &packet)
{
    const auto id = static_cast<PacketId>(packet.packet_id());
    connection.open.erase(id);
    if (connection.session->received.contains(id)) {
        releaseHeld(state, connection, id);
        sendAck(state, connection, v1::Packet::kPubcomp, id, 0);
    } else if (const auto code = state.rules.unknownPubrel(connection.version)) {
        sendAck(state, connection, v1::Packet::kPubcomp, id, *code);
    }
}

} // namespace hiatus::broker
