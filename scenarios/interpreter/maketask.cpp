#include "scenarios/interpreter/run.h"
#include "scenarios/interpreter/tasks.h"

namespace hiatus::run {

namespace {

/// A point, a label, or a verb whose work was done by the planner.
class NothingTask final : public Task
{
public:
    using Task::Task;
    Progress advance() override { return Progress::Done; }
};

} // namespace

std::unique_ptr<Task> makeTask(Run &run, View &view, const script::PlannedStep &planned)
{
    const v1::Step &step = planned.step;
    switch (step.verb_case()) {
    case v1::Step::kOpen: return makeOpenTask(run, view, planned);
    case v1::Step::kDrop: return makeDropTask(run, view, planned);
    case v1::Step::kSubscribe: return makeSubscribeTask(run, view, planned);
    case v1::Step::kUnsubscribe: return makeUnsubscribeTask(run, view, planned);
    case v1::Step::kPublish: return makePublishTask(run, view, planned);
    case v1::Step::kExpect:
        return step.expect().has_stream() ? makeStreamTask(run, view, planned, step.expect())
                                          : makeExpectTask(run, view, planned, step.expect(), false);
    case v1::Step::kTake:
        return step.take().has_stream() ? makeStreamTask(run, view, planned, step.take())
                                        : makeExpectTask(run, view, planned, step.take(), true);
    case v1::Step::kAck: return makeAckTask(run, view, planned);
    case v1::Step::kSend: return makeSendTask(run, view, planned);
    case v1::Step::kFence: return makeFenceTask(run, view, planned);
    case v1::Step::kWait: return makeWaitTask(run, view, planned);
    case v1::Step::kClosed: return makeClosedTask(run, view, planned);
    case v1::Step::kAllOf: return makeAllOfTask(run, view, planned);
    case v1::Step::kOneOf: return makeOneOfTask(run, view, planned);
    case v1::Step::kParallel: return makeParallelTask(run, view, planned);
    case v1::Step::kAccept: return makeAcceptTask(run, view, planned);
    case v1::Step::kApp: return makeAppTask(run, view, planned);
    case v1::Step::kCutWhen: return makeCutWhenTask(run, view, planned);
    case v1::Step::kSettled: return makeSettledTask(run, view, planned);
    case v1::Step::kNever: return makeNeverTask(run, view, planned);
    case v1::Step::kFact: return makeFactTask(run, view, planned);
    case v1::Step::kGoRound: return makeGoRoundTask(run, view, planned);
    case v1::Step::kTarget: return makeTargetTask(run, view, planned);
    case v1::Step::kUntilPoint:
    case v1::Step::kRepeat:
    case v1::Step::kUse:
        run.harnessError(planned.at.text() + ": the planner left a step that it should have unrolled");
        break;
    case v1::Step::VERB_NOT_SET: break;
    }
    return std::make_unique<NothingTask>(run, view, planned);
}

} // namespace hiatus::run
