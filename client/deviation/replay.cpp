// What clients send wrongly, or not at all, when a session is resumed.

#include "client/deviation/rows.h"

#include <memory>
#include <utility>

namespace hiatus::client::deviation {

namespace {

using Resent = std::optional<v1::Packet>;

/// Changes what goes out for an unfinished exchange.
template <typename Change>
void changeResent(Assembly &assembly, Change change)
{
    assembly.rules.resent = [before = assembly.rules.resent, change](const Outgoing &entry) -> Resent {
        return change(entry, before(entry));
    };
}

void noResend(Assembly &assembly)
{
    changeResent(assembly, [](const Outgoing &entry, Resent packet) {
        return entry.stage == v1::AWAIT_PUBCOMP ? packet : Resent{};
    });
}

void withoutDup(Assembly &assembly)
{
    changeResent(assembly, [](const Outgoing &, Resent packet) {
        if (packet && packet->has_publish())
            packet->mutable_publish()->set_dup(false);
        return packet;
    });
}

void withNewId(Assembly &assembly)
{
    assembly.hooks.push_back([](SessionState &state, Reason reason) {
        if (reason != Reason::Resumed)
            return;
        PacketIds taken;
        for (const Outgoing &entry : state.inflight)
            taken.take(entry.id);
        for (Outgoing &entry : state.inflight) {
            if (entry.stage != v1::AWAIT_PUBCOMP)
                entry.id = taken.take().value_or(entry.id);
        }
    });
}

void publishAfterPubrel(Assembly &assembly)
{
    assembly.hooks.push_back([](SessionState &state, Reason reason) {
        if (reason != Reason::Resumed)
            return;
        for (Outgoing &entry : state.inflight) {
            if (entry.stage == v1::AWAIT_PUBCOMP && !entry.message.topic().empty())
                entry.stage = v1::AWAIT_PUBREC;
        }
    });
}

void dropPubrel(Assembly &assembly)
{
    changeResent(assembly, [](const Outgoing &entry, Resent packet) {
        return entry.stage == v1::AWAIT_PUBCOMP ? Resent{} : packet;
    });
}

void requeueToo(Assembly &assembly)
{
    assembly.hooks.push_back([](SessionState &state, Reason reason) {
        if (reason != Reason::Resumed)
            return;
        for (const Outgoing &entry : state.inflight) {
            if (entry.stage != v1::AWAIT_PUBCOMP)
                state.pending.push_back({entry.token, entry.message, entry.expiresAt});
        }
    });
}

void withStaleAlias(Assembly &assembly)
{
    if (assembly.options.version != v1::V5)
        return;
    FilterRules rules;
    rules.passes = [](Action &action, Time) {
        auto *sent = std::get_if<SendPacket>(&action);
        if (sent && sent->packet.publish().dup()) {
            sent->packet.mutable_publish()->set_topic("");
            sent->packet.mutable_publish()->set_topic_alias(1);
        }
        return true;
    };
    decorate(assembly, std::move(rules));
}

} // namespace

std::vector<Alteration> ofReplay()
{
    return {
        {"no-resend-on-reconnect", "An unacknowledged PUBLISH is not sent again when the session is resumed.",
         both(v3({"MQTT-4.4.0-1#a"}), v5({"MQTT-4.4.0-1#a"})), both(v3({"MQTT-3.1.2-4#c"}), v5({"MQTT-3.1.2-23"})), {},
         "qtmqtt, early MQTT.js", noResend},
        {"client-resend-without-dup", "A PUBLISH that is sent again has DUP 0.",
         both(v3({"MQTT-3.3.1-1"}), v5({"MQTT-3.3.1-1"})), {}, {}, "three client libraries", withoutDup},
        {"resend-with-new-packet-id", "A PUBLISH that is sent again has a new identifier.",
         both(v3({"MQTT-2.3.1-3#a", "MQTT-4.4.0-1#a"}), v5({"MQTT-4.4.0-1#a"})), {}, {}, "sibling of a broker defect",
         withNewId},
        {"resend-publish-after-pubrel", "An exchange that waits for PUBCOMP begins again with PUBLISH.",
         both(v3({"MQTT-4.3.3-1#f"}), v5({"MQTT-4.3.3-6"})), both(v3({"MQTT-4.4.0-1#b"}), v5({"MQTT-4.4.0-1#b"})), {},
         "MQTT.js and two others", publishAfterPubrel},
        {"client-drop-pubrel-on-reconnect", "PUBREL is not sent again: the exchange never completes.",
         both(v3({"MQTT-4.4.0-1#b"}), v5({"MQTT-4.4.0-1#b"})), {}, {}, "four client libraries", dropPubrel},
        {"requeue-and-resend-same-message", "A message is sent again from the store and as a new one from the queue.",
         both(v3({"MQTT-2.3.1-3#a", "MQTT-3.3.1-1"}), v5({"MQTT-4.4.0-1#c", "MQTT-3.3.1-1"})),
         both(v3({"MQTT-4.3.3-1#f"}), v5({"MQTT-4.3.3-6"})), {}, "Paho clients: one copy per attempt", requeueToo},
        {"resend-with-stale-topic-alias",
         "A PUBLISH that is sent again has an alias of the old connection in place of its topic.",
         v5({"D5-9", "U5-3.3.2.3.4-1", "MQTT-3.2.2-18"}), v5({"MQTT-4.4.0-1#a"}), {}, "MQTT.js and three others",
         withStaleAlias},
    };
}

} // namespace hiatus::client::deviation
