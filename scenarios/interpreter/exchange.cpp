#include "scenarios/interpreter/exchange.h"

#include "scenarios/interpreter/matcher.h"
#include "scenarios/interpreter/run.h"

namespace hiatus::run {

v1::Packet ackPacket(v1::Packet::KindCase kind, PacketId id)
{
    v1::Packet packet;
    switch (kind) {
    case v1::Packet::kPuback: packet.mutable_puback()->set_packet_id(id); break;
    case v1::Packet::kPubrec: packet.mutable_pubrec()->set_packet_id(id); break;
    case v1::Packet::kPubrel: packet.mutable_pubrel()->set_packet_id(id); break;
    default: packet.mutable_pubcomp()->set_packet_id(id); break;
    }
    return packet;
}

const Item *findAck(Run &run, const View &view, const Lane &lane, v1::Packet::KindCase kind, PacketId id)
{
    for (const auto &item : lane.inbox) {
        const v1::Packet &packet = run.packetOf(item);
        if (!item.isLapsed && packet.kind_case() == kind && packetIdOf(packet) == id && !view.isConsumed(item.event))
            return &item;
    }
    return nullptr;
}

void Outgoing::advance(Run &run, View &view, Lane &lane, std::uint32_t step)
{
    if (m_state == State::AwaitFirst) {
        const auto kind = m_qos == 1 ? v1::Packet::kPuback : v1::Packet::kPubrec;
        const Item *item = findAck(run, view, lane, kind, m_id);
        if (!item)
            return;
        view.consume(item->event, step);
        const v1::Packet packet = run.packetOf(*item);
        m_code = m_qos == 1 ? packet.puback().code() : packet.pubrec().code();
        m_codeEvent = item->event;
        const bool isOver = m_qos == 1 || *m_code >= 0x80;
        if (isOver)
            lane.session->open.erase(m_id);
        m_state = isOver || m_upto == v1::PublishStep::RECEIVED ? State::Done : State::AwaitPubcomp;
        if (m_state == State::Done)
            return;
        run.send(lane, ackPacket(v1::Packet::kPubrel, m_id), step);
        if (m_upto == v1::PublishStep::RELEASED)
            m_state = State::Done;
    }
    if (m_state != State::AwaitPubcomp)
        return;
    if (const Item *item = findAck(run, view, lane, v1::Packet::kPubcomp, m_id)) {
        view.consume(item->event, step);
        lane.session->open.erase(m_id);
        m_state = State::Done;
    }
}

v1::Packet Outgoing::awaited() const
{
    if (m_state == State::AwaitPubcomp)
        return ackPacket(v1::Packet::kPubcomp, m_id);
    return ackPacket(m_qos == 1 ? v1::Packet::kPuback : v1::Packet::kPubrec, m_id);
}

Incoming::Incoming(Run &run, Lane &lane, const v1::Packet &packet, std::uint32_t step)
{
    const v1::Publish &publish = packet.publish();
    m_id = static_cast<PacketId>(publish.packet_id());
    if (publish.qos() == 1)
        run.send(lane, ackPacket(v1::Packet::kPuback, m_id), step);
    if (publish.qos() != 2)
        return;
    run.send(lane, ackPacket(v1::Packet::kPubrec, m_id), step);
    m_isDone = false;
}

void Incoming::advance(Run &run, View &view, Lane &lane, std::uint32_t step)
{
    if (m_isDone)
        return;
    if (const Item *item = findAck(run, view, lane, v1::Packet::kPubrel, m_id)) {
        view.consume(item->event, step);
        run.send(lane, ackPacket(v1::Packet::kPubcomp, m_id), step);
        m_isDone = true;
    }
}

v1::Packet Incoming::awaited() const { return ackPacket(v1::Packet::kPubrel, m_id); }

} // namespace hiatus::run
