// Which copies a session gets of a publication: how many, at which QoS, with which identifiers; and what a resumption
// makes of the subscriptions.

#include "minibroker/deviation/filters.h"
#include "minibroker/deviation/rows.h"

#include <algorithm>
#include <set>

namespace hiatus::broker {

namespace {

/// Changes the lawful copies.
std::function<void(Setup &)> copying(std::function<void(Copies &, const Matching &, const Publication &)> change)
{
    return [change = std::move(change)](Setup &setup) {
        setup.rules.copies = [change](const Session &session, const Matching &matching, const Publication &publication) {
            auto copies = rules::copies(session, matching, publication);
            change(copies, matching, publication);
            return copies;
        };
    };
}

std::uint8_t lowest(const Matching &matching, const Publication &publication)
{
    auto qos = static_cast<std::uint8_t>(publication.qos());
    for (const auto *subscription : matching)
        qos = std::min(qos, subscription->qos);
    return qos;
}

Copies oneEachWithAllIdentifiers(const Session &session, const Matching &matching, const Publication &publication)
{
    Copies all;
    std::vector<std::uint32_t> identifiers;
    for (const auto *subscription : matching) {
        if (subscription->identifier)
            identifiers.push_back(subscription->identifier);
        for (auto &copy : rules::copies(session, {subscription}, publication))
            all.push_back(std::move(copy));
    }
    for (auto &copy : all)
        copy.identifiers = identifiers;
    return all;
}

Rows qosRows()
{
    return {
        {.name = "overlap-at-lowest-qos",
         .sentence = "Of overlapping subscriptions the lowest QoS counts.",
         .breaks = {v3("MQTT-3.3.5-1"), v5("MQTT-3.3.4-2")},
         .seen = "asked for by the statement",
         .apply = copying([](Copies &copies, const Matching &matching, const Publication &publication) {
             for (auto &copy : copies)
                 copy.qos = lowest(matching, publication);
         })},
        {.name = "delivered-above-granted-qos",
         .sentence = "Messages go out at the QoS of their publication, whatever was granted.",
         .breaks = {v3("MQTT-3.8.4-6"), v3("D311-7"), v3("MQTT-3.8.4-3#a"), v5("MQTT-3.8.4-8"), v5("D5-8"), v5("MQTT-3.8.4-3"), v5("MQTT-4.8.2-3")},
         .seen = "asked for by the statement",
         .apply = copying([](Copies &copies, const Matching &, const Publication &publication) {
             for (auto &copy : copies)
                 copy.qos = static_cast<std::uint8_t>(publication.qos());
         })},
        {.name = "delivered-at-granted-qos",
         .sentence = "Messages go out at the QoS granted, whatever they were published with.",
         .breaks = {v3("MQTT-3.8.4-6"), v5("MQTT-3.8.4-8")},
         .seen = "brokers with an upgrade option",
         .apply = copying([](Copies &copies, const Matching &matching, const Publication &) {
             for (auto &copy : copies)
                 copy.qos = matching.front()->qos;
         })},
        {.name = "qos-2-delivered-at-1",
         .sentence = "A QoS 2 subscription gets QoS 2 publications at QoS 1.",
         .breaks = {v3("MQTT-3.8.4-6"), v3("D311-7"), v3("MQTT-3.3.5-1"), v3("MQTT-3.8.4-3#a"), v5("MQTT-3.8.4-8"), v5("D5-8"), v5("MQTT-3.3.4-2"), v5("MQTT-3.8.4-3")},
         .seen = "brokers without QoS 2 that grant it",
         .apply = copying([](Copies &copies, const Matching &, const Publication &) {
             for (auto &copy : copies)
                 copy.qos = std::min<std::uint8_t>(copy.qos, 1);
         })},
        {.name = "granted-qos-lost-on-resume",
         .sentence = "Resumed subscriptions have QoS 1 at most.",
         .breaks = {v3("D311-7"), v3("MQTT-3.1.2-4#a"), v5("D5-8"), v5("MQTT-3.1.2-5")},
         .seen = "scenario B09",
         .apply =
             [](Setup &setup) {
                 setup.rules.hooks.push_back(on(Reason::Resumed, [](auto &after, const auto &) {
                     for (auto &subscription : *after.mutable_subscription())
                         subscription.mutable_filter()->set_qos(std::min(1u, subscription.filter().qos()));
                 }));
             }},
    };
}

Rows identifierRows()
{
    return {
        {.name = "overlap-with-one-identifier",
         .sentence = "A copy for several subscriptions carries the identifier of one.",
         .breaks = {v5("MQTT-3.3.4-4")},
         .seen = "asked for by the statement",
         .apply = copying([](Copies &copies, const Matching &, const Publication &) {
             for (auto &copy : copies)
                 if (copy.identifiers.size() > 1)
                     copy.identifiers.resize(1);
         })},
        {.name = "each-copy-with-all-identifiers",
         .sentence = "Overlapping subscriptions get a copy each, and each carries the identifiers of all.",
         .breaks = {v5("MQTT-3.3.4-5"), v5("U5-3.3.4-3")},
         .seen = "asked for by the statement",
         .apply = [](Setup &setup) { setup.rules.copies = oneEachWithAllIdentifiers; }},
        {.name = "identifiers-never-sent",
         .sentence = "Subscription identifiers are accepted and never sent.",
         .breaks = {v5("MQTT-3.3.4-3"), v5("MQTT-3.3.4-4"), v5("U5-3.8.2.1.2-1"), v5("D5-8")},
         .seen = "asked for by the statement",
         .apply = copying([](Copies &copies, const Matching &, const Publication &) {
             for (auto &copy : copies)
                 copy.identifiers.clear();
         })},
        {.name = "foreign-identifier-sent",
         .sentence = "Messages carry an identifier that no matching subscription has.",
         .breaks = {v5("U5-3.3.4-3")},
         .seen = "asked for by the statement",
         .apply = copying([](Copies &copies, const Matching &, const Publication &) {
             for (auto &copy : copies)
                 copy.identifiers.push_back(4711);
         })},
        {.name = "options-survive-resubscription",
         .sentence = "A subscription that replaces another keeps its No Local and its Retain As Published.",
         .breaks = {v5("MQTT-3.8.4-3")},
         .seen = "Mosquitto 2.0.11",
         .apply =
             [](Setup &setup) {
                 setup.rules.replaced = [](const Subscription &old, const Subscription &fresh) {
                     auto kept = fresh;
                     kept.noLocal = old.noLocal;
                     kept.retainAsPublished = old.retainAsPublished;
                     return kept;
                 };
             }},
        {.name = "identifier-survives-resubscription",
         .sentence = "A subscription that replaces another keeps its identifier.",
         .breaks = {v5("U5-3.8.4-1"), v5("MQTT-3.8.4-3"), v5("U5-3.3.4-3"), v5("MQTT-3.3.4-3")},
         .seen = "asked for by the statement",
         .apply =
             [](Setup &setup) {
                 setup.rules.replaced = [](const Subscription &old, const Subscription &fresh) {
                     auto kept = fresh;
                     if (old.identifier)
                         kept.identifier = old.identifier;
                     return kept;
                 };
             }},
        {.name = "no-local-ignored",
         .sentence = "No Local is taken for 0.",
         .breaks = {v5("MQTT-3.8.3-3"), v5("D5-8")},
         .seen = "asked for by the statement",
         .apply = filtered({.reads = [](v1::Packet &packet, const LinkView &) {
             if (!packet.has_subscribe())
                 return;
             for (auto &filter : *packet.mutable_subscribe()->mutable_filter())
                 filter.set_no_local(false);
         }})},
    };
}

Rows keptRows()
{
    return {
        {.name = "subscriptions-lost-on-resume",
         .sentence = "A session is resumed without its subscriptions.",
         .breaks = {v3("MQTT-3.1.2-4#a"), v3("U311-3.1.2.4-2"), v3("MQTT-4.1.0-1"), v3("MQTT-4.5.0-1"), v5("MQTT-3.1.2-5"), v5("U5-4.1-2"), v5("MQTT-4.5.0-1")},
         .seen = "scenario B09",
         .apply =
             [](Setup &setup) {
                 setup.rules.hooks.push_back(on(Reason::Resumed, [](auto &after, const auto &) { after.clear_subscription(); }));
             }},
        {.name = "received-ids-survive-clean-start",
         .sentence = "A clean start keeps the identifiers of QoS 2 messages that were received.",
         .breaks = {v3("D311-8"), v3("MQTT-3.1.2-6#a"), v3("MQTT-3.1.2-6#c"), v5("MQTT-3.1.2-4")},
         .seen = "scenario B02",
         .apply =
             [](Setup &setup) {
                 setup.rules.hooks.push_back(on(Reason::CleanStarted, [](auto &after, const auto &before) {
                     *after.mutable_received() = before.received();
                 }));
             }},
        {.name = "inflight-survives-clean-start",
         .sentence = "A clean start keeps the messages in flight.",
         .breaks = {v3("MQTT-3.1.2-6#a"), v3("MQTT-3.1.2-6#c"), v5("MQTT-3.1.2-4")},
         .seen = "scenario B02",
         .apply =
             [](Setup &setup) {
                 setup.rules.hooks.push_back(on(Reason::CleanStarted, [](auto &after, const auto &before) {
                     *after.mutable_inflight() = before.inflight();
                 }));
             }},
        {.name = "clean-start-session-not-kept",
         .sentence = "A session that began with Clean Start 1 is not kept, whatever its interval.",
         .breaks = {v5("D5-7"), v5("MQTT-3.1.2-23"), v5("MQTT-3.2.2-3"), v5("U5-4.1-3")},
         .seen = "brokers that grew from Clean Session",
         .apply = filtered({.reads = [](v1::Packet &packet, const LinkView &) {
             if (packet.connect().clean())
                 packet.mutable_connect()->clear_session_expiry_interval();
         }})},
        {.name = "clean-end-cleans-the-next",
         .sentence = "The end of a session that was not kept takes along the subscriptions of the next one.",
         .breaks = {v3("MQTT-3.1.2-4#a"), v3("MQTT-4.5.0-1"), v5("MQTT-3.1.2-5"), v5("MQTT-4.5.0-1")},
         .seen = "field scenario B13",
         .apply =
             [](Setup &setup) {
                 const auto brief = std::make_shared<std::set<std::string>>();
                 setup.rules.hooks.push_back([brief](v1::ServerSession &after, const v1::ServerSession &before, Reason why) {
                     if (why == Reason::Expired)
                         brief->insert(before.client_id());
                     else if ((why == Reason::Closed || why == Reason::TakenOver) && brief->erase(after.client_id()))
                         after.clear_subscription();
                 });
             }},
        {.name = "clean-start-ignored",
         .sentence = "Clean Start and Clean Session are ignored: what is stored goes on.",
         .breaks = {v3("MQTT-3.1.2-6#a"), v3("MQTT-3.1.2-6#c"), v3("MQTT-3.2.2-1"), v3("MQTT-3.1.4-3"), v3("D311-5"), v3("D311-8"), v5("MQTT-3.1.2-4"), v5("MQTT-3.2.2-2"), v5("MQTT-3.1.4-4")},
         .seen = "asked for by the statement",
         .apply = filtered({.reads = [](v1::Packet &packet, const LinkView &) {
             if (packet.has_connect() && !packet.connect().client_id().empty())
                 packet.mutable_connect()->set_clean(false);
         }})},
    };
}

} // namespace

Rows routeDeviations()
{
    Rows rows = qosRows();
    for (auto *more : {&identifierRows, &keptRows})
        for (auto &row : more())
            rows.push_back(std::move(row));
    return rows;
}

} // namespace hiatus::broker
