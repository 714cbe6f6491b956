// A client's PUBACKs, PUBRECs and PUBRELs leave in the order of what they answer, on each connection
// [3.1.1 MQTT-4.6.0-2, -3, -4] [5.0 MQTT-4.6.0-2, -3, -4]. What is never answered is no matter of order.

#include "scenarios/judge/monitors.h"

#include <algorithm>
#include <map>

namespace hiatus::judge {

namespace {

/// What was to be answered, in the order in which we wrote it.
class Answers
{
public:
    void asked(std::uint32_t id) { m_entries.push_back({id, false}); }

    /// False: something that was asked later has been answered already.
    bool answered(std::uint32_t id)
    {
        const auto entry = std::find_if(m_entries.begin(), m_entries.end(), [id](const Entry &e) { return e.id == id && !e.isAnswered; });
        if (entry == m_entries.end())
            return true;
        entry->isAnswered = true;
        return std::none_of(entry + 1, m_entries.end(), [](const Entry &e) { return e.isAnswered; });
    }

private:
    struct Entry
    {
        std::uint32_t id;
        bool isAnswered;
    };
    std::vector<Entry> m_entries;
};

struct Connection
{
    Answers pubacks, pubrecs, pubrels;
};

void asked(Connection &connection, const v1::Packet &packet)
{
    if (packet.publish().qos() == 1)
        connection.pubacks.asked(packet.publish().packet_id());
    if (packet.publish().qos() == 2)
        connection.pubrecs.asked(packet.publish().packet_id());
    if (packet.has_pubrec() && packet.pubrec().code() < 0x80)
        connection.pubrels.asked(packet.pubrec().packet_id());
}

} // namespace

void monitorAckOrder(const SessionTrace &session, const v1::Trace &trace, Charges &charges)
{
    if (session.role != v1::CLIENT)
        return; // servers may acknowledge as they like
    std::map<std::uint32_t, Connection> connections;
    const auto charge = [&](std::uint32_t event, const char *statement) {
        charges.add("MONITOR_ACK_ORDER", statement, statement, event, "What was asked later has been answered before.",
                    "answers in the order of what they answer");
    };
    for (const std::uint32_t index : session.events) {
        const auto &event = trace.event(static_cast<int>(index));
        Connection &connection = connections[event.link()];
        const v1::Packet &packet = event.packet();
        if (event.kind() == v1::TraceEvent::SENT)
            asked(connection, packet);
        if (event.kind() != v1::TraceEvent::RECEIVED)
            continue;
        if (packet.has_puback() && !connection.pubacks.answered(packet.puback().packet_id()))
            charge(index, "MQTT-4.6.0-2");
        if (packet.has_pubrec() && !connection.pubrecs.answered(packet.pubrec().packet_id()))
            charge(index, "MQTT-4.6.0-3");
        if (packet.has_pubrel() && !connection.pubrels.answered(packet.pubrel().packet_id()))
            charge(index, "MQTT-4.6.0-4");
    }
}

} // namespace hiatus::judge
