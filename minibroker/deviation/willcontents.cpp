// Wills that are not what their CONNECT said.

#include "minibroker/deviation/filters.h"
#include "minibroker/deviation/rows.h"
#include "proto/wire/encoder.h"
#include "proto/wire/text.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>

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

/// The PUBLISH with a Will Delay Interval before its other properties. A long one, whose lengths take two bytes, stays as it is.
std::string withDelay(const v1::Packet &packet, std::uint32_t seconds)
{
    std::string bytes = wire::encode(packet, v1::V5);
    const std::size_t properties = 2 + 2 + packet.publish().topic().size() + (packet.publish().qos() > 0 ? 2 : 0);
    std::string property = "\x18";
    constexpr std::size_t room = 127 - 5;
    if (static_cast<unsigned char>(bytes[1]) > room)
        return bytes;
    for (const unsigned shift : {24u, 16u, 8u, 0u})
        property.push_back(static_cast<char>(seconds >> shift & 0xFF));
    for (const std::size_t length : {std::size_t{1}, properties})
        bytes[length] = static_cast<char>(static_cast<std::size_t>(bytes[length]) + property.size());
    return bytes.insert(properties + 1, property);
}

Filtering delayForwarded()
{
    const auto delays = std::make_shared<std::map<std::string, std::uint32_t>>(); // by topic
    return {.reads =
                [delays](v1::Packet &packet, const LinkView &) {
                    const v1::Will &will = packet.connect().will();
                    if (will.has_delay_interval())
                        (*delays)[will.topic()] = will.delay_interval();
                },
            .writes =
                [delays](v1::Packet &packet, const LinkView &view) {
                    const auto delay = delays->find(packet.publish().topic());
                    if (packet.has_publish() && view.version == v1::V5 && delay != delays->end())
                        packet.mutable_wire()->set_hex(wire::hex(withDelay(packet, delay->second)));
                }};
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
        {.name = "will-says-its-delay", .sentence = "A will is published with its Will Delay Interval, which a PUBLISH cannot have.",
         .breaks = {v5("U5-7.1.1-1")}, .seen = "aedes 2.0.0-beta.1", .apply = filtered(delayForwarded)},
    };
}

} // namespace hiatus::broker
