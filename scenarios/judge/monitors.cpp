#include "scenarios/judge/monitors.h"

#include "proto/wire/text.h"

#include <map>

namespace hiatus::judge {

const std::vector<MonitorName> &monitorNames()
{
    static const std::vector<MonitorName> names = {
        {"MONITOR_PACKET_ID", "a packet identifier is unique while its exchange is open, and kept when a packet is sent again"},
        {"MONITOR_DUP", "DUP is 1 on what is sent again and 0 on what is sent for the first time"},
        {"MONITOR_LIVE_RESEND", "5.0: nothing is sent again on a live connection, or twice on one"},
        {"MONITOR_PUBLISH_AFTER_PUBREL", "a QoS 2 PUBLISH is never sent again once its PUBREL was sent"},
        {"MONITOR_PUBREL_ORDER", "PUBRELs follow the order of the PUBRECs that they answer"},
        {"MONITOR_RECEIVE_MAXIMUM", "no more unacknowledged publishes than the receiver's Receive Maximum"},
        {"MONITOR_ANSWER", "an acknowledgement carries the identifier of something that was sent"},
        {"MONITOR_ACK_ORDER", "a client's acknowledgements leave in the order of what they answer"},
        {"MONITOR_CONNACK_FIRST", "CONNACK comes first, and once"},
        {"MONITOR_CONNECT_FIRST", "CONNECT comes first"},
        {"MONITOR_LIMITS", "the limits of CONNECT and CONNACK are kept, requests are answered whole, nothing follows DISCONNECT"},
        {"MONITOR_KEEP_ALIVE", "a client is never silent for longer than the keep alive in force"},
        {"MONITOR_FORWARDED", "a message arrives with the publisher's properties, and at no higher QoS"},
        {"MONITOR_ORDER", "messages of one publisher, topic and QoS arrive in the order of their publication"},
    };
    return names;
}

void Charges::add(const char *reason, const char *v3, const char *v5, std::uint32_t event, const std::string &text,
                  const std::string &expected)
{
    const v1::Version version = m_variant.versionOf(m_trace.event(static_cast<int>(event)).lane());
    const char *statement = version == v1::V3 ? v3 : v5;
    if (!*statement || m_findings.size() >= 50)
        return;
    v1::Finding finding;
    finding.set_reason(reason);
    finding.set_statement(statement);
    finding.set_version(version);
    finding.set_role(m_role);
    finding.set_text(text);
    finding.set_expected(expected);
    finding.set_actual(wire::text(m_trace.event(static_cast<int>(event)).packet(), version));
    if (m_trace.event(static_cast<int>(event)).has_step())
        finding.set_step(m_trace.event(static_cast<int>(event)).step());
    finding.add_event(event);
    m_findings.push_back(std::move(finding));
}

std::vector<v1::Finding> monitor(const script::Variant &variant, const v1::Trace &trace)
{
    std::map<std::string, SessionTrace> sessions;
    std::map<std::string, std::string> sessionOfLane;
    for (const auto &lane : variant.lanes) {
        if (lane.party() == v1::APP || lane.party() == v1::LINK)
            continue;
        const std::string name = lane.has_session() ? lane.session() : lane.name();
        sessionOfLane[lane.name()] = name;
        auto &session = sessions[name];
        session.name = name;
        session.version = variant.version;
        session.role = lane.party() == v1::MQTT_BROKER ? v1::CLIENT : v1::SERVER;
    }
    for (int i = 0; i < trace.event_size(); ++i) {
        const auto lane = sessionOfLane.find(trace.event(i).lane());
        if (lane != sessionOfLane.end())
            sessions[lane->second].events.push_back(static_cast<std::uint32_t>(i));
    }
    std::vector<v1::Finding> found;
    for (const auto &[name, session] : sessions) {
        Charges charges(variant, trace, session.role);
        monitorConnack(session, trace, charges);
        monitorSender(session, trace, charges);
        monitorAnswers(session, trace, charges);
        monitorLimits(session, trace, charges);
        monitorAckOrder(session, trace, charges);
        monitorClient(session, trace, charges);
        for (auto &finding : charges.take())
            found.push_back(std::move(finding));
    }
    Charges charges(variant, trace, v1::SERVER);
    if (variant.role == v1::SERVER)
        monitorForwarding(trace, charges);
    monitorOrder(variant, trace, charges);
    for (auto &finding : charges.take())
        found.push_back(std::move(finding));
    return found;
}

} // namespace hiatus::judge
