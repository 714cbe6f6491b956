#include "scenarios/judge/wire.h"

namespace hiatus::judge {

namespace {

class Reader
{
public:
    Wire read(const v1::Trace &trace, const std::string &lane)
    {
        for (const auto &event : trace.event()) {
            if (event.lane() == lane)
                take(event);
        }
        return std::move(m_wire);
    }

private:
    void take(const v1::TraceEvent &event)
    {
        const v1::Packet &packet = event.packet();
        switch (event.kind()) {
        case v1::TraceEvent::SENT:
        case v1::TraceEvent::RECEIVED:
            if (packet.has_publish())
                m_wire.seen.insert(packet.publish().payload());
            if (packet.has_pubrec() && packet.pubrec().code() >= 0x80)
                reject(event.kind() == v1::TraceEvent::SENT ? m_wire.toClient : m_wire.toServer, packet.pubrec());
            if (!event.lost())
                passed(packet, event.kind() == v1::TraceEvent::SENT);
            break;
        case v1::TraceEvent::CUT: m_wire.session.isCutSince = true; break;
        case v1::TraceEvent::APP_EVENT:
            if (packet.has_publish())
                ++m_wire.delivered[packet.publish().payload()];
            break;
        default: break;
        }
    }

    void passed(const v1::Packet &packet, bool toServer)
    {
        WireHalf &own = toServer ? m_wire.toServer : m_wire.toClient;   // exchanges that this end began
        WireHalf &other = toServer ? m_wire.toClient : m_wire.toServer; // and those that it answers
        switch (packet.kind_case()) {
        case v1::Packet::kConnect: connect(packet.connect()); break;
        case v1::Packet::kConnack: connack(packet.connack()); break;
        case v1::Packet::kPublish: publish(own, packet.publish()); break;
        case v1::Packet::kPubrel: released(own, packet.pubrel()); break;
        case v1::Packet::kPuback: done(other, packet.puback()); break;
        case v1::Packet::kPubcomp: done(other, packet.pubcomp()); break;
        case v1::Packet::kPubrec: received(other, packet.pubrec()); break;
        default: break;
        }
    }

    void connect(const v1::Connect &connect)
    {
        WireSession &session = m_wire.session;
        ++session.connections;
        session.isAnswered = session.isCutSince = false;
        if (connect.clean() && m_keeps && !session.broken)
            session.broken = v1::CLIENT;
        m_asksToKeep = !connect.clean() && (connect.session_expiry_interval() > 0 || !m_isV5);
        m_isV5 = m_isV5 || connect.has_session_expiry_interval();
        m_wasClean = connect.clean();
    }

    void connack(const v1::Connack &connack)
    {
        WireSession &session = m_wire.session;
        session.isAnswered = connack.code() == 0;
        if (session.isAnswered && m_keeps && !connack.session_present() && !m_wasClean && !session.broken)
            session.broken = m_isKeptByClient ? v1::SERVER : v1::CLIENT;
        m_keeps = m_keeps || session.isAnswered;
        m_isKeptByClient = m_asksToKeep;
    }

    void publish(WireHalf &half, const v1::Publish &publish)
    {
        if (publish.qos() == 0)
            return;
        if (half.arrived.insert(publish.payload()).second)
            half.order.push_back(publish.payload());
        const auto found = half.open.find(publish.packet_id());
        const bool isRepeat = found != half.open.end() && found->second.payload == publish.payload() && !found->second.isReceived;
        if (!isRepeat) {
            if (found != half.open.end() && found->second.payload != publish.payload())
                half.reused.insert(publish.payload());
            ++half.exchanges[publish.payload()];
            half.open[publish.packet_id()] = {publish.payload(), publish.qos(), false, false, false, 0};
        }
        half.open[publish.packet_id()].lastWord = m_wire.session.connections;
    }

    void released(WireHalf &half, const v1::Ack &ack)
    {
        const auto found = half.open.find(ack.packet_id());
        if (found == half.open.end())
            return;
        found->second.isReleased = true;
        found->second.lastWord = m_wire.session.connections;
    }

    void received(WireHalf &half, const v1::Ack &ack)
    {
        const auto found = half.open.find(ack.packet_id());
        if (found != half.open.end())
            found->second.isReceived = true;
        if (ack.code() >= 0x80)
            half.open.erase(ack.packet_id());
    }

    static void reject(WireHalf &half, const v1::Ack &ack)
    {
        const auto found = half.open.find(ack.packet_id());
        if (found != half.open.end())
            half.rejected.insert(found->second.payload);
    }

    void done(WireHalf &half, const v1::Ack &ack) { half.open.erase(ack.packet_id()); }

    Wire m_wire;
    bool m_keeps = false;          ///< there was a session before this connection
    bool m_isV5 = false;
    bool m_asksToKeep = false;     ///< the CONNECT of this connection did
    bool m_isKeptByClient = false; ///< the one that the broker last accepted did
    bool m_wasClean = false;
};

} // namespace

Wire wireOf(const v1::Trace &trace, const std::string &lane)
{
    return Reader().read(trace, lane);
}

} // namespace hiatus::judge
