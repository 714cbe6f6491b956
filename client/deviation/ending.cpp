// What clients do wrong when the application has them leave.

#include "client/deviation/rows.h"

#include <memory>

namespace hiatus::client::deviation {

namespace {

void raiseExpiry(Assembly &assembly)
{
    if (assembly.options.version != v1::V5)
        return;
    FilterRules rules;
    rules.passes = [](Action &action, Time) {
        auto *sent = std::get_if<SendPacket>(&action);
        if (sent && sent->packet.has_disconnect() && sent->packet.disconnect().code() == 0)
            sent->packet.mutable_disconnect()->set_session_expiry_interval(60);
        return true;
    };
    decorate(assembly, std::move(rules));
}

void publishAfterDisconnect(Assembly &assembly)
{
    FilterRules rules;
    rules.follows = [](const Action &action, Time) {
        Actions late;
        const auto *sent = std::get_if<SendPacket>(&action);
        if (!sent || !sent->packet.has_disconnect())
            return late;
        v1::Packet packet;
        packet.mutable_publish()->set_topic("late");
        packet.mutable_publish()->set_qos(0);
        late.push_back(SendPacket{packet});
        return late;
    };
    decorate(assembly, std::move(rules));
}

void stayOpen(Assembly &assembly)
{
    FilterRules rules;
    rules.passes = [hasLeft = false](Action &action, Time) mutable {
        if (const auto *sent = std::get_if<SendPacket>(&action))
            hasLeft = sent->packet.has_disconnect();
        return !(hasLeft && std::holds_alternative<CloseLink>(action));
    };
    decorate(assembly, std::move(rules));
}

} // namespace

std::vector<Alteration> ofEnding()
{
    return {
        {"disconnect-raises-expiry", "DISCONNECT asks for a session expiry interval although CONNECT had none.", v5({"U5-3.14.2.2.2-3"}), {},
         {}, "one client library", raiseExpiry},
        {"publishes-after-disconnect", "A PUBLISH leaves behind DISCONNECT.", both(v3({"MQTT-3.14.4-2"}), v5({"MQTT-3.14.4-1"})), {}, {},
         "clients that empty their queue at the end", publishAfterDisconnect},
        {"stays-open-after-disconnect", "After DISCONNECT the network connection stays open.",
         both(v3({"MQTT-3.14.4-1"}), v5({"MQTT-3.14.4-2"})), {}, {}, "one client library", stayOpen},
    };
}

} // namespace hiatus::client::deviation
