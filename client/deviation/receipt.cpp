// What clients do wrong with what they receive.

#include "client/deviation/rows.h"

#include <memory>
#include <utility>

namespace hiatus::client::deviation {

namespace {

constexpr Milliseconds HandlerReady{50}; ///< after CONNACK

void deliverTwice(Assembly &assembly)
{
    assembly.rules.isRepeated = [](const SessionState &, const v1::Publish &) { return false; };
}

void noPubcomp(Assembly &assembly)
{
    assembly.rules.answerToPubrel = [before = assembly.rules.answerToPubrel](PacketId id, bool known, v1::Version version) {
        return known ? before(id, known, version) : std::optional<v1::Packet>{};
    };
}

void dropBehindConnack(Assembly &assembly)
{
    FilterRules rules;
    rules.passes = [ready = Time{}](Action &action, Time now) mutable {
        if (std::holds_alternative<ConnectedEvent>(action))
            ready = now + HandlerReady;
        return !std::holds_alternative<DeliveredEvent>(action) || now >= ready;
    };
    decorate(assembly, std::move(rules));
}

} // namespace

std::vector<Alteration> ofReceipt()
{
    return {
        {"deliver-inbound-qos2-twice", "A QoS 2 PUBLISH that comes again is handed to the application again.",
         both(v3({"MQTT-4.3.3-2#b"}), v5({"MQTT-4.3.3-10"})), {}, {}, "seven client libraries", deliverTwice},
        {"client-no-pubcomp-for-unknown-pubrel", "A PUBREL for an unknown identifier is not answered.",
         both(v3({"MQTT-4.3.3-2#c"}), v5({"MQTT-4.3.3-11"})), {}, {}, "three client libraries", noPubcomp},
        {"ack-before-handler-ready", "A PUBLISH right behind CONNACK is acknowledged and dropped.",
         both(v3({"MQTT-4.3.2-2#a", "MQTT-4.3.2-2#b", "MQTT-4.3.3-2#a"}), v5({"MQTT-4.3.2-4", "MQTT-4.3.3-8"})), {}, {},
         "zMQTT #59, HiveMQ client #254, mqtt5_client #28", dropBehindConnack},
    };
}

} // namespace hiatus::client::deviation
