// Wills that are not what their CONNECT said.

#include "minibroker/deviation/filters.h"
#include "minibroker/deviation/rows.h"

#include <algorithm>

namespace hiatus::broker {

namespace {

std::function<void(Setup &)> stored(void (*change)(v1::Will &))
{
    return filtered(Filtering{.reads = [change](v1::Packet &packet, const LinkView &) {
        if (packet.has_connect() && packet.connect().has_will())
            change(*packet.mutable_connect()->mutable_will());
    }});
}

void withoutProperties(v1::Will &will)
{
    will.clear_payload_format_indicator();
    will.clear_content_type();
    will.clear_response_topic();
    will.clear_correlation_data();
}

} // namespace

Rows willContentDeviations()
{
    const char *const seen = "asked for: what is stored of a will";
    return {
        {.name = "will-at-qos-0", .sentence = "Wills are published at QoS 0.", .breaks = {v3("MQTT-3.8.4-6"), v5("MQTT-3.8.4-8")}, .seen = seen,
         .apply = stored([](v1::Will &will) { will.set_qos(0); })},
        {.name = "will-not-retained", .sentence = "The retain flag of a will is lost.", .breaks = {v3("MQTT-3.1.2-17"), v5("MQTT-3.1.2-15")},
         .seen = seen, .apply = stored([](v1::Will &will) { will.set_retain(false); })},
        {.name = "will-always-retained", .sentence = "Every will is retained.", .breaks = {v3("MQTT-3.1.2-16"), v5("MQTT-3.1.2-14")}, .seen = seen,
         .apply = stored([](v1::Will &will) { will.set_retain(true); })},
        {.name = "will-without-payload", .sentence = "Wills are published empty.", .breaks = {v3("MQTT-3.1.2-8#b"), v5("MQTT-3.1.2-8#a")},
         .seen = seen, .apply = stored([](v1::Will &will) { will.set_payload(""); })},
        {.name = "will-without-properties", .sentence = "Format, content type, response topic and correlation data of a will are lost.",
         .breaks = {v5("MQTT-3.3.2-4"), v5("MQTT-3.3.2-15"), v5("MQTT-3.3.2-16"), v5("MQTT-3.3.2-20")}, .seen = seen,
         .apply = stored(withoutProperties)},
        {.name = "will-user-properties-lost", .sentence = "User properties of a will are lost.", .breaks = {v5("MQTT-3.1.3-10")}, .seen = seen,
         .apply = stored([](v1::Will &will) { will.clear_user_property(); })},
        {.name = "will-user-properties-sorted", .sentence = "User properties of a will are published in the order of their names.",
         .breaks = {v5("MQTT-3.1.3-10")}, .seen = seen,
         .apply = stored([](v1::Will &will) {
             std::stable_sort(will.mutable_user_property()->begin(), will.mutable_user_property()->end(),
                              [](const auto &a, const auto &b) { return a.key() < b.key(); });
         })},
        {.name = "will-never-expires", .sentence = "The message expiry interval of a will is lost.",
         .breaks = {v5("MQTT-3.3.2-5"), v5("MQTT-3.3.2-6")}, .seen = seen, .apply = stored([](v1::Will &will) { will.clear_message_expiry_interval(); })},
    };
}

} // namespace hiatus::broker
