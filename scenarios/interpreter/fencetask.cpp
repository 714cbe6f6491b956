// fence: what has not come by now will not come. Whatever lies in the inbox when the fence is complete is surplus.

#include "scenarios/interpreter/exchange.h"
#include "scenarios/interpreter/matcher.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/interpreter/tasks.h"

#include <algorithm>

namespace hiatus::run {

namespace {

class FenceTask final : public Task
{
public:
    using Task::Task;

    Progress advance() override
    {
        Lane &lane = m_run.lane(verb().on());
        if (!m_hasBegun) {
            m_hasBegun = true;
            lane.lastFence = index();
            expectReply();
        }
        while (true) {
            const Progress progress = advanceStage(lane);
            if (progress != Progress::Done)
                return progress;
            if (m_stage == Stage::Complete)
                break;
        }
        chargeSurplus(lane);
        return Progress::Done;
    }

private:
    enum class Stage { Start, Handed, ControlSubscribed, Published, Seen, Pinged, Acknowledged, Complete };

    const v1::Fence &verb() const { return step().fence(); }
    Lane &publisher() { return m_run.lane(verb().has_from() ? verb().from() : verb().on()); }
    Lane &watcher() { return m_run.lane(verb().by() == v1::Fence::WITNESS ? verb().witness() : verb().on()); }

    /// Done: the stage has moved on.
    Progress advanceStage(Lane &lane)
    {
        switch (m_stage) {
        case Stage::Start: return begin(lane);
        case Stage::Handed: return handed(lane);
        case Stage::ControlSubscribed: return controlSubscribed(lane);
        case Stage::Published: return published();
        case Stage::Seen: return seen(lane);
        case Stage::Pinged: return pinged(lane);
        case Stage::Acknowledged: return acknowledged(lane);
        case Stage::Complete: break;
        }
        return Progress::Done;
    }

    Progress to(Stage stage)
    {
        m_stage = stage;
        expectReply();
        return Progress::Done;
    }

    Progress begin(Lane &lane)
    {
        if (verb().by() == v1::Fence::CLOSE)
            return closed(lane);
        if (!lane.current || lane.current->isClosed)
            return missing(lane, "a connection to fence");
        switch (verb().by()) {
        case v1::Fence::PING: return ping(lane);
        case v1::Fence::CONTROL: return subscribeControl(lane);
        case v1::Fence::ACK_ORDER: return handOver();
        default:
            m_topic = verb().topic();
            m_qos = sentinelQos();
            return publish();
        }
    }

    std::uint32_t sentinelQos()
    {
        if (verb().has_qos())
            return verb().qos();
        const auto last = m_run.publishedQos().find(publisher().name() + " " + verb().topic());
        return last == m_run.publishedQos().end() ? 1 : last->second;
    }

    Progress publish()
    {
        Lane &lane = publisher();
        if (!lane.current || lane.current->isClosed)
            return missing(lane, "a connection to publish the sentinel on");
        m_payload = sentinelMark + std::to_string(index());
        v1::Packet packet;
        auto *publish = packet.mutable_publish();
        publish->set_topic(m_topic);
        publish->set_payload(m_payload);
        publish->set_qos(m_qos);
        const PacketId id = m_qos ? m_run.newPacketId(lane) : static_cast<PacketId>(0);
        if (m_qos)
            publish->set_packet_id(id);
        m_run.send(lane, packet, index());
        m_outgoing.emplace(id, m_qos);
        return to(Stage::Published);
    }

    /// The publisher's exchange and the watcher's delivery go on side by side.
    Progress published()
    {
        Lane &from = publisher();
        Lane &at = watcher();
        m_outgoing->advance(m_run, m_view, from, index());
        receive(at);
        if (m_outgoing->isDone() && m_isReceived && at.sentinels.empty())
            return to(Stage::Seen);
        if (!m_outgoing->isDone() && isOver(from))
            return missing(from, describePattern(m_outgoing->awaited(), {}) + " for the sentinel");
        if (m_isReceived && isOver(at))
            return missing(at, describePattern(ackPacket(v1::Packet::kPubrel, *at.sentinels.begin()), {}) + " of the sentinel");
        if (isOver(at))
            return missing(at, "the sentinel: PUBLISH " + m_topic + " \"" + m_payload + "\"");
        return Progress::Waiting;
    }

    void receive(Lane &at)
    {
        v1::Packet pattern;
        pattern.mutable_publish()->set_topic(m_topic);
        pattern.mutable_publish()->set_payload(m_payload);
        const Item *item = find(at, pattern, {});
        if (!item)
            return;
        consume(*item);
        m_isReceived = true;
        expectReply();
    }

    Progress seen(Lane &lane) { return verb().by() == v1::Fence::WITNESS ? ping(lane) : to(Stage::Complete); }

    Progress ping(Lane &lane)
    {
        v1::Packet packet;
        packet.mutable_pingreq();
        m_run.send(lane, packet, index());
        m_ping = ++lane.pingsSent;
        return to(Stage::Pinged);
    }

    Progress pinged(Lane &lane)
    {
        if (lane.pongsReceived >= m_ping)
            return to(Stage::Complete);
        return isOver(lane) ? missing(lane, "PINGRESP") : Progress::Waiting;
    }

    Progress subscribeControl(Lane &lane)
    {
        m_topic = "control/" + lane.name();
        m_qos = 1;
        v1::Packet packet;
        m_request = m_run.newPacketId(lane);
        packet.mutable_subscribe()->set_packet_id(m_request);
        packet.mutable_subscribe()->add_filter()->set_filter(m_topic);
        packet.mutable_subscribe()->mutable_filter(0)->set_qos(1);
        m_run.send(lane, packet, index());
        return to(Stage::ControlSubscribed);
    }

    Progress controlSubscribed(Lane &lane)
    {
        v1::Packet pattern;
        pattern.mutable_suback();
        if (const Item *item = find(lane, pattern, m_request)) {
            consume(*item);
            return publish();
        }
        return isOver(lane) ? missing(lane, describePattern(pattern, m_request)) : Progress::Waiting;
    }

    /// What its application asks for reaches the client by another way than the fence does: first things first.
    Progress handOver()
    {
        for (auto &[name, lane] : m_run.lanes()) {
            if (lane.app)
                m_run.sync(lane);
        }
        return to(Stage::Handed);
    }

    Progress handed(Lane &lane)
    {
        const bool isHanded = std::all_of(m_run.lanes().begin(), m_run.lanes().end(),
                                          [](const auto &entry) { return !entry.second.app || entry.second.app->openSync == 0; });
        if (!lane.current || lane.current->isClosed)
            return missing(lane, "a connection to fence");
        if (!isHanded && !isLate())
            return Progress::Waiting;
        return sendOrdered(lane); // an adapter that leaves it unanswered is fenced without
    }

    /// Broker lanes have no PING: acknowledgements come in the order of the messages [3.1.1 MQTT-4.6.0-2] [5.0 MQTT-4.6.0-2].
    Progress sendOrdered(Lane &lane)
    {
        v1::Packet packet;
        auto *publish = packet.mutable_publish();
        publish->set_topic(verb().topic());
        publish->set_payload(sentinelMark + std::to_string(index()));
        m_qos = verb().has_qos() && verb().qos() ? verb().qos() : 1;
        publish->set_qos(m_qos);
        m_request = m_run.newPacketId(lane);
        publish->set_packet_id(m_request);
        lane.fences.insert(m_request);
        m_run.send(lane, packet, index());
        m_outgoing.emplace(m_request, m_qos);
        return to(Stage::Acknowledged);
    }

    Progress acknowledged(Lane &lane)
    {
        m_outgoing->advance(m_run, m_view, lane, index());
        if (m_outgoing->isDone())
            return to(Stage::Complete);
        return isOver(lane) ? missing(lane, describePattern(m_outgoing->awaited(), {}) + " of the fence") : Progress::Waiting;
    }

    Progress closed(Lane &lane)
    {
        if (!lane.current || lane.current->isClosed)
            return to(Stage::Complete);
        if (!isLate())
            return Progress::Waiting;
        check(v1::CheckRecord::STILL_OPEN, "closed", "the target closes the connection", "it is still open");
        return to(Stage::Complete);
    }

    bool isOver(const Lane &lane) const { return isLate() || !lane.current || lane.current->isClosed; }

    void chargeSurplus(Lane &lane)
    {
        for (const auto &item : lane.inbox) {
            if (item.isLapsed || m_view.isConsumed(item.event))
                continue;
            // What a witness has to see must not be seen here.
            const bool isOwn = verb().by() == v1::Fence::WITNESS && m_run.packetOf(item).publish().payload() == m_payload;
            if (!isOwn && m_run.isExcused(m_view, lane, item))
                continue;
            consume(item);
            lane.charged.insert(item.event);
            check(v1::CheckRecord::SURPLUS, "surplus", "nothing more on lane " + lane.name(),
                  m_run.textOf(item.event), item.event);
        }
        for (auto &tolerance : lane.tolerated) {
            if (tolerance.expect.has_fact() && !tolerance.isPast)
                m_view.fact(tolerance.expect.fact(), "no");
            tolerance.isPast = true;
        }
        std::erase_if(lane.tolerated, [this](const Tolerance &tolerance) { return !mayOvertake(tolerance.expect); });
    }

    /// Order holds within a topic and a QoS [3.1.1 MQTT-4.6.0-6] [5.0 MQTT-4.6.0-5]: a message of QoS 0 may go another way than
    /// the sentinel, or a PINGRESP.
    bool mayOvertake(const v1::Expect &expect) const
    {
        const v1::Publish &publish = expect.publish();
        const bool isOrdered = !m_payload.empty() && m_qos == 0 && publish.topic() == m_topic;
        return expect.has_publish() && publish.has_qos() && publish.qos() == 0 && !isOrdered;
    }

    Stage m_stage = Stage::Start;
    bool m_hasBegun = false;
    std::string m_topic;
    std::string m_payload;
    std::uint32_t m_qos = 0;
    PacketId m_request = 0;
    std::uint64_t m_ping = 0;
    std::optional<Outgoing> m_outgoing;
    bool m_isReceived = false;
};

} // namespace

TaskPointer makeFenceTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<FenceTask>(run, view, planned);
}

} // namespace hiatus::run
