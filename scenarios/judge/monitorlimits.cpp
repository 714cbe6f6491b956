// A server keeps to what a connection's CONNECT allows, answers each request whole, and says nothing after DISCONNECT.

#include "scenarios/judge/monitors.h"

#include <map>
#include <set>
#include <utility>

namespace hiatus::judge {

namespace {

/// What we said on one connection, and what the target has said.
struct Connection
{
    v1::Connect connect;                     ///< the first; a second one is a violation that changes nothing
    bool isBegun = false;
    std::map<std::uint32_t, int> requests;   ///< SUBSCRIBE or UNSUBSCRIBE: identifier -> number of filters
    std::set<std::uint32_t> aliases;
    bool isEnded = false;                    ///< the target sent DISCONNECT
};

class LimitsMonitor
{
public:
    explicit LimitsMonitor(Charges &charges) : m_charges(charges) {}

    void sent(const v1::Packet &packet, Connection &connection)
    {
        if (packet.has_connect() && !std::exchange(connection.isBegun, true))
            connection.connect = packet.connect();
        else if (packet.has_subscribe())
            request(packet.subscribe().packet_id(), packet.subscribe().filter_size(), connection);
        else if (packet.has_unsubscribe())
            request(packet.unsubscribe().packet_id(), packet.unsubscribe().filter_size(), connection);
        if (packet.has_subscribe() && packet.subscribe().has_subscription_identifier())
            m_identifiers.insert(packet.subscribe().subscription_identifier());
    }

    void received(const v1::TraceEvent &event, std::uint32_t index, Connection &connection)
    {
        const v1::Packet &packet = event.packet();
        if (connection.isEnded)
            charge("", "MQTT-3.14.4-1", index, "It comes after the target's DISCONNECT.", "nothing after DISCONNECT");
        const auto most = connection.connect.maximum_packet_size();
        if (most > 0 && event.bytes().size() > most)
            charge("", "MQTT-3.1.2-24", index, "It has " + std::to_string(event.bytes().size()) + " bytes.",
                   "Maximum Packet Size " + std::to_string(most));
        if (packet.has_publish())
            published(packet.publish(), index, connection);
        else if (packet.has_suback())
            answered(packet.suback(), "MQTT-3.8.4-5", "MQTT-3.8.4-6", index, connection);
        else if (packet.has_unsuback())
            answered(packet.unsuback(), "", "MQTT-3.11.3-2", index, connection);
        else if (packet.has_disconnect())
            disconnected(packet.disconnect(), index, connection);
    }

private:
    static void request(std::uint32_t id, int filters, Connection &connection) { connection.requests[id] = filters; }

    void published(const v1::Publish &publish, std::uint32_t index, Connection &connection)
    {
        if (publish.qos() == 0 && publish.dup())
            charge("MQTT-3.3.1-2", "MQTT-3.3.1-2", index, "A QoS 0 PUBLISH carries DUP 1.", "DUP 0");
        if (publish.has_topic_alias())
            aliased(publish, index, connection);
        for (const auto identifier : publish.subscription_identifier()) {
            if (!m_identifiers.count(identifier))
                charge("", "MQTT-3.3.4-3", index, "No subscription of this session was made with identifier " + std::to_string(identifier) + ".",
                       "identifiers of matching subscriptions");
        }
    }

    void aliased(const v1::Publish &publish, std::uint32_t index, Connection &connection)
    {
        const auto most = connection.connect.topic_alias_maximum();
        if (publish.topic_alias() > most)
            charge("", most == 0 ? "MQTT-3.1.2-27" : "MQTT-3.1.2-26", index, "Topic Alias " + std::to_string(publish.topic_alias()) + " is used.",
                   most == 0 ? "no alias: Topic Alias Maximum is absent or 0" : "Topic Alias Maximum " + std::to_string(most));
        if (publish.topic().empty() && !connection.aliases.count(publish.topic_alias()))
            charge("", "U5-3.3.2.3.4-1", index, "Topic Alias " + std::to_string(publish.topic_alias()) + " was not given a topic on this connection.",
                   "a mapping of this connection");
        connection.aliases.insert(publish.topic_alias());
    }

    /// A second answer is MONITOR_ANSWER's affair, and so is one that nobody asked for. (3.1.1's UNSUBACK has no codes.)
    void answered(const v1::Suback &answer, const char *v3, const char *v5, std::uint32_t index, Connection &connection)
    {
        const auto request = connection.requests.find(answer.packet_id());
        if (request != connection.requests.end() && request->second != answer.code_size())
            charge(v3, v5, index, std::to_string(answer.code_size()) + " codes answer " + std::to_string(request->second) + " filters.",
                   "a code for each filter");
    }

    void disconnected(const v1::Disconnect &disconnect, std::uint32_t index, Connection &connection)
    {
        if (disconnect.has_session_expiry_interval())
            charge("", "MQTT-3.14.2-2", index, "The server's DISCONNECT has a Session Expiry Interval.", "none");
        connection.isEnded = true;
    }

    void charge(const char *v3, const char *v5, std::uint32_t index, const std::string &text, const std::string &expected)
    {
        m_charges.add("MONITOR_LIMITS", v3, v5, index, text, expected);
    }

    Charges &m_charges;
    std::set<std::uint32_t> m_identifiers; ///< of the session, ever
};

} // namespace

void monitorLimits(const SessionTrace &session, const v1::Trace &trace, Charges &charges)
{
    if (session.role != v1::SERVER)
        return;
    LimitsMonitor monitor(charges);
    std::map<std::pair<std::string, std::uint32_t>, Connection> connections;
    for (const auto index : session.events) {
        const auto &event = trace.event(static_cast<int>(index));
        Connection &connection = connections[{event.lane(), event.link()}];
        if (event.kind() == v1::TraceEvent::SENT || event.kind() == v1::TraceEvent::RAW_SENT)
            monitor.sent(event.packet(), connection);
        else if (event.kind() == v1::TraceEvent::RECEIVED)
            monitor.received(event, index, connection);
    }
}

} // namespace hiatus::judge
