// A client introduces itself as it may, and keeps to what CONNACK says: topic aliases and keep alive, on each connection.

#include "scenarios/judge/monitors.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <set>

namespace hiatus::judge {

namespace {

/// What holds on one connection, and what the client has done by it.
struct Agreed
{
    std::uint32_t keepAlive = 0; ///< seconds
    bool isServers = false;      ///< the keep alive is CONNACK's
    std::uint32_t topicAliasMaximum = 0;
    std::set<std::uint32_t> aliases;
    bool isIntroduced = false;   ///< something has come
    std::optional<double> heard; ///< when the client last sent something, or was accepted; nothing once the connection is over
};

class ClientMonitor
{
public:
    explicit ClientMonitor(Charges &charges) : m_charges(charges) {}

    void see(const v1::TraceEvent &event, std::uint32_t index)
    {
        Agreed &agreed = m_connections[event.link()];
        judgeSilence(event, index, agreed);
        switch (event.kind()) {
        case v1::TraceEvent::SENT: return sent(event, agreed);
        case v1::TraceEvent::RECEIVED: return received(event, index, agreed);
        case v1::TraceEvent::CLOSED:
        case v1::TraceEvent::DROPPED: agreed.heard.reset(); return;
        default: return;
        }
    }

private:
    void sent(const v1::TraceEvent &event, Agreed &agreed)
    {
        const v1::Connack &connack = event.packet().connack();
        if (!event.packet().has_connack() || connack.code() != 0)
            return;
        agreed.topicAliasMaximum = connack.topic_alias_maximum();
        agreed.isServers = connack.has_server_keep_alive();
        if (agreed.isServers)
            agreed.keepAlive = connack.server_keep_alive();
        agreed.heard = event.at();
    }

    void received(const v1::TraceEvent &event, std::uint32_t index, Agreed &agreed)
    {
        if (event.packet().has_connect())
            introduced(event.packet().connect(), index, agreed);
        else if (!agreed.isIntroduced)
            m_charges.add("MONITOR_CONNECT_FIRST", "MQTT-3.1.0-1", "MQTT-3.1.0-1", index, "A packet before CONNECT.", "CONNECT first");
        agreed.isIntroduced = true;
        if (agreed.heard)
            agreed.heard = event.at();
        if (event.packet().publish().has_topic_alias())
            aliased(event.packet().publish(), index, agreed);
    }

    void introduced(const v1::Connect &connect, std::uint32_t index, Agreed &agreed)
    {
        agreed.keepAlive = connect.keep_alive();
        if (connect.client_id().empty() && !connect.clean())
            m_charges.add("MONITOR_LIMITS", "MQTT-3.1.3-7", "", index, "No client identifier, and a session to be kept.", "CleanSession 1");
    }

    void aliased(const v1::Publish &publish, std::uint32_t index, Agreed &agreed)
    {
        const std::uint32_t alias = publish.topic_alias();
        const std::uint32_t most = agreed.topicAliasMaximum;
        if (alias > most)
            charge(most == 0 ? "MQTT-3.2.2-18" : "MQTT-3.2.2-17", index, fmt::format("Topic Alias {} is used.", alias),
                   most == 0 ? "no alias: Topic Alias Maximum is absent or 0" : fmt::format("Topic Alias Maximum {}", most));
        const bool isUnknown = agreed.aliases.insert(alias).second && publish.topic().empty();
        if (!isUnknown)
            return;
        for (const char *statement : {"U5-3.3.2.3.4-1", publish.dup() ? "D5-9" : ""})
            charge(statement, index, fmt::format("Topic Alias {} was not given a topic on this connection.", alias),
                   "a mapping of this connection");
    }

    void charge(const char *v5, std::uint32_t index, const std::string &text, const std::string &expected)
    {
        m_charges.add("MONITOR_LIMITS", "", v5, index, text, expected);
    }

    /// A server gives up after one and a half times the keep alive: who comes later than that has broken it beyond doubt.
    void judgeSilence(const v1::TraceEvent &event, std::uint32_t index, Agreed &agreed)
    {
        if (!agreed.heard || agreed.keepAlive == 0)
            return;
        const double silence = event.at() - *agreed.heard;
        if (silence <= agreed.keepAlive * 1500.0)
            return;
        const std::string text = fmt::format("The client was silent for {:.0f} ms.", silence);
        const std::string expected = fmt::format("a packet every {} s", agreed.keepAlive);
        const auto late = [&](const char *v3, const char *v5) { m_charges.add("MONITOR_KEEP_ALIVE", v3, v5, index, text, expected); };
        if (agreed.isServers) {
            late("", "MQTT-3.1.2-21");
            late("", "MQTT-3.2.2-21");
        } else {
            late("MQTT-3.1.2-23", "MQTT-3.1.2-20");
        }
        agreed.heard = event.at(); // said once for each silence
    }

    Charges &m_charges;
    std::map<std::uint32_t, Agreed> m_connections; ///< by link
};

} // namespace

void monitorClient(const SessionTrace &session, const v1::Trace &trace, Charges &charges)
{
    if (session.role != v1::CLIENT)
        return;
    ClientMonitor monitor(charges);
    for (const std::uint32_t index : session.events)
        monitor.see(trace.event(static_cast<int>(index)), index);
}

} // namespace hiatus::judge
