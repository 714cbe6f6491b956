// What goes wrong when one client speaks 3.1.1 today and 5.0 tomorrow, or its publisher speaks the other one.

#include "minibroker/deviation/rows.h"
#include "minibroker/engine/decorator.h"

#include <set>

namespace hiatus::broker {

namespace {

/// What is remembered of a client id: what its connections spoke since its last clean start.
struct Spoken
{
    v1::Version latest = v1::VERSION_UNSPECIFIED;
    bool hasSwitched = false;          ///< the latest CONNECT came in another version than the one before
    bool wasThree = false;
    std::uint32_t interval = 0;        ///< the last one that a 5.0 connection asked for
};
using Known = std::shared_ptr<PerClient<Spoken>>;

/// Watches CONNECTs, before the engine sees them.
class VersionWatch final : public Decorator
{
public:
    VersionWatch(std::unique_ptr<Broker> inner, Known known) : Decorator(std::move(inner)), m_known(std::move(known)) {}

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        if (packet.has_connect())
            note(packet.connect());
        return Decorator::received(link, packet, now);
    }

private:
    void note(const v1::Connect &connect)
    {
        const auto version = connect.protocol_level() == 5 ? v1::V5 : v1::V3;
        Spoken &spoken = (*m_known)[connect.client_id()];
        const auto before = spoken.latest;
        if (connect.clean())
            spoken = {};
        spoken.hasSwitched = before != v1::VERSION_UNSPECIFIED && before != version;
        spoken.latest = version;
        spoken.wasThree = spoken.wasThree || version == v1::V3;
        if (version == v1::V5)
            spoken.interval = connect.session_expiry_interval();
    }

    Known m_known;
};

using Bend = std::function<void(Setup &setup, const Known &known)>;

std::function<void(Setup &)> watched(Bend bend)
{
    return [bend = std::move(bend)](Setup &setup) {
        const auto known = std::make_shared<PerClient<Spoken>>();
        setup.decorators.push_back([known](std::unique_ptr<Broker> inner) -> std::unique_ptr<Broker> {
            return std::make_unique<VersionWatch>(std::move(inner), known);
        });
        bend(setup, known);
    };
}

/// A hook that acts where the connection speaks another version than the one before.
std::function<void(Setup &)> atSwitch(Reason reason, std::function<void(v1::ServerSession &after, const v1::ServerSession &before)> act)
{
    return watched([reason, act = std::move(act)](Setup &setup, const Known &known) {
        setup.rules.hooks.push_back(on(reason, [known, act](auto &after, const auto &before) {
            if ((*known)[before.client_id()].hasSwitched)
                act(after, before);
        }));
    });
}

/// A 5.0 connection with interval 0 leaves a session behind that 3.1.1 had once kept for good.
void keptAsBefore(Setup &setup, const Known &known)
{
    setup.rules.sessionEnd = [known](const Session &session, Reason why, Time closedAt) -> std::optional<Time> {
        if (session.version == v1::V5 && (*known)[session.clientId].wasThree)
            return {};
        return rules::sessionEnd(session, why, closedAt);
    };
}

/// A 3.1.1 session ends after the interval of the 5.0 connection before.
void expiresAsBefore(Setup &setup, const Known &known)
{
    setup.rules.sessionEnd = [known](const Session &session, Reason why, Time closedAt) -> std::optional<Time> {
        const std::uint32_t interval = (*known)[session.clientId].interval;
        if (session.version == v1::V3 && !session.clean && interval > 0)
            return closedAt + Seconds(interval);
        return rules::sessionEnd(session, why, closedAt);
    };
}

/// Messages reach those who speak the publisher's version, unless they have to wait.
class KeepsVersionsApart final : public Decorator
{
public:
    using Decorator::Decorator;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        if (packet.has_connect())
            m_spoken[link] = packet.connect().protocol_level() == 5 ? v1::V5 : v1::V3;
        auto actions = Decorator::received(link, packet, now);
        if (!packet.has_publish())
            return actions;
        std::erase_if(actions, [this, link](const Action &action) {
            const auto *send = std::get_if<SendAction>(&action);
            return send && send->packet.has_publish() && send->version != m_spoken[link];
        });
        return actions;
    }

private:
    std::map<LinkId, v1::Version> m_spoken;
};

} // namespace

Rows versionDeviations()
{
    return {
        {.name = "three-keeps-it-in-five",
         .sentence = "A session that a 3.1.1 client had is kept for good, though its 5.0 connection gave no interval.",
         .breaks = {v5("U5-3.1.2.11.2-1"), v5("MQTT-3.2.2-3")},
         .seen = "field scenario B49",
         .apply = watched(keptAsBefore)},
        {.name = "five-ends-it-in-three",
         .sentence = "A 3.1.1 session ends when the interval of an earlier 5.0 connection has passed.",
         .breaks = {v3("MQTT-3.1.2-4#c"), v3("MQTT-3.2.2-2"), v3("MQTT-3.1.2-5")},
         .seen = "field scenario B49",
         .apply = watched(expiresAsBefore)},
        {.name = "clean-start-spares-other-version",
         .sentence = "A clean start leaves the subscriptions of a session that the client had in the other version.",
         .breaks = {v3("MQTT-3.1.2-6#a"), v5("MQTT-3.1.2-4")},
         .seen = "field scenario B49",
         .apply = atSwitch(Reason::CleanStarted, [](auto &after, const auto &before) { *after.mutable_subscription() = before.subscription(); })},
        {.name = "exchanges-lost-at-switch",
         .sentence = "A session that goes on in the other version has lost what was in flight.",
         .breaks = {v3("MQTT-4.4.0-1#a"), v5("MQTT-4.4.0-1#a")},
         .seen = "field scenario B49",
         .apply = atSwitch(Reason::Resumed, [](auto &after, const auto &) { after.clear_inflight(); })},
        {.name = "versions-do-not-meet",
         .sentence = "A message does not reach connected subscribers that speak the other version than its publisher.",
         .breaks = {v3("MQTT-4.5.0-1"), v5("MQTT-4.5.0-1")},
         .seen = "field scenario B49",
         .apply =
             [](Setup &setup) {
                 setup.decorators.push_back([](std::unique_ptr<Broker> inner) -> std::unique_ptr<Broker> {
                     return std::make_unique<KeepsVersionsApart>(std::move(inner));
                 });
             }},
    };
}

} // namespace hiatus::broker
