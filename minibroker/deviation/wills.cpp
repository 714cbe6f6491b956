#include "minibroker/deviation/rows.h"

namespace hiatus::broker {

namespace {

std::function<void(Setup &)> silentFor(WillCause unpublished)
{
    return [unpublished](Setup &setup) {
        setup.rules.publishesWill = [unpublished](const Session &, WillCause cause) { return cause != unpublished; };
    };
}

} // namespace

Rows willDeviations()
{
    return {
        {.name = "no-will-on-takeover",
         .sentence = "The will of a taken-over connection is not published.",
         .breaks = {v3("MQTT-3.1.2-8#b"), v5("MQTT-3.1.2-8#a"), v5("U5-3.1.4-1"), v5("U5-3.1.2.5-1")},
         .seen = "EMQX 10551",
         .apply = silentFor(WillCause::TakenOver)},
        {.name = "clean-start-cancels-delayed-will",
         .sentence = "A session that Clean Start ends takes its waiting will with it.",
         .breaks = {v5("MQTT-3.1.2-8#a"), v5("U5-3.1.3.2.2-1"), v5("A5-15")},
         .seen = "HiveMQ CE 369",
         .apply = silentFor(WillCause::CleanStarted)},
        {.name = "will-delay-beyond-expiry-never-fires",
         .sentence = "A session that expires takes its waiting will with it.",
         .breaks = {v5("U5-3.1.3.2.2-1"), v5("MQTT-3.1.2-8#a")},
         .seen = "scenario B40",
         .apply = silentFor(WillCause::SessionEnded)},
        {.name = "delayed-will-survives-resume",
         .sentence = "A resumption within the delay does not cancel the will.",
         .breaks = {v5("MQTT-3.1.3-9")},
         .also = {"the resuming connection's own will is lost"},
         .seen = "scenario B40",
         .apply =
             [](Setup &setup) {
                 setup.rules.hooks.push_back(on(Reason::Resumed, [](auto &after, const auto &before) {
                     if (before.will().has_due_at())
                         *after.mutable_will() = before.will();
                 }));
             }},
    };
}

} // namespace hiatus::broker
