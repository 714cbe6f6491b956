#include "minibroker/deviation/rows.h"

namespace hiatus::broker {

namespace {

using Change = std::function<void(Setup &)>;

Change neverEnds(std::function<bool(const Session &, Reason)> which)
{
    return [which = std::move(which)](Setup &setup) {
        setup.rules.sessionEnd = [which](const Session &session, Reason why, Time closedAt) -> std::optional<Time> {
            if (session.expiryInterval == 0 && which(session, why))
                return {};
            return rules::sessionEnd(session, why, closedAt);
        };
    };
}

Rows presenceRows()
{
    return {
        {.name = "sp-always-zero",
         .sentence = "A session is resumed, but CONNACK says that there was none.",
         .breaks = {v3("MQTT-3.2.2-2"), v5("MQTT-3.2.2-3")},
         .seen = "five brokers; scenario B01",
         .apply = [](Setup &setup) { setup.rules.sessionPresent = [](const ConnectFacts &) { return false; }; }},
        {.name = "sp-one-on-clean-start",
         .sentence = "A clean connect over an existing session is answered with session present 1.",
         .breaks = {v3("MQTT-3.2.2-1"), v5("MQTT-3.2.2-2")},
         .seen = "two brokers; scenario B01",
         .apply =
             [](Setup &setup) {
                 setup.rules.sessionPresent = [](const ConnectFacts &facts) { return facts.found && !facts.expired; };
             }},
        {.name = "sp-one-for-expired-session",
         .sentence = "Expired sessions are purged lazily, and session present is worked out before the purge.",
         .breaks = {v5("MQTT-3.2.2-3"), v5("MQTT-4.1.0-2"), v5("U5-4.1-3")},
         .seen = "MQTTnet 1756",
         .apply =
             [](Setup &setup) {
                 setup.rules.sweepAt = [](Time end) { return end + std::chrono::hours(1); };
                 setup.rules.sessionPresent = [](const ConnectFacts &facts) { return facts.found && !facts.clean; };
             }},
    };
}

Rows cleanStartRows()
{
    return {
        {.name = "clean-start-keeps-offline-queue",
         .sentence = "A clean connect resets the subscriptions but delivers what had been queued.",
         .breaks = {v3("MQTT-3.1.2-6#a"), v3("MQTT-3.1.2-6#c"), v5("MQTT-3.1.2-4")},
         .seen = "scenario B02",
         .apply =
             [](Setup &setup) {
                 setup.rules.hooks.push_back(on(Reason::CleanStarted, [](auto &after, const auto &before) {
                     *after.mutable_pending() = before.pending();
                 }));
             }},
        {.name = "clean-start-keeps-subscriptions",
         .sentence = "A clean connect empties the queue, but the router keeps the old subscriptions.",
         .breaks = {v3("MQTT-3.1.2-6#a"), v3("MQTT-3.1.2-6#c"), v5("MQTT-3.1.2-4")},
         .seen = "two brokers; scenario B02",
         .apply =
             [](Setup &setup) {
                 setup.rules.hooks.push_back(on(Reason::CleanStarted, [](auto &after, const auto &before) {
                     *after.mutable_subscription() = before.subscription();
                 }));
             }},
        {.name = "clean-session-outlives-connection",
         .sentence = "A session with clean session 1, or expiry interval 0, is stored when its connection ends.",
         .breaks = {v3("MQTT-3.1.2-6#b"), v3("MQTT-3.1.2-6#c"), v3("D311-5"), v3("MQTT-3.2.2-3"), v5("U5-3.1.2.11.2-1"),
                    v5("U5-4.1-3"), v5("MQTT-3.2.2-3"), v5("D5-2")},
         .seen = "seven brokers; scenario B03",
         .apply = neverEnds([](const Session &, Reason) { return true; })},
        {.name = "takeover-inherits-clean-session",
         .sentence = "A connection that takes over one with clean session 1, or expiry interval 0, gets its session.",
         .breaks = {v3("MQTT-3.1.2-6#b"), v3("MQTT-3.1.2-6#c"), v3("D311-2"), v3("MQTT-3.2.2-3"), v5("D5-2"),
                    v5("U5-3.1.2.11.2-1"), v5("MQTT-3.2.2-3")},
         .seen = "EMQX 18583",
         .apply = neverEnds([](const Session &, Reason why) { return why == Reason::TakenOver; })},
    };
}

Rows expiryRows()
{
    return {
        {.name = "absent-expiry-means-never",
         .sentence = "A 5.0 session without expiry interval, or with 0, is kept for ever.",
         .breaks = {v5("U5-3.1.2.11.2-1"), v5("U5-4.1-3"), v5("MQTT-3.2.2-3"), v5("D5-2")},
         .seen = "three brokers; mqtt.org 146",
         .apply = neverEnds([](const Session &session, Reason) { return session.version == v1::V5; })},
        {.name = "ignore-disconnect-expiry-override",
         .sentence = "The expiry interval of a DISCONNECT is read and dropped.",
         .breaks = {v5("U5-3.14.2.2.2-1"), v5("MQTT-4.1.0-2"), v5("U5-4.1-3"), v5("MQTT-3.2.2-3")},
         .seen = "two brokers; scenario B05",
         .apply =
             [](Setup &setup) {
                 setup.rules.expiryAfterDisconnect = [](const Session &session, const v1::Disconnect &, std::uint32_t) {
                     return session.expiryInterval;
                 };
             }},
        {.name = "resume-keeps-original-expiry",
         .sentence = "The expiry interval of the first CONNECT holds for all later ones.",
         .breaks = {v5("D5-5"), v5("U5-4.1-3"), v5("MQTT-4.1.0-2"), v5("MQTT-3.1.2-23"), v5("U5-3.1.2.11.2-1"),
                    v5("MQTT-3.2.2-3")},
         .seen = "two brokers; scenario B06",
         .apply =
             [](Setup &setup) {
                 setup.rules.hooks.push_back(on(Reason::Resumed, [](auto &after, const auto &before) {
                     after.set_session_expiry_interval(before.session_expiry_interval());
                 }));
             }},
        {.name = "expiry-clock-starts-at-connect",
         .sentence = "The expiry interval is counted from CONNECT, not from the end of the connection.",
         .breaks = {v5("U5-4.1-3"), v5("MQTT-3.1.2-23"), v5("MQTT-3.2.2-3"), v5("MQTT-3.1.2-5")},
         .seen = "sibling of will clock faults of FlashMQ and EMQX; scenario B06",
         .apply =
             [](Setup &setup) {
                 setup.rules.sessionEnd = [](const Session &session, Reason why, Time) {
                     return rules::sessionEnd(session, why, session.connectedAt);
                 };
             }},
    };
}

} // namespace

Rows sessionDeviations()
{
    Rows rows = presenceRows();
    for (auto *more : {&cleanStartRows, &expiryRows})
        for (auto &row : more())
            rows.push_back(std::move(row));
    rows.push_back(
        {.name = "restored-session-not-routable-until-reconnect",
         .sentence = "After a restart a session's subscriptions reach the router only when its client returns.",
         .breaks = {v3("MQTT-3.1.2-5"), v3("MQTT-4.5.0-1"), v5("MQTT-4.5.0-1")},
         .seen = "moquette 563, RMQTT 475, Mosquitto 769",
         .apply = [](Setup &setup) { setup.rules.routesToRestored = false; }});
    return rows;
}

} // namespace hiatus::broker
