// What must close a connection and does not, and how a close is told.

#include "minibroker/deviation/filters.h"
#include "minibroker/deviation/meddler.h"
#include "minibroker/deviation/rows.h"

#include <set>

namespace hiatus::broker {

namespace {

std::function<void(Setup &)> tolerating(std::string reason, std::string fragment = {})
{
    return filtered({.ignoresMalformed = [reason = std::move(reason), fragment = std::move(fragment)](const wire::Malformed &what, const LinkView &) {
        return what.reason == reason && what.text.find(fragment) != std::string::npos;
    }});
}

bool isError(const v1::Packet &packet)
{
    return packet.has_disconnect() && packet.disconnect().code() >= 0x80;
}

v1::Packet pingresp()
{
    v1::Packet packet;
    packet.mutable_pingresp();
    return packet;
}

class AnswersMalformed final : public Decorator
{
public:
    using Decorator::Decorator;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        m_known.insert(link);
        return Decorator::received(link, packet, now);
    }
    Actions malformed(LinkId link, const wire::Malformed &what, Time now) override
    {
        Actions actions;
        if (!m_known.contains(link) && what.version != v1::V5) {
            SendAction answer{link, v1::V3, {}};
            answer.packet.mutable_connack()->set_code(2);
            actions.push_back(std::move(answer));
        }
        for (auto &action : Decorator::malformed(link, what, now))
            actions.push_back(std::move(action));
        return actions;
    }

private:
    std::set<LinkId> m_known;
};

/// An error on one connection ends all of them.
class ErrorEndsAll final : public Decorator
{
public:
    using Decorator::Decorator;

    Actions opened(LinkId link, Time now) override
    {
        m_links.insert(link);
        return Decorator::opened(link, now);
    }
    Actions malformed(LinkId link, const wire::Malformed &what, Time now) override
    {
        auto actions = Decorator::malformed(link, what, now);
        m_links.erase(link);
        for (const auto other : std::exchange(m_links, {})) {
            for (auto &action : Decorator::closed(other, now))
                actions.push_back(std::move(action));
            actions.push_back(CloseAction{other, "somebody else's error"});
        }
        return actions;
    }
    Actions closed(LinkId link, Time now) override
    {
        m_links.erase(link);
        return Decorator::closed(link, now);
    }

private:
    std::set<LinkId> m_links;
};

Rows tolerantRows()
{
    return {
        {.name = "malformed-connect-left-open",
         .sentence = "A malformed CONNECT is passed over in silence.",
         .breaks = {v3("MQTT-3.1.4-1"), v3("MQTT-4.8.0-1"), v5("MQTT-3.1.4-1"), v5("MQTT-4.13.1-1")},
         .seen = "asked for by the statement",
         .apply = filtered({.ignoresMalformed = [](const wire::Malformed &, const LinkView &view) { return view.received == 0; }})},
        {.name = "malformed-connect-answered",
         .sentence = "A malformed 3.1.1 CONNECT gets a CONNACK before the close.",
         .breaks = {v3("MQTT-3.1.4-1")},
         .seen = "asked for by the statement",
         .apply = decorated<AnswersMalformed>()},
        {.name = "pubrel-flags-tolerated",
         .sentence = "A PUBREL with wrong flags does not close the connection.",
         .breaks = {v3("MQTT-3.6.1-1"), v3("MQTT-4.8.0-1"), v5("MQTT-3.6.1-1"), v5("MQTT-4.13.1-1")},
         .seen = "brokers that still know the DUP bit of MQTT 3.1",
         .apply = tolerating("RESERVED_FLAGS", "PUBREL")},
        {.name = "subscribe-flags-tolerated",
         .sentence = "A SUBSCRIBE or UNSUBSCRIBE with wrong flags does not close the connection.",
         .breaks = {v3("MQTT-4.8.0-1"), v5("MQTT-4.13.1-1")},
         .seen = "brokers that mask the flags",
         .apply = tolerating("RESERVED_FLAGS", "SUBSCRIBE")},
        {.name = "qos-3-tolerated",
         .sentence = "A PUBLISH of QoS 3 does not close the connection.",
         .breaks = {v3("MQTT-3.3.1-4"), v3("MQTT-4.8.0-1"), v5("MQTT-4.13.1-1"), v5("A5-34")},
         .seen = "asked for by the statement",
         .apply = tolerating("PUBLISH_QOS_3")},
        {.name = "subscription-bits-tolerated",
         .sentence = "Reserved bits of the subscription options do not close the connection.",
         .breaks = {v3("MQTT-3.8.3-4"), v3("MQTT-4.8.0-1"), v5("MQTT-3.8.3-5"), v5("MQTT-4.13.1-1")},
         .seen = "asked for by the statement",
         .apply = filtered({.ignoresMalformed = [](const wire::Malformed &what, const LinkView &) { return what.reason.starts_with("SUBSCRIPTION_"); }})},
        {.name = "no-local-on-shared-tolerated",
         .sentence = "No Local on a shared subscription is granted.",
         .breaks = {v5("MQTT-3.8.3-4")},
         .seen = "asked for by the statement",
         .apply = tolerating("NO_LOCAL_ON_SHARED")},
    };
}

Rows tellingRows()
{
    return {
        {.name = "error-told-and-left-open",
         .sentence = "DISCONNECT with an error is sent, and the connection stays open.",
         .breaks = {v5("MQTT-3.14.4-2"), v5("MQTT-4.13.1-1"), v5("MQTT-4.13.2-1"), v5("MQTT-3.1.0-2"), v5("MQTT-3.1.4-3"), v5("MQTT-3.6.1-1")},
         .seen = "mqtt-lib's takeover test passed such a broker",
         .apply = filtered([] {
             const auto told = std::make_shared<std::set<LinkId>>();
             return Filtering{.writes = [told](v1::Packet &packet, const LinkView &view) {
                                  if (isError(packet))
                                      told->insert(view.link);
                              },
                              .keepsOpen = [told](const LinkView &view) { return told->contains(view.link); }};
         })},
        {.name = "packets-after-disconnect",
         .sentence = "A packet still follows DISCONNECT.",
         .breaks = {v5("MQTT-3.14.4-1")},
         .seen = "brokers whose writers are not stopped first",
         .apply = filtered({.follows = [](const v1::Packet &packet, const LinkView &) {
             return packet.has_disconnect() ? std::vector<v1::Packet>{pingresp()} : std::vector<v1::Packet>{};
         }})},
        {.name = "disconnect-with-unlisted-code",
         .sentence = "DISCONNECT has a code that is not listed.",
         .breaks = {v5("MQTT-3.14.2-1")},
         .seen = "asked for by the statement",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &) {
             if (packet.has_disconnect())
                 packet.mutable_disconnect()->set_code(0x8A);
         }})},
        {.name = "disconnect-with-expiry",
         .sentence = "DISCONNECT from the broker has a session expiry interval.",
         .breaks = {v5("MQTT-3.14.2-2")},
         .seen = "asked for by the statement",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &) {
             if (packet.has_disconnect())
                 packet.mutable_disconnect()->set_session_expiry_interval(60);
         }})},
        {.name = "error-ends-all",
         .sentence = "An error on one connection ends all of them.",
         .breaks = {v5("U5-4.13-1")},
         .seen = "brokers that throw",
         .apply = decorated<ErrorEndsAll>()},
        {.name = "disconnected-left-open",
         .sentence = "After a DISCONNECT from the client the broker leaves the connection open.",
         .breaks = {v3("A311-21"), v5("U5-3.14.4-1")},
         .seen = "asked for by the statement",
         .apply = filtered({.keepsOpen = [](const LinkView &view) { return view.last.has_disconnect(); }})},
    };
}

} // namespace

Rows errorDeviations()
{
    Rows rows = tolerantRows();
    for (auto &row : tellingRows())
        rows.push_back(std::move(row));
    return rows;
}

} // namespace hiatus::broker
