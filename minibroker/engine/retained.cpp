// Retained messages: the broker's, not a session's [3.1.1 MQTT-3.1.2-7] [5.0 U5-4.1-4].

#include "minibroker/engine/state.h"

#include "proto/wire/topicfilter.h"

namespace hiatus::broker {

namespace {

void drop(State &state, std::string_view topic)
{
    const auto found = state.retained.find(topic);
    if (found == state.retained.end())
        return;
    note(state, [&] { return journal::RetainedRemoved{found->first}; });
    state.retained.erase(found);
}

/// What every topic that matches begins with.
std::string_view prefixOf(std::string_view filter)
{
    auto prefix = filter.substr(0, filter.find_first_of("+#"));
    if (prefix.size() < filter.size() && !prefix.empty() && prefix.back() == '/')
        prefix.remove_suffix(1); // "sport/#" matches "sport"
    return prefix;
}

Message retainedMessage(const PublicationPtr &publication, const Subscription &subscription)
{
    Message message;
    message.publication = publication;
    message.qos = std::min(subscription.qos, static_cast<std::uint8_t>(publication->qos()));
    message.retain = true; // [3.1.1 MQTT-3.3.1-8] [5.0 U5-3.3.1.3-1]
    if (subscription.identifier != 0)
        message.identifiers.push_back(subscription.identifier);
    return message;
}

} // namespace

void retain(State &state, const PublicationPtr &publication)
{
    if (!publication->retain() || !state.options.retain)
        return;
    if (publication->payload().empty() || !state.rules.storesRetained(*publication))
        return drop(state, publication->topic());
    state.retained.insert_or_assign(std::string(publication->topic()), publication);
    note(state, [&] { return journal::RetainedPut{stored(*publication)}; });
}

void sendRetained(State &state, Session &session, const Subscription &subscription)
{
    std::string_view filter = subscription.filter;
    if (subscription.shared)
        if (const auto shared = wire::sharedFilter(filter))
            filter = shared->filter;
    const auto prefix = prefixOf(filter);
    for (auto it = state.retained.lower_bound(prefix); it != state.retained.end() && it->first.starts_with(prefix);
         ++it)
        if (!it->second->isExpired(state.now) && wire::matches(filter, it->first))
            deliver(state, session, retainedMessage(it->second, subscription));
}

} // namespace hiatus::broker
