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

std::string upper(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
}

std::string qosText(bool has, std::uint32_t qos)
{
    return has ? "qos=" + std::to_string(qos) : "qos=<qos>";
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

} // namespace

std::string packetText(const std::string &name, const Message &packet)
{
    std::string text = upper(name);
    append(text, fieldsText(packet));
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

} // namespace hiatus::script
