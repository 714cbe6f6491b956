// send: packets exactly as given, in one write unless split. ack: one acknowledgement of an exchange.

#include "proto/wire/encoder.h"
#include "scenarios/interpreter/exchange.h"
#include "scenarios/interpreter/matcher.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/interpreter/tasks.h"

namespace hiatus::run {

namespace {

class SendTask final : public Task
{
public:
    using Task::Task;

    Progress advance() override
    {
        Lane &lane = m_run.lane(verb().on());
        if (!lane.current || lane.current->isClosed)
            return missing(lane, "a connection to write on");
        std::vector<v1::Packet> packets;
        for (v1::Packet packet : verb().packet()) {
            fill(lane, packet);
            packets.push_back(std::move(packet));
        }
        m_run.sendAll(lane, packets, splits(packets), index());
        for (const auto &packet : packets) {
            if (lane.party() != v1::MQTT_BROKER || !packet.has_connack())
                continue;
            lane.granted = packet.connack();
            lane.isConnected = true;
        }
        return Progress::Done;
    }

private:
    const v1::Send &verb() const { return step().send(); }

    void fill(Lane &lane, v1::Packet &packet)
    {
        applyOwn(packet);
        const bool wantsId = packet.has_publish() ? packet.publish().qos() > 0 : packetField(packet);
        if (!wantsId || packetIdOf(packet))
            return;
        const bool isOwn = packet.has_publish() || packet.has_subscribe() || packet.has_unsubscribe();
        PacketId id = symbol(lane, verb().id()).value_or(0);
        if (id == 0 && isOwn) {
            id = m_run.newPacketId(lane);
            bindSymbol(lane, verb().id(), id);
        }
        setPacketId(packet, id);
    }

    static bool packetField(const v1::Packet &packet)
    {
        v1::Packet copy = packet;
        setPacketId(copy, 1);
        return packetIdOf(copy).has_value();
    }

    /// Sets name the packet first: "publish.payload".
    void applyOwn(v1::Packet &packet)
    {
        for (const auto &set : verb().set()) {
            const auto dot = set.field().find('.');
            const auto *field = packet.GetDescriptor()->FindFieldByName(set.field().substr(0, dot));
            if (!field || dot == std::string::npos || !packet.GetReflection()->HasField(packet, field))
                continue;
            const auto known = value(set.of());
            if (!known || !setField(packet, set.field(), *known))
                m_run.harnessError(m_planned.at.text() + ": cannot set " + set.field() + " from \"" + set.of() + "\"");
        }
    }

    std::vector<std::size_t> splits(const std::vector<v1::Packet> &packets) const
    {
        std::vector<std::size_t> cuts(verb().split_at().begin(), verb().split_at().end());
        if (verb().split().empty() || verb().split() == "one segment")
            return cuts;
        std::size_t offset = 0;
        std::size_t last = 0;
        for (v1::Packet packet : packets) {
            m_run.scope().outward(packet);
            last = offset;
            offset += wire::encodedSize(packet, m_run.variant().versionOf(verb().on()));
            cuts.push_back(offset);
        }
        if (verb().split() != "between")
            cuts.back() = last + (offset - last) / 2;
        return cuts;
    }
};

class AckTask final : public Task
{
public:
    using Task::Task;

    Progress advance() override
    {
        Lane &lane = m_run.lane(verb().on());
        if (!lane.current || lane.current->isClosed)
            return missing(lane, "a connection to acknowledge on");
        const auto id = symbol(lane, verb().id());
        if (!id) {
            m_run.harnessError(m_planned.at.text() + ": no packet identifier is known as \"" + verb().id() + "\"");
            return Progress::Ended;
        }
        v1::Packet packet = ackPacket(kind(lane, *id), *id);
        if (verb().has_code() && lane.version == v1::V5)
            setCode(packet);
        m_run.send(lane, packet, index());
        return Progress::Done;
    }

private:
    const v1::AckStep &verb() const { return step().ack(); }

    v1::Packet::KindCase kind(const Lane &lane, PacketId id) const
    {
        switch (verb().with()) {
        case v1::AckStep::PUBACK: return v1::Packet::kPuback;
        case v1::AckStep::PUBREC: return v1::Packet::kPubrec;
        case v1::AckStep::PUBREL: return v1::Packet::kPubrel;
        case v1::AckStep::PUBCOMP: return v1::Packet::kPubcomp;
        default: return next(lane, id);
        }
    }

    /// What the lane owes after the last packet with that identifier.
    v1::Packet::KindCase next(const Lane &lane, PacketId id) const
    {
        for (auto item = lane.inbox.rbegin(); item != lane.inbox.rend(); ++item) {
            const v1::Packet &packet = m_run.packetOf(*item);
            if (packetIdOf(packet) != id)
                continue;
            if (packet.has_publish())
                return packet.publish().qos() == 2 ? v1::Packet::kPubrec : v1::Packet::kPuback;
            if (packet.has_pubrec())
                return v1::Packet::kPubrel;
            if (packet.has_pubrel())
                return v1::Packet::kPubcomp;
        }
        return v1::Packet::kPuback;
    }

    void setCode(v1::Packet &packet) const
    {
        const auto *field = packet.GetReflection()->GetOneofFieldDescriptor(packet, packet.GetDescriptor()->oneof_decl(0));
        auto *ack = packet.GetReflection()->MutableMessage(&packet, field);
        static_cast<v1::Ack *>(ack)->set_code(verb().code());
    }
};

} // namespace

TaskPointer makeSendTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<SendTask>(run, view, planned);
}

TaskPointer makeAckTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<AckTask>(run, view, planned);
}

} // namespace hiatus::run
