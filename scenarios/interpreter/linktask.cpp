// cut_when, settled: faults on a client's wire, and what is left in flight after them.

#include "proto/session/savedsession.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/interpreter/tasks.h"

#include <algorithm>

namespace hiatus::run {

namespace {

class CutWhenTask final : public Task
{
public:
    using Task::Task;

    /// Strikes the client under test: the first APP lane that is not our own.
    Progress advance() override
    {
        v1::CutWhen cut = step().cut_when();
        applySets(cut.set(), cut);
        world::CutPlan plan;
        if (!read(cut, plan)) {
            m_run.harnessError(m_planned.at.text() + ": \"" + cut.boundary() + "\" is no packet boundary");
            return Progress::Ended;
        }
        for (auto &[name, lane] : m_run.lanes()) {
            if (lane.party() != v1::APP || lane.script.ours())
                continue;
            if (!startApp(m_run, lane))
                return Progress::Ended;
            m_run.world().cutWhen(lane.app->id, plan);
            return Progress::Done;
        }
        m_run.harnessError(m_planned.at.text() + ": no client under test to cut off");
        return Progress::Ended;
    }

private:
    static bool read(const v1::CutWhen &cut, world::CutPlan &plan)
    {
        if (!read(cut.boundary(), plan.first))
            return false;
        plan.later = plan.first;
        plan.packetLost = cut.lost() != "nothing";
        plan.times = cut.has_times() ? cut.times() : 1;
        plan.how = cut.has_how() ? cut.how() : v1::RST;
        plan.life = cut.life();
        plan.broker = cut.broker();
        const bool isTwice = cut.has_next() && cut.next() != "-";
        plan.times = isTwice ? 2 : plan.times;
        return !isTwice || cut.next() == "same" || read(cut.next(), plan.later);
    }

    /// "PUBLISH >" goes to the broker, "< PUBACK" comes from it.
    static bool read(const std::string &text, world::Boundary &boundary)
    {
        boundary.toServer = text.find('>') != std::string::npos;
        std::string name;
        for (const char c : text) {
            if (c >= 'A' && c <= 'Z')
                name.push_back(static_cast<char>(c - 'A' + 'a'));
        }
        const auto *field = v1::Packet::descriptor()->FindFieldByName(name);
        if (!field)
            return false;
        boundary.packet = static_cast<v1::Packet::KindCase>(field->number());
        return true;
    }
};

/// The client has nothing in flight: asked again after every event until the deadline.
class SettledTask final : public Task
{
public:
    using Task::Task;

    Progress advance() override
    {
        Lane &lane = m_run.lane(step().settled().on());
        if (m_deadline == Time::max()) {
            if (!startApp(m_run, lane))
                return Progress::Ended;
            m_from = lane.app->events.size();
            m_deadline = m_run.now() + m_run.timing().reply * 4; // a client that backs off is silent for longer than a reply takes
            ask(lane);
        }
        bool isAnswered = false;
        for (; m_from < lane.app->events.size(); ++m_from) {
            if (!lane.app->events[m_from].has_saved())
                continue;
            isAnswered = true;
            if (isSettled(lane.app->events[m_from].saved().state())) {
                check(v1::CheckRecord::MET, {}, {}, {});
                return Progress::Done;
            }
        }
        if (isLate()) {
            check(v1::CheckRecord::MISSING, {}, "nothing in flight", m_left);
            return Progress::Done;
        }
        if (isAnswered)
            m_askAgain = m_run.now() + m_run.timing().reply / 8;
        if (m_run.now() >= m_askAgain)
            ask(lane);
        return Progress::Waiting;
    }

    Time deadline() const override { return std::min(m_deadline, m_askAgain); }

private:
    void ask(Lane &lane)
    {
        m_askAgain = Time::max();
        v1::ClientCommand command;
        command.mutable_save();
        m_run.command(lane, command);
    }

    bool isSettled(const std::string &saved)
    {
        const auto state = readSession(saved);
        if (!state) {
            m_left = "a saved session that cannot be read";
            return false;
        }
        m_left = std::to_string(state->inflight_size()) + " sent, " + std::to_string(state->received_size()) + " received, " +
                 std::to_string(state->pending_size()) + " waiting";
        return state->inflight_size() + state->received_size() + state->pending_size() == 0;
    }

    std::size_t m_from = 0;
    Time m_askAgain = Time::max();
    std::string m_left = "the client did not save its session";
};

} // namespace

TaskPointer makeCutWhenTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<CutWhenTask>(run, view, planned);
}

TaskPointer makeSettledTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<SettledTask>(run, view, planned);
}

} // namespace hiatus::run
