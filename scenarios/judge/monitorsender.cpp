// The target as sender of QoS 1 and 2: identifiers, DUP, live re-sends, PUBLISH after PUBREL, Receive Maximum.

#include "scenarios/judge/monitors.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace hiatus::judge {

namespace {

/// An exchange that the target has begun and we have not seen the end of.
struct Exchange
{
    std::string topic;
    std::string payload;
    std::uint32_t qos = 0;
    std::uint32_t link = 0;   ///< of its latest copy
    bool isReleased = false;  ///< PUBREL seen
    std::uint32_t order = 0;  ///< of its first copy, from 1
    bool isUncertain = false; ///< our acknowledgement of it was written, but nothing proves that it was read
};

/// One that our PUBACK has ended, and the PINGREQ whose answer proves that the PUBACK was read.
struct Answered
{
    Exchange exchange;
    std::uint32_t readBy = 0;
};

class SenderMonitor
{
public:
    SenderMonitor(const SessionTrace &session, const v1::Trace &trace, Charges &charges)
        : m_trace(trace), m_charges(charges), m_isServer(session.role == v1::SERVER), m_version(session.version), m_isV5(session.version == v1::V5)
    {
    }

    void see(std::uint32_t index)
    {
        const auto &event = m_trace.event(static_cast<int>(index));
        const bool isSent = event.kind() == v1::TraceEvent::SENT || event.kind() == v1::TraceEvent::RAW_SENT;
        const std::uint32_t link = linkOf(event);
        if (isSent && (link == m_link || event.packet().has_connect()))
            sent(event, link);
        else if (event.kind() == v1::TraceEvent::RECEIVED && (link == m_link || event.packet().has_connack() || event.packet().has_connect()))
            received(event, link, index);
    }

private:
    /// Lanes of one session count their links apart.
    std::uint32_t linkOf(const v1::TraceEvent &event)
    {
        const auto next = static_cast<std::uint32_t>(m_links.size() + 1);
        return m_links.try_emplace({event.lane(), event.link()}, next).first->second;
    }

    void sent(const v1::TraceEvent &event, std::uint32_t link)
    {
        const v1::Packet &packet = event.packet();
        if (packet.has_connect()) {
            newLink(event, link);
            m_receiveMaximum = packet.connect().has_receive_maximum() ? packet.connect().receive_maximum() : 65535;
        } else if (packet.has_connack()) { // we are the broker
            resume(packet.connack().session_present());
            m_receiveMaximum = packet.connack().has_receive_maximum() ? packet.connack().receive_maximum() : 65535;
        } else if (packet.has_pingreq()) {
            ++m_pings;
        } else if (packet.has_puback()) {
            answered(packet.puback().packet_id());
        } else if (packet.has_suback() || packet.has_unsuback()) {
            m_requests.erase(packet.has_suback() ? packet.suback().packet_id() : packet.unsuback().packet_id());
        } else if (packet.has_pubrec() && packet.pubrec().code() >= 0x80) {
            finish(packet.pubrec().packet_id());
        } else if (packet.has_pubcomp()) {
            finish(packet.pubcomp().packet_id());
        } else if (packet.has_pubrec()) {
            const auto open = m_open.find(packet.pubrec().packet_id());
            if (open == m_open.end())
                return;
            open->second.isUncertain = true;
            const std::uint32_t id = packet.pubrec().packet_id();
            const bool isAnswered = open->second.isReleased || std::find(m_toRelease.begin(), m_toRelease.end(), id) != m_toRelease.end();
            if (!isAnswered) // a repeat that crossed our PUBREC asks for no second PUBREL
                m_toRelease.push_back(id);
        }
    }

    void received(const v1::TraceEvent &event, std::uint32_t link, std::uint32_t index)
    {
        const v1::Packet &packet = event.packet();
        if (packet.has_connect()) {
            newLink(event, link);
        } else if (packet.has_connack()) {
            if (link == m_link)
                resume(packet.connack().session_present());
        } else if (packet.has_pingresp()) {
            ++m_pongs;
        } else if (packet.has_publish() && packet.publish().qos() > 0) {
            published(packet.publish(), link, index);
        } else if (packet.has_pubrel()) {
            released(packet.pubrel().packet_id(), link, index);
        } else if (packet.has_subscribe() || packet.has_unsubscribe()) {
            requested(packet.has_subscribe() ? packet.subscribe().packet_id() : packet.unsubscribe().packet_id(), index);
        }
    }

    /// SUBSCRIBE, UNSUBSCRIBE and PUBLISH draw on the same identifiers.
    void requested(std::uint32_t id, std::uint32_t index)
    {
        if (m_open.count(id) || m_requests.count(id))
            collision(id, index);
        m_requests.insert(id);
    }

    void newLink(const v1::TraceEvent &event, std::uint32_t link)
    {
        m_link = link;
        m_isV5 = (event.has_version() ? event.version() : m_version) == v1::V5;
        m_window.clear();
        m_again.clear();
        m_resent.clear();
        m_latest.clear();
        m_toRelease.clear();
        m_requests.clear();
        m_answered.clear();
        m_pings = m_pongs = 0;
        m_isResumed = false;
        m_carried = 0;
    }

    void resume(bool isPresent)
    {
        m_isResumed = isPresent;
        if (!isPresent) {
            m_open.clear();
            return;
        }
        for (const auto &[id, exchange] : m_open)
            m_carried += exchange.qos == 2 ? 1 : 0;
    }

    /// 3.1.1 may send it again until it has read our PUBACK, whenever it likes.
    void answered(std::uint32_t id)
    {
        const auto open = m_open.find(id);
        if (open != m_open.end() && !m_isV5)
            m_answered[id] = {open->second, m_pings + 1};
        finish(id);
    }

    /// A copy that may have crossed our PUBACK: that was read at the latest when a PINGREQ behind it was answered.
    bool hasCrossed(const v1::Publish &publish) const
    {
        const auto answered = m_answered.find(publish.packet_id());
        return publish.dup() && answered != m_answered.end() && m_pongs < answered->second.readBy &&
               answered->second.exchange.topic == publish.topic() && answered->second.exchange.payload == publish.payload();
    }

    void finish(std::uint32_t id)
    {
        m_open.erase(id);
        m_window.erase(id);
        m_again.erase(id);
    }

    void published(const v1::Publish &publish, std::uint32_t link, std::uint32_t index)
    {
        const std::uint32_t id = publish.packet_id();
        const auto open = m_open.find(id);
        if (open == m_open.end() && hasCrossed(publish))
            return;
        m_answered.erase(id);
        if (open == m_open.end()) {
            firstCopy(publish, index);
            if (m_requests.count(id))
                collision(id, index);
        } else if (open->second.topic != publish.topic() || open->second.payload != publish.payload()) {
            collision(id, index);
        } else {
            repeat(open->second, publish, link, index);
        }
        const bool isSame = open != m_open.end() && open->second.payload == publish.payload();
        // A copy with DUP that is the first we see was begun on a link that we did not read: when, nobody knows.
        const std::uint32_t order = isSame ? open->second.order : publish.dup() ? 0 : ++m_begun;
        m_open[id] = {publish.topic(), publish.payload(), publish.qos(), link, false, order, false};
        m_window.insert(id);
        if (publish.dup())
            m_again.insert(id);
        judgeWindow(index);
    }

    /// On a connection without an earlier one there is nothing to send again. (A resumed one may carry DUP for what was
    /// written into a dying socket: A311-6, A5-8.)
    void firstCopy(const v1::Publish &publish, std::uint32_t index)
    {
        if (publish.dup() && !m_isResumed)
            m_charges.add("MONITOR_DUP", m_isServer ? "MQTT-3.3.1-3" : "MQTT-4.3.2-1#b", m_isServer ? "MQTT-3.3.1-3" : "MQTT-4.3.2-2",
                          index, "A message that was never sent before carries DUP 1.", "DUP 0 on a first transmission");
    }

    /// What waits for its last acknowledgement only has a statement of its own.
    void collision(std::uint32_t id, std::uint32_t index)
    {
        const auto open = m_open.find(id);
        const bool isClosing = open == m_open.end() || open->second.isReleased;
        if (!isClosing && open->second.isUncertain)
            return;
        const char *const v3 = m_isServer ? "MQTT-2.3.1-4#a" : isClosing ? "MQTT-2.3.1-3#b" : "MQTT-2.3.1-2";
        const char *const v5 = m_isServer ? "MQTT-2.2.1-4" : isClosing ? "U5-2.2.1-1" : "MQTT-2.2.1-3";
        m_charges.add("MONITOR_PACKET_ID", v3, v5, index, "Packet identifier " + std::to_string(id) + " is still in use.",
                      "an identifier that is not in use");
    }

    void repeat(const Exchange &earlier, const v1::Publish &publish, std::uint32_t link, std::uint32_t index)
    {
        if (earlier.isReleased) {
            m_charges.add("MONITOR_PUBLISH_AFTER_PUBREL", "MQTT-4.3.3-1#f", "MQTT-4.3.3-6", index,
                          "The PUBLISH comes again although PUBREL was sent for it.", "PUBREL, or nothing");
        } else if (link == earlier.link && m_isV5 && !earlier.isUncertain) {
            m_charges.add("MONITOR_LIVE_RESEND", "", "MQTT-4.4.0-1#c", index,
                          "The PUBLISH is sent again on the same connection.", "no re-send but after a reconnect");
        }
        std::uint32_t &last = m_latest[{publish.topic(), publish.qos()}];
        if (link != earlier.link && earlier.order > 0 && earlier.order < last)
            m_charges.add("MONITOR_ORDER", m_isServer ? "MQTT-4.6.0-6#a" : "MQTT-4.6.0-1", m_isServer ? "" : "MQTT-4.6.0-1", index,
                          "It was first sent before a PUBLISH that has been sent again already.", "the order of first transmission");
        last = std::max(last, earlier.order);
        if (!publish.dup())
            m_charges.add("MONITOR_DUP", "MQTT-3.3.1-1", "MQTT-3.3.1-1", index, "A PUBLISH that is sent again carries DUP 0.", "DUP 1");
    }

    void released(std::uint32_t id, std::uint32_t link, std::uint32_t index)
    {
        judgeOrder(id, index);
        const auto open = m_open.find(id);
        if (open == m_open.end())
            return;
        const bool isTwice = open->second.isReleased && open->second.link == link && !m_resent.insert(id).second;
        if (isTwice && m_isV5)
            m_charges.add("MONITOR_LIVE_RESEND", "", "MQTT-4.4.0-1#c", index, "PUBREL is sent again on the same connection.",
                          "no re-send but after a reconnect");
        open->second.isReleased = true;
        open->second.link = link;
        m_resent.insert(id);
    }

    /// PUBRELs follow the PUBRECs of this connection; what an earlier one left over may come in between.
    void judgeOrder(std::uint32_t id, std::uint32_t index)
    {
        const auto place = std::find(m_toRelease.begin(), m_toRelease.end(), id);
        if (place == m_toRelease.end())
            return;
        if (place != m_toRelease.begin())
            m_charges.add("MONITOR_PUBREL_ORDER", m_isServer ? "MQTT-4.6.0-6#a" : "MQTT-4.6.0-4", m_isServer ? "" : "MQTT-4.6.0-4", index,
                          "The PUBREC for packet identifier " + std::to_string(m_toRelease.front()) + " came earlier.",
                          "PUBRELs in the order of the PUBRECs");
        m_toRelease.erase(place);
    }

    /// With the allowance for PUBCOMPs of exchanges that an earlier connection had begun (A5-33).
    void judgeWindow(std::uint32_t index)
    {
        if (!m_isV5 || m_window.size() <= m_receiveMaximum + m_carried)
            return;
        // What is sent again on resume counts too, but only by inference.
        const bool isByResends = m_window.size() - m_again.size() <= m_receiveMaximum + m_carried;
        const char *derived = m_isServer ? "D5-10" : "D5-11";
        const char *numbered = m_isServer ? "MQTT-3.3.4-9" : "MQTT-3.3.4-7";
        m_charges.add("MONITOR_RECEIVE_MAXIMUM", "", isByResends ? derived : numbered, index,
                      std::to_string(m_window.size()) + " publishes are unacknowledged.",
                      "at most " + std::to_string(m_receiveMaximum));
    }

    const v1::Trace &m_trace;
    Charges &m_charges;
    bool m_isServer;
    v1::Version m_version;   ///< the variant's
    bool m_isV5;             ///< what the present connection speaks
    bool m_isResumed = false;
    std::map<std::pair<std::string, std::uint32_t>, std::uint32_t> m_links;
    std::uint32_t m_link = 0;
    std::uint32_t m_receiveMaximum = 65535;
    std::size_t m_carried = 0;
    std::map<std::uint32_t, Exchange> m_open;
    std::set<std::uint32_t> m_window; ///< published on this connection and not acknowledged
    std::set<std::uint32_t> m_again;  ///< of those, the ones that an earlier connection had begun
    std::set<std::uint32_t> m_resent;
    std::map<std::uint32_t, Answered> m_answered; ///< 3.1.1, on this connection
    std::uint32_t m_pings = 0;                    ///< PINGREQs and PINGRESPs of this connection
    std::uint32_t m_pongs = 0;
    std::uint32_t m_begun = 0; ///< exchanges so far
    std::map<std::pair<std::string, std::uint32_t>, std::uint32_t> m_latest; ///< topic, QoS -> newest sent again on this connection
    std::set<std::uint32_t> m_requests; ///< SUBSCRIBE and UNSUBSCRIBE of this connection that we have not answered
    std::vector<std::uint32_t> m_toRelease; ///< PUBREC sent on this connection, PUBREL not seen
};

} // namespace

void monitorSender(const SessionTrace &session, const v1::Trace &trace, Charges &charges)
{
    SenderMonitor monitor(session, trace, charges);
    for (const auto index : session.events)
        monitor.see(index);
}

} // namespace hiatus::judge
