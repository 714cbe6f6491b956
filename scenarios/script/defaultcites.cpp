#include "scenarios/script/defaultcites.h"

#include "scenarios/script/verbs.h"

namespace hiatus::script {

namespace {

/// One row of a table: which check, and its statement in either version.
struct Row
{
    const char *of;
    const char *v3;
    const char *v5;
};
using Rows = std::vector<Row>;

bool isRefusal(const v1::Open &open)
{
    return open.expect().code() != 0;
}

Rows forOpen(const v1::Open &open)
{
    if (isRefusal(open))
        return {{"", "U311-3.1.4-1", "MQTT-3.1.4-2"}, {"session_present", "MQTT-3.2.2-4", "MQTT-3.2.2-6"}};
    Rows rows{{"", "MQTT-3.1.4-4", "MQTT-3.1.4-5"}};
    if (!open.has_session_present() && !open.expect().has_session_present())
        return rows;
    const bool present = open.has_session_present() ? open.session_present() : open.expect().session_present();
    if (open.clean())
        rows.push_back({"session_present", "MQTT-3.2.2-1", "MQTT-3.2.2-2"});
    else
        rows.push_back({"session_present", present ? "MQTT-3.2.2-2" : "MQTT-3.2.2-3", "MQTT-3.2.2-3"});
    return rows;
}

Rows forDrop(const v1::DropStep &drop)
{
    switch (drop.how()) {
    case v1::KEEPALIVE:
        return {{"", "MQTT-3.1.2-24", "MQTT-3.1.2-22"}};
    case v1::PROTOCOL_ERROR:
        return {{"", "MQTT-3.1.0-2", "MQTT-3.1.0-2"}};
    case v1::TAKEOVER:
    case v1::HALF_OPEN:
        return {{"", "MQTT-3.1.4-2", "MQTT-3.1.4-3"}};
    default:
        return {};
    }
}

Rows receiverRows(std::uint32_t qos)
{
    if (qos == 1)
        return {{"", "MQTT-4.3.2-2#a", "MQTT-4.3.2-4"}};
    if (qos == 2)
        return {{"", "MQTT-4.3.3-2#a", "MQTT-4.3.3-8"}, {"pubcomp", "MQTT-4.3.3-2#c", "MQTT-4.3.3-11"}};
    return {};
}

Row firstCopy(std::uint32_t qos)
{
    if (qos == 0)
        return {"dup", "MQTT-3.3.1-2", "MQTT-3.3.1-2"};
    return qos == 1 ? Row{"dup", "MQTT-4.3.2-1#b", "MQTT-4.3.2-2"} : Row{"dup", "MQTT-4.3.3-1#b", "MQTT-4.3.3-2"};
}

Rows fidelityRows()
{
    return {{"qos", "MQTT-3.8.4-6", "MQTT-3.8.4-8"},
            {"payload_format_indicator", "", "MQTT-3.3.2-4"},
            {"message_expiry_interval", "", "MQTT-3.3.2-6"},
            {"response_topic", "", "MQTT-3.3.2-15"},
            {"correlation_data", "", "MQTT-3.3.2-16"},
            {"user_property", "", "MQTT-3.3.2-17"},
            {"user_property.order", "", "MQTT-3.3.2-18"},
            {"content_type", "", "MQTT-3.3.2-20"},
            {"subscription_identifier", "", "MQTT-3.3.4-3"},
            {"topic_alias", "", "MQTT-3.1.2-27"}};
}

Rows forServerPublish(const v1::Publish &pattern, std::uint32_t qos)
{
    Rows rows;
    if (pattern.dup()) {
        rows = {{"", "MQTT-4.4.0-1#a", "MQTT-4.4.0-1#a"}, {"dup", "MQTT-3.3.1-1", "MQTT-3.3.1-1"}};
    } else {
        rows = {{"", "MQTT-4.5.0-1", "MQTT-4.5.0-1"}, firstCopy(qos)};
    }
    rows.push_back({"packet_id", "MQTT-2.3.1-4#b", "MQTT-4.4.0-1#a"});
    rows.push_back({"retain", pattern.retain() ? "MQTT-3.3.1-8" : "MQTT-3.3.1-9",
                    pattern.retain() ? "U5-3.3.1.3-1" : "MQTT-3.3.1-12"});
    if (qos == 2)
        rows.push_back({"pubrel", "MQTT-4.3.3-1#d", "MQTT-4.3.3-4"});
    for (const Row &row : fidelityRows())
        rows.push_back(row);
    return rows;
}

Rows forClientPublish(const v1::Publish &pattern, std::uint32_t qos)
{
    const Row redelivered{"dup", "MQTT-3.3.1-1", "MQTT-3.3.1-1"};
    Rows rows;
    if (pattern.dup())
        rows = {{"", "MQTT-4.4.0-1#a", "MQTT-4.4.0-1#a"}, redelivered};
    else if (qos == 2)
        rows = {{"", "MQTT-4.3.3-1#c", "MQTT-4.3.3-3"}, firstCopy(qos), {"pubrel", "MQTT-4.3.3-1#d", "MQTT-4.3.3-4"}};
    else if (qos == 0)
        rows = {{"", "MQTT-4.3.1-1", "MQTT-4.3.1-1"}, firstCopy(qos)};
    else
        rows = {{"", "MQTT-4.3.2-1#c", "MQTT-4.3.2-3"}, firstCopy(qos)};
    rows.push_back({"packet_id", "MQTT-2.3.1-3#a", "MQTT-4.4.0-1#a"});
    return rows;
}

Rows forStream(std::uint32_t qos, v1::Role role)
{
    if (role == v1::CLIENT)
        return {{"", "MQTT-4.4.0-1#a", "MQTT-4.4.0-1#a"},
                {"order", "MQTT-4.6.0-1", "MQTT-4.6.0-1"},
                {"dup", "MQTT-3.3.1-1", "MQTT-3.3.1-1"},
                {"copies", "MQTT-4.3.3-1#f", qos == 2 ? "MQTT-4.3.3-6" : "MQTT-4.4.0-1#c"}};
    return {{"", "MQTT-4.5.0-1", "MQTT-4.5.0-1"},
            {"order", "MQTT-4.6.0-6#b", "MQTT-4.6.0-5"},
            {"dup", "MQTT-3.3.1-1", "MQTT-3.3.1-1"},
            {"copies", "MQTT-4.3.3-1#f", qos == 2 ? "MQTT-4.3.3-6" : "MQTT-4.4.0-1#c"}};
}

Rows forAcknowledgement(v1::Expect::WhatCase what)
{
    switch (what) {
    case v1::Expect::kPuback:
        return receiverRows(1);
    case v1::Expect::kPubrec:
        return {{"", "MQTT-4.3.3-2#a", "MQTT-4.3.3-8"}};
    case v1::Expect::kPubcomp:
        return {{"", "MQTT-4.3.3-2#c", "MQTT-4.3.3-11"}};
    case v1::Expect::kPubrel:
        return {{"", "MQTT-4.3.3-1#d", "MQTT-4.3.3-4"}};
    default:
        return {};
    }
}

Rows forServerPacket(const v1::Expect &expect, std::uint32_t qos)
{
    switch (expect.what_case()) {
    case v1::Expect::kPublish:
        return forServerPublish(expect.publish(), expect.publish().has_qos() ? expect.publish().qos() : qos);
    case v1::Expect::kConnack:
        return {{"", "MQTT-3.1.4-4", "MQTT-3.1.4-5"}};
    case v1::Expect::kSuback:
        return {{"", "MQTT-3.8.4-1", "MQTT-3.8.4-1"}, {"packet_id", "MQTT-3.8.4-2", "MQTT-3.8.4-2"}};
    case v1::Expect::kUnsuback:
        return {{"", "MQTT-3.10.4-4", "MQTT-3.10.4-4"}, {"packet_id", "MQTT-3.10.4-4", "MQTT-3.10.4-5"}};
    case v1::Expect::kPingresp:
        return {{"", "MQTT-3.12.4-1", "MQTT-3.12.4-1"}};
    case v1::Expect::kDisconnect:
        return {{"", "", "A5-7"}, {"code", "", "MQTT-3.14.2-1"}};
    case v1::Expect::kStream:
        return forStream(qos, v1::SERVER);
    default:
        return forAcknowledgement(expect.what_case());
    }
}

Rows forClientPacket(const v1::Expect &expect, std::uint32_t qos)
{
    switch (expect.what_case()) {
    case v1::Expect::kPublish:
        return forClientPublish(expect.publish(), expect.publish().has_qos() ? expect.publish().qos() : qos);
    case v1::Expect::kConnect:
        return {{"", "MQTT-3.1.0-1", "MQTT-3.1.0-1"}};
    case v1::Expect::kSubscribe:
    case v1::Expect::kUnsubscribe:
        return {{"", "MQTT-2.3.1-1", "MQTT-2.2.1-3"}};
    case v1::Expect::kPingreq:
        return {{"", "MQTT-3.1.2-23", "MQTT-3.1.2-20"}};
    case v1::Expect::kDisconnect:
        return {{"", "MQTT-3.14.4-1", "MQTT-3.14.4-2"}};
    case v1::Expect::kStream:
        return forStream(qos, v1::CLIENT);
    default:
        return forAcknowledgement(expect.what_case());
    }
}

Rows forExpect(const v1::Expect &expect, const CiteContext &context)
{
    return context.role == v1::CLIENT ? forClientPacket(expect, context.qos) : forServerPacket(expect, context.qos);
}

// "sentinel": what the fence itself waits for, whatever its surplus is charged to.
Rows forFence(const v1::Fence &fence)
{
    const auto rows = [](const char *v3, const char *v5) { return Rows{{"", v3, v5}, {"sentinel", v3, v5}}; };
    switch (fence.by()) {
    case v1::Fence::PING:
        return rows("MQTT-3.12.4-1", "MQTT-3.12.4-1");
    case v1::Fence::CLOSE:
        return rows("MQTT-4.8.0-1", "MQTT-4.13.1-1");
    case v1::Fence::ACK_ORDER:
        return fence.qos() == 2 ? rows("MQTT-4.3.3-2#a", "MQTT-4.3.3-8") : rows("MQTT-4.3.2-2#a", "MQTT-4.3.2-4");
    default:
        return rows("MQTT-4.5.0-1", "MQTT-4.5.0-1");
    }
}

Rows forClosed(const v1::Closed &closed, const CiteContext &context)
{
    if (context.role == v1::CLIENT)
        return {{"", "MQTT-4.8.0-1", "MQTT-4.13.2-1"}};
    Rows rows;
    if (closed.old())
        rows = {{"", "MQTT-3.1.4-2", "MQTT-3.1.4-3"}};
    else if (context.refused)
        rows = {{"", "MQTT-3.2.2-5", "MQTT-3.2.2-7"}};
    else if (closed.has_due())
        rows = {{"", "MQTT-3.1.2-24", "MQTT-3.1.2-22"}};
    else
        rows = {{"", "MQTT-4.8.0-1", "MQTT-4.13.1-1"}};
    rows.push_back({"code", "", "MQTT-3.14.2-1"});
    return rows;
}

Rows forApp(const v1::App &app, const CiteContext &context)
{
    switch (app.do_case()) {
    case v1::App::kConnect:
        return {{"", "MQTT-3.1.0-1", "MQTT-3.1.0-1"}};
    case v1::App::kPublish:
    case v1::App::kCompleted:
        return {{"", context.qos == 2 ? "MQTT-4.3.3-1#e" : "MQTT-4.3.2-1#c", context.qos == 2 ? "MQTT-4.3.3-5" : "MQTT-4.3.2-3"}};
    case v1::App::kSubscribe:
        return {{"", "MQTT-2.3.1-1", "MQTT-2.2.1-3"}};
    case v1::App::kDelivered:
        return {{"", context.qos == 2 ? "MQTT-4.3.3-2#a" : "MQTT-4.3.2-2#a", context.qos == 2 ? "MQTT-4.3.3-8" : "MQTT-4.3.2-4"},
                {"order", "MQTT-4.6.0-1", "MQTT-4.6.0-1"}};
    case v1::App::kClosed:
        return {{"", "MQTT-4.8.0-1", "MQTT-4.13.2-1"}};
    default:
        return {};
    }
}

Rows rowsFor(const v1::Step &step, const CiteContext &context)
{
    switch (step.verb_case()) {
    case v1::Step::kOpen:
        return forOpen(step.open());
    case v1::Step::kDrop:
        return context.role == v1::CLIENT ? Rows{} : forDrop(step.drop());
    case v1::Step::kSubscribe:
        return {{"", "MQTT-3.8.4-1", "MQTT-3.8.4-1"},
                {"code", "MQTT-3.8.4-5", "MQTT-3.8.4-7"},
                {"packet_id", "MQTT-3.8.4-2", "MQTT-3.8.4-2"}};
    case v1::Step::kUnsubscribe:
        return {{"", "MQTT-3.10.4-4", "MQTT-3.10.4-4"},
                {"code", "", "MQTT-3.11.3-2"},
                {"packet_id", "MQTT-3.10.4-4", "MQTT-3.10.4-5"}};
    case v1::Step::kPublish:
        return receiverRows(step.publish().qos());
    case v1::Step::kExpect:
        return forExpect(step.expect(), context);
    case v1::Step::kTake:
        return forExpect(step.take(), context);
    case v1::Step::kGoRound:
        return {{"", "MQTT-4.5.0-1", "MQTT-4.5.0-1"}, {"packet_id", "MQTT-2.3.1-4#a", "MQTT-2.2.1-4"}, {"puback", "MQTT-4.3.2-2#a", "MQTT-4.3.2-4"}};
    case v1::Step::kFence:
        return forFence(step.fence());
    case v1::Step::kClosed:
        return forClosed(step.closed(), context);
    case v1::Step::kAccept:
        return {{"", "MQTT-3.1.0-1", "MQTT-3.1.0-1"}, {"clean", "MQTT-3.1.2-4#c", "MQTT-3.1.2-23"}};
    case v1::Step::kApp:
        return forApp(step.app(), context);
    case v1::Step::kTarget: // what it has to come up again for
        return {{"", "MQTT-4.1.0-1", "MQTT-4.1.0-1"}};
    case v1::Step::kSettled:
        return {{"", "MQTT-4.4.0-1#b", "MQTT-4.4.0-1#b"}};
    default:
        return {};
    }
}

} // namespace

std::vector<PlannedCite> defaultCites(const v1::Step &step, const CiteContext &context)
{
    std::vector<PlannedCite> cites;
    for (const Row &row : rowsFor(step, context)) {
        const char *statement = context.version == v1::V3 ? row.v3 : row.v5;
        if (*statement != '\0')
            cites.push_back({row.of, statement, context.version, context.role, true});
    }
    return cites;
}

} // namespace hiatus::script
