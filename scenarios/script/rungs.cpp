#include "scenarios/script/rungs.h"

#include "scenarios/script/axes.h"
#include "scenarios/script/rungtext.h"
#include "scenarios/script/verbs.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>

namespace hiatus::script {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Kind = Rung::Kind;

namespace {

std::string upper(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
}

std::vector<Rung> openRungs(const v1::Open &open)
{
    std::string connect = "CONNECT";
    if (open.has_clean())
        append(connect, open.clean() ? "clean=1" : "clean=0");
    append(connect, fieldsText(open.connect()));
    append(connect, setsText(open.set()));
    std::vector<Rung> rungs{{Kind::Out, open.on(), connect}};
    if (open.upto_sent())
        return rungs;
    std::string connack = "CONNACK";
    if (open.has_session_present())
        append(connack, open.session_present() ? "session_present=1" : "session_present=0");
    append(connack, fieldsText(open.expect()));
    append(connack, withinText(open.within()));
    append(connack, absentText(open.absent()));
    append(connack, bindsText(open.bind()));
    if (open.maybe_refused())
        append(connack, "(or refused)");
    rungs.push_back({Kind::In, open.on(), connack});
    return rungs;
}

std::string qosText(bool has, std::uint32_t qos)
{
    return has ? "qos=" + std::to_string(qos) : "qos=<qos>";
}

std::string publishText(const v1::PublishStep &publish)
{
    std::string text = "PUBLISH " + publish.topic();
    if (publish.has_stream())
        append(text, publish.stream() + "/.. x" + std::to_string(publish.count()) + (publish.burst() ? " at once" : ""));
    else if (publish.has_payload())
        append(text, "\"" + printable(publish.payload()) + "\"");
    append(text, qosText(publish.has_qos(), publish.qos()));
    if (publish.has_retain())
        append(text, publish.retain() ? "retain=1" : "retain=0");
    append(text, fieldsText(publish.with()));
    append(text, setsText(publish.set()));
    if (publish.has_id())
        append(text, "id=" + publish.id());
    return text;
}

std::vector<Rung> publishRungs(const v1::PublishStep &publish)
{
    std::vector<Rung> rungs{{Kind::Out, publish.on(), publishText(publish)}};
    if (publish.upto() == v1::PublishStep::SENT || (publish.has_qos() && publish.qos() == 0))
        return rungs;
    if (!publish.has_qos())
        rungs.push_back({Kind::In, publish.on(), "acknowledged"});
    else if (publish.qos() == 1)
        rungs.push_back({Kind::In, publish.on(), "PUBACK"});
    else if (publish.upto() == v1::PublishStep::RECEIVED)
        rungs.push_back({Kind::In, publish.on(), "PUBREC"});
    else if (publish.upto() == v1::PublishStep::RELEASED)
        rungs.push_back({Kind::Both, publish.on(), "PUBREC, PUBREL"});
    else
        rungs.push_back({Kind::Both, publish.on(), "PUBREC, PUBREL, PUBCOMP"});
    return rungs;
}

std::vector<Rung> subscribeRungs(const v1::SubscribeStep &subscribe)
{
    std::string text = "SUBSCRIBE " + subscribe.filter();
    append(text, qosText(subscribe.has_qos(), subscribe.qos()));
    if (subscribe.has_no_local())
        append(text, subscribe.no_local() ? "no_local=1" : "no_local=0");
    if (subscribe.has_retain_as_published())
        append(text, subscribe.retain_as_published() ? "retain_as_published=1" : "retain_as_published=0");
    if (subscribe.has_retain_handling())
        append(text, "retain_handling=" + std::to_string(subscribe.retain_handling()));
    if (subscribe.has_subscription_identifier())
        append(text, "subscription_identifier=" + std::to_string(subscribe.subscription_identifier()));
    for (const v1::Filter &filter : subscribe.also())
        append(text, "+ " + fieldsText(filter));
    append(text, setsText(subscribe.set()));
    std::string suback = "SUBACK";
    for (const std::uint32_t code : subscribe.code())
        append(suback, "code=" + std::to_string(code));
    return {{Kind::Out, subscribe.on(), text}, {Kind::In, subscribe.on(), suback}};
}

std::string expectText(const v1::Expect &expect)
{
    std::string text;
    if (expect.has_stream())
        text = "stream " + fieldsText(expect.stream());
    else if (const Message *pattern = patternOf(expect))
        text = packetText(patternName(expect), *pattern);
    append(text, setsText(expect.set()));
    append(text, withinText(expect.within()));
    append(text, absentText(expect.absent()));
    if (expect.has_id())
        append(text, "id=" + expect.id());
    append(text, bindsText(expect.bind()));
    if (expect.has_due())
        append(text, dueText(expect.due()));
    return expect.maybe() ? "(maybe) " + text : text;
}

Rung expectRung(const v1::Expect &expect, bool take)
{
    return {take ? Kind::Both : Kind::In, expect.on(), expectText(expect) + (take ? ", acknowledged" : "")};
}

std::vector<Rung> sendRungs(const v1::Send &send)
{
    std::vector<Rung> rungs;
    for (const v1::Packet &packet : send.packet()) {
        const auto *group = packet.GetDescriptor()->FindOneofByName("kind");
        const FieldDescriptor *kind = packet.GetReflection()->GetOneofFieldDescriptor(packet, group);
        std::string text = kind ? packetText(kind->name(), packet.GetReflection()->GetMessage(packet, kind)) : "bytes";
        if (packet.has_wire())
            append(text, "wire={" + fieldsText(packet.wire()) + "}");
        if (send.has_id())
            append(text, "id=" + send.id());
        rungs.push_back({Kind::Out, send.on(), text});
    }
    std::string how;
    if (send.packet_size() > 1 && !send.has_split() && send.split_at().empty())
        append(how, "in one write");
    for (const std::uint32_t at : send.split_at())
        append(how, "split at " + std::to_string(at));
    if (send.has_split())
        append(how, "split: " + send.split());
    append(how, setsText(send.set()));
    if (!how.empty())
        rungs.push_back({Kind::Remark, send.on(), "^ " + how});
    return rungs;
}

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

std::vector<Rung> acceptRungs(const v1::Accept &accept)
{
    std::string connect = "CONNECT";
    append(connect, fieldsText(accept.expect()));
    append(connect, withinText(accept.within()));
    append(connect, absentText(accept.absent()));
    std::vector<Rung> rungs{{Kind::In, accept.on(), connect}};
    if (accept.unanswered())
        return rungs;
    std::string connack = "CONNACK";
    append(connack, accept.session_present() ? "session_present=1" : "session_present=0");
    append(connack, fieldsText(accept.connack()));
    append(connack, setsText(accept.set()));
    rungs.push_back({Kind::Out, accept.on(), connack});
    return rungs;
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

std::string packetText(const std::string &name, const Message &packet)
{
    std::string text = upper(name);
    append(text, fieldsText(packet));
    return text;
}

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
