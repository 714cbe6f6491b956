// target: the system under test goes down, and comes up again.

#include "scenarios/interpreter/run.h"
#include "scenarios/interpreter/tasks.h"

namespace hiatus::run {

namespace {

class TargetTask final : public Task
{
public:
    using Task::Task;

    Progress advance() override
    {
        switch (m_stage) {
        case Stage::Begin: return begin();
        case Stage::GoingDown: return m_run.targetState().isUp || !m_run.targetState().problem.empty() ? waiting() : down();
        case Stage::ComingUp: return m_run.targetState().isUp ? Progress::Done : waiting();
        }
        return Progress::Ended;
    }

    /// It waits for a process of the target, not for one of its timers: other variants may go on, but none is at work.
    bool isParked() const override { return true; }

private:
    enum class Stage { Begin, GoingDown, ComingUp };
    const v1::TargetStep &target() const { return step().target(); }

    Progress begin()
    {
        m_deadline = m_run.now() + m_run.timing().restart;
        if (target().has_start())
            return up();
        const v1::Halt how = target().has_stop() ? target().stop().how() : target().restart().how();
        m_run.targetGoesDown(how);
        m_stage = Stage::GoingDown;
        if (!m_run.world().stopTarget(how))
            m_run.harnessError(m_planned.at.text() + ": this target cannot be stopped");
        return m_run.trace().has_harness_error() ? Progress::Ended : waiting();
    }

    Progress down()
    {
        m_run.targetIsDown();
        return target().has_stop() ? Progress::Done : up();
    }

    Progress up()
    {
        m_stage = Stage::ComingUp;
        m_deadline = m_run.now() + m_run.timing().restart;
        m_run.world().startTarget();
        return waiting();
    }

    /// A target that does not come up again has lost every session.
    Progress waiting()
    {
        const std::string &problem = m_run.targetState().problem;
        if (problem.empty() && !isLate())
            return Progress::Waiting;
        check(v1::CheckRecord::MISSING, "target", m_stage == Stage::GoingDown ? "the target goes down" : "the target comes up again",
              problem.empty() ? "nothing of the kind in time" : problem);
        return Progress::Ended;
    }

    Stage m_stage = Stage::Begin;
};

} // namespace

TaskPointer makeTargetTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<TargetTask>(run, view, planned);
}

} // namespace hiatus::run
