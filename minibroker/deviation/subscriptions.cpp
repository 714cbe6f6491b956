#include "minibroker/deviation/rows.h"

namespace hiatus::broker {

namespace {

/// Changes each subscription of a session that is resumed.
std::function<void(Setup &)> eachOnResume(std::function<void(v1::Subscription &)> act)
{
    return [act = std::move(act)](Setup &setup) {
        setup.rules.hooks.push_back(on(Reason::Resumed, [act](auto &after, const auto &) {
            for (auto &subscription : *after.mutable_subscription())
                act(subscription);
        }));
    };
}

void dropShared(v1::ServerSession &after, const v1::ServerSession &before)
{
    after.clear_subscription();
    for (const auto &subscription : before.subscription())
        if (!subscription.filter().filter().starts_with("$share/"))
            *after.add_subscription() = subscription;
}

/// The router forgets what was unsubscribed; the stored list does not.
void bringBackUnsubscribed(Setup &setup)
{
    const auto gone = std::make_shared<PerClient<std::map<std::string, v1::Subscription>>>();
    setup.rules.removesSubscription = [gone](const Session &session, const Subscription &subscription) {
        v1::Subscription value;
        value.mutable_filter()->set_filter(subscription.filter);
        value.mutable_filter()->set_qos(subscription.qos);
        (*gone)[session.clientId][subscription.filter] = value;
        return true;
    };
    setup.rules.hooks.push_back([gone](v1::ServerSession &after, const v1::ServerSession &before, Reason why) {
        auto &filters = (*gone)[before.client_id()];
        if (why == Reason::CleanStarted || why == Reason::Expired)
            filters.clear();
        if (why != Reason::Resumed)
            return;
        for (const auto &subscription : before.subscription())
            filters.erase(subscription.filter().filter()); // subscribed anew since
        for (const auto &[filter, subscription] : filters)
            *after.add_subscription() = subscription;
    });
}

void doubleAfterResume(Setup &setup)
{
    setup.rules.copies = [](const Session &session, const Matching &matching, const Publication &publication) {
        auto copies = rules::copies(session, matching, publication);
        if (session.connection != nullptr && session.connection->resumed && !matching.front()->shared)
            copies.push_back(copies.front());
        return copies;
    };
}

} // namespace

Rows subscriptionDeviations()
{
    return {
        {.name = "lose-subscription-options-on-resume",
         .sentence = "No Local and Retain As Published fall back to their defaults when a session is resumed.",
         .breaks = {v5("D5-8"), v5("MQTT-3.1.2-5"), v5("MQTT-3.8.3-3"), v5("MQTT-3.3.1-13")},
         .seen = "two brokers; scenario B09",
         .apply = eachOnResume([](v1::Subscription &subscription) {
             subscription.mutable_filter()->set_no_local(false);
             subscription.mutable_filter()->set_retain_as_published(false);
         })},
        {.name = "lose-subscription-id-on-resume",
         .sentence = "Deliveries of a resumed session come without subscription identifiers.",
         .breaks = {v5("D5-8"), v5("MQTT-3.1.2-5"), v5("MQTT-3.3.4-3"), v5("MQTT-3.3.4-4"), v5("U5-3.8.2.1.2-1")},
         .seen = "scenario B09",
         .apply = eachOnResume([](v1::Subscription &subscription) { subscription.clear_identifier(); })},
        {.name = "drop-shared-subs-on-resume",
         .sentence = "Only plain filters come back with a resumed session.",
         .breaks = {v5("MQTT-3.1.2-5"), v5("D5-8"), v5("U5-4.8.2-3"), v5("MQTT-4.5.0-1"), v5("U5-4.1-2")},
         .seen = "two brokers; scenario B09",
         .apply = [](Setup &setup) { setup.rules.hooks.push_back(on(Reason::Resumed, dropShared)); }},
        {.name = "unsubscribe-not-persisted",
         .sentence = "UNSUBSCRIBE acts on the router only; a resumption brings the subscription back.",
         .breaks = {v3("MQTT-3.10.4-1"), v3("MQTT-3.10.4-2"), v3("MQTT-3.1.2-4#a"), v5("MQTT-3.10.4-1"),
                    v5("MQTT-3.10.4-2"), v5("MQTT-3.1.2-5")},
         .seen = "three brokers; scenario B10",
         .apply = bringBackUnsubscribed},
        {.name = "duplicate-subscription-on-resume",
         .sentence = "A resumption enters the subscriptions a second time: two copies of every message.",
         .breaks = {v3("U311-1.2-1"), v3("MQTT-3.1.2-4#a"), v3("MQTT-3.8.4-3#a"), v5("U5-4.8.1-1"), v5("MQTT-3.1.2-5"),
                    v5("MQTT-3.8.4-3")},
         .seen = "three brokers; scenario B11",
         .apply = doubleAfterResume},
        {.name = "resubscribe-keeps-old-options",
         .sentence = "A SUBSCRIBE to a filter that is held is acknowledged, but QoS, options and identifier stay.",
         .breaks = {v3("MQTT-3.8.4-3#a"), v3("MQTT-3.8.4-6"), v5("MQTT-3.8.4-3"), v5("U5-3.8.4-1"), v5("MQTT-3.8.4-8")},
         .seen = "four brokers; scenario B11",
         .apply =
             [](Setup &setup) {
                 setup.rules.replaced = [](const Subscription &old, const Subscription &) { return old; };
             }},
        {.name = "resend-retained-on-resume",
         .sentence = "A resumption sends the retained messages of all subscriptions again.",
         .breaks = {v3("D311-6"), v5("U5-3.8.3.1-1"), v5("D5-8")},
         .seen = "two brokers; scenario B12",
         .apply =
             [](Setup &setup) {
                 setup.rules.sendsRetained = [](const Subscription &subscription, bool existed, bool onResume) {
                     return (onResume && !subscription.shared) || rules::sendsRetained(subscription, existed, onResume);
                 };
             }},
    };
}

} // namespace hiatus::broker
