// Right for one way of losing a connection and wrong for another; right in one version and wrong in the other.

#include "minibroker/deviation/endtracker.h"
#include "minibroker/deviation/rewriter.h"

#include <algorithm>

namespace hiatus::broker {

namespace {

using Loss = void (*)(v1::ServerSession &after);

void loseInflight(v1::ServerSession &after)
{
    after.clear_inflight();
}

void loseReceived(v1::ServerSession &after)
{
    after.clear_received();
}

std::function<void(Setup &)> lostAt(Way way, Loss lose)
{
    return [way, lose](Setup &setup) {
        const auto present = trackWays(setup);
        setup.rules.hooks.push_back(on(Reason::Closed, [way, lose, present](auto &after, const auto &) {
            if (*present == way)
                lose(after);
        }));
    };
}

std::vector<StatementRef> inflightStatements(bool hasV3)
{
    std::vector<StatementRef> all{v5("MQTT-4.4.0-1#a"), v5("MQTT-4.4.0-1#b"), v5("MQTT-4.3.2-3"), v5("MQTT-4.3.3-3"), v5("MQTT-4.3.3-5")};
    if (hasV3)
        for (const auto *id : {"MQTT-4.4.0-1#a", "MQTT-4.4.0-1#b", "MQTT-4.3.2-1#c", "MQTT-4.3.3-1#c", "MQTT-4.3.3-1#e"})
            all.push_back(v3(id));
    return all;
}

std::vector<StatementRef> receivedStatements(bool hasV3)
{
    std::vector<StatementRef> all{v5("MQTT-4.3.3-10"), v5("MQTT-3.1.2-5")};
    if (hasV3)
        all.push_back(v3("MQTT-4.3.3-2#b"));
    return all;
}

Rows wayRows()
{
    struct Named
    {
        Way way;
        const char *name;
        const char *sentence;
        const char *seen;
    };
    const Named ways[] = {
        {Way::Disconnect, "disconnect", "a DISCONNECT", "aedes 473; brokers that clean up on the polite path only"},
        {Way::WithWill, "disconnect-with-will", "a DISCONNECT with code 0x04", "asked for by the statements; no thread known"},
        {Way::Lost, "loss", "the loss of the connection", "MQTTnet 1139, moquette 563"},
        {Way::Silence, "silence", "a keep alive timeout", "mochi 173; the time-out has a tear-down of its own"},
        {Way::Error, "error", "a protocol error", "Mosquitto 2.0.11 ends the session"},
    };
    Rows rows;
    for (const auto &each : ways) {
        const bool hasV3 = each.way != Way::WithWill;
        rows.push_back(fault(std::string("inflight-lost-at-") + each.name,
                             std::string("What is in flight to a client survives every end of its connection but ") + each.sentence + ".",
                             inflightStatements(hasV3), each.seen, lostAt(each.way, loseInflight)));
        rows.push_back(fault(std::string("inbound-ids-lost-at-") + each.name,
                             std::string("Received QoS 2 identifiers survive every end of a connection but ") + each.sentence + ".",
                             receivedStatements(hasV3), each.seen, lostAt(each.way, loseReceived)));
    }
    return rows;
}

bool isPublish(const v1::Inflight &inflight)
{
    return inflight.stage() != v1::AWAIT_PUBCOMP;
}

/// Acts on resumptions of that version only.
std::function<void(Setup &)> resumedIn(v1::Version version, std::function<void(v1::ServerSession &)> act)
{
    return [version, act = std::move(act)](Setup &setup) {
        setup.rules.hooks.push_back(on(Reason::Resumed, [version, act](auto &after, const auto &) {
            if (after.version() == version)
                act(after);
        }));
    };
}

void dropPubrels(v1::ServerSession &after)
{
    auto &all = *after.mutable_inflight();
    all.erase(std::remove_if(all.begin(), all.end(), [](const auto &inflight) { return !isPublish(inflight); }), all.end());
}

void startOver(v1::ServerSession &after)
{
    for (auto &inflight : *after.mutable_inflight())
        if (!isPublish(inflight) && inflight.has_message())
            inflight.set_stage(v1::AWAIT_PUBREC);
}

void giveNewIds(v1::ServerSession &after)
{
    std::uint32_t highest = 0;
    for (const auto &inflight : after.inflight())
        highest = std::max(highest, inflight.packet_id());
    for (auto &inflight : *after.mutable_inflight())
        if (isPublish(inflight))
            inflight.set_packet_id(++highest);
}

void clearDup(v1::Packet &packet)
{
    packet.mutable_publish()->set_dup(false);
}

/// One fault, its statements in either version, and the version that has it.
void addForVersion(Rows &rows, v1::Version version)
{
    const bool isV3 = version == v1::V3;
    const std::string suffix = isV3 ? "-in-3.1.1" : "-in-5.0";
    const std::string tail = isV3 ? ", on 3.1.1 connections." : ", on 5.0 connections.";
    const auto refs = [isV3](std::vector<const char *> three, std::vector<const char *> five) {
        std::vector<StatementRef> all;
        for (const auto *id : isV3 ? three : five)
            all.push_back(isV3 ? v3(id) : v5(id));
        return all;
    };
    const std::string seen = "two code paths, one mended: found in review";
    rows.push_back(fault("no-dup" + suffix, "A PUBLISH that is sent again has DUP 0" + tail, refs({"MQTT-3.3.1-1"}, {"MQTT-3.3.1-1"}), seen,
                         rewritingOut([version](v1::Packet &packet, const LinkFacts &facts) {
                             if (packet.publish().dup() && facts.version == version)
                                 clearDup(packet);
                         })));
    rows.push_back(fault("pubrels-forgotten" + suffix, "An exchange that waits for PUBCOMP is skipped on a resumption" + tail,
                         refs({"MQTT-4.4.0-1#b", "MQTT-4.3.3-1#e"}, {"MQTT-4.4.0-1#b", "MQTT-4.3.3-5"}), seen, resumedIn(version, dropPubrels)));
    rows.push_back(fault("publish-after-pubrel" + suffix, "An exchange that waits for PUBCOMP starts again with PUBLISH" + tail,
                         refs({"MQTT-4.3.3-1#f", "MQTT-4.4.0-1#b"}, {"MQTT-4.3.3-6", "MQTT-4.4.0-1#b"}), seen, resumedIn(version, startOver)));
    rows.push_back(fault("new-ids" + suffix, "A PUBLISH that is sent again gets a fresh packet identifier" + tail,
                         refs({"MQTT-4.4.0-1#a", "MQTT-2.3.1-4#b"}, {"MQTT-4.4.0-1#a"}), seen, resumedIn(version, giveNewIds)));
    rows.push_back(fault("inbound-ids-forgotten" + suffix, "A resumption forgets the received QoS 2 identifiers" + tail,
                         refs({"MQTT-4.3.3-2#b"}, {"MQTT-4.3.3-10", "MQTT-3.1.2-5"}), seen, resumedIn(version, loseReceived)));
    rows.push_back(fault("queue-forgotten" + suffix, "What was queued while the client was away is lost on its return" + tail,
                         refs({"MQTT-3.1.2-5", "MQTT-4.5.0-1"}, {"MQTT-4.5.0-1"}), seen,
                         resumedIn(version, [](auto &after) { after.clear_pending(); })));
}

} // namespace

Rows wayDeviations()
{
    Rows rows = wayRows();
    addForVersion(rows, v1::V3);
    addForVersion(rows, v1::V5);
    return rows;
}

} // namespace hiatus::broker
