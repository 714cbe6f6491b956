#include "minibroker/deviation/rows.h"

namespace hiatus::broker {

Rows receiptDeviations()
{
    return {
        {.name = "no-inbound-qos2-dedupe",
         .sentence = "A QoS 2 PUBLISH that is sent again on the same connection is published again.",
         .breaks = {v3("MQTT-4.3.3-2#b"), v5("MQTT-4.3.3-10")},
         .seen = "four brokers; scenario B22",
         .apply =
             [](Setup &setup) { setup.rules.isRepeat = [](const Session &, const v1::Publish &) { return false; }; }},
        {.name = "forget-inbound-qos2-ids-on-resume",
         .sentence = "Received QoS 2 identifiers belong to the connection: a repeat after a resumption is new.",
         .breaks = {v3("MQTT-4.3.3-2#b"), v3("MQTT-3.1.2-4#a"), v5("MQTT-4.3.3-10"), v5("MQTT-3.1.2-5")},
         .seen = "two brokers; scenario B22",
         .apply =
             [](Setup &setup) {
                 setup.rules.hooks.push_back(
                     on(Reason::Resumed, [](auto &after, const auto &) { after.clear_received(); }));
             }},
        {.name = "lose-unreleased-inbound-qos2-on-reconnect",
         .sentence = "A broker that publishes at PUBREL loses the held message with the connection, and still answers.",
         .breaks = {v3("MQTT-4.3.3-2#a"), v3("MQTT-4.5.0-1"), v3("MQTT-3.1.2-4#a"), v5("MQTT-4.3.3-8"),
                    v5("MQTT-4.5.0-1"), v5("MQTT-3.1.2-5")},
         .also = {"publishes QoS 2 onward at PUBREL, which is lawful"},
         .seen = "two brokers; scenario B23",
         .apply =
             [](Setup &setup) {
                 setup.rules.routesAtPubrel = true;
                 setup.rules.hooks.push_back(on(Reason::Resumed, [](auto &after, const auto &) {
                     for (auto &received : *after.mutable_received())
                         received.clear_held();
                 }));
             }},
        {.name = "dedupe-on-dup-flag-only",
         .sentence = "Every QoS 2 PUBLISH with DUP 1 is taken for one that was seen before.",
         .breaks = {v3("MQTT-4.3.3-2#a"), v3("MQTT-4.3.3-2#d"), v3("MQTT-4.5.0-1"), v5("MQTT-4.3.3-8"),
                    v5("MQTT-4.3.3-12"), v5("MQTT-4.5.0-1")},
         .seen = "scenario B22",
         .apply =
             [](Setup &setup) {
                 setup.rules.isRepeat = [](const Session &session, const v1::Publish &publish) {
                     return publish.dup() || rules::isRepeat(session, publish);
                 };
             }},
        {.name = "no-pubcomp-for-unknown-pubrel",
         .sentence = "A PUBREL with an unknown identifier is not answered.",
         .breaks = {v3("MQTT-4.3.3-2#c"), v5("MQTT-4.3.3-11")},
         .seen = "scenario B22",
         .apply =
             [](Setup &setup) {
                 setup.rules.unknownPubrel = [](v1::Version) { return std::optional<std::uint32_t>(); };
             }},
    };
}

} // namespace hiatus::broker
