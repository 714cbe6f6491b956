#include "minibroker/liberty/liberties.h"

#include "minibroker/liberty/decorators.h"
#include "minibroker/liberty/rows.h"

#include <algorithm>
#include <set>

namespace hiatus::broker {

namespace {

/// As late as a sweep or a timer of a busy broker may be, well within any target's grain.
constexpr auto Lateness = Milliseconds(700);

std::uint32_t half(std::uint32_t interval)
{
    if (interval == NeverExpires)
        return 7200;
    return interval < 10 ? interval : interval / 2; // less would be over before a test can come back
}

Copies copyPerSubscription(const Session &session, const Matching &matching, const Publication &publication)
{
    Copies all;
    for (const auto *subscription : matching)
        for (auto &copy : rules::copies(session, {subscription}, publication))
            all.push_back(std::move(copy));
    return all;
}

std::optional<PacketId> scatteredId(const Session &session, unsigned highest)
{
    constexpr unsigned Step = 25741; // prime to 65,536: every identifier has its turn
    if (session.inflight.size() >= highest)
        return {};
    auto id = session.lastPacketId;
    do
        id = static_cast<PacketId>(id + Step);
    while (id == 0 || id > highest || session.inflight.contains(id));
    return id;
}

/// The exchange has ended with our 0x91. Should that be lost the client repeats once more, with DUP: still no second
/// copy; without DUP the identifier means a new message.
void refuseRepeats(Setup &setup)
{
    const auto refused = std::make_shared<std::set<std::pair<std::string, std::uint32_t>>>();
    setup.rules.repeatCode = 0x91;
    setup.rules.isRepeat = [refused](const Session &session, const v1::Publish &publish) {
        const auto key = std::pair(session.clientId, publish.packet_id());
        if (rules::isRepeat(session, publish)) {
            refused->insert(key);
            return true;
        }
        if (!publish.dup())
            refused->erase(key);
        return refused->contains(key);
    };
}

Rows exchangeLiberties()
{
    return {
        liberty("qos2-onward-at-pubrel", "A QoS 2 message is published onward when PUBREL comes.",
                {v3("A311-7"), v5("A5-9")}, [](Setup &setup) { setup.rules.routesAtPubrel = true; }),
        liberty("pubrec-0x91-on-repeat", "A repeated QoS 2 PUBLISH is answered with PUBREC 0x91.", {v5("A5-32")},
                refuseRepeats),
        liberty("pubcomp-success-for-unknown", "A PUBREL with an unknown identifier is answered with PUBCOMP 0x00.",
                {v5("MQTT-4.3.3-11")},
                [](Setup &setup) {
                    setup.rules.unknownPubrel = [](v1::Version) { return std::optional<std::uint32_t>(0); };
                }),
        liberty("no-matching-subscribers", "PUBACK and PUBREC say 0x10 when nobody subscribes.",
                {v5("MQTT-3.4.2-1"), v5("MQTT-3.5.2-1")},
                [](Setup &setup) {
                    setup.rules.acceptedCode = [](std::size_t receivers) { return receivers == 0 ? 0x10u : 0u; };
                }),
        liberty("delivery-lags", "Messages leave a little later than the acknowledgement to their publisher.",
                {v3("A311-8"), v5("A5-10")}, [](Setup &setup) { setup.decorators.push_back(deliverLate); }),
        liberty("pings-first", "A PINGREQ is answered before the PUBLISHes that came in front of it are dealt with.",
                {v3("A311-8"), v5("A5-10")}, [](Setup &setup) { setup.decorators.push_back(pingsFirst); }),
        liberty("pubrels-first", "A resumption sends PUBRELs before PUBLISHes.", {v3("A311-16"), v5("A5-17")},
                [](Setup &setup) { setup.rules.pubrelsFirst = true; }),
        liberty("resend-in-portions", "What a resumption owes comes piece by piece.", {v3("A311-16"), v5("A5-17")},
                [](Setup &setup) { setup.decorators.push_back(resendInPortions); }),
        liberty("timed-resend", "On 3.1.1 connections an unanswered PUBLISH or PUBREL is sent again every ten seconds.",
                {v3("MQTT-4.4.0-1#a"), v3("MQTT-4.4.0-1#b")},
                [](Setup &setup) { setup.decorators.push_back([](auto inner) { return resendByTimer(std::move(inner), v1::V3); }); }),
        liberty("sends-twice", "On 3.1.1 connections a PUBLISH is sent again, with DUP 1, before it can have been answered.",
                {v3("A311-5"), v3("A311-12")},
                [](Setup &setup) { setup.decorators.push_back([](auto inner) { return sendTwice(std::move(inner), v1::V3); }); }),
        liberty("expired-qos1-not-resent", "A QoS 1 message that expired after it was sent is not sent again.",
                {v5("A5-36")},
                [](Setup &setup) {
                    setup.rules.resends = [](const Session &, const Inflight &inflight, Time now) {
                        return inflight.stage != v1::AWAIT_PUBACK || !inflight.message.publication->isExpired(now);
                    };
                }),
        liberty("scattered-packet-ids", "Packet identifiers come in no order.",
                {v3("A311-16"), v3("MQTT-2.3.1-4#a"), v5("MQTT-2.2.1-4")},
                [](Setup &setup) { setup.rules.nextPacketId = scatteredId; }),
    };
}

Rows subscriptionLiberties()
{
    return {
        liberty("extra-copies-for-overlap", "Overlapping subscriptions get a copy each.",
                {v3("A311-9"), v5("A5-11"), v5("MQTT-3.3.4-5")},
                [](Setup &setup) { setup.rules.copies = copyPerSubscription; }),
        lacking("two-in-flight", liberty("copies-one-at-a-time", "Overlapping subscriptions get a copy each, and the next one when the last is acknowledged.",
                                         {v3("A311-9"), v5("A5-11"), v5("A5-18")},
                                         [](Setup &setup) {
                                             setup.rules.copies = copyPerSubscription;
                                             setup.options.maximumInflight = 1;
                                             setup.decorators.push_back(suspendQos0);
                                         })),
        liberty("publish-before-suback", "Retained messages come before SUBACK.", {v3("A311-10"), v5("A5-11")},
                [](Setup &setup) { setup.rules.retainedBeforeSuback = true; }),
        liberty("lower-granted-qos", "At most QoS 1 is granted.", {v3("A311-15"), v5("MQTT-3.8.4-7")},
                [](Setup &setup) {
                    setup.rules.grantedQos = [](std::uint32_t asked, std::uint32_t maximum) {
                        return std::min({asked, maximum, 1u});
                    };
                }),
        liberty("retained-qos0-dropped", "A QoS 0 message with RETAIN removes the retained one and is not kept.",
                {v3("MQTT-3.3.1-7"), v5("A5-27")},
                [](Setup &setup) {
                    setup.rules.storesRetained = [](const Publication &publication) { return publication.qos() > 0; };
                }),
        liberty("shared-moves-at-once", "A QoS 1 message in flight to a member that is lost goes to another member at once.",
                {v5("A5-14")},
                [](Setup &setup) {
                    setup.rules.handsOver = [](const Inflight &inflight, bool) { return inflight.stage == v1::AWAIT_PUBACK; };
                }),
        liberty("qos0-queued-offline", "QoS 0 messages are kept for clients that are away.", {v3("A311-2"), v5("A5-3")},
                [](Setup &setup) { setup.options.queueQos0 = true; }),
    };
}

Rows connectionLiberties()
{
    return {
        liberty("close-without-0x8e", "A taken-over connection is closed without DISCONNECT.", {v5("A5-6")},
                [](Setup &setup) { setup.rules.tellsTakenOver = false; }),
        liberty("close-without-disconnect", "An error closes the connection without DISCONNECT.", {v5("A5-7")},
                [](Setup &setup) { setup.rules.tellsErrors = false; }),
        liberty("refuse-without-connack", "A refused 5.0 CONNECT is met with a close only.", {v5("A5-7")},
                [](Setup &setup) { setup.rules.answersRefusals = false; }),
        lacking("empty-client-id", liberty("empty-client-id-refused", "Empty client identifiers are not accepted.", {v3("A311-15"), v5("A5-25")},
                                           [](Setup &setup) { setup.options.emptyClientId = false; })),
        lacking("quick-takeovers", liberty("hasty-takeovers-refused", "Who takes over a client id within a second of the last takeover is turned away.",
                                           {v3("A311-15"), v5("A5-7")}, [](Setup &setup) { setup.decorators.push_back(turnHasteAway); })),
        liberty("server-keep-alive", "CONNACK sets the keep alive to 60 seconds.", {v5("MQTT-3.2.2-22")},
                [](Setup &setup) { setup.options.serverKeepAlive = std::uint16_t(60); }),
        liberty("early-keep-alive-close", "Silence ends a connection at one and a quarter of its keep alive.",
                {v3("A311-15"), v5("A5-35")},
                [](Setup &setup) {
                    setup.rules.patience = [](std::uint32_t keepAlive) { return Milliseconds(1250) * keepAlive; };
                }),
        liberty("late-keep-alive-close", "Silence ends a connection a little late.",
                {v3("MQTT-3.1.2-24"), v5("MQTT-3.1.2-22")},
                [](Setup &setup) {
                    setup.rules.patience = [](std::uint32_t keepAlive) {
                        return rules::patience(keepAlive) + Lateness;
                    };
                }),
    };
}

Rows limitLiberties()
{
    return {
        liberty("lower-granted-expiry",
                "Half of a session expiry interval of ten seconds or more is granted, and CONNACK says so.",
                {v5("A5-1")},
                [](Setup &setup) {
                    setup.rules.grantedExpiry = [](const v1::Connect &connect, v1::Version version, std::uint32_t cap) {
                        const auto granted = rules::grantedExpiry(connect, version, cap);
                        return version == v1::V5 ? half(granted) : granted;
                    };
                }),
        liberty("late-expiry-sweep",
                "Expired sessions are deleted a little late; session present is right all the same.", {v5("A5-4")},
                [](Setup &setup) { setup.rules.sweepAt = [](Time end) { return end + Lateness; }; }),
        liberty("late-will", "Wills are published a little late.", {v3("A311-13"), v5("A5-16")},
                [](Setup &setup) { setup.rules.publishesWillAt = [](Time due) { return due + Lateness; }; }),
        liberty("small-receive-maximum", "At most two QoS 1 and 2 publications are taken at once.", {v5("U5-3.3.4-1")},
                [](Setup &setup) { setup.options.receiveMaximum = 2; }),
        liberty("small-window", "At most four messages are in flight to a client.", {v5("MQTT-4.9.0-1"), v3("A311-16")},
                [](Setup &setup) { setup.options.maximumInflight = 4; }),
        lacking("two-in-flight", liberty("window-of-one", "One message is in flight to a client at a time.", {v5("A5-18"), v3("A311-16")},
                                         [](Setup &setup) { setup.options.maximumInflight = 1; })),
        liberty("qos0-suspended", "QoS 0 messages wait while others are in flight to their client.", {v5("A5-18"), v3("A311-8")},
                [](Setup &setup) { setup.decorators.push_back(suspendQos0); }),
        liberty("qos0-apart", "QoS 0 messages go another way than those of QoS 1 and 2, and are a little later.", {v3("A311-16"), v5("A5-17")},
                [](Setup &setup) { setup.decorators.push_back(sendQos0Apart); }),
        liberty("topic-aliases-used", "Topic aliases are used towards clients that allow them.", {v5("MQTT-3.1.2-26")},
                [](Setup &setup) { setup.options.topicAliasesUsed = 16; }),
        liberty("no-topic-aliases", "Clients may use no topic alias, and CONNACK has no properties but those owed.",
                {v5("MQTT-3.1.2-27")}, [](Setup &setup) { setup.options.topicAliasMaximum = 0; }),
    };
}

/// Changes what a restart finds.
std::function<void(Setup &)> onRestart(std::function<void(v1::ServerSession &)> act)
{
    return [act = std::move(act)](Setup &setup) {
        setup.restarts.push_back([act](v1::ServerSession &after, const v1::ServerSession &, Reason) { act(after); });
    };
}

Rows restartLiberties()
{
    return {
        liberty("restart-stops-clocks", "The time in which the broker is down does not count towards a session's expiry.",
                {v5("A5-4")}, onRestart([](auto &session) { session.clear_disconnected_at(); })),
        liberty("restart-loses-live-wills", "Wills of connections that ended with the broker itself are not published.",
                {v3("A311-4"), v5("A5-2")}, onRestart([](auto &session) {
                    if (!session.will().has_due_at())
                        session.clear_will();
                })),
    };
}

} // namespace

const std::vector<Alteration> &liberties()
{
    static const auto all = [] {
        Rows rows;
        for (auto *more : {&exchangeLiberties, &subscriptionLiberties, &connectionLiberties, &limitLiberties, &offerLiberties, &wordingLiberties, &restartLiberties, &accountLiberties})
            for (auto &row : more())
                rows.push_back(std::move(row));
        return rows;
    }();
    return all;
}

} // namespace hiatus::broker
