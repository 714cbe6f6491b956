// Retained messages and the RETAIN flag.

#include "minibroker/deviation/filters.h"
#include "minibroker/deviation/rows.h"

namespace hiatus::broker {

namespace {

using Sends = std::function<bool(const Subscription &, bool existed, bool onResume)>;

std::function<void(Setup &)> sending(Sends sends)
{
    return [sends = std::move(sends)](Setup &setup) { setup.rules.sendsRetained = sends; };
}

/// RETAIN of a message to an established subscription, given whether it was published so and Retain As Published.
std::function<void(Setup &)> flagging(std::function<bool(bool published, bool asPublished)> flag)
{
    return [flag = std::move(flag)](Setup &setup) {
        setup.rules.copies = [flag](const Session &session, const Matching &matching, const Publication &publication) {
            auto copies = rules::copies(session, matching, publication);
            for (auto &copy : copies)
                copy.retain = flag(publication.retain(), matching.front()->retainAsPublished);
            return copies;
        };
    };
}

Rows storeRows()
{
    return {
        {.name = "retained-not-stored",
         .sentence = "RETAIN 1 is accepted and nothing is kept.",
         .breaks = {v3("MQTT-3.3.1-5"), v3("MQTT-3.3.1-6"), v3("U311-4.1-1"), v3("MQTT-3.1.2-7"), v5("MQTT-3.3.1-5"), v5("MQTT-3.3.1-9"), v5("U5-4.1-4")},
         .seen = "asked for by the statement",
         .apply = [](Setup &setup) { setup.rules.storesRetained = [](const Publication &) { return false; }; }},
        {.name = "first-retained-stays",
         .sentence = "A retained message is not replaced by a later one.",
         .breaks = {v3("MQTT-3.3.1-5"), v3("MQTT-3.3.1-6"), v5("MQTT-3.3.1-5"), v5("MQTT-3.3.1-9")},
         .seen = "asked for by the statement",
         .apply = filtered([] {
             const auto topics = std::make_shared<std::map<std::string, bool>>();
             return Filtering{.reads = [topics](v1::Packet &packet, const LinkView &) {
                 if (!packet.publish().retain() || packet.publish().payload().empty())
                     return;
                 if (!topics->emplace(packet.publish().topic(), true).second)
                     packet.mutable_publish()->set_retain(false);
             }};
         })},
        {.name = "old-retained-survives-qos-0",
         .sentence = "A QoS 0 publication with RETAIN 1 leaves the older retained message in place.",
         .breaks = {v3("MQTT-3.3.1-7"), v5("MQTT-3.3.1-5")},
         .seen = "asked for by the statement",
         .apply = filtered({.reads = [](v1::Packet &packet, const LinkView &) {
             if (packet.has_publish() && packet.publish().qos() == 0)
                 packet.mutable_publish()->set_retain(false);
         }})},
    };
}

Rows subscribeRows()
{
    return {
        {.name = "retained-not-sent",
         .sentence = "A new subscription gets no retained messages.",
         .breaks = {v3("MQTT-3.3.1-6"), v3("MQTT-3.8.4-3#b"), v5("MQTT-3.3.1-9"), v5("MQTT-3.3.1-10"), v5("MQTT-3.8.4-4#a")},
         .seen = "asked for by the statement",
         .apply = sending([](const Subscription &, bool, bool) { return false; })},
        {.name = "retained-only-once",
         .sentence = "A subscription that replaces another gets no retained messages.",
         .breaks = {v3("MQTT-3.8.4-3#b"), v5("MQTT-3.8.4-4#a"), v5("MQTT-3.3.1-9")},
         .seen = "asked for by the statement",
         .apply = sending([](const Subscription &subscription, bool existed, bool onResume) { return !existed && rules::sendsRetained(subscription, existed, onResume); })},
        {.name = "retain-handling-1-inverted",
         .sentence = "Retain Handling 1 sends retained messages if the subscription existed, as Appendix B has it.",
         .breaks = {v5("MQTT-3.3.1-10")},
         .seen = "appendix B of the standard",
         .apply = sending([](const Subscription &subscription, bool existed, bool onResume) { return rules::sendsRetained(subscription, subscription.retainHandling == 1 ? !existed : existed, onResume); })},
        {.name = "retain-handling-1-as-0",
         .sentence = "Retain Handling 1 is taken for 0.",
         .breaks = {v5("MQTT-3.3.1-10")},
         .seen = "asked for by the statement",
         .apply = sending([](const Subscription &subscription, bool existed, bool onResume) { return subscription.retainHandling == 1 ? !onResume : rules::sendsRetained(subscription, existed, onResume); })},
        {.name = "retain-handling-2-as-0",
         .sentence = "Retain Handling 2 is taken for 0.",
         .breaks = {v5("MQTT-3.3.1-11")},
         .seen = "asked for by the statement",
         .apply = sending([](const Subscription &subscription, bool existed, bool onResume) { return subscription.retainHandling == 2 ? !onResume : rules::sendsRetained(subscription, existed, onResume); })},
        {.name = "retained-to-shared",
         .sentence = "A shared subscription gets retained messages.",
         .breaks = {v5("U5-3.8.4-4")},
         .seen = "asked for by the statement",
         .apply = sending([](const Subscription &subscription, bool existed, bool onResume) { return (subscription.shared && !onResume) || rules::sendsRetained(subscription, existed, onResume); })},
    };
}

/// Which of the messages to a client are retained ones, going out because of a subscription: those behind its SUBSCRIBE.
bool isForSubscription(const v1::Packet &packet, const LinkView &view)
{
    return packet.has_publish() && packet.publish().retain() && view.last.has_subscribe();
}

Rows flagRows()
{
    return {
        {.name = "retained-without-flag",
         .sentence = "A message that goes out because of a new subscription has RETAIN 0.",
         .breaks = {v3("MQTT-3.3.1-8"), v5("U5-3.3.1.3-1")},
         .seen = "asked for by the statement",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &view) {
             if (isForSubscription(packet, view))
                 packet.mutable_publish()->set_retain(false);
         }})},
        {.name = "retain-flag-forwarded",
         .sentence = "RETAIN goes on to established subscriptions as it was published.",
         .breaks = {v3("MQTT-3.3.1-9"), v5("MQTT-3.3.1-12")},
         .seen = "bridges",
         .apply = flagging([](bool published, bool) { return published; })},
        {.name = "retain-as-published-ignored",
         .sentence = "Retain As Published is taken for 0.",
         .breaks = {v5("MQTT-3.3.1-13"), v5("D5-8")},
         .seen = "asked for by the statement",
         .apply = flagging([](bool, bool) { return false; })},
        {.name = "retain-as-published-always-1",
         .sentence = "With Retain As Published every message has RETAIN 1.",
         .breaks = {v5("MQTT-3.3.1-13")},
         .seen = "asked for by the statement",
         .apply = flagging([](bool, bool asPublished) { return asPublished; })},
    };
}

} // namespace

Rows retainDeviations()
{
    Rows rows = storeRows();
    for (auto *more : {&subscribeRows, &flagRows})
        for (auto &row : more())
            rows.push_back(std::move(row));
    return rows;
}

} // namespace hiatus::broker
