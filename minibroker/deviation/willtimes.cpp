// Wills at the wrong time: too early, too late, by the wrong clock.

#include "minibroker/deviation/endtracker.h"
#include "minibroker/deviation/filters.h"
#include "minibroker/deviation/rows.h"

#include <algorithm>

namespace hiatus::broker {

namespace {

using Change = std::function<void(Setup &)>;

Change dueAt(std::function<Time(const Session &, Time closedAt)> when)
{
    return [when = std::move(when)](Setup &setup) { setup.rules.willDueAt = when; };
}

Seconds delayOf(const Session &session)
{
    return Seconds(session.version == v1::V5 ? session.will->delay_interval() : 0);
}

/// The clock of a client's first loss goes on for all later ones.
void neverRestarts(Setup &setup)
{
    const auto first = std::make_shared<PerClient<Time>>();
    setup.rules.willDueAt = [first](const Session &session, Time closedAt) {
        if (delayOf(session) == Seconds(0))
            return closedAt;
        return std::max(closedAt, first->try_emplace(session.clientId, closedAt).first->second + delayOf(session));
    };
}

void waitsForTheLongest(Setup &setup)
{
    const auto longest = std::make_shared<Time>();
    setup.rules.publishesWillAt = [longest](Time due) {
        *longest = std::max(*longest, due);
        return *longest;
    };
}

/// The session of a client whose will is delayed is kept until the delay has passed.
void outlivesSession(Setup &setup)
{
    setup.rules.sweepAt = [](Time end) { return end + Seconds(30); };
    setup.rules.sessionEnd = [](const Session &session, Reason why, Time closedAt) {
        auto end = rules::sessionEnd(session, why, closedAt);
        if (end && *end <= closedAt && session.will && delayOf(session) > Seconds(0) && why == Reason::Closed)
            *end = closedAt + Milliseconds(1); // over, but only to be swept later
        return end;
    };
}

void delayedToo(v1::Packet &packet, const LinkView &view)
{
    if (packet.has_disconnect() && packet.disconnect().code() == 0 && view.connect.will().delay_interval() > 0)
        packet.mutable_disconnect()->set_code(0x04);
}

} // namespace

Rows willTimeDeviations()
{
    return {
        {.name = "will-delay-ignored", .sentence = "A will is published when its connection ends, whatever its delay.",
         .breaks = {v5("U5-3.1.3.2.2-1"), v5("MQTT-3.1.3-9")}, .seen = "scenario B40",
         .apply = dueAt([](const Session &, Time closedAt) { return closedAt; })},
        {.name = "will-delay-halved", .sentence = "A will is published when half of its delay has passed.", .breaks = {v5("U5-3.1.3.2.2-1")},
         .seen = "asked for: too early", .apply = dueAt([](const Session &session, Time closedAt) { return closedAt + delayOf(session) / 2; })},
        {.name = "will-delay-doubled", .sentence = "A will is published when twice its delay has passed.", .breaks = {v5("U5-3.1.3.2.2-1")},
         .seen = "asked for: too late", .apply = dueAt([](const Session &session, Time closedAt) { return closedAt + 2 * delayOf(session); })},
        {.name = "will-delay-never-ends", .sentence = "A delayed will is published with the end of its session only.",
         .breaks = {v5("U5-3.1.3.2.2-1"), v5("MQTT-3.1.2-8#a")}, .seen = "asked for: never",
         .apply = dueAt([](const Session &session, Time closedAt) {
             return delayOf(session) == Seconds(0) ? closedAt : closedAt + std::chrono::hours(24);
         })},
        {.name = "will-delay-counts-from-connect", .sentence = "The delay of a will counts from CONNECT.", .breaks = {v5("U5-3.1.3.2.2-1")},
         .seen = "FlashMQ, EMQX",
         .apply = dueAt([](const Session &session, Time closedAt) { return std::max(closedAt, session.connectedAt + delayOf(session)); })},
        {.name = "will-delay-not-restarted", .sentence = "The delay counts from the first loss of a session, also after a resumption.",
         .breaks = {v5("U5-3.1.3.2.2-1")}, .seen = "scenario B40", .apply = neverRestarts},
        {.name = "will-delays-wait-for-the-longest", .sentence = "Delayed wills are published when the last of them is due.",
         .breaks = {v5("U5-3.1.3.2.2-1"), v5("MQTT-3.1.2-8#a")}, .seen = "mosquitto 2.0.11", .apply = waitsForTheLongest},
        {.name = "will-outlives-session", .sentence = "A delayed will waits for its delay though its session has ended.",
         .breaks = {v5("U5-3.1.3.2.2-1")}, .seen = "mosquitto 2.0.11", .apply = outlivesSession},
        {.name = "takeover-publishes-delayed-will", .sentence = "A takeover publishes the will at once although it is delayed and the session goes on.",
         .breaks = {v5("MQTT-3.1.3-9")}, .seen = "EMQX 10551",
         .apply =
             [](Setup &setup) {
                 setup.rules.hooks.push_back(on(Reason::TakenOver, [](auto &after, const auto &) {
                     if (after.has_will())
                         after.mutable_will()->mutable_will()->clear_delay_interval();
                 }));
             }},
        {.name = "disconnect-keeps-delayed-will", .sentence = "DISCONNECT 0x00 discards only a will without a delay.",
         .breaks = {v5("MQTT-3.14.4-3"), v5("MQTT-3.1.2-10")}, .seen = "asked for: not even at the session's end",
         .apply = filtered(Filtering{.reads = delayedToo})},
    };
}

} // namespace hiatus::broker
