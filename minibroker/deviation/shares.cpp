// Shared subscriptions: who is a member, which member gets a message, and what a member leaves behind.

#include "minibroker/deviation/filters.h"
#include "minibroker/deviation/rows.h"
#include "proto/wire/topicfilter.h"

#include <set>

namespace hiatus::broker {

namespace {

using Change = std::function<void(Setup &)>;
using Renamed = std::function<std::string(const wire::SharedFilter &)>;

void rename(std::string &filter, const Renamed &renamed)
{
    if (const auto shared = wire::sharedFilter(filter))
        filter = renamed(*shared);
}

/// Shared filters are stored under another name.
Change storedAs(Renamed renamed)
{
    return filtered(Filtering{.reads = [renamed = std::move(renamed)](v1::Packet &packet, const LinkView &) {
        if (packet.has_subscribe())
            for (auto &filter : *packet.mutable_subscribe()->mutable_filter())
                rename(*filter.mutable_filter(), renamed);
        if (packet.has_unsubscribe())
            for (auto &filter : *packet.mutable_unsubscribe()->mutable_filter())
                rename(filter, renamed);
    }});
}

bool isShared(const v1::Filter &filter)
{
    return filter.filter().starts_with("$share/");
}

/// A second SUBSCRIBE makes another membership that no UNSUBSCRIBE finds.
Change countsTwice()
{
    return filtered([] {
        const auto held = std::make_shared<std::set<std::pair<std::string, std::string>>>();
        Filtering filtering;
        filtering.reads = [held](v1::Packet &packet, const LinkView &view) {
            if (!packet.has_subscribe())
                return;
            auto &filters = *packet.mutable_subscribe()->mutable_filter();
            for (auto &filter : filters)
                if (isShared(filter) && !held->insert({view.connect.client_id(), filter.filter()}).second)
                    filter.set_filter("$share/again-" + filter.filter().substr(7));
        };
        return filtering;
    });
}

/// All identifiers that members of the group have given, in place of the receiver's own.
Change mixesIdentifiers()
{
    return [](Setup &setup) {
        const auto given = std::make_shared<std::map<std::string, std::uint32_t>>();
        setup.rules.copies = [given](const Session &session, const Matching &matching, const Publication &publication) {
            auto copies = rules::copies(session, matching, publication);
            const auto &one = *matching.front();
            if (!one.shared || one.identifier == 0)
                return copies;
            const auto first = given->try_emplace(one.filter, one.identifier).first->second;
            for (auto &copy : copies)
                copy.identifiers = {first};
            return copies;
        };
    };
}

Change asPublished()
{
    return [](Setup &setup) {
        setup.rules.copies = [](const Session &session, const Matching &matching, const Publication &publication) {
            auto copies = rules::copies(session, matching, publication);
            if (matching.front()->shared)
                copies.front().qos = static_cast<std::uint8_t>(publication.qos());
            return copies;
        };
    };
}

/// Sent by a session that has ended, and kept for who subscribes next.
Change outlivesMembers()
{
    return [](Setup &setup) {
        const auto kept = std::make_shared<std::vector<v1::StoredMessage>>();
        const auto keep = [kept](const v1::ServerSession &before) {
            for (const auto &subscription : before.subscription())
                if (isShared(subscription.filter()))
                    kept->insert(kept->end(), before.pending().begin(), before.pending().end());
        };
        setup.rules.hooks.push_back([keep](v1::ServerSession &after, const v1::ServerSession &before, Reason why) {
            if (why == Reason::Expired)
                keep(before);
            if (why == Reason::CleanStarted)
                *after.mutable_pending() = before.pending();
        });
        filtered([kept] {
            Filtering filtering;
            filtering.follows = [kept](const v1::Packet &packet, const LinkView &view) {
                std::vector<v1::Packet> late;
                if (!packet.has_suback() || !view.last.has_subscribe() || !isShared(view.last.subscribe().filter(0)))
                    return late;
                for (const auto &message : std::exchange(*kept, {})) {
                    *late.emplace_back().mutable_publish() = message.publish();
                    late.back().mutable_publish()->set_qos(0);
                }
                return late;
            };
            return filtering;
        })(setup);
    };
}

Rows memberRows()
{
    const char *const seen = "asked for: shared subscriptions";
    return {
        {.name = "shared-to-all-members", .sentence = "Every member of a shared subscription gets every message.", .breaks = {v5("U5-4.8.2-3")},
         .seen = "scenario B53", .apply = storedAs([](const wire::SharedFilter &shared) { return std::string(shared.filter); })},
        {.name = "shared-groups-are-one", .sentence = "All groups of one filter share its messages.", .breaks = {v5("U5-4.8.2-3")}, .seen = seen,
         .apply = storedAs([](const wire::SharedFilter &shared) { return "$share/all/" + std::string(shared.filter); })},
        {.name = "shared-member-twice", .sentence = "Who subscribes twice is a member twice.",
         .breaks = {v5("U5-4.8.2-2"), v5("U5-3.10.4-1"), v5("U5-4.8.2-3")}, .seen = seen, .apply = countsTwice()},
        {.name = "shared-unsubscribe-ignored", .sentence = "UNSUBSCRIBE leaves the session a member.",
         .breaks = {v5("U5-3.10.4-1"), v5("U5-4.8.2-2"), v5("MQTT-3.10.4-1"), v5("MQTT-3.10.4-2")}, .seen = seen,
         .apply =
             [](Setup &setup) {
                 setup.rules.removesSubscription = [](const Session &, const Subscription &subscription) { return !subscription.shared; };
             }},
        {.name = "shared-identifiers-mixed", .sentence = "All members get the subscription identifier of the first.",
         .breaks = {v5("U5-3.3.4-3")}, .seen = seen, .apply = mixesIdentifiers()},
        {.name = "shared-above-granted-qos", .sentence = "Shared messages come at the QoS of their publication.", .breaks = {v5("MQTT-4.8.2-3")},
         .seen = seen, .apply = asPublished()},
        {.name = "shared-retained-on-resume", .sentence = "A resumption sends the retained messages of shared subscriptions.",
         .breaks = {v5("U5-3.8.4-4")}, .seen = seen,
         .apply =
             [](Setup &setup) {
                 setup.rules.sendsRetained = [](const Subscription &subscription, bool existed, bool onResume) {
                     return (onResume && subscription.shared) || rules::sendsRetained(subscription, existed, onResume);
                 };
             }},
    };
}

Rows legacyRows()
{
    const char *const seen = "scenarios B37 and B53";
    return {
        {.name = "shared-qos2-moves", .sentence = "A QoS 2 message in flight to a member that is lost goes to another at once.",
         .breaks = {v5("MQTT-4.8.2-4")}, .seen = seen,
         .apply = [](Setup &setup) { setup.rules.handsOver = [](const Inflight &, bool) { return true; }; }},
        {.name = "shared-qos2-inherited", .sentence = "A QoS 2 message in flight to a member whose session ends goes to another.",
         .breaks = {v5("MQTT-4.8.2-5")}, .seen = seen,
         .apply = [](Setup &setup) { setup.rules.handsOver = [](const Inflight &, bool hasEnded) { return hasEnded; }; }},
        {.name = "shared-orphans-lost", .sentence = "What a member had not acknowledged is lost with its session.", .breaks = {v5("A5-14")}, .seen = seen,
         .apply =
             [](Setup &setup) {
                 setup.rules.handsOver = [](const Inflight &, bool) { return false; };
                 setup.rules.inheritsWaiting = false;
             }},
        {.name = "shared-rejected-goes-on", .sentence = "A message that a member rejects goes to another.", .breaks = {v5("MQTT-4.8.2-6")},
         .seen = seen, .apply = [](Setup &setup) { setup.rules.rejectedGoesOn = true; }},
        {.name = "shared-queue-outlives-members", .sentence = "What waited for the last member is given to who subscribes next.",
         .breaks = {v5("U5-4.8.2-1"), v5("MQTT-4.1.0-2"), v5("MQTT-3.1.2-4")}, .seen = seen, .apply = outlivesMembers()},
    };
}

} // namespace

Rows shareDeviations()
{
    auto rows = memberRows();
    for (auto &row : legacyRows())
        rows.push_back(std::move(row));
    return rows;
}

} // namespace hiatus::broker
