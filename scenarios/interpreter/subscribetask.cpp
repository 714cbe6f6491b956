// subscribe and unsubscribe: finished at SUBACK and UNSUBACK.

#include "scenarios/interpreter/matcher.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/interpreter/tasks.h"

namespace hiatus::run {

namespace {

std::string codesText(const v1::Suback &suback)
{
    std::string text;
    for (const auto code : suback.code())
        text += (text.empty() ? "" : ", ") + std::to_string(code);
    return "[" + text + "]";
}

/// A request, and the acknowledgement that carries its identifier.
class RequestTask : public Task
{
public:
    using Task::Task;

    Progress advance() override
    {
        Lane &lane = m_run.lane(laneName());
        if (!m_id) {
            m_id = m_run.newPacketId(lane);
            m_run.send(lane, request(*m_id), index());
            expectReply();
        }
        if (const Item *item = find(lane, answerPattern(), m_id)) {
            lane.session->open.erase(*m_id);
            consume(*item);
            return judge(*item) ? Progress::Done : Progress::Ended;
        }
        if (isLate() || !lane.current || lane.current->isClosed)
            return missing(lane, describePattern(answerPattern(), *m_id));
        return Progress::Waiting;
    }

protected:
    virtual const std::string &laneName() const = 0;
    virtual v1::Packet request(PacketId id) = 0;
    virtual v1::Packet answerPattern() const = 0;
    /// False: the scenario cannot go on with this answer.
    virtual bool judge(const Item &item) = 0;

private:
    std::optional<PacketId> m_id;
};

class SubscribeTask final : public RequestTask
{
public:
    using RequestTask::RequestTask;

private:
    const v1::SubscribeStep &verb() const { return step().subscribe(); }
    const std::string &laneName() const override { return verb().on(); }

    v1::Packet request(PacketId id) override
    {
        v1::SubscribeStep filled = verb();
        applySets(verb().set(), filled);
        v1::Packet packet;
        auto *subscribe = packet.mutable_subscribe();
        subscribe->set_packet_id(id);
        auto *filter = subscribe->add_filter();
        filter->set_filter(filled.filter());
        filter->set_qos(filled.qos());
        if (filled.has_no_local())
            filter->set_no_local(filled.no_local());
        if (filled.has_retain_as_published())
            filter->set_retain_as_published(filled.retain_as_published());
        if (filled.has_retain_handling())
            filter->set_retain_handling(filled.retain_handling());
        if (filled.has_subscription_identifier() && m_run.variant().versionOf(verb().on()) == v1::V5)
            subscribe->set_subscription_identifier(filled.subscription_identifier());
        for (const auto &more : filled.also())
            *subscribe->add_filter() = more;
        for (const auto &each : subscribe->filter())
            m_asked.push_back(each.qos());
        return packet;
    }

    v1::Packet answerPattern() const override
    {
        v1::Packet pattern;
        pattern.mutable_suback();
        return pattern;
    }

    bool judge(const Item &item) override
    {
        const v1::Packet packet = m_run.packetOf(item);
        const v1::Suback &suback = packet.suback();
        if (verb().code_size()) {
            v1::Packet pattern;
            *pattern.mutable_suback()->mutable_code() = verb().code();
            compare(pattern, item, {}, {});
            return true;
        }
        if (suback.code_size() != static_cast<int>(m_asked.size())) {
            check(v1::CheckRecord::MISMATCH, "code", std::to_string(m_asked.size()) + " codes", codesText(suback), item.event);
            return true;
        }
        for (int i = 0; i < suback.code_size(); ++i) {
            const auto asked = m_asked[static_cast<std::size_t>(i)];
            if (suback.code(i) == asked)
                continue;
            // Lawful, so never an accusation; but what follows was written for the QoS asked for.
            checkSetup(v1::CheckRecord::DOWNGRADED, "code", "granted QoS " + std::to_string(asked), codesText(suback), item.event);
            return false;
        }
        return true;
    }

    std::vector<std::uint32_t> m_asked;
};

class UnsubscribeTask final : public RequestTask
{
public:
    using RequestTask::RequestTask;

private:
    const v1::UnsubscribeStep &verb() const { return step().unsubscribe(); }
    const std::string &laneName() const override { return verb().on(); }

    v1::Packet request(PacketId id) override
    {
        v1::Packet packet;
        packet.mutable_unsubscribe()->set_packet_id(id);
        *packet.mutable_unsubscribe()->mutable_filter() = verb().filter();
        return packet;
    }

    v1::Packet answerPattern() const override
    {
        v1::Packet pattern;
        pattern.mutable_unsuback();
        return pattern;
    }

    bool judge(const Item &item) override
    {
        v1::Packet pattern = answerPattern();
        if (m_run.versionOf(item.event) == v1::V5)
            *pattern.mutable_unsuback()->mutable_code() = verb().code();
        compare(pattern, item, {}, {});
        return true;
    }
};

} // namespace

TaskPointer makeSubscribeTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<SubscribeTask>(run, view, planned);
}

TaskPointer makeUnsubscribeTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<UnsubscribeTask>(run, view, planned);
}

} // namespace hiatus::run
