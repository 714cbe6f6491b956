// SUBSCRIBE, UNSUBSCRIBE, PINGREQ and their answers.

#include "minibroker/deviation/filters.h"
#include "minibroker/deviation/rows.h"
#include "proto/wire/topicfilter.h"

#include <algorithm>
#include <set>

namespace hiatus::broker {

namespace {

using Packets = std::vector<v1::Packet>;

std::uint32_t otherId(std::uint32_t id)
{
    return id % 65535 + 1;
}

/// SUBACK and UNSUBACK alike.
v1::Suback *answerIn(v1::Packet &packet)
{
    if (packet.has_suback())
        return packet.mutable_suback();
    return packet.has_unsuback() ? packet.mutable_unsuback() : nullptr;
}

void reverseCodes(v1::Suback &answer)
{
    std::reverse(answer.mutable_code()->begin(), answer.mutable_code()->end());
}

/// Only the first filter of a request is looked at; the answer has a code for each.
Filtering firstFilterOnly()
{
    const auto asked = std::make_shared<std::vector<std::uint32_t>>();
    return {.reads =
                [asked](v1::Packet &packet, const LinkView &) {
                    if (!packet.has_subscribe())
                        return;
                    asked->clear();
                    for (const auto &filter : packet.subscribe().filter())
                        asked->push_back(filter.qos());
                    packet.mutable_subscribe()->mutable_filter()->DeleteSubrange(1, packet.subscribe().filter_size() - 1);
                },
            .writes =
                [asked](v1::Packet &packet, const LinkView &) {
                    for (std::size_t i = 1; packet.has_suback() && i < asked->size(); ++i)
                        packet.mutable_suback()->add_code((*asked)[i]);
                }};
}

Filtering firstUnsubscribedOnly()
{
    const auto asked = std::make_shared<int>(0);
    return {.reads =
                [asked](v1::Packet &packet, const LinkView &) {
                    if (!packet.has_unsubscribe())
                        return;
                    *asked = packet.unsubscribe().filter_size();
                    packet.mutable_unsubscribe()->mutable_filter()->DeleteSubrange(1, *asked - 1);
                },
            .writes =
                [asked](v1::Packet &packet, const LinkView &view) {
                    for (int i = 1; packet.has_unsuback() && view.version == v1::V5 && i < *asked; ++i)
                        packet.mutable_unsuback()->add_code(0);
                }};
}

/// A filter in UNSUBSCRIBE takes along every filter that it covers.
Filtering unsubscribesByMatch()
{
    const auto held = std::make_shared<PerClient<std::set<std::string>>>();
    const auto asked = std::make_shared<int>(0);
    return {.reads =
                [held, asked](v1::Packet &packet, const LinkView &view) {
                    auto &filters = (*held)[view.connect.client_id()];
                    for (const auto &filter : packet.subscribe().filter())
                        filters.insert(filter.filter());
                    if (!packet.has_unsubscribe())
                        return;
                    *asked = packet.unsubscribe().filter_size();
                    for (int i = 0; i < *asked; ++i) {
                        const std::string filter = packet.unsubscribe().filter(i);
                        for (const auto &other : filters) {
                            if (other != filter && wire::isTopicName(other) && wire::matches(filter, other))
                                packet.mutable_unsubscribe()->add_filter(other);
                        }
                    }
                },
            .writes =
                [asked](v1::Packet &packet, const LinkView &) {
                    if (packet.has_unsuback() && packet.unsuback().code_size() > *asked)
                        packet.mutable_unsuback()->mutable_code()->Truncate(*asked);
                }};
}

Rows identifierRows()
{
    return {
        {.name = "suback-with-other-id",
         .sentence = "SUBACK has another packet identifier than its SUBSCRIBE.",
         .breaks = {v3("MQTT-3.8.4-2"), v3("MQTT-2.3.1-7"), v3("MQTT-3.8.4-1"), v5("MQTT-3.8.4-2"), v5("MQTT-2.2.1-6"), v5("MQTT-3.8.4-1")},
         .seen = "asked for by the statement",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &view) {
             if (packet.has_suback() && view.last.subscribe().filter_size() > 1)
                 packet.mutable_suback()->set_packet_id(otherId(packet.suback().packet_id()));
         }})},
        {.name = "unsuback-with-other-id",
         .sentence = "UNSUBACK has another packet identifier than its UNSUBSCRIBE.",
         .breaks = {v3("MQTT-3.10.4-4"), v3("MQTT-2.3.1-7"), v5("MQTT-3.10.4-4"), v5("MQTT-3.10.4-5"), v5("MQTT-2.2.1-6")},
         .seen = "asked for by the statement",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &) {
             if (packet.has_unsuback())
                 packet.mutable_unsuback()->set_packet_id(otherId(packet.unsuback().packet_id()));
         }})},
        {.name = "suback-withheld",
         .sentence = "A SUBSCRIBE with several filters gets no SUBACK.",
         .breaks = {v3("MQTT-3.8.4-1"), v3("MQTT-3.8.4-4"), v5("MQTT-3.8.4-1"), v5("MQTT-3.8.4-5")},
         .seen = "asked for by the statement",
         .apply = filtered({.swallows = [](const v1::Packet &packet, const LinkView &view) {
             return packet.has_suback() && view.last.subscribe().filter_size() > 1;
         }})},
        {.name = "unsuback-only-if-deleted",
         .sentence = "An UNSUBSCRIBE that deletes nothing gets no UNSUBACK.",
         .breaks = {v3("MQTT-3.10.4-5"), v3("MQTT-3.10.4-4"), v5("MQTT-3.10.4-5"), v5("MQTT-3.10.4-4")},
         .seen = "asked for by the statement",
         .apply =
             [](Setup &setup) {
                 const auto deleted = std::make_shared<bool>(false);
                 setup.rules.removesSubscription = [deleted](const Session &, const Subscription &) { return *deleted = true; };
                 filtered({.reads = [deleted](v1::Packet &, const LinkView &) { *deleted = false; },
                           .swallows = [deleted](const v1::Packet &packet, const LinkView &) { return packet.has_unsuback() && !*deleted; }})(setup);
             }},
        {.name = "unsuback-withheld",
         .sentence = "UNSUBSCRIBE is carried out and not answered.",
         .breaks = {v3("MQTT-3.10.4-4"), v5("MQTT-3.10.4-4"), v3("MQTT-3.10.4-6"), v5("MQTT-3.10.4-6")},
         .seen = "asked for by the statement",
         .apply = filtered({.swallows = [](const v1::Packet &packet, const LinkView &) { return packet.has_unsuback(); }})},
        {.name = "pingresp-withheld",
         .sentence = "PINGREQ is not answered.",
         .breaks = {v3("MQTT-3.12.4-1"), v5("MQTT-3.12.4-1")},
         .seen = "asked for by the statement",
         .apply = filtered({.swallows = [](const v1::Packet &packet, const LinkView &) { return packet.has_pingresp(); }})},
    };
}

Rows codeRows()
{
    return {
        {.name = "suback-codes-reversed",
         .sentence = "The codes of SUBACK come in another order than the filters.",
         .breaks = {v3("MQTT-3.9.3-1"), v3("MQTT-3.8.4-5"), v5("MQTT-3.9.3-1"), v5("MQTT-3.8.4-7")},
         .seen = "asked for by the statement",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &) {
             if (packet.has_suback())
                 reverseCodes(*packet.mutable_suback());
         }})},
        {.name = "suback-with-one-code",
         .sentence = "SUBACK has one code, however many filters there were.",
         .breaks = {v3("MQTT-3.8.4-5"), v3("MQTT-3.8.4-4"), v5("MQTT-3.8.4-6")},
         .seen = "asked for by the statement",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &) {
             if (packet.has_suback())
                 packet.mutable_suback()->mutable_code()->Truncate(1);
         }})},
        {.name = "suback-with-unlisted-code",
         .sentence = "SUBACK has a code that is not listed.",
         .breaks = {v3("MQTT-3.9.3-2"), v5("MQTT-3.9.3-2"), v5("MQTT-3.8.4-7")},
         .seen = "asked for by the statement",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &view) {
             if (packet.has_suback() && view.last.subscribe().filter_size() > 1)
                 packet.mutable_suback()->set_code(0, 0x81);
         }})},
        {.name = "unsuback-codes-reversed",
         .sentence = "The codes of UNSUBACK come in another order than the filters.",
         .breaks = {v5("MQTT-3.11.3-1")},
         .seen = "asked for by the statement",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &) {
             if (packet.has_unsuback())
                 reverseCodes(*packet.mutable_unsuback());
         }})},
        {.name = "unsuback-with-unlisted-code",
         .sentence = "UNSUBACK has a code that is not listed.",
         .breaks = {v5("MQTT-3.11.3-2")},
         .seen = "asked for by the statement",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &) {
             if (auto *answer = answerIn(packet); answer && packet.has_unsuback() && answer->code_size())
                 answer->set_code(0, 0x81);
         }})},
    };
}

/// Subscriptions are entered under another filter than the one asked for; what is held is told apart by the client's own.
std::function<void(Setup &)> subscribingTo(std::function<std::string(std::string)> filter)
{
    return filtered({.reads = [filter = std::move(filter)](v1::Packet &packet, const LinkView &) {
        if (packet.has_subscribe()) {
            for (auto &one : *packet.mutable_subscribe()->mutable_filter())
                one.set_filter(filter(one.filter()));
        }
        if (packet.has_unsubscribe()) {
            for (auto &one : *packet.mutable_unsubscribe()->mutable_filter())
                one = filter(one);
        }
    }});
}

Rows matchingRows()
{
    const std::vector<StatementRef> routing{v3("MQTT-4.5.0-1"), v5("MQTT-4.5.0-1")};
    return {
        {.name = "plus-spans-levels",
         .sentence = "A + at the end of a filter matches all levels below.",
         .breaks = routing,
         .seen = "brokers that match with regular expressions",
         .apply = subscribingTo([](std::string filter) { return filter.ends_with("/+") ? filter.substr(0, filter.size() - 1) + "#" : filter; })},
        {.name = "hash-is-one-level",
         .sentence = "A # behind a / matches one level only.",
         .breaks = routing,
         .seen = "brokers that match with regular expressions",
         .apply = subscribingTo([](std::string filter) { return filter.ends_with("/#") ? filter.substr(0, filter.size() - 1) + "+" : filter; })},
        {.name = "topics-in-small-letters",
         .sentence = "Topics are compared without regard to case.",
         .breaks = routing,
         .seen = "asked for by the statement",
         .apply = filtered({.reads = [](v1::Packet &packet, const LinkView &) {
             if (packet.has_publish())
                 std::transform(packet.mutable_publish()->mutable_topic()->begin(), packet.mutable_publish()->mutable_topic()->end(),
                                packet.mutable_publish()->mutable_topic()->begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
         }})},
        {.name = "empty-levels-cut",
         .sentence = "A / at the end of a topic is cut off.",
         .breaks = routing,
         .seen = "brokers that split and drop what is empty",
         .apply = filtered({.reads = [](v1::Packet &packet, const LinkView &) {
             if (packet.has_publish() && packet.publish().topic().ends_with('/'))
                 packet.mutable_publish()->mutable_topic()->pop_back();
         }})},
    };
}

Rows effectRows()
{
    return {
        {.name = "first-filter-only",
         .sentence = "Of a SUBSCRIBE with several filters the first one takes effect.",
         .breaks = {v3("MQTT-3.8.4-4"), v3("MQTT-4.5.0-1"), v5("MQTT-3.8.4-5"), v5("MQTT-4.5.0-1")},
         .seen = "asked for by the statement",
         .apply = filtered(firstFilterOnly)},
        {.name = "first-unsubscribed-only",
         .sentence = "Of an UNSUBSCRIBE with several filters the first one takes effect.",
         .breaks = {v3("MQTT-3.10.4-6"), v3("MQTT-3.10.4-2"), v5("MQTT-3.10.4-6"), v5("MQTT-3.10.4-2")},
         .seen = "asked for by the statement",
         .apply = filtered(firstUnsubscribedOnly)},
        {.name = "unsubscribe-by-match",
         .sentence = "A wildcard in UNSUBSCRIBE takes along the subscriptions that it covers.",
         .breaks = {v3("MQTT-3.10.4-1"), v5("MQTT-3.10.4-1")},
         .seen = "asked for by the statement",
         .apply = filtered(unsubscribesByMatch)},
        {.name = "unsubscribe-deletes-nothing",
         .sentence = "UNSUBSCRIBE is acknowledged and changes nothing.",
         .breaks = {v3("MQTT-3.10.4-1"), v3("MQTT-3.10.4-2"), v5("MQTT-3.10.4-1"), v5("MQTT-3.10.4-2"), v3("MQTT-3.10.4-6"), v5("MQTT-3.10.4-6")},
         .seen = "asked for by the statement",
         .apply =
             [](Setup &setup) {
                 setup.rules.removesSubscription = [](const Session &, const Subscription &) { return false; };
             }},
        {.name = "unsubscribe-ends-deliveries",
         .sentence = "What is in flight for a filter that was unsubscribed is not sent again.",
         .breaks = {v3("MQTT-3.10.4-3"), v3("MQTT-4.4.0-1#a"), v3("MQTT-4.4.0-1#b"), v5("MQTT-3.10.4-3"), v5("MQTT-4.4.0-1#a"), v5("MQTT-4.4.0-1#b")},
         .seen = "VerneMQ 1909 asks for it",
         .apply =
             [](Setup &setup) {
                 setup.rules.resends = [](const Session &session, const Inflight &inflight, Time) {
                     return std::any_of(session.subscriptions.begin(), session.subscriptions.end(), [&](const auto &entry) {
                         return wire::matches(entry.filter, inflight.message.publication->topic());
                     });
                 };
             }},
        {.name = "resubscribe-loses-next",
         .sentence = "While a subscription is replaced a message gets lost.",
         .breaks = {v3("MQTT-3.8.4-3#c"), v3("MQTT-4.5.0-1"), v5("MQTT-3.8.4-4#b"), v5("MQTT-4.5.0-1")},
         .seen = "brokers that remove the old entry first",
         .apply =
             [](Setup &setup) {
                 const auto gap = std::make_shared<std::set<std::string>>();
                 setup.rules.replaced = [](const Subscription &old, const Subscription &fresh) { return rules::replaced(old, fresh); };
                 filtered([gap] {
                     const auto known = std::make_shared<PerClient<std::set<std::string>>>();
                     return Filtering{.reads = [gap, known](v1::Packet &packet, const LinkView &view) {
                         for (const auto &filter : packet.subscribe().filter()) {
                             if (!(*known)[view.connect.client_id()].insert(filter.filter()).second)
                                 gap->insert(view.connect.client_id());
                         }
                     }};
                 })(setup);
                 setup.rules.copies = [gap](const Session &session, const Matching &matching, const Publication &publication) {
                     return gap->erase(session.clientId) ? Copies{} : rules::copies(session, matching, publication);
                 };
             }},
    };
}

} // namespace

Rows requestDeviations()
{
    Rows rows = identifierRows();
    for (auto *more : {&codeRows, &effectRows, &matchingRows})
        for (auto &row : more())
            rows.push_back(std::move(row));
    return rows;
}

} // namespace hiatus::broker
