#include "minibroker/deviation/decorators.h"
#include "minibroker/deviation/rows.h"

#include <set>

namespace hiatus::broker {

namespace {

/// What had not been acknowledged last, and what waited, was routed while the session changed hands.
void dropLatest(v1::ServerSession &after)
{
    after.clear_pending();
    auto &all = *after.mutable_inflight();
    for (auto it = all.end(); it != all.begin();)
        if ((--it)->stage() != v1::AWAIT_PUBCOMP) {
            all.erase(it);
            return;
        }
}

void loseDuringTakeover(Setup &setup)
{
    const auto taken = std::make_shared<std::set<std::string>>();
    setup.rules.hooks.push_back(
        on(Reason::TakenOver, [taken](auto &after, const auto &) { taken->insert(after.client_id()); }));
    setup.rules.hooks.push_back(on(Reason::Resumed, [taken](auto &after, const auto &) {
        if (taken->erase(after.client_id()) > 0)
            dropLatest(after);
    }));
}

} // namespace

Rows takeoverDeviations()
{
    return {
        {.name = "takeover-leaves-old-connection-open",
         .sentence = "A taken-over connection is replaced in the books, but stays open.",
         .breaks = {v3("MQTT-3.1.4-2"), v5("MQTT-3.1.4-3")},
         .seen = "five brokers; scenario B32",
         .apply = [](Setup &setup) { setup.decorators.push_back(leaveOldOpen); }},
        {.name = "old-teardown-deletes-new-session",
         .sentence = "The clean-up of a taken-over connection goes by client id and deletes its successor's session.",
         .breaks = {v3("MQTT-4.1.0-2"), v3("MQTT-4.1.0-1"), v3("MQTT-4.5.0-1"), v3("MQTT-3.1.2-8#b"), v3("D311-2"),
                    v3("MQTT-3.1.2-4#c"), v5("MQTT-4.1.0-1"), v5("MQTT-4.5.0-1"), v5("MQTT-3.1.2-8#a"), v5("D5-3"),
                    v5("MQTT-3.1.2-23"), v5("MQTT-3.2.2-3")},
         .also = {"the successor's will is published", "its connection stays open, but only PINGREQ is answered"},
         .seen = "MQTTnet 486, mochi 173 and 483, FluxMQ 595, FlashMQ eebab1c",
         .apply = [](Setup &setup) { setup.decorators.push_back(tearDownTwice); }},
        {.name = "lose-publishes-during-takeover",
         .sentence = "Messages routed between the snapshot of a session and its hand-over are dropped.",
         .breaks = {v3("MQTT-4.5.0-1"), v3("D311-2"), v3("MQTT-4.4.0-1#a"), v3("MQTT-3.1.2-4#a"), v5("MQTT-4.5.0-1"),
                    v5("D5-3"), v5("MQTT-4.4.0-1#a"), v5("MQTT-3.1.2-5")},
         .seen = "three brokers; scenario B35",
         .apply = loseDuringTakeover},
    };
}

} // namespace hiatus::broker
