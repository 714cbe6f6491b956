// What a restart does to sessions that it should not.

#include "minibroker/deviation/rows.h"

#include <algorithm>

namespace hiatus::broker {

namespace {

using Act = std::function<void(v1::ServerSession &after)>;

std::function<void(Setup &)> onRestart(Act act)
{
    return [act = std::move(act)](Setup &setup) {
        setup.restarts.push_back([act](v1::ServerSession &after, const v1::ServerSession &, Reason) { act(after); });
    };
}

std::function<void(Setup &)> onCrash(Act act)
{
    return [act = std::move(act)](Setup &setup) {
        setup.restarts.push_back(on(Reason::Crashed, [act](auto &after, const auto &) { act(after); }));
    };
}

void loseReleased(v1::ServerSession &after)
{
    auto &inflight = *after.mutable_inflight();
    inflight.erase(std::remove_if(inflight.begin(), inflight.end(), [](const auto &one) { return one.stage() == v1::AWAIT_PUBCOMP; }),
                   inflight.end());
}

void renumber(v1::ServerSession &after)
{
    for (auto &inflight : *after.mutable_inflight())
        inflight.set_packet_id(inflight.packet_id() + 1000);
}

/// What was sent is put back in the queue, as if it had never been.
void requeue(v1::ServerSession &after)
{
    std::vector<v1::StoredMessage> messages;
    for (const auto &inflight : after.inflight()) {
        if (inflight.stage() != v1::AWAIT_PUBCOMP)
            messages.push_back(inflight.message());
    }
    messages.insert(messages.end(), after.pending().begin(), after.pending().end());
    auto &inflight = *after.mutable_inflight();
    inflight.erase(std::remove_if(inflight.begin(), inflight.end(), [](const auto &one) { return one.stage() != v1::AWAIT_PUBCOMP; }),
                   inflight.end());
    *after.mutable_pending() = {messages.begin(), messages.end()};
}

void reverse(v1::ServerSession &after) { std::reverse(after.mutable_pending()->begin(), after.mutable_pending()->end()); }

void doublePending(v1::ServerSession &after)
{
    const auto pending = after.pending();
    for (const auto &message : pending)
        *after.add_pending() = message;
}

void keepForEver(v1::ServerSession &after)
{
    if (after.session_expiry_interval() > 0)
        after.set_session_expiry_interval(NeverExpires);
}

void revive(v1::ServerSession &after)
{
    if (after.session_expiry_interval() == 0)
        after.set_session_expiry_interval(NeverExpires);
}

void forgetMessageExpiry(v1::ServerSession &after)
{
    for (auto &message : *after.mutable_pending())
        message.clear_expires_at();
}

Rows stateRows()
{
    return {
        {.name = "restart-loses-subscriptions",
         .sentence = "Sessions come back from the store without their subscriptions.",
         .breaks = {v3("MQTT-3.1.2-5"), v3("MQTT-4.1.0-1"), v3("MQTT-4.5.0-1"), v5("MQTT-4.5.0-1"), v5("MQTT-4.1.0-1")},
         .seen = "moquette 563, RMQTT 475; scenario B42",
         .apply = onRestart([](auto &after) { after.clear_subscription(); })},
        {.name = "restart-loses-queue",
         .sentence = "What waited for a sleeping session is gone after a restart.",
         .breaks = {v3("MQTT-3.1.2-5"), v3("MQTT-4.1.0-1"), v5("MQTT-4.1.0-1")},
         .seen = "Mosquitto 769; scenario B45",
         .apply = onRestart([](auto &after) { after.clear_pending(); })},
        {.name = "crash-loses-queue",
         .sentence = "What waited for a sleeping session survives a stop in good order, and not kill -9.",
         .breaks = {v3("MQTT-3.1.2-5"), v3("MQTT-4.1.0-1"), v5("MQTT-4.1.0-1")},
         .seen = "scenario B42",
         .apply = onCrash([](auto &after) { after.clear_pending(); })},
        {.name = "restart-doubles-queue",
         .sentence = "What waited is read from two tables, and comes twice.",
         .breaks = {v3("MQTT-4.1.0-1"), v5("MQTT-4.1.0-1"), v3("MQTT-4.5.0-1"), v5("MQTT-4.5.0-1")},
         .seen = "scenario B45",
         .apply = onRestart(doublePending)},
        {.name = "restart-reverses-queue",
         .sentence = "The store gives the queue back with the newest message first.",
         .breaks = {v3("MQTT-4.6.0-6#b"), v5("MQTT-4.6.0-5")},
         .seen = "scenario B45",
         .apply = onRestart(reverse)},
        {.name = "restart-revives-clean-sessions",
         .sentence = "Sessions that were to end with their connection are stored, and are there after a restart.",
         .breaks = {v3("MQTT-3.1.2-6#b"), v3("MQTT-3.1.2-6#c"), v5("U5-3.1.2.11.2-1")},
         .seen = "scenario B42",
         .apply = onRestart(revive)},
        {.name = "restart-forgets-expiry",
         .sentence = "Sessions that come back from the store never expire.",
         .breaks = {v5("MQTT-4.1.0-2"), v5("U5-4.1-3")},
         .seen = "seven reports; scenario B44",
         .apply = onRestart(keepForEver)},
        {.name = "restart-forgets-message-expiry",
         .sentence = "Messages that come back from the store never expire.",
         .breaks = {v5("MQTT-3.3.2-5"), v5("MQTT-3.3.2-6")},
         .seen = "scenario B44",
         .apply = onRestart(forgetMessageExpiry)},
        {.name = "restart-loses-delayed-will",
         .sentence = "A will that waits for its delay is gone after a restart.",
         .breaks = {v5("MQTT-3.1.2-8#a")},
         .seen = "scenario B44",
         .apply = onRestart([](auto &after) { after.clear_will(); })},
    };
}

Rows exchangeRows()
{
    return {
        {.name = "restart-loses-inflight",
         .sentence = "What was sent and not acknowledged is forgotten by a restart.",
         .breaks = {v3("MQTT-4.4.0-1#a"), v3("MQTT-4.4.0-1#b"), v5("MQTT-4.4.0-1#a"), v5("MQTT-4.4.0-1#b")},
         .seen = "scenarios B14, B42",
         .apply = onRestart([](auto &after) { after.clear_inflight(); })},
        {.name = "restart-loses-released",
         .sentence = "QoS 2 exchanges that stand at PUBREL are forgotten by a restart.",
         .breaks = {v3("MQTT-4.4.0-1#b"), v5("MQTT-4.4.0-1#b")},
         .seen = "scenario B16",
         .apply = onRestart(loseReleased)},
        {.name = "restart-requeues-inflight",
         .sentence = "After a restart what was sent is sent as if for the first time: without DUP, under a new identifier.",
         .breaks = {v3("MQTT-3.3.1-1"), v5("MQTT-3.3.1-1"), v3("MQTT-4.4.0-1#a"), v5("MQTT-4.4.0-1#a")},
         .seen = "scenario B14",
         .apply = onRestart(requeue)},
        {.name = "restart-renumbers-inflight",
         .sentence = "After a restart what was sent comes again under another identifier.",
         .breaks = {v3("MQTT-4.4.0-1#a"), v3("MQTT-4.4.0-1#b"), v5("MQTT-4.4.0-1#a"), v5("MQTT-4.4.0-1#b")},
         .seen = "scenario B42",
         .apply = onRestart(renumber)},
        {.name = "restart-forgets-received",
         .sentence = "The QoS 2 identifiers received are not stored: after a restart the same message is taken again.",
         .breaks = {v3("MQTT-4.3.3-2#b"), v5("MQTT-4.3.3-10")},
         .seen = "scenario B22",
         .apply = onRestart([](auto &after) { after.clear_received(); })},
    };
}

} // namespace

Rows restartDeviations()
{
    Rows rows = stateRows();
    for (auto &row : exchangeRows())
        rows.push_back(std::move(row));
    return rows;
}

} // namespace hiatus::broker
