// Window and identifiers.

#include "client/deviation/rows.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace hiatus::client::deviation {

namespace {

constexpr std::uint32_t OwnWindow = 5; ///< so that the leak shows in 3.1.1, which has no Receive Maximum

void ignoreReceiveMaximum(Assembly &assembly)
{
    assembly.rules.window = [](const Limits &) { return 65'535u; };
}

void leakCounter(Assembly &assembly)
{
    auto leaked = std::make_shared<std::uint32_t>(0);
    assembly.hooks.push_back([leaked](SessionState &state, Reason reason) {
        if (reason == Reason::Closed)
            *leaked += static_cast<std::uint32_t>(state.inflight.size());
    });
    assembly.rules.window = [leaked, before = assembly.rules.window](const Limits &limits) {
        const std::uint32_t window = std::min(before(limits), OwnWindow);
        return window - std::min(window, *leaked);
    };
}

/// What the first CONNACK allowed is taken to hold for all.
void keepFirstReceiveMaximum(Assembly &assembly)
{
    auto first = std::make_shared<std::optional<std::uint32_t>>();
    assembly.rules.window = [first, before = assembly.rules.window](const Limits &limits) {
        if (!*first)
            *first = before(limits);
        return **first;
    };
}

void freeAtPubrec(Assembly &assembly)
{
    assembly.rules.occupiesWindow = [](const Outgoing &entry) { return entry.written && entry.stage != v1::AWAIT_PUBCOMP; };
}

/// The identifier of a QoS 2 message is given to the next one once PUBREC has come.
void freeIdAtPubrec(Assembly &assembly)
{
    auto freed = std::make_shared<std::optional<PacketId>>();
    FilterRules rules;
    rules.admits = [freed](v1::Packet &packet, Time) {
        if (packet.has_pubrec())
            *freed = static_cast<PacketId>(packet.pubrec().packet_id());
        return true;
    };
    decorate(assembly, std::move(rules));
    assembly.rules.chooseId = [freed, before = assembly.rules.chooseId](PacketIds &ids) {
        return *freed ? std::exchange(*freed, std::nullopt) : before(ids);
    };
}

void reuseIds(Assembly &assembly)
{
    auto last = std::make_shared<PacketId>(PacketId{0});
    assembly.hooks.push_back([last](SessionState &, Reason reason) {
        if (reason == Reason::Closed)
            *last = 0;
    });
    assembly.rules.chooseId = [last](PacketIds &) -> std::optional<PacketId> {
        *last = *last >= 2 ? PacketId{1} : static_cast<PacketId>(*last + 1);
        return *last;
    };
}

} // namespace

std::vector<Alteration> ofWindow()
{
    return {
        {"resend-ignores-receive-maximum", "The whole backlog is written at once, whatever CONNACK allows.",
         v5({"MQTT-3.3.4-7", "MQTT-4.9.0-2", "D5-11"}), {}, {}, "mosquitto's client library #1822 and five others",
         ignoreReceiveMaximum},
        {"keeps-first-receive-maximum", "The Receive Maximum of the first CONNACK is kept to on every later connection.",
         v5({"U5-3.1.2.11.3-1"}), v5({"D5-11", "MQTT-3.3.4-7"}), {}, "", keepFirstReceiveMaximum},
        {"quota-grows-at-pubrec", "PUBREC gives its place in the window back, before PUBCOMP.",
         v5({"U5-4.9-1", "MQTT-4.9.0-2", "MQTT-3.3.4-7"}), {}, {}, "", freeAtPubrec},
        {"frees-id-at-pubrec", "The identifier of a QoS 2 message is used anew once PUBREC has come.",
         both(v3({"MQTT-2.3.1-3#b"}), v5({"U5-2.2.1-1"})), both(v3({"MQTT-2.3.1-2"}), v5({"MQTT-2.2.1-3"})), {}, "", freeIdAtPubrec},
        {"inflight-counter-leaks-on-cut",
         "The count of open exchanges is not made anew: each cut with messages in flight costs places in the window.",
         both(v5({"MQTT-4.9.0-1", "U5-4.9-2", "MQTT-4.4.0-1#a"}), v3({"MQTT-4.4.0-1#a"})),
         both(v5({"MQTT-4.3.2-2", "MQTT-4.3.3-2"}), v3({"MQTT-4.3.2-1#b", "MQTT-4.3.3-1#b"})), {},
         "rumqttc #1014 and six others", leakCounter},
        {"reuse-id-of-outstanding-request",
         "Identifiers are chosen without looking at open SUBSCRIBE, UNSUBSCRIBE and stored PUBLISH.",
         both(v3({"MQTT-2.3.1-2", "MQTT-4.3.2-1#a", "MQTT-4.3.3-1#a"}), v5({"MQTT-2.2.1-3", "MQTT-4.3.2-1", "MQTT-4.3.3-1"})),
         both(v3({"MQTT-4.4.0-1#a"}), v5({"MQTT-4.4.0-1#a"})), {}, "five client libraries", reuseIds},
    };
}

} // namespace hiatus::client::deviation
