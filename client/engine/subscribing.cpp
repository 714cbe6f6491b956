#include "client/engine/subscribing.h"

#include "client/engine/connecting.h"
#include "client/engine/outbound.h"
#include "proto/wire/encoder.h"
#include "proto/wire/topicfilter.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace hiatus::client::subscribing {

namespace {

using Checked = tl::expected<void, std::string>;

constexpr int FiltersPerPacket = 100;
constexpr std::uint32_t HighestIdentifier = 268'435'455;

tl::unexpected<std::string> refused(std::string why)
{
    return tl::unexpected(std::move(why));
}

Checked checkFilter(const Context &c, const v1::Filter &filter)
{
    if (!wire::isTopicFilter(filter.filter()))
        return refused("not a topic filter: \"" + filter.filter() + "\"");
    if (filter.qos() > 2 || filter.retain_handling() > 2)
        return refused("QoS and retain handling are 0, 1 or 2");
    const bool shared = wire::sharedFilter(filter.filter()).has_value();
    if (shared && filter.no_local())
        return refused("no local does not go with a shared subscription"); // [5.0 MQTT-3.8.3-4]
    if (shared && !c.link.limits.sharedAvailable)
        return refused("the server has no shared subscriptions");
    if (wire::hasWildcard(filter.filter()) && !c.link.limits.wildcardAvailable)
        return refused("the server has no wildcard subscriptions");
    return {};
}

Checked check(const Context &c, const v1::Subscribe &subscribe)
{
    if (subscribe.filter().empty())
        return refused("no topic filter");
    for (const v1::Filter &filter : subscribe.filter()) {
        if (const Checked checked = checkFilter(c, filter); !checked)
            return checked;
    }
    if (!subscribe.has_subscription_identifier())
        return {};
    if (subscribe.subscription_identifier() == 0 || subscribe.subscription_identifier() > HighestIdentifier)
        return refused("subscription identifiers go from 1 to 268435455");
    if (!c.link.limits.subscriptionIdsAvailable)
        return refused("the server has no subscription identifiers");
    return {};
}

/// Sends a request under a new identifier [3.1.1 MQTT-2.3.1-2] [5.0 MQTT-2.2.1-3].
tl::expected<Token, std::string> request(Context &c, v1::Packet packet, Token token)
{
    const std::optional<PacketId> id = c.rules.chooseId(c.ids);
    if (!id)
        return refused("all packet identifiers are in use");
    if (packet.has_subscribe())
        packet.mutable_subscribe()->set_packet_id(*id);
    else
        packet.mutable_unsubscribe()->set_packet_id(*id);
    const auto &limit = c.link.limits.maximumPacketSize;
    if (limit && wire::encodedSize(packet, c.options.version) > *limit) {
        c.ids.free(*id);
        return refused(fmt::format("more than the {} bytes that the server takes", *limit)); // [5.0 MQTT-3.2.2-15]
    }
    c.link.requests.push_back({token, *id, packet});
    c.send(std::move(packet));
    return token;
}

std::optional<Request> take(Context &c, const v1::Suback &ack, v1::Packet::KindCase kind)
{
    auto &requests = c.link.requests;
    const auto found = std::find_if(requests.begin(), requests.end(), [&](const Request &r) {
        return r.id == ack.packet_id() && r.packet.kind_case() == kind;
    });
    if (found == requests.end())
        return std::nullopt;
    Request request = std::move(*found);
    requests.erase(found);
    c.ids.free(request.id);
    return request;
}

void forget(Context &c, const std::string &filter)
{
    auto &all = c.subscriptions;
    all.erase(std::remove_if(all.begin(), all.end(),
                             [&](const v1::Subscription &s) { return s.filter().filter() == filter; }),
              all.end());
}

void remember(Context &c, const v1::Subscribe &subscribe, const v1::Filter &filter)
{
    forget(c, filter.filter());
    v1::Subscription subscription;
    *subscription.mutable_filter() = filter;
    if (subscribe.has_subscription_identifier())
        subscription.set_identifier(subscribe.subscription_identifier());
    c.subscriptions.push_back(std::move(subscription));
}

} // namespace

tl::expected<Token, std::string> subscribe(Context &c, const v1::Subscribe &subscribe)
{
    if (!c.isConnected())
        return refused("not connected");
    if (const Checked checked = check(c, subscribe); !checked)
        return tl::unexpected(checked.error());
    v1::Packet packet;
    *packet.mutable_subscribe() = subscribe;
    return request(c, std::move(packet), ++c.lastToken);
}

tl::expected<Token, std::string> unsubscribe(Context &c, const v1::Unsubscribe &unsubscribe)
{
    if (!c.isConnected())
        return refused("not connected");
    if (unsubscribe.filter().empty())
        return refused("no topic filter");
    for (const std::string &filter : unsubscribe.filter()) {
        if (!wire::isTopicFilter(filter))
            return refused("not a topic filter: \"" + filter + "\"");
    }
    v1::Packet packet;
    *packet.mutable_unsubscribe() = unsubscribe;
    return request(c, std::move(packet), ++c.lastToken);
}

void suback(Context &c, const v1::Suback &suback)
{
    const std::optional<Request> request = take(c, suback, v1::Packet::kSubscribe);
    if (!request)
        return;
    const v1::Subscribe &subscribe = request->packet.subscribe();
    if (suback.code_size() != subscribe.filter_size())
        return connecting::fail(c, 0x82, "SUBACK with another number of codes than filters");
    for (int i = 0; i < suback.code_size(); ++i) {
        if (suback.code(i) < 0x80)
            remember(c, subscribe, subscribe.filter(i));
    }
    c.tell(SubscribedEvent{request->token, suback, {}});
    outbound::pump(c);
}

void unsuback(Context &c, const v1::Suback &unsuback)
{
    const std::optional<Request> request = take(c, unsuback, v1::Packet::kUnsubscribe);
    if (!request)
        return;
    const v1::Unsubscribe &unsubscribe = request->packet.unsubscribe();
    if (c.isV5() && unsuback.code_size() != unsubscribe.filter_size())
        return connecting::fail(c, 0x82, "UNSUBACK with another number of codes than filters");
    for (int i = 0; i < unsubscribe.filter_size(); ++i) {
        if (!c.isV5() || unsuback.code(i) < 0x80)
            forget(c, unsubscribe.filter(i));
    }
    c.tell(SubscribedEvent{request->token, unsuback, {}});
    outbound::pump(c);
}

void again(Context &c)
{
    std::map<std::uint32_t, std::vector<v1::Filter>> byIdentifier;
    for (const v1::Subscription &subscription : c.subscriptions)
        byIdentifier[subscription.identifier()].push_back(subscription.filter());
    for (const auto &[identifier, filters] : byIdentifier) {
        v1::Packet packet;
        for (const v1::Filter &filter : filters) {
            *packet.mutable_subscribe()->add_filter() = filter;
            if (identifier != 0)
                packet.mutable_subscribe()->set_subscription_identifier(identifier);
            if (packet.subscribe().filter_size() < FiltersPerPacket && &filter != &filters.back())
                continue;
            if (const auto sent = request(c, std::move(packet), 0); !sent)
                c.tell(SubscribedEvent{0, {}, sent.error()});
            packet = {};
        }
    }
}

void abandon(Context &c)
{
    for (const Request &request : c.link.requests) {
        c.ids.free(request.id);
        c.tell(SubscribedEvent{request.token, {}, "the connection ended before the answer came"});
    }
    c.link.requests.clear();
}

} // namespace hiatus::client::subscribing
