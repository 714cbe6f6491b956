// Choices about messages on their way.

#include "client/engine/filter.h"
#include "client/liberty/rows.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

namespace hiatus::client::liberty {

namespace {

void publishesBeforeConnack(Assembly &assembly)
{
    assembly.rules.publishesBeforeConnack = [](v1::Version) { return true; };
}

void ignoresUnknownPubrec(Assembly &assembly)
{
    assembly.rules.answerToUnknownPubrec = [](PacketId, v1::Version) { return std::optional<v1::Packet>{}; };
}

void oneAtATime(Assembly &assembly)
{
    assembly.rules.window = [before = assembly.rules.window](const Limits &limits) { return std::min(before(limits), 1u); };
}

void republishes(Assembly &assembly)
{
    assembly.options.onSessionLost = OnSessionLost::Republish;
}

/// What comes in the same instant as a CONNACK that resumes is left to the server to send again.
void leavesMessageBehindConnack(Assembly &assembly)
{
    FilterRules rules;
    rules.admits = [resumedAt = Time::min()](const v1::Packet &packet, Time now) mutable {
        if (packet.connack().session_present())
            resumedAt = now;
        return !packet.has_publish() || packet.publish().qos() == 0 || packet.publish().dup() || now != resumedAt;
    };
    assembly.decorators.push_back(
        [rules](std::unique_ptr<Client> inner) { return std::make_unique<Filter>(std::move(inner), rules); });
}

void countsIdsDown(Assembly &assembly)
{
    auto next = std::make_shared<PacketId>(std::numeric_limits<PacketId>::max());
    assembly.rules.chooseId = [next](PacketIds &ids) -> std::optional<PacketId> {
        if (ids.size() >= std::numeric_limits<PacketId>::max())
            return std::nullopt;
        while (!ids.take(*next))
            *next = *next <= 1 ? std::numeric_limits<PacketId>::max() : static_cast<PacketId>(*next - 1);
        return *next;
    };
}

void pubrelsFirst(Assembly &assembly)
{
    assembly.hooks.push_back([](SessionState &state, Reason reason) {
        if (reason != Reason::Resumed)
            return;
        std::stable_partition(state.inflight.begin(), state.inflight.end(),
                              [](const Outgoing &entry) { return entry.stage == v1::AWAIT_PUBCOMP; });
    });
}

void answersUnknownPubrelWithSuccess(Assembly &assembly)
{
    assembly.rules.answerToPubrel = [before = assembly.rules.answerToPubrel](PacketId id, bool, v1::Version version) {
        return before(id, true, version);
    };
}

void resendsOnSessionLossIn3(Assembly &assembly)
{
    assembly.rules.presence = [before = assembly.rules.presence](const PresenceCase &c) {
        const Presence presence = before(c);
        return presence == Presence::Lost && c.version == v1::V3 ? Presence::Resume : presence;
    };
}

void republishesOneAtATime(Assembly &assembly)
{
    republishes(assembly);
    oneAtATime(assembly);
}

} // namespace

std::vector<Alteration> ofMessages()
{
    return {
        {"publishes-before-connack", "Sends a new message behind CONNECT without waiting for CONNACK.", {}, {},
         {{v1::V3, "A311-20"}, {v1::V5, "A5-22"}}, "", publishesBeforeConnack},
        {"ignores-unknown-pubrec", "Does not answer a PUBREC whose identifier is not in use.", {}, {},
         {{v1::V5, "A5-28"}}, "", ignoresUnknownPubrec},
        {"one-message-at-a-time", "Keeps one exchange open, whatever Receive Maximum allows.", {}, {},
         {{v1::V5, "MQTT-4.9.0-1"}}, "users who want strict order", oneAtATime},
        {"republishes-on-session-loss", "Publishes what the lost session held as new messages.", {}, {},
         {{v1::V3, "A311-1"}, {v1::V5, "MQTT-3.2.2-5"}}, "HiveMQ client: republishIfSessionExpired", republishes},
        {"republishes-one-at-a-time", "Publishes what the lost session held as new messages, each when the last is acknowledged.", {}, {},
         {{v1::V3, "A311-1"}, {v1::V5, "MQTT-3.2.2-5"}}, "MQTT.js", republishesOneAtATime},
        {"leaves-message-behind-connack",
         "Neither acknowledges nor delivers a new message that comes in one piece with CONNACK; its copy with DUP it takes.",
         {}, {}, {{v1::V5, "A5-22"}}, "", leavesMessageBehindConnack},
        {"counts-ids-down", "Packet identifiers from 65,535 downwards.", {}, {},
         {{v1::V3, "MQTT-2.3.1-2"}, {v1::V5, "MQTT-2.2.1-3"}}, "", countsIdsDown},
        {"pubrels-first", "Sends all PUBRELs of a resumed session before any PUBLISH.", {}, {},
         {{v1::V3, "MQTT-4.6.0-1"}, {v1::V5, "MQTT-4.6.0-1"}}, "", pubrelsFirst},
        {"answers-unknown-pubrel-with-success", "PUBCOMP 0x00 for an unknown PUBREL, not 0x92.", {}, {},
         {{v1::V5, "MQTT-4.3.3-11"}}, "most clients", answersUnknownPubrelWithSuccess},
        {"resends-on-session-loss-in-3.1.1", "After session present 0 sends again with DUP 1 and old identifiers; 3.1.1 only.",
         {}, {}, {{v1::V3, "A311-1"}}, "Paho Go", resendsOnSessionLossIn3},
    };
}

} // namespace hiatus::client::liberty
