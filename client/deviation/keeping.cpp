// What is kept too long, or not long enough.

#include "client/deviation/rows.h"

#include <deque>
#include <map>
#include <memory>

namespace hiatus::client::deviation {

namespace {

void keepOutgoingOverCleanStart(Assembly &assembly)
{
    auto kept = std::make_shared<std::deque<Outgoing>>();
    assembly.hooks.push_back([kept](SessionState &state, Reason reason) {
        if (reason == Reason::Closed)
            *kept = state.inflight;
        if (reason == Reason::CleanStarted)
            state.inflight = std::exchange(*kept, {});
    });
}

void forgetInflightInStore(Assembly &assembly)
{
    FilterRules rules;
    rules.saves = [](v1::ClientSession &session) { session.clear_inflight(); };
    decorate(assembly, std::move(rules));
}

void forgetReceivedInStore(Assembly &assembly)
{
    FilterRules rules;
    rules.saves = [](v1::ClientSession &session) { session.clear_received(); };
    decorate(assembly, std::move(rules));
}

void dropOffline(Assembly &assembly)
{
    assembly.hooks.push_back([](SessionState &state, Reason reason) {
        if (reason == Reason::Resumed || reason == Reason::SessionLost)
            state.pending.clear();
    });
}

/// At each PINGREQ everything unacknowledged goes out once more.
void resendWhileConnected(Assembly &assembly)
{
    auto open = std::make_shared<std::map<std::uint32_t, v1::Publish>>();
    FilterRules rules;
    rules.admits = [open](v1::Packet &packet, Time) {
        open->erase(packet.puback().packet_id() + packet.pubrec().packet_id());
        return true;
    };
    rules.passes = [open](Action &action, Time) {
        const auto *sent = std::get_if<SendPacket>(&action);
        if (sent && sent->packet.has_connect())
            open->clear();
        if (sent && sent->packet.publish().qos() > 0)
            (*open)[sent->packet.publish().packet_id()] = sent->packet.publish();
        return true;
    };
    rules.follows = [open](const Action &action, Time) {
        Actions again;
        const auto *sent = std::get_if<SendPacket>(&action);
        if (!sent || !sent->packet.has_pingreq())
            return again;
        for (const auto &[id, publish] : *open) {
            v1::Packet packet;
            *packet.mutable_publish() = publish;
            packet.mutable_publish()->set_dup(true);
            again.push_back(SendPacket{packet});
        }
        return again;
    };
    decorate(assembly, std::move(rules));
}

} // namespace

std::vector<Alteration> ofKeeping()
{
    return {
        {"clean-start-keeps-outgoing", "After a clean start the old session's messages are sent again.",
         both(v3({"MQTT-3.1.2-6#a"}), v5({"MQTT-3.1.2-4"})), v5({"MQTT-4.4.0-1#c"}), {}, "three client libraries",
         keepOutgoingOverCleanStart},
        {"store-forgets-inflight", "What was sent and not acknowledged is missing from the saved session.",
         both(v3({"MQTT-4.4.0-1#a", "MQTT-4.4.0-1#b", "U311-3.1.2.4-1"}), v5({"MQTT-4.4.0-1#a", "MQTT-4.4.0-1#b", "U5-4.1-1"})), {}, {},
         "three client libraries", forgetInflightInStore},
        {"store-forgets-received", "The identifiers received and not completed are missing from the saved session.",
         both(v3({"MQTT-4.3.3-2#b", "U311-3.1.2.4-1"}), v5({"MQTT-4.3.3-10", "U5-4.1-1"})), {}, {}, "four client libraries",
         forgetReceivedInStore},
        {"drops-offline-publishes", "What the application publishes while not connected is accepted, and gone at the reconnect.",
         both(v3({"MQTT-4.3.2-1#b", "MQTT-4.3.3-1#b"}), v5({"MQTT-4.3.2-2", "MQTT-4.3.3-2"})), {}, {}, "three client libraries",
         dropOffline},
        {"client-resends-while-connected", "Unacknowledged messages are sent again on a live connection.", v5({"MQTT-4.4.0-1#c"}), {}, {},
         "clients with a retry timer", resendWhileConnected},
    };
}

} // namespace hiatus::client::deviation
