// wait, parallel, one_of, fact: the flow of a script.

#include "scenarios/interpreter/matcher.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/interpreter/tasks.h"

#include <algorithm>

namespace hiatus::run {

namespace {

class WaitTask final : public Task
{
public:
    using Task::Task;

    Progress advance() override
    {
        if (m_deadline == Time::max())
            begin();
        return isLate() ? Progress::Done : Progress::Waiting;
    }
    bool isParked() const override { return true; }

private:
    void begin()
    {
        const v1::Wait &wait = step().wait();
        const auto known = wait.has_of() ? value(wait.of()) : std::optional(std::to_string(wait.seconds()));
        const Milliseconds span = Seconds(known ? std::stol(*known) : 0);
        const auto label = m_run.labels().find(wait.since());
        const Interval interval = label == m_run.labels().end() ? Interval{m_run.now(), m_run.now()} : label->second;
        if (wait.until() == v1::JUST_BEFORE)
            m_deadline = interval.begin + span - std::min(span / 4, Milliseconds(500));
        else if (wait.until() == v1::JUST_AFTER)
            m_deadline = interval.end + span + m_run.timing().grain;
        else
            m_deadline = interval.end + span;
    }
};

class ParallelTask final : public Task
{
public:
    ParallelTask(Run &run, View &view, const script::PlannedStep &planned) : Task(run, view, planned)
    {
        for (const auto &block : planned.blocks)
            m_tracks.push_back(std::make_unique<Track>(run, view, block.steps));
    }

    Progress advance() override
    {
        bool isWaiting = false;
        for (const auto &track : m_tracks) {
            const Progress progress = track->advance();
            if (progress == Progress::Ended)
                return progress;
            isWaiting = isWaiting || progress == Progress::Waiting;
        }
        return isWaiting ? Progress::Waiting : Progress::Done;
    }

    Time deadline() const override
    {
        Time first = Time::max();
        for (const auto &track : m_tracks)
            first = std::min(first, track->deadline());
        return first;
    }

private:
    std::vector<std::unique_ptr<Track>> m_tracks;
};

/// Branches work side by side, each on a view of its own. The first to complete wins and is committed; a broken check or
/// a missing packet takes a branch out.
class OneOfTask final : public Task
{
public:
    OneOfTask(Run &run, View &view, const script::PlannedStep &planned) : Task(run, view, planned)
    {
        for (const auto &block : planned.blocks) {
            Branch branch;
            branch.block = &block;
            branch.view = std::make_unique<View>(view);
            branch.track = std::make_unique<Track>(run, *branch.view, block.steps);
            m_branches.push_back(std::move(branch));
        }
    }

    Progress advance() override
    {
        for (auto &branch : m_branches) {
            if (!branch.track)
                continue;
            const Progress progress = branch.track->advance();
            if (progress == Progress::Ended || branch.view->hasBrokenCheck()) {
                branch.track.reset();
                branch.whyNot = whyNot(branch);
            } else if (progress == Progress::Done) {
                return won(branch);
            }
        }
        const bool isHopeless = std::none_of(m_branches.begin(), m_branches.end(), [](const Branch &b) { return b.track != nullptr; });
        return isHopeless ? lost() : Progress::Waiting;
    }

    Time deadline() const override
    {
        Time first = Time::max();
        for (const auto &branch : m_branches) {
            if (branch.track)
                first = std::min(first, branch.track->deadline());
        }
        return first;
    }

private:
    struct Branch
    {
        const script::PlannedBlock *block = nullptr;
        std::unique_ptr<View> view;
        std::unique_ptr<Track> track;
        std::string whyNot;
    };

    Progress won(Branch &branch)
    {
        branch.view->commit();
        if (step().one_of().has_fact())
            m_view.fact(step().one_of().fact(), branch.block->name);
        if (!branch.block->should.empty()) {
            v1::CheckRecord record;
            record.set_step(index());
            record.set_outcome(v1::CheckRecord::SHOULD);
            record.set_field(branch.block->name);
            record.set_expected("another branch");
            record.set_actual(branch.block->name);
            m_view.record(record);
        }
        return Progress::Done;
    }

    std::string whyNot(const Branch &branch) const
    {
        for (auto check = branch.view->checks().rbegin(); check != branch.view->checks().rend(); ++check) {
            if (check->outcome() != v1::CheckRecord::MET)
                return "expected " + check->expected() + ", got " + check->actual();
        }
        return "it ended";
    }

    Progress lost()
    {
        std::string expected;
        std::string actual;
        for (const auto &branch : m_branches) {
            expected += (expected.empty() ? "" : ", or ") + branch.block->name;
            actual += (actual.empty() ? "" : "; ") + branch.block->name + ": " + branch.whyNot;
        }
        check(v1::CheckRecord::NOT_LAWFUL, {}, expected, actual);
        return Progress::Ended;
    }

    std::vector<Branch> m_branches;
};

class FactTask final : public Task
{
public:
    using Task::Task;

    Progress advance() override
    {
        const auto &fact = step().fact();
        m_view.fact(fact.name(), fact.has_value() ? fact.value() : value(fact.of()).value_or("unknown"));
        return Progress::Done;
    }
};

} // namespace

TaskPointer makeWaitTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<WaitTask>(run, view, planned);
}

TaskPointer makeParallelTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<ParallelTask>(run, view, planned);
}

TaskPointer makeOneOfTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<OneOfTask>(run, view, planned);
}

TaskPointer makeFactTask(Run &run, View &view, const script::PlannedStep &planned)
{
    return std::make_unique<FactTask>(run, view, planned);
}

} // namespace hiatus::run
