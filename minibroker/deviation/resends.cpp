#include "minibroker/deviation/decorators.h"
#include "minibroker/deviation/rows.h"

#include <set>

namespace hiatus::broker {

namespace {

using Ids = std::set<std::uint32_t>;

bool isPublish(const v1::Inflight &inflight)
{
    return inflight.stage() != v1::AWAIT_PUBCOMP;
}

Ids idsOf(const v1::ServerSession &session)
{
    Ids ids;
    for (const auto &inflight : session.inflight())
        ids.insert(inflight.packet_id());
    return ids;
}

template <class Predicate> void dropInflight(v1::ServerSession &session, Predicate predicate)
{
    auto &all = *session.mutable_inflight();
    all.erase(std::remove_if(all.begin(), all.end(), predicate), all.end());
}

void forgetAfterFirstResend(Setup &setup)
{
    const auto resent = std::make_shared<PerClient<Ids>>();
    setup.rules.hooks.push_back(
        on(Reason::Resumed, [resent](auto &after, const auto &) { (*resent)[after.client_id()] = idsOf(after); }));
    setup.rules.hooks.push_back(onLoss([resent](auto &after) {
        const auto ids = std::exchange((*resent)[after.client_id()], {});
        dropInflight(after, [&](const v1::Inflight &inflight) { return ids.contains(inflight.packet_id()); });
    }));
}

void newPacketIds(v1::ServerSession &after, const v1::ServerSession &before)
{
    auto taken = idsOf(before);
    for (auto &inflight : *after.mutable_inflight()) {
        if (!isPublish(inflight))
            continue;
        auto id = inflight.packet_id();
        while (taken.contains(id))
            id = id % 65535 + 1;
        taken.insert(id);
        inflight.set_packet_id(id);
    }
}

void restartAllocator(Setup &setup)
{
    struct Counter
    {
        LinkId link = 0;
        PacketId last = 0;
    };
    const auto counters = std::make_shared<PerClient<Counter>>();
    setup.rules.nextPacketId = [counters](const Session &session, unsigned highest) -> std::optional<PacketId> {
        if (!session.connection->resumed)
            return rules::nextPacketId(session, highest);
        auto &counter = (*counters)[session.clientId];
        if (counter.link != session.connection->link)
            counter = {session.connection->link, 0};
        counter.last = static_cast<PacketId>(counter.last % 65535 + 1);
        return counter.last;
    };
}

void loseWhatTheDrainHadSent(Setup &setup)
{
    struct Drain
    {
        Ids before;
        int queued = 0;
    };
    const auto drains = std::make_shared<PerClient<Drain>>();
    setup.rules.hooks.push_back(on(Reason::Resumed, [drains](auto &after, const auto &) {
        (*drains)[after.client_id()] = {idsOf(after), after.pending_size()};
    }));
    setup.rules.hooks.push_back(onLoss([drains](auto &after) {
        auto drain = std::exchange((*drains)[after.client_id()], {});
        dropInflight(after, [&](const v1::Inflight &inflight) {
            return isPublish(inflight) && !drain.before.contains(inflight.packet_id()) && drain.queued-- > 0;
        });
    }));
}

Rows lossRows()
{
    return {
        {.name = "drop-inflight-on-disconnect",
         .sentence = "What is in flight to a client dies with its connection.",
         .breaks = {v3("MQTT-4.4.0-1#a"), v3("MQTT-4.4.0-1#b"), v3("MQTT-4.3.2-1#c"), v3("MQTT-4.3.3-1#c"),
                    v3("MQTT-4.3.3-1#e"), v3("MQTT-3.1.2-4#a"), v5("MQTT-4.4.0-1#a"), v5("MQTT-4.4.0-1#b"),
                    v5("MQTT-4.3.2-3"), v5("MQTT-4.3.3-3"), v5("MQTT-4.3.3-5"), v5("MQTT-3.1.2-5")},
         .seen = "two brokers; scenarios B14, B16",
         .apply =
             [](Setup &setup) { setup.rules.hooks.push_back(onLoss([](auto &after) { after.clear_inflight(); })); }},
        {.name = "forget-after-first-resend",
         .sentence = "A message is forgotten when it has been sent again, not when it is acknowledged.",
         .breaks = {v3("MQTT-4.4.0-1#a"), v3("MQTT-4.4.0-1#b"), v3("MQTT-4.3.2-1#c"), v3("MQTT-4.3.3-1#c"),
                    v3("MQTT-4.3.3-1#e"), v5("MQTT-4.4.0-1#a"), v5("MQTT-4.4.0-1#b"), v5("MQTT-4.3.2-3"),
                    v5("MQTT-4.3.3-3"), v5("MQTT-4.3.3-5")},
         .seen = "two brokers; scenario B15",
         .apply = forgetAfterFirstResend},
        {.name = "acked-messages-redelivered-on-resume",
         .sentence = "An acknowledgement frees the window but not the stored message, which comes again.",
         .breaks = {v3("MQTT-4.3.2-1#c"), v3("MQTT-4.3.3-1#e"), v3("MQTT-4.4.0-1#a"), v3("MQTT-4.4.0-1#b"),
                    v3("MQTT-2.3.1-4#b"), v5("MQTT-4.3.2-3"), v5("MQTT-4.3.3-5"), v5("MQTT-4.4.0-1#a"),
                    v5("MQTT-4.4.0-1#b"), v5("MQTT-4.4.0-1#c"), v5("MQTT-4.4.0-2")},
         .seen = "two brokers; scenario B14",
         .apply =
             [](Setup &setup) {
                 setup.rules.forgetsAcknowledged = [](const Session &, const Inflight &) { return false; };
             }},
        {.name = "resume-waits-for-next-publish",
         .sentence = "After a resumption nothing is sent until the next message is published to the session.",
         .breaks = {v3("MQTT-4.4.0-1#a"), v3("MQTT-4.4.0-1#b"), v3("MQTT-3.1.2-5"), v3("MQTT-4.5.0-1"),
                    v5("MQTT-4.4.0-1#a"), v5("MQTT-4.4.0-1#b"), v5("MQTT-4.5.0-1"), v5("MQTT-3.1.2-5")},
         .seen = "Mosquitto 0.14 and 1.4.9, NATS 8360",
         .apply = [](Setup &setup) { setup.decorators.push_back(waitForNextPublish); }},
        {.name = "dequeue-before-ack-loses-on-drop",
         .sentence = "A queued message is deleted when it is sent; a cut during the drain loses it.",
         .breaks = {v3("MQTT-4.4.0-1#a"), v3("MQTT-4.3.2-1#c"), v3("MQTT-4.3.3-1#c"), v3("MQTT-3.1.2-5"),
                    v5("MQTT-4.4.0-1#a"), v5("MQTT-4.3.2-3"), v5("MQTT-4.3.3-3"), v5("MQTT-4.5.0-1")},
         .seen = "Mosquitto 1650, FlashMQ 8a38dbc",
         .apply = loseWhatTheDrainHadSent},
    };
}

Rows formRows()
{
    return {
        {.name = "resend-without-dup",
         .sentence = "A PUBLISH that is sent again has DUP 0.",
         .breaks = {v3("MQTT-3.3.1-1"), v5("MQTT-3.3.1-1")},
         .seen = "four brokers; scenario B14",
         .apply = [](Setup &setup) { setup.rules.dupOnResend = false; }},
        {.name = "new-packet-ids-on-resume",
         .sentence = "A PUBLISH that is sent again gets a fresh packet identifier.",
         .breaks = {v3("MQTT-4.4.0-1#a"), v3("MQTT-2.3.1-4#b"), v5("MQTT-4.4.0-1#a")},
         .seen = "two brokers; scenario B14",
         .apply = [](Setup &setup) { setup.rules.hooks.push_back(on(Reason::Resumed, newPacketIds)); }},
        {.name = "allocator-collides-with-resumed-inflight",
         .sentence = "After a resumption packet identifiers are given out from 1 again, whoever has them.",
         .breaks = {v3("MQTT-2.3.1-4#a"), v3("MQTT-4.3.2-1#a"), v3("MQTT-4.3.3-1#a"), v5("MQTT-2.2.1-4"),
                    v5("MQTT-4.3.2-1"), v5("MQTT-4.3.3-1")},
         .also = {"a message in flight is overwritten by the one that took its identifier"},
         .seen = "four brokers; scenario B21",
         .apply = restartAllocator},
        {.name = "drop-pubrel-on-resume",
         .sentence = "An exchange that waits for PUBCOMP is skipped on a resumption.",
         .breaks = {v3("MQTT-4.4.0-1#b"), v3("MQTT-4.3.3-1#e"), v5("MQTT-4.4.0-1#b"), v5("MQTT-4.3.3-5")},
         .seen = "four brokers; scenario B16",
         .apply =
             [](Setup &setup) {
                 setup.rules.hooks.push_back(on(Reason::Resumed, [](auto &after, const auto &) {
                     dropInflight(after, [](const v1::Inflight &inflight) { return !isPublish(inflight); });
                 }));
             }},
        {.name = "resend-publish-instead-of-pubrel",
         .sentence = "An exchange that waits for PUBCOMP starts again with PUBLISH.",
         .breaks = {v3("MQTT-4.3.3-1#f"), v3("MQTT-4.4.0-1#b"), v5("MQTT-4.3.3-6"), v5("MQTT-4.4.0-1#b")},
         .seen = "scenario B16",
         .apply =
             [](Setup &setup) {
                 setup.rules.hooks.push_back(on(Reason::Resumed, [](auto &after, const auto &) {
                     for (auto &inflight : *after.mutable_inflight())
                         if (!isPublish(inflight) && inflight.has_message())
                             inflight.set_stage(v1::AWAIT_PUBREC);
                 }));
             }},
    };
}

Rows expiryRows()
{
    return {
        {.name = "offline-queue-loses-message-expiry",
         .sentence = "A queued message has lost its expiry interval: it is delivered late and without the property.",
         .breaks = {v5("MQTT-3.3.2-5"), v5("MQTT-3.3.2-6")},
         .seen = "three brokers; scenario B29",
         .apply =
             [](Setup &setup) {
                 setup.rules.hooks.push_back(on(Reason::Resumed, [](auto &after, const auto &) {
                     for (auto &message : *after.mutable_pending()) {
                         message.clear_expires_at();
                         message.mutable_publish()->clear_message_expiry_interval();
                     }
                 }));
             }},
        {.name = "expiry-deletes-inflight-qos2",
         .sentence = "Message expiry ends QoS 2 exchanges that have begun.",
         .breaks = {v5("MQTT-4.3.3-7"), v5("MQTT-4.4.0-1#a"), v5("MQTT-4.4.0-1#b"), v5("MQTT-4.3.3-3"),
                    v5("MQTT-4.3.3-5")},
         .seen = "EMQX 17698",
         .apply =
             [](Setup &setup) {
                 setup.rules.resends = [](const Session &, const Inflight &inflight, Time now) {
                     return inflight.stage == v1::AWAIT_PUBACK || !inflight.message.publication->isExpired(now);
                 };
             }},
    };
}

} // namespace

Rows resendDeviations()
{
    Rows rows;
    for (auto *more : {&lossRows, &formRows, &expiryRows})
        for (auto &row : more())
            rows.push_back(std::move(row));
    return rows;
}

} // namespace hiatus::broker
