// A message arrives as it was published: QoS not raised, properties neither altered, lost nor invented
// [3.1.1 MQTT-3.8.4-6] [5.0 MQTT-3.8.4-8] [5.0 MQTT-3.3.2-4] and the others of its section.

#include "scenarios/judge/monitors.h"

#include <google/protobuf/util/message_differencer.h>

#include <map>
#include <optional>
#include <set>

namespace hiatus::judge {

namespace {

using Key = std::pair<std::string, std::string>; ///< topic and payload

/// What was published, where topic and payload tell it apart; nothing where they occur with different contents.
using Originals = std::map<Key, std::optional<v1::Publish>>;

/// What a copy has in common with its original, and nothing else.
v1::Publish content(const v1::Publish &publish)
{
    v1::Publish kept = publish;
    for (const char *own : {"dup", "retain", "packet_id", "topic_alias", "subscription_identifier"})
        kept.GetReflection()->ClearField(&kept, v1::Publish::descriptor()->FindFieldByName(own));
    return kept;
}

void addOriginal(Originals &originals, const v1::Publish &publish)
{
    const v1::Publish original = content(publish);
    const auto [place, isNew] = originals.emplace(Key(publish.topic(), publish.payload()), original);
    if (!isNew && place->second && !google::protobuf::util::MessageDifferencer::Equals(*place->second, original))
        place->second.reset();
}

Originals collect(const v1::Trace &trace)
{
    Originals originals;
    for (const auto &event : trace.event()) {
        const bool isOurs = event.kind() == v1::TraceEvent::SENT || event.kind() == v1::TraceEvent::RAW_SENT;
        if (!isOurs)
            continue;
        const v1::Packet &packet = event.packet();
        if (packet.has_publish()) {
            addOriginal(originals, packet.publish());
        } else if (packet.connect().has_will()) { // published with properties of its own: left to the will's scenarios
            originals[Key(packet.connect().will().topic(), packet.connect().will().payload())].reset();
        }
    }
    return originals;
}

/// A property that goes on as it came, and the statement that says so.
struct Carried
{
    const char *field;
    const char *statement;
};
constexpr Carried carried[] = {
    {"payload_format_indicator", "MQTT-3.3.2-4"}, {"response_topic", "MQTT-3.3.2-15"}, {"correlation_data", "MQTT-3.3.2-16"},
    {"user_property", "MQTT-3.3.2-17"},           {"content_type", "MQTT-3.3.2-20"},
};

bool isEqual(const v1::Publish &a, const v1::Publish &b, const char *name)
{
    const auto *field = v1::Publish::descriptor()->FindFieldByName(name);
    google::protobuf::util::MessageDifferencer differencer;
    return differencer.CompareWithFields(a, b, {field}, {field});
}

class ForwardingMonitor
{
public:
    ForwardingMonitor(const v1::Trace &trace, Charges &charges) : m_originals(collect(trace)), m_charges(charges) {}

    void received(const v1::Publish &publish, std::uint32_t index)
    {
        const auto found = m_originals.find(Key(publish.topic(), publish.payload()));
        if (found == m_originals.end() || !found->second)
            return;
        const v1::Publish &original = *found->second;
        if (publish.qos() > original.qos())
            charge("MQTT-3.8.4-6", "MQTT-3.8.4-8", index, "It is delivered at a QoS above the one it was published with.",
                   "QoS " + std::to_string(original.qos()) + " at most");
        judgeExpiry(publish, original, index);
        for (const auto &[field, statement] : carried) {
            if (!isEqual(publish, original, field))
                charge("", statement, index, std::string("Its ") + field + " is not the one it was published with.",
                       std::string("the publisher's ") + field + ", or none if it gave none");
        }
    }

private:
    void judgeExpiry(const v1::Publish &publish, const v1::Publish &original, std::uint32_t index)
    {
        if (publish.message_expiry_interval() > original.message_expiry_interval())
            charge("", "MQTT-3.3.2-6", index, "Its message_expiry_interval is longer than the one it was published with.",
                   original.has_message_expiry_interval() ? std::to_string(original.message_expiry_interval()) + " at most" : "none");
        else if (original.has_message_expiry_interval() && !publish.has_message_expiry_interval())
            charge("", "MQTT-3.3.2-6", index, "Its message_expiry_interval is gone.", "what is left of it");
    }

    void charge(const char *v3, const char *v5, std::uint32_t index, const std::string &text, const std::string &expected)
    {
        m_charges.add("MONITOR_FORWARDED", v3, v5, index, text, expected);
    }

    Originals m_originals;
    Charges &m_charges;
};

} // namespace

void monitorForwarding(const v1::Trace &trace, Charges &charges)
{
    ForwardingMonitor monitor(trace, charges);
    for (int i = 0; i < trace.event_size(); ++i) {
        const auto &event = trace.event(i);
        if (event.kind() == v1::TraceEvent::RECEIVED && event.packet().has_publish())
            monitor.received(event.packet().publish(), static_cast<std::uint32_t>(i));
    }
}

} // namespace hiatus::judge
