#include "scenarios/script/rungs.h"

#include "scenarios/script/axes.h"
#include "scenarios/script/packetrungs.h"
#include "scenarios/script/rungtext.h"
#include "scenarios/script/verbs.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>

namespace hiatus::script {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Kind = Rung::Kind;

namespace {

Rung fenceRung(const v1::Fence &fence)
{
    std::string text = "fence " + v1::Fence::By_Name(fence.by());
    append(text, fence.topic());
    if (fence.has_qos())
        append(text, "qos=" + std::to_string(fence.qos()));
    if (fence.has_from())
        append(text, "from " + fence.from());
    if (fence.has_witness())
        append(text, "seen by " + fence.witness());
    return {Kind::Remark, fence.on(), "== " + text + ": nothing else came =="};
}

Rung waitRung(const v1::Wait &wait)
{
    std::string text = "wait";
    if (wait.has_until())
        append(text, wait.until() == v1::JUST_BEFORE ? "until just before" : "until just after");
    append(text, secondsText(wait.has_seconds(), wait.seconds(), wait.of()));
    if (wait.has_since())
        append(text, "after " + wait.since());
    return {Kind::Banner, {}, "... " + text + " ..."};
}

Rung dropRung(const v1::DropStep &drop)
{
    std::string text = "drop " + (drop.has_how() ? v1::Drop_Name(drop.how()) : std::string("<drop>"));
    append(text, fieldsText(drop.disconnect()));
    append(text, setsText(drop.set()));
    return {Kind::Cut, drop.on(), text};
}

std::string targetText(const v1::TargetStep &target)
{
    if (target.has_start())
        return "### the target starts ###";
    const v1::HaltStep &halt = target.has_stop() ? target.stop() : target.restart();
    const std::string how = halt.has_how() ? v1::Halt_Name(halt.how()) : "<halt>";
    return "### the target " + std::string(target.has_stop() ? "stops" : "restarts") + ": " + how + " ###";
}

Rung closedRung(const v1::Closed &closed)
{
    std::string text = closed.old() ? "(closes the old connection)" : "(closes)";
    if (closed.has_after())
        append(text, "after DISCONNECT " + fieldsText(closed.after()));
    append(text, withinText(closed.within()));
    if (closed.has_due())
        append(text, dueText(closed.due()));
    return {Kind::In, closed.on(), text};
}

std::vector<Rung> appRungs(const v1::App &app)
{
    const auto *group = app.GetDescriptor()->FindOneofByName("do");
    const FieldDescriptor *field = app.GetReflection()->GetOneofFieldDescriptor(app, group);
    const std::string name = field ? field->name() : std::string();
    const bool event = app.has_delivered() || app.has_completed() || app.has_closed();
    std::string text = name;
    if (app.has_publish())
        text = publishText(app.publish());
    else if (app.has_subscribe())
        text = subscribeRungs(app.subscribe()).front().text;
    else if (field && !app.has_acknowledge()) {
        const std::unique_ptr<Message> shown(app.GetReflection()->GetMessage(app, field).New());
        shown->CopyFrom(app.GetReflection()->GetMessage(app, field));
        if (const FieldDescriptor *cites = shown->GetDescriptor()->FindFieldByName("cite"))
            shown->GetReflection()->ClearField(shown.get(), cites);
        append(text, fieldsText(*shown));
    }
    return {{event ? Kind::In : Kind::Out, app.on(), "app: " + text}};
}

Rung cutRung(const v1::CutWhen &cut)
{
    std::string text = "armed: cut at " + (cut.has_boundary() ? "\"" + cut.boundary() + "\"" : std::string("<boundary>"));
    if (cut.has_times())
        append(text, std::to_string(cut.times()) + " times");
    append(text, "by " + (cut.has_how() ? v1::Drop_Name(cut.how()) : std::string("<drop>")));
    if (cut.has_lost())
        append(text, "lost: " + cut.lost());
    append(text, setsText(cut.set()));
    return {Kind::Remark, cut.on(), text};
}

std::vector<Rung> allOfRungs(const v1::AllOf &all)
{
    std::vector<Rung> rungs{{Kind::Banner, {}, "all of these, in any order:"}};
    for (const v1::Expect &take : all.take())
        rungs.push_back(expectRung(take, true));
    for (const v1::Expect &expect : all.expect())
        rungs.push_back(expectRung(expect, false));
    return rungs;
}

Rung neverRung(const v1::Never &never)
{
    const v1::Packet &packet = never.packet();
    const auto *group = packet.GetDescriptor()->FindOneofByName("kind");
    const FieldDescriptor *kind = packet.GetReflection()->GetOneofFieldDescriptor(packet, group);
    std::string text = kind ? packetText(kind->name(), packet.GetReflection()->GetMessage(packet, kind)) : "?";
    if (never.has_id())
        append(text, "id=" + never.id());
    return {Kind::Remark, never.on(), "never from here on: " + text};
}

Rung useRung(const v1::Use &use)
{
    std::string text = "use " + use.fragment();
    for (const v1::Arg &argument : use.with())
        append(text, argument.param() + "=" + argument.value());
    return {Kind::Banner, {}, text};
}

} // namespace

std::string conditionText(const v1::When &when)
{
    std::string text;
    for (const NamedAxis &condition : conditionsOf(when)) {
        std::string values;
        for (const std::string &value : condition.values)
            values += (values.empty() ? "" : " or ") + value;
        text += (text.empty() ? "" : ", ") + condition.name + " = " + values;
    }
    return text;
}

std::vector<Rung> rungsOf(const v1::Step &step)
{
    switch (step.verb_case()) {
    case v1::Step::kOpen:
        return openRungs(step.open());
    case v1::Step::kDrop:
        return {dropRung(step.drop())};
    case v1::Step::kSubscribe:
        return subscribeRungs(step.subscribe());
    case v1::Step::kUnsubscribe:
        return {{Kind::Out, step.unsubscribe().on(),
                 "UNSUBSCRIBE" + [&step] {
                     std::string filters;
                     for (const std::string &filter : step.unsubscribe().filter())
                         filters += " " + filter;
                     return filters;
                 }()},
                {Kind::In, step.unsubscribe().on(), "UNSUBACK"}};
    case v1::Step::kPublish:
        return publishRungs(step.publish());
    case v1::Step::kExpect:
        return {expectRung(step.expect(), false)};
    case v1::Step::kTake:
        return {expectRung(step.take(), true)};
    case v1::Step::kAck:
        return {{Kind::Out, step.ack().on(),
                 v1::AckStep::With_Name(step.ack().with()) + (step.ack().has_code() ? " code=" + std::to_string(step.ack().code()) : "")
                     + (step.ack().has_id() ? " id=" + step.ack().id() : "")}};
    case v1::Step::kSend:
        return sendRungs(step.send());
    case v1::Step::kFence:
        return {fenceRung(step.fence())};
    case v1::Step::kWait:
        return {waitRung(step.wait())};
    case v1::Step::kClosed:
        return {closedRung(step.closed())};
    case v1::Step::kAllOf:
        return allOfRungs(step.all_of());
    case v1::Step::kOneOf:
        return {{Kind::Banner, {}, "one of (" + step.one_of().fact() + "):"}};
    case v1::Step::kParallel:
        return {{Kind::Banner, {}, "at the same time:"}};
    case v1::Step::kUntilPoint:
        return {{Kind::Banner, {}, "up to the point:"}};
    case v1::Step::kRepeat:
        return {{Kind::Banner, {}, "repeat " + (step.repeat().has_of() ? "<" + step.repeat().of() + ">" : std::to_string(step.repeat().times())) + " times:"}};
    case v1::Step::kAccept:
        return acceptRungs(step.accept());
    case v1::Step::kApp:
        return appRungs(step.app());
    case v1::Step::kCutWhen:
        return {cutRung(step.cut_when())};
    case v1::Step::kSettled:
        return {{Kind::Remark, step.settled().on(), "settled: nothing in flight"}};
    case v1::Step::kUse:
        return {useRung(step.use())};
    case v1::Step::kNever:
        return {neverRung(step.never())};
    case v1::Step::kFact:
        return {{Kind::Banner, {}, "fact " + step.fact().name() + " = " + (step.fact().has_of() ? "<" + step.fact().of() + ">" : step.fact().value())}};
    case v1::Step::kGoRound:
        return {{Kind::In, step.go_round().on(), "PUBLISH qos=1 topic=" + step.go_round().topic() + " from " + step.go_round().from()
                                                     + ", acknowledged, until the packet identifiers have come round"}};
    case v1::Step::kTarget:
        return {{Kind::Banner, {}, targetText(step.target())}};
    case v1::Step::VERB_NOT_SET:
        break;
    }
    return {};
}

} // namespace hiatus::script
