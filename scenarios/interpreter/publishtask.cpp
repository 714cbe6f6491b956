// publish: one message, or the next ones of a numbered stream, each run to its end (or left at `upto`).

#include "scenarios/interpreter/exchange.h"
#include "scenarios/interpreter/matcher.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/interpreter/tasks.h"

#include <algorithm>
#include <deque>

namespace hiatus::run {

namespace {

class PublishTask final : public Task
{
public:
    using Task::Task;

    Progress advance() override
    {
        Lane &lane = m_run.lane(verb().on());
        if (m_left == 0 && !m_hasBegun) {
            m_hasBegun = true;
            m_left = count();
        }
        while (true) {
            for (auto &exchange : m_open)
                exchange.advance(m_run, m_view, lane, index());
            const std::size_t before = m_open.size();
            retire();
            if (m_open.size() != before)
                expectReply();
            if (m_left == 0 || m_open.size() >= window(lane))
                break;
            if (!lane.current || lane.current->isClosed)
                return missing(lane, "a connection to publish on");
            publishNext(lane);
            if (verb().upto() == v1::PublishStep::SENT)
                m_open.clear();
        }
        if (m_open.empty() && m_left == 0)
            return Progress::Done;
        if (isLate() || !lane.current || lane.current->isClosed)
            return missing(lane, describePattern(m_open.front().awaited(), {}));
        return Progress::Waiting;
    }

private:
    const v1::PublishStep &verb() const { return step().publish(); }

    /// How many; a `set` may have left that to the run: declared(queue_limit).
    std::uint32_t count()
    {
        v1::PublishStep filled;
        filled.set_count(verb().count());
        for (const auto &set : verb().set()) {
            if (isOfStep(set))
                applySets(oneOf(set), filled);
        }
        return verb().has_stream() ? std::max(1u, filled.count()) : 1;
    }
    static bool isOfStep(const v1::Set &set) { return set.field() == "count"; }
    static google::protobuf::RepeatedPtrField<v1::Set> oneOf(const v1::Set &set)
    {
        google::protobuf::RepeatedPtrField<v1::Set> one;
        *one.Add() = set;
        return one;
    }

    /// One after the other; a burst goes up to the target's Receive Maximum [5.0 MQTT-3.3.4-7].
    std::size_t window(const Lane &lane) const
    {
        if (!verb().burst())
            return 1;
        return lane.granted.has_receive_maximum() ? std::max(1u, lane.granted.receive_maximum()) : 65535;
    }

    void publishNext(Lane &lane)
    {
        v1::Packet packet;
        v1::Publish &publish = *packet.mutable_publish();
        publish = verb().with();
        publish.set_topic(verb().topic());
        publish.set_qos(verb().qos());
        if (verb().has_payload())
            publish.set_payload(verb().payload());
        if (verb().has_stream())
            publish.set_payload(verb().stream() + "/" + std::to_string(++m_run.published()[verb().stream()]));
        if (verb().has_retain())
            publish.set_retain(verb().retain());
        for (const auto &set : verb().set()) {
            if (!isOfStep(set))
                applySets(oneOf(set), publish);
        }
        PacketId id = 0;
        if (publish.qos() > 0) {
            id = symbol(lane, verb().id()).value_or(0);
            if (id == 0)
                id = m_run.newPacketId(lane);
            lane.session->open.insert(id);
            bindSymbol(lane, verb().id(), id);
            publish.set_packet_id(id);
        }
        m_run.publishedQos()[lane.name() + " " + publish.topic()] = publish.qos();
        m_run.send(lane, packet, index());
        m_open.emplace_back(id, publish.qos());
        m_open.back().stopAt(verb().upto());
        --m_left;
        expectReply();
    }

    void retire()
    {
        for (const auto &exchange : m_open) {
            if (exchange.isDone())
                judgeCode(exchange);
        }
        m_open.erase(std::remove_if(m_open.begin(), m_open.end(), [](const Outgoing &each) { return each.isDone(); }),
                     m_open.end());
    }

    void judgeCode(const Outgoing &exchange)
    {
        if (!exchange.code())
            return;
        const auto &codes = verb().code();
        const bool isAccepted = codes.empty() ? *exchange.code() < 0x80
                                              : std::find(codes.begin(), codes.end(), *exchange.code()) != codes.end();
        if (!isAccepted)
            check(v1::CheckRecord::MISMATCH, "code", "accepted",
                  m_run.textOf(exchange.codeEvent()),
                  exchange.codeEvent());
    }

    std::deque<Outgoing> m_open;
    std::uint32_t m_left = 0;
    bool m_hasBegun = false;
};

} // namespace

TaskPointer makePublishTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<PublishTask>(run, view, planned);
}

} // namespace hiatus::run
