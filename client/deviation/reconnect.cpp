// What clients say differently when they connect again.

#include "client/deviation/rows.h"

#include <memory>
#include <utility>

namespace hiatus::client::deviation {

namespace {

/// Changes every CONNECT but the first of the client object.
template <typename Change>
void changeLaterConnects(Assembly &assembly, Change change)
{
    FilterRules rules;
    rules.passes = [change, first = true](Action &action, Time) mutable {
        auto *sent = std::get_if<SendPacket>(&action);
        if (!sent || !sent->packet.has_connect())
            return true;
        if (!std::exchange(first, false))
            change(*sent->packet.mutable_connect());
        return true;
    };
    decorate(assembly, std::move(rules));
}

void cleanStart(Assembly &assembly)
{
    changeLaterConnects(assembly, [](v1::Connect &connect) { connect.set_clean(true); });
}

void dropProperties(Assembly &assembly)
{
    changeLaterConnects(assembly, [](v1::Connect &connect) {
        connect.clear_session_expiry_interval();
        connect.clear_receive_maximum();
        connect.clear_will();
    });
}

/// Only the server knows the name of a client that came without one.
void forgetAssignedId(Assembly &assembly)
{
    FilterRules rules;
    rules.passes = [cameWithout = false](Action &action, Time) mutable {
        auto *sent = std::get_if<SendPacket>(&action);
        if (!sent || !sent->packet.has_connect())
            return true;
        cameWithout = cameWithout || sent->packet.connect().client_id().empty();
        if (cameWithout)
            sent->packet.mutable_connect()->clear_client_id();
        return true;
    };
    decorate(assembly, std::move(rules));
}

} // namespace

std::vector<Alteration> ofReconnect()
{
    return {
        {"reconnect-with-clean-start-1", "The first CONNECT asks for a session, the later ones for a clean start.",
         both(v3({"MQTT-3.1.2-4#c", "MQTT-4.4.0-1#a", "MQTT-4.4.0-1#b"}),
              v5({"MQTT-3.1.2-23", "MQTT-4.4.0-1#a", "MQTT-4.4.0-1#b"})),
         both(v3({"MQTT-4.3.3-2#b"}), v5({"MQTT-4.3.3-10", "MQTT-3.1.2-4"})), {}, "two client libraries", cleanStart},
        {"reconnect-drops-connect-properties",
         "Session expiry interval, Receive Maximum and will are missing from every CONNECT but the first.",
         v5({"MQTT-3.1.2-23"}), v5({"U5-3.3.4-2"}), {}, "three client libraries", dropProperties},
        {"reconnect-forgets-assigned-id", "The identifier that the server assigned is missing from the CONNECT that should resume its session.",
         v5({"MQTT-3.1.3-2"}), v5({"MQTT-3.1.2-23", "MQTT-4.4.0-1#a"}), {}, "two client libraries", forgetAssignedId},
    };
}

} // namespace hiatus::client::deviation
