#include "scenarios/report/inflight.h"

#include <fmt/format.h>

#include <map>
#include <set>

namespace hiatus::report {

namespace {

using Event = v1::TraceEvent;

constexpr std::size_t mostNamed = 6; // identifiers

struct Session
{
    std::set<std::uint32_t> fromTarget;
    std::set<std::uint32_t> fromLane;
};

std::string named(const std::set<std::uint32_t> &ids)
{
    std::string text;
    std::size_t number = 0;
    for (const std::uint32_t id : ids) {
        if (++number > mostNamed)
            return text + fmt::format(" +{}", ids.size() - mostNamed);
        text += (text.empty() ? "" : ",") + std::to_string(id);
    }
    return text;
}

std::string described(const std::string &lane, const Session &session)
{
    if (session.fromTarget.empty() && session.fromLane.empty())
        return lane + " -";
    std::string text = lane;
    if (!session.fromTarget.empty())
        text += " < " + named(session.fromTarget);
    if (!session.fromLane.empty())
        text += " > " + named(session.fromLane);
    return text;
}

/// `isSent`: by the lane.
void apply(Session &session, const v1::Packet &packet, bool isSent)
{
    auto &own = isSent ? session.fromLane : session.fromTarget;   // messages of the one who speaks
    auto &other = isSent ? session.fromTarget : session.fromLane; // messages that it answers
    if (packet.has_connack() && !packet.connack().session_present())
        session = {};
    else if (packet.has_publish() && packet.publish().qos() > 0)
        own.insert(packet.publish().packet_id());
    else if (packet.has_puback())
        other.erase(packet.puback().packet_id());
    else if (packet.has_pubrec() && packet.pubrec().code() >= 0x80)
        other.erase(packet.pubrec().packet_id());
    else if (packet.has_pubcomp())
        other.erase(packet.pubcomp().packet_id());
}

} // namespace

std::vector<std::string> inFlight(const v1::Trace &trace)
{
    std::vector<std::string> result(static_cast<std::size_t>(trace.event_size()));
    std::map<std::string, Session> sessions;
    std::map<std::string, std::string> told;
    for (int i = 0; i < trace.event_size(); ++i) {
        const Event &event = trace.event(i);
        const bool isPacket = event.kind() == Event::SENT || event.kind() == Event::RECEIVED;
        if (!isPacket || !event.has_packet())
            continue;
        Session &session = sessions[event.lane()];
        apply(session, event.packet(), event.kind() == Event::SENT);
        const std::string now = described(event.lane(), session);
        std::string &before = told.try_emplace(event.lane(), event.lane() + " -").first->second;
        if (now != before)
            result[static_cast<std::size_t>(i)] = now;
        before = now;
    }
    return result;
}

} // namespace hiatus::report
