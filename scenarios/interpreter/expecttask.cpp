// expect, take, all_of, never: packets that come, and packets that must not.

#include "scenarios/interpreter/exchange.h"
#include "scenarios/interpreter/matcher.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/interpreter/tasks.h"

namespace hiatus::run {

namespace {

class ExpectTask final : public Task
{
public:
    ExpectTask(Run &run, View &view, const script::PlannedStep &planned, const v1::Expect &expect, bool completes)
        : Task(run, view, planned), m_expect(expect), m_completes(completes)
    {
    }

    Progress advance() override
    {
        Lane &lane = m_run.lane(m_expect.on());
        if (m_expect.maybe()) {
            m_run.tolerate(lane, {m_expect, index(), m_completes});
            return Progress::Done;
        }
        if (!m_hasBegun)
            begin(lane);
        if (!m_incoming) {
            const Item *item = find(lane, m_pattern, m_id);
            if (!item)
                item = findCharged(lane);
            if (!item)
                return isOver(lane) ? gone(lane) : Progress::Waiting;
            taken(lane, *item);
        }
        if (!m_incoming)
            return Progress::Done;
        m_incoming->advance(m_run, m_view, lane, index());
        if (m_incoming->isDone())
            return Progress::Done;
        return isOver(lane) ? missing(lane, describePattern(m_incoming->awaited(), {})) : Progress::Waiting;
    }

    bool isParked() const override { return m_expect.has_due() && !m_incoming; }

private:
    void begin(Lane &lane)
    {
        m_hasBegun = true;
        m_pattern = patternOf(m_expect);
        const auto *field = m_pattern.GetReflection()->GetOneofFieldDescriptor(m_pattern, m_pattern.GetDescriptor()->oneof_decl(0));
        if (field)
            applySets(m_expect.set(), *m_pattern.GetReflection()->MutableMessage(&m_pattern, field));
        m_id = symbol(lane, m_expect.id());
        expectReply();
        if (!m_expect.has_due())
            return;
        const Interval interval = m_run.labels()[m_expect.due().since()];
        const auto &due = m_expect.due();
        const auto known = due.has_of() ? value(due.of()) : std::optional(std::to_string(due.seconds()));
        m_span = Seconds(known ? std::stol(*known) : 0);
        m_earliest = interval.begin + m_span - m_run.timing().early;
        m_latest = interval.end + m_span + m_run.timing().grain;
        m_deadline = m_latest + m_run.timing().lateLimitOf(m_span) + m_run.timing().reply;
    }

    bool isOver(const Lane &lane) const { return isLate() || !lane.current || lane.current->isClosed; }

    /// What came too soon was charged as surplus; that it came at all must not be charged as missing too.
    const Item *findCharged(Lane &lane) const
    {
        for (const auto &item : lane.inbox) {
            const v1::Packet &packet = m_run.packetOf(item);
            const bool isIt = !item.isLapsed && lane.charged.count(item.event) && selects(m_pattern, packet) &&
                              (!m_id || packetIdOf(packet) == *m_id);
            if (!isIt)
                continue;
            lane.charged.erase(item.event);
            return &item;
        }
        return nullptr;
    }

    Progress gone(Lane &lane) { return missing(lane, describePattern(m_pattern, m_id)); }

    void taken(Lane &lane, const Item &item)
    {
        consume(item);
        const v1::Packet packet = m_run.packetOf(item);
        if (const auto id = packetIdOf(packet); id && !m_id && !m_expect.id().empty()) {
            bindSymbol(lane, m_expect.id(), static_cast<PacketId>(*id));
            m_run.bound(item.event, m_expect.id(), *id);
        }
        judgeTime(item);
        compare(m_pattern, item, m_expect.absent(), m_expect.within());
        bindFields(m_expect.bind(), packet);
        if (m_expect.has_fact())
            m_view.fact(m_expect.fact(), "yes");
        const bool isLost = m_view.isTentative() && m_view.hasBrokenCheck(); // a branch that has lost acknowledges nothing
        if (!m_completes || !packet.has_publish() || isLost)
            return;
        m_incoming.emplace(m_run, lane, packet, index());
        expectReply();
    }

    void judgeTime(const Item &item)
    {
        if (!m_expect.has_due())
            return;
        const std::string expected = std::to_string(m_span.count() / 1000) + " s after " + m_expect.due().since();
        const auto off = [&](Milliseconds span) { return std::to_string(span.count()) + " ms "; };
        if (item.at < m_earliest)
            check(v1::CheckRecord::EARLY, "due", expected, off(m_earliest - item.at) + "before the earliest lawful instant", item.event);
        else if (item.at > m_latest + m_run.timing().lateLimitOf(m_span))
            check(v1::CheckRecord::TOO_LATE, "due", expected, off(item.at - m_latest) + "late, grain allowed for", item.event);
        else if (item.at > m_latest)
            check(v1::CheckRecord::LATE, "due", expected, off(item.at - m_latest) + "late, grain allowed for", item.event);
    }

    const v1::Expect &m_expect;
    bool m_completes;
    bool m_hasBegun = false;
    v1::Packet m_pattern;
    std::optional<PacketId> m_id;
    std::optional<Incoming> m_incoming;
    Milliseconds m_span{0};
    Time m_earliest{};
    Time m_latest = Time::max();
};

class AllOfTask final : public Task
{
public:
    AllOfTask(Run &run, View &view, const script::PlannedStep &planned) : Task(run, view, planned)
    {
        for (const auto &take : step().all_of().take())
            m_tasks.push_back(makeExpectTask(run, view, planned, take, true));
        for (const auto &expect : step().all_of().expect())
            m_tasks.push_back(makeExpectTask(run, view, planned, expect, false));
    }

    Progress advance() override
    {
        Progress all = Progress::Done;
        for (auto &task : m_tasks) {
            if (!task)
                continue;
            const Progress progress = task->advance();
            if (progress == Progress::Ended)
                return progress;
            if (progress == Progress::Done)
                task.reset();
            else
                all = Progress::Waiting;
        }
        return all;
    }

    Time deadline() const override
    {
        Time first = Time::max();
        for (const auto &task : m_tasks) {
            if (task)
                first = std::min(first, task->deadline());
        }
        return first;
    }

private:
    std::vector<TaskPointer> m_tasks;
};

/// Done at once; stays on.
class NeverTask final : public Task
{
public:
    NeverTask(Run &run, View &view, const script::PlannedStep &planned)
        : Task(run, view, planned), m_from(static_cast<std::uint32_t>(run.trace().event_size()))
    {
    }

    bool staysOn() const override { return true; }

    Progress advance() override
    {
        Lane &lane = m_run.lane(step().never().on());
        const auto id = symbol(lane, step().never().id());
        for (const auto &item : lane.inbox) {
            if (item.event < m_from || m_view.isConsumed(item.event))
                continue;
            const v1::Packet &packet = m_run.packetOf(item);
            const v1::Packet &pattern = step().never().packet();
            const bool isTheId = !id || packetIdOf(packet) == *id;
            if (!isTheId || !selects(pattern, packet) || !mismatches(pattern, packet, lane.version).empty())
                continue;
            consume(item);
            check(v1::CheckRecord::FORBIDDEN, {}, "never " + describePattern(pattern, id),
                  m_run.textOf(item.event), item.event);
        }
        return Progress::Done;
    }

private:
    std::uint32_t m_from;
};

} // namespace

TaskPointer makeExpectTask(Run &run, View &view, const script::PlannedStep &planned, const v1::Expect &expect, bool completes)
{
    return std::make_unique<ExpectTask>(run, view, planned, expect, completes);
}

TaskPointer makeAllOfTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<AllOfTask>(run, view, planned);
}

TaskPointer makeNeverTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<NeverTask>(run, view, planned);
}

} // namespace hiatus::run
