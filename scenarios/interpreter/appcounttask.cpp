// app { completed } and app { delivered }: how often something has happened to an application by now.

#include "scenarios/interpreter/run.h"
#include "scenarios/interpreter/tasks.h"

#include <algorithm>
#include <set>
#include <utility>

namespace hiatus::run {

namespace {

class AppCountTask final : public Task
{
public:
    using Task::Task;

    bool staysOn() const override { return verb().has_delivered(); }

    Progress advance() override
    {
        Lane &lane = m_run.lane(verb().on());
        if (!m_hasBegun) {
            m_hasBegun = true;
            if (!startApp(m_run, lane))
                return Progress::Ended;
            expectReply();
        }
        if (m_isOver)
            return watch(lane);
        const Progress progress = verb().has_delivered() ? delivered(lane) : completed(lane);
        m_isOver = progress == Progress::Done;
        return progress;
    }

private:
    const v1::App &verb() const { return step().app(); }

    Progress gone(const std::string &expected, const std::string &actual)
    {
        const auto waited = m_run.timing().reply * Patience;
        check(v1::CheckRecord::MISSING, {}, expected, actual + " for " + std::to_string(waited.count()) + " ms");
        return Progress::Ended;
    }

    Progress completed(Lane &lane)
    {
        std::uint32_t count = 0;
        for (const auto &event : lane.app->events) {
            if (event.has_completion() && event.completion().error().empty() != verb().completed().given_up())
                ++count;
        }
        if (count >= verb().completed().times())
            return Progress::Done;
        const std::string how = verb().completed().given_up() ? " publishes given up" : " publishes completed";
        return isStalled(lane, count) ? gone(std::to_string(verb().completed().times()) + how, std::to_string(count) + ", and nothing more")
                               : Progress::Waiting;
    }

    /// While things still happen the deadline moves on. A client that backs off between two attempts is silent for longer than
    /// a reply takes; but who comes back and back and gets no further has stalled, however much happens.
    bool isStalled(const Lane &lane, std::size_t count)
    {
        const auto &events = lane.app->events;
        m_losses += std::count_if(events.begin() + static_cast<std::ptrdiff_t>(m_seen), events.end(), [](const auto &event) { return event.has_disconnected(); });
        if (std::exchange(m_count, count) != count)
            m_losses = 0;
        if (events.size() != m_seen && m_losses <= MostLosses)
            m_deadline = m_run.now() + m_run.timing().reply * Patience;
        m_seen = events.size();
        return isLate();
    }

    std::vector<v1::Publish> deliveries(const Lane &lane) const
    {
        std::vector<v1::Publish> found;
        for (const auto &event : lane.app->events) {
            if (!event.has_delivery())
                continue;
            v1::Publish publish = event.delivery().publish();
            m_run.scope().inward(publish);
            const auto &wanted = verb().delivered();
            const std::string prefix = wanted.stream().name() + "/";
            const bool isIt = wanted.has_stream() ? publish.payload().compare(0, prefix.size(), prefix) == 0
                                                  : (!wanted.has_topic() || publish.topic() == wanted.topic()) &&
                                                        (!wanted.has_payload() || publish.payload() == wanted.payload());
            if (isIt)
                found.push_back(publish);
        }
        return found;
    }

    std::uint32_t wantedCount() const
    {
        const auto &wanted = verb().delivered();
        if (wanted.has_stream())
            return m_run.published()[wanted.stream().name()];
        return wanted.has_times() ? wanted.times() : 1;
    }

    Progress delivered(Lane &lane)
    {
        const auto found = deliveries(lane);
        std::set<std::string> distinct;
        for (const auto &publish : found)
            distinct.insert(publish.payload());
        const std::size_t count = verb().delivered().has_stream() ? distinct.size() : found.size();
        if (count >= wantedCount()) {
            if (verb().delivered().stream().ordered())
                judgeOrder(found);
            return Progress::Done;
        }
        return isStalled(lane, count) ? gone(std::to_string(wantedCount()) + " messages delivered to the application", std::to_string(count) + ", and nothing more")
                               : Progress::Waiting;
    }

    void judgeOrder(const std::vector<v1::Publish> &found)
    {
        std::set<std::string> seen;
        std::uint64_t highest = 0;
        for (const auto &publish : found) {
            if (!seen.insert(publish.payload()).second)
                continue;
            const std::uint64_t number = std::stoull("0" + publish.payload().substr(verb().delivered().stream().name().size() + 1));
            if (number < highest)
                check(v1::CheckRecord::DISORDER, "order", "message " + std::to_string(number) + " before " + std::to_string(highest), "after it");
            highest = std::max(highest, number);
        }
    }

    /// After the step: a copy too many is charged whenever it comes, once.
    Progress watch(Lane &lane)
    {
        const bool isOnce = !verb().delivered().has_stream() || verb().delivered().stream().copies() == v1::Stream::ONCE;
        const std::size_t count = verb().has_delivered() && isOnce ? deliveries(lane).size() : 0;
        if (count > wantedCount() && !m_isCharged) {
            m_isCharged = true;
            check(v1::CheckRecord::DUPLICATE, "copies", std::to_string(wantedCount()) + " deliveries to the application", std::to_string(count));
        }
        return Progress::Done;
    }

    static constexpr int Patience = 4;               ///< replies
    static constexpr std::ptrdiff_t MostLosses = 10; ///< connections lost in a row without getting further
    bool m_hasBegun = false;
    bool m_isOver = false;
    bool m_isCharged = false;
    std::size_t m_seen = 0;          ///< events
    std::size_t m_count = 0;         ///< of what is counted
    std::ptrdiff_t m_losses = 0;
};

} // namespace

TaskPointer makeAppCountTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<AppCountTask>(run, view, planned);
}

} // namespace hiatus::run
