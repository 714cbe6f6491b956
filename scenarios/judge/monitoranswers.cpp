// The target's acknowledgements belong to something that we sent; CONNACK comes first, and once.

#include "scenarios/judge/monitors.h"

#include <map>
#include <set>

namespace hiatus::judge {

namespace {

struct Sent
{
    std::map<std::uint32_t, std::uint32_t> publishes; ///< id -> QoS, over all connections: a late PUBACK is not ruled (A5-38)
    std::set<std::uint32_t> releases;
    std::set<std::uint32_t> received; ///< QoS 2 identifiers of the target, and those of our PUBRECs: PUBREL may follow
    std::set<std::uint32_t> requests;
};

void remember(const v1::Packet &packet, Sent &sent)
{
    if (packet.has_publish() && packet.publish().qos() > 0)
        sent.publishes[packet.publish().packet_id()] = packet.publish().qos();
    else if (packet.has_pubrec())
        sent.received.insert(packet.pubrec().packet_id());
    else if (packet.has_pubrel())
        sent.releases.insert(packet.pubrel().packet_id());
    else if (packet.has_subscribe())
        sent.requests.insert(packet.subscribe().packet_id());
    else if (packet.has_unsubscribe())
        sent.requests.insert(packet.unsubscribe().packet_id());
}

bool isPublished(const Sent &sent, std::uint32_t id, std::uint32_t qos)
{
    const auto found = sent.publishes.find(id);
    return found != sent.publishes.end() && found->second == qos;
}

void judgeAnswer(const v1::Packet &packet, const Sent &sent, std::uint32_t index, Charges &charges)
{
    const auto wrong = [&](std::uint32_t id, const char *v3, const char *v5) {
        charges.add("MONITOR_ANSWER", v3, v5, index, "Nothing with packet identifier " + std::to_string(id) + " asks for this packet.",
                    "an identifier that was sent");
    };
    const bool isServer = charges.role() == v1::SERVER;
    if (packet.has_puback() && !isPublished(sent, packet.puback().packet_id(), 1))
        wrong(packet.puback().packet_id(), "MQTT-2.3.1-6", "MQTT-2.2.1-5");
    else if (packet.has_pubrec() && !isPublished(sent, packet.pubrec().packet_id(), 2))
        wrong(packet.pubrec().packet_id(), "MQTT-2.3.1-6", "MQTT-2.2.1-5");
    else if (packet.has_pubcomp() && !sent.releases.count(packet.pubcomp().packet_id()))
        wrong(packet.pubcomp().packet_id(), "MQTT-4.3.3-2#c", "MQTT-2.2.1-5");
    else if (packet.has_pubrel() && !sent.received.count(packet.pubrel().packet_id()))
        wrong(packet.pubrel().packet_id(), "MQTT-2.3.1-6", "MQTT-2.2.1-5");
    else if (isServer && packet.has_suback() && !sent.requests.count(packet.suback().packet_id()))
        wrong(packet.suback().packet_id(), "MQTT-2.3.1-7", "MQTT-2.2.1-6");
    else if (isServer && packet.has_unsuback() && !sent.requests.count(packet.unsuback().packet_id()))
        wrong(packet.unsuback().packet_id(), "MQTT-2.3.1-7", "MQTT-2.2.1-6");
}

} // namespace

void monitorAnswers(const SessionTrace &session, const v1::Trace &trace, Charges &charges)
{
    Sent sent;
    for (const auto index : session.events) {
        const auto &event = trace.event(static_cast<int>(index));
        if (event.kind() == v1::TraceEvent::SENT || event.kind() == v1::TraceEvent::RAW_SENT)
            remember(event.packet(), sent);
        else if (event.kind() == v1::TraceEvent::RECEIVED && event.packet().publish().qos() == 2)
            sent.received.insert(event.packet().publish().packet_id());
        else if (event.kind() == v1::TraceEvent::RECEIVED)
            judgeAnswer(event.packet(), sent, index, charges);
    }
}

void monitorConnack(const SessionTrace &session, const v1::Trace &trace, Charges &charges)
{
    enum class Seen { Nothing, Other, Connack };
    std::map<std::pair<std::string, std::uint32_t>, Seen> links;
    for (const auto index : session.events) {
        const auto &event = trace.event(static_cast<int>(index));
        if (event.kind() != v1::TraceEvent::RECEIVED || session.role != v1::SERVER || event.packet().has_auth())
            continue;
        Seen &seen = links[{event.lane(), event.link()}];
        if (event.packet().has_connack()) {
            if (seen == Seen::Connack)
                charges.add("MONITOR_CONNACK_FIRST", "", "MQTT-3.2.0-2", index, "A second CONNACK on one connection.", "one CONNACK");
            seen = Seen::Connack;
        } else if (seen == Seen::Nothing) { // said once
            charges.add("MONITOR_CONNACK_FIRST", "MQTT-3.2.0-1", event.packet().has_disconnect() ? "MQTT-3.14.0-1" : "MQTT-3.2.0-1", index,
                        "A packet before CONNACK.", "CONNACK first");
            seen = Seen::Other;
        }
    }
}

} // namespace hiatus::judge
