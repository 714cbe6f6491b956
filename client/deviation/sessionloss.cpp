// What clients do wrong when the server has lost, or claims, a session.

#include "client/deviation/rows.h"

#include <memory>
#include <utility>

namespace hiatus::client::deviation {

namespace {

void resendDespiteSessionPresent0(Assembly &assembly)
{
    assembly.rules.presence = [before = assembly.rules.presence](const PresenceCase &c) {
        const Presence presence = before(c);
        return presence == Presence::Lost ? Presence::Resume : presence;
    };
}

void keepInboundQos2Ids(Assembly &assembly)
{
    auto ids = std::make_shared<std::map<PacketId, Receipt>>();
    assembly.hooks.push_back([ids](SessionState &state, Reason reason) {
        if (reason == Reason::Closed)
            *ids = state.received;
        if (reason == Reason::SessionLost || reason == Reason::CleanStarted)
            state.received = *ids;
    });
}

void wedgeAfterSessionLoss(Assembly &assembly)
{
    auto waiting = std::make_shared<bool>(false);
    assembly.hooks.push_back([waiting, held = false](SessionState &state, Reason reason) mutable {
        if (reason == Reason::Closed)
            held = !state.inflight.empty();
        *waiting = *waiting || (reason == Reason::SessionLost && held);
    });
    assembly.rules.window = [waiting, before = assembly.rules.window](const Limits &limits) {
        return *waiting ? 0 : before(limits);
    };
}

void acceptUnexpectedSessionPresent(Assembly &assembly)
{
    assembly.rules.presence = [before = assembly.rules.presence](const PresenceCase &c) {
        const Presence presence = before(c);
        return presence == Presence::Impossible ? Presence::Resume : presence;
    };
}

} // namespace

std::vector<Alteration> ofSessionLoss()
{
    return {
        {"resend-despite-session-present-0",
         "After session present 0 the old PUBLISH (DUP 1, old identifier) and PUBREL are sent again.",
         v5({"MQTT-3.2.2-5", "MQTT-4.4.0-1#c"}), v5({"MQTT-3.3.4-7"}), {},
         "Paho Go, rumqttc, MQTT.js, asyncio-mqtt and others", resendDespiteSessionPresent0},
        {"keep-inbound-qos2-ids-on-sp0",
         "A new inbound QoS 2 message under an identifier remembered from a discarded session is acknowledged and swallowed.",
         both(v5({"MQTT-3.2.2-5", "MQTT-3.1.2-4"}), v3({"MQTT-3.1.2-6#a"})),
         both(v5({"MQTT-4.3.3-8"}), v3({"MQTT-4.3.3-2#a"})), {}, "one client's receipt table", keepInboundQos2Ids},
        {"wedge-after-session-loss",
         "A marker of the lost exchange survives session present 0: no further QoS 1 or 2 publish leaves.",
         v5({"MQTT-4.9.0-1", "MQTT-3.2.2-5", "MQTT-4.3.2-2", "MQTT-4.3.3-2"}), // 3.1.1 leaves it open: A311-1
         {}, {}, "rumqttc's collision marker", wedgeAfterSessionLoss},
        {"accept-unexpected-session-present",
         "Session present 1 after a clean start, or without any state, is taken as if it were so.",
         v5({"MQTT-3.2.2-4"}), {}, {}, "several client libraries",
         acceptUnexpectedSessionPresent},
    };
}

} // namespace hiatus::client::deviation
