// Properties of 5.0 that are forwarded, and limits that are obeyed.

#include "minibroker/deviation/filters.h"
#include "minibroker/deviation/rows.h"
#include "proto/wire/encoder.h"

#include <algorithm>
#include <map>

namespace hiatus::broker {

namespace {

std::function<void(Setup &)> forwarding(std::function<void(v1::Publish &)> change)
{
    return filtered({.writes = [change = std::move(change)](v1::Packet &packet, const LinkView &) {
        if (packet.has_publish())
            change(*packet.mutable_publish());
    }});
}

Alteration row(std::string name, std::string sentence, std::vector<StatementRef> breaks, std::function<void(Setup &)> apply)
{
    return {.name = std::move(name), .sentence = std::move(sentence), .breaks = std::move(breaks), .seen = "asked for by the statement", .apply = std::move(apply)};
}

Rows forwardedRows()
{
    return {
        row("user-properties-lost", "User properties are not forwarded.", {v5("MQTT-3.3.2-17"), v5("MQTT-3.3.2-18")}, forwarding([](v1::Publish &publish) { publish.clear_user_property(); })),
        row("user-properties-reversed", "User properties come in another order.", {v5("MQTT-3.3.2-18"), v5("MQTT-3.3.2-17"), v5("MQTT-3.1.3-10")},
            forwarding([](v1::Publish &publish) { std::reverse(publish.mutable_user_property()->begin(), publish.mutable_user_property()->end()); })),
        row("user-properties-unique", "Of user properties of one name the last is forwarded.", {v5("MQTT-3.3.2-17"), v5("MQTT-3.3.2-18")}, forwarding([](v1::Publish &publish) {
                std::map<std::string, std::string> unique;
                for (const auto &property : publish.user_property())
                    unique[property.key()] = property.value();
                publish.clear_user_property();
                for (const auto &[key, value] : unique) {
                    publish.add_user_property()->set_key(key);
                    publish.mutable_user_property(publish.user_property_size() - 1)->set_value(value);
                }
            })),
        row("content-type-lost", "The content type is not forwarded.", {v5("MQTT-3.3.2-20")}, forwarding([](v1::Publish &publish) { publish.clear_content_type(); })),
        row("response-topic-lost", "The response topic is not forwarded.", {v5("MQTT-3.3.2-15")}, forwarding([](v1::Publish &publish) { publish.clear_response_topic(); })),
        row("correlation-data-lost", "The correlation data are not forwarded.", {v5("MQTT-3.3.2-16")}, forwarding([](v1::Publish &publish) { publish.clear_correlation_data(); })),
        row("payload-format-lost", "The payload format indicator is not forwarded.", {v5("MQTT-3.3.2-4")}, forwarding([](v1::Publish &publish) { publish.clear_payload_format_indicator(); })),
        row("message-expiry-as-received", "The message expiry interval is forwarded as it was received.", {v5("MQTT-3.3.2-6")}, filtered([] {
                const auto received = std::make_shared<std::map<std::pair<std::string, std::string>, std::uint32_t>>();
                return Filtering{.reads =
                                     [received](v1::Packet &packet, const LinkView &) {
                                         if (packet.publish().has_message_expiry_interval())
                                             (*received)[{packet.publish().topic(), packet.publish().payload()}] = packet.publish().message_expiry_interval();
                                     },
                                 .writes =
                                     [received](v1::Packet &packet, const LinkView &) {
                                         const auto found = received->find({packet.publish().topic(), packet.publish().payload()});
                                         if (packet.publish().has_message_expiry_interval() && found != received->end())
                                             packet.mutable_publish()->set_message_expiry_interval(found->second);
                                     }};
            })),
    };
}

/// What is too large for its receiver disappears after it was sent, as far as the engine knows.
Filtering oversizeKeepsItsPlace()
{
    const auto limits = std::make_shared<std::map<LinkId, std::uint32_t>>();
    return {.reads =
                [limits](v1::Packet &packet, const LinkView &view) {
                    if (!packet.has_connect())
                        return;
                    (*limits)[view.link] = packet.connect().maximum_packet_size();
                    packet.mutable_connect()->clear_maximum_packet_size();
                },
            .swallows =
                [limits](const v1::Packet &packet, const LinkView &view) {
                    const auto limit = (*limits)[view.link];
                    return limit != 0 && packet.has_publish() && wire::encodedSize(packet, view.version) > limit;
                }};
}

/// Uses aliases as if this many were allowed.
std::function<void(Setup &)> aliasing(std::function<std::uint32_t(const v1::Connect &)> maximum)
{
    return [maximum = std::move(maximum)](Setup &setup) {
        setup.options.topicAliasesUsed = 16;
        filtered({.reads = [maximum](v1::Packet &packet, const LinkView &view) {
            if (packet.has_connect() && view.version == v1::V5)
                packet.mutable_connect()->set_topic_alias_maximum(maximum(packet.connect()));
        }})(setup);
    };
}

/// Aliases that a client set on one connection hold on its next ones.
Filtering aliasesOutlive()
{
    const auto known = std::make_shared<PerClient<std::map<std::uint32_t, std::string>>>();
    return {.reads = [known](v1::Packet &packet, const LinkView &view) {
        if (!packet.publish().has_topic_alias())
            return;
        auto &topic = (*known)[view.connect.client_id()][packet.publish().topic_alias()];
        if (packet.publish().topic().empty())
            packet.mutable_publish()->set_topic(topic);
        else
            topic = packet.publish().topic();
    }};
}

/// A topic that was given an alias on an earlier connection is not written out again.
Filtering aliasesSentOutlive()
{
    const auto known = std::make_shared<PerClient<std::map<std::string, std::uint32_t>>>();
    return {.writes = [known](v1::Packet &packet, const LinkView &view) {
        if (!packet.has_publish() || view.version != v1::V5 || view.connect.topic_alias_maximum() == 0)
            return;
        auto &aliases = (*known)[view.connect.client_id()];
        const auto found = aliases.find(packet.publish().topic());
        if (found == aliases.end() && aliases.size() < view.connect.topic_alias_maximum()) {
            packet.mutable_publish()->set_topic_alias(static_cast<std::uint32_t>(aliases.size()) + 1);
            aliases.emplace(packet.publish().topic(), packet.publish().topic_alias());
        } else if (found != aliases.end()) {
            packet.mutable_publish()->set_topic_alias(found->second);
            packet.mutable_publish()->set_topic("");
        }
    }};
}

Rows limitRows()
{
    return {
        row("maximum-packet-size-ignored", "Packets are sent that are larger than the client allows.", {v5("MQTT-3.1.2-24")}, filtered({.reads = [](v1::Packet &packet, const LinkView &) {
                if (packet.has_connect())
                    packet.mutable_connect()->clear_maximum_packet_size();
            }})),
        row("oversize-keeps-its-place", "A message too large for its receiver is not sent, and holds its place in the window.", {v5("MQTT-3.1.2-25")}, filtered(oversizeKeepsItsPlace)),
        row("alias-maximum-exceeded", "Topic aliases above the client's maximum are used.", {v5("MQTT-3.1.2-26")},
            aliasing([](const v1::Connect &connect) { return connect.topic_alias_maximum() ? connect.topic_alias_maximum() + 4 : 0; })),
        row("aliases-unasked", "Topic aliases are used towards a client that allows none.", {v5("MQTT-3.1.2-27")},
            aliasing([](const v1::Connect &connect) { return connect.topic_alias_maximum() ? connect.topic_alias_maximum() : 4; })),
        row("aliases-received-outlive", "Topic aliases of a client hold on its next connection.", {v5("MQTT-3.3.2-7"), v5("U5-3.3.2.3.4-1")}, filtered(aliasesOutlive)),
        row("aliases-sent-outlive", "What is sent relies on topic aliases of an earlier connection.", {v5("D5-9"), v5("U5-3.3.2.3.4-1")}, filtered(aliasesSentOutlive)),
    };
}

} // namespace

Rows propertyDeviations()
{
    Rows rows = forwardedRows();
    for (auto &row : limitRows())
        rows.push_back(std::move(row));
    return rows;
}

} // namespace hiatus::broker
