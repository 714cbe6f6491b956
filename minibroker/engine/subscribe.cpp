// SUBSCRIBE and UNSUBSCRIBE.

#include "minibroker/engine/state.h"

#include "proto/wire/topicfilter.h"

#include <algorithm>

namespace hiatus::broker {

namespace {

constexpr std::uint32_t Failure311 = 0x80, HighestQos = 2;

/// Does the filter lie within one that is refused?
bool isRefused(const State &state, std::string_view filter)
{
    if (const auto shared = wire::sharedFilter(filter))
        filter = shared->filter;
    const auto &refused = state.options.refusedFilters;
    return std::any_of(refused.begin(), refused.end(),
                       [&](const std::string &one) { return wire::matches(one, filter); });
}

/// Why a filter of a SUBSCRIBE is not granted; 0: it is.
std::uint32_t filterError(const State &state, const v1::Subscribe &packet, const v1::Filter &filter)
{
    const auto &options = state.options;
    if (!wire::isTopicFilter(filter.filter()) || !TopicIndex::takes(filter.filter()))
        return code::TopicFilterInvalid;
    if (!options.wildcards && wire::hasWildcard(filter.filter()))
        return code::WildcardsNotSupported;
    if (!options.shared && wire::sharedFilter(filter.filter()))
        return code::SharedNotSupported;
    if (!options.subscriptionIdentifiers && packet.has_subscription_identifier())
        return code::SubscriptionIdentifiersNotSupported;
    return isRefused(state, filter.filter()) ? code::UnspecifiedError : 0;
}

/// What makes the whole packet an error; 0: nothing.
std::uint32_t packetError(const v1::Subscribe &packet)
{
    if (packet.filter_size() == 0 || (packet.has_subscription_identifier() && packet.subscription_identifier() == 0))
        return code::ProtocolError;
    for (const auto &filter : packet.filter()) {
        if (filter.qos() > HighestQos)
            return code::MalformedPacket;
        if (filter.retain_handling() > 2 || (filter.no_local() && wire::sharedFilter(filter.filter())))
            return code::ProtocolError; // [5.0 MQTT-3.8.3-4]
    }
    return 0;
}

Subscription granted(const State &state, const v1::Subscribe &packet, const v1::Filter &filter)
{
    Subscription result;
    result.filter = filter.filter();
    result.identifier = packet.subscription_identifier();
    result.qos = static_cast<std::uint8_t>(state.rules.grantedQos(filter.qos(), state.options.maximumQos));
    result.retainHandling = static_cast<std::uint8_t>(filter.retain_handling());
    result.noLocal = filter.no_local();
    result.retainAsPublished = filter.retain_as_published();
    result.shared = isShared(result.filter);
    return result;
}

/// Grants one filter; says whether retained messages are due for it.
bool subscribeOne(State &state, Session &session, const Subscription &fresh)
{
    const auto old = session.subscriptions.find(fresh.filter);
    const bool existed = old != session.subscriptions.end();
    const auto kept = existed ? state.rules.replaced(*old, fresh) : fresh;
    putSubscription(state, session, kept);
    note(state, [&] { return journal::SubscriptionPut{session.clientId, exportSubscription(kept)}; });
    return state.rules.sendsRetained(kept, existed, false);
}

std::uint32_t unsubscribeOne(State &state, Session &session, const std::string &filter)
{
    const auto found = session.subscriptions.find(filter); // [5.0 MQTT-3.10.4-1] character by character
    if (found == session.subscriptions.end())
        return code::NoSubscriptionExisted;
    if (state.rules.removesSubscription(session, *found)) {
        state.index.remove(session, *found);
        session.subscriptions.erase(found);
        note(state, [&] { return journal::SubscriptionRemoved{session.clientId, filter}; });
    }
    return 0;
}

} // namespace

void subscribe(State &state, Connection &connection, const v1::Subscribe &packet)
{
    if (const auto error = packetError(packet))
        return fail(state, connection, error, "SUBSCRIBE");
    auto &session = *connection.session;
    v1::Packet answer;
    answer.mutable_suback()->set_packet_id(packet.packet_id());
    std::vector<Subscription> retainedDue;
    for (const auto &filter : packet.filter()) {
        if (const auto error = filterError(state, packet, filter)) {
            answer.mutable_suback()->add_code(connection.version == v1::V5 ? error : Failure311);
            continue;
        }
        const auto fresh = granted(state, packet, filter);
        if (subscribeOne(state, session, fresh))
            retainedDue.push_back(fresh);
        answer.mutable_suback()->add_code(fresh.qos);
    }
    if (!state.rules.retainedBeforeSuback)
        send(state, connection, answer);
    for (const auto &subscription : retainedDue)
        sendRetained(state, session, subscription);
    if (state.rules.retainedBeforeSuback)
        send(state, connection, answer);
}

void unsubscribe(State &state, Connection &connection, const v1::Unsubscribe &packet)
{
    if (packet.filter_size() == 0)
        return fail(state, connection, code::ProtocolError, "UNSUBSCRIBE without a filter");
    v1::Packet answer;
    answer.mutable_unsuback()->set_packet_id(packet.packet_id());
    for (const auto &filter : packet.filter()) {
        const auto result = unsubscribeOne(state, *connection.session, filter);
        if (connection.version == v1::V5)
            answer.mutable_unsuback()->add_code(result);
    }
    send(state, connection, std::move(answer));
}

void putSubscription(State &state, Session &session, const Subscription &subscription)
{
    const auto old = session.subscriptions.find(subscription.filter);
    if (old == session.subscriptions.end()) {
        state.index.add(session, *session.subscriptions.insert(subscription).first);
        return;
    }
    auto node = session.subscriptions.extract(old); // the index knows it by its address, which stays
    node.value() = subscription;
    session.subscriptions.insert(std::move(node));
}

void hideSubscriptions(State &state, Session &session)
{
    for (const auto &subscription : session.subscriptions)
        state.index.remove(session, subscription);
}

void showSubscriptions(State &state, Session &session)
{
    hideSubscriptions(state, session);
    for (const auto &subscription : session.subscriptions)
        state.index.add(session, subscription);
}

bool isShared(const std::string &filter)
{
    return wire::sharedFilter(filter).has_value();
}

void dropSubscriptions(State &state, Session &session)
{
    hideSubscriptions(state, session);
    session.subscriptions.clear();
}

} // namespace hiatus::broker
