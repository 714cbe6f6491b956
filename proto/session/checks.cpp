#include "proto/session/checks.h"

#include "proto/wire/topicfilter.h"

#include <fmt/format.h>

#include <cstdint>
#include <set>

namespace hiatus {

namespace {

using Checked = tl::expected<void, Contradiction>;

constexpr std::uint32_t HighestPacketId = 65'535;
constexpr std::uint32_t HighestSubscriptionId = 268'435'455;

template <typename... Args>
tl::unexpected<Contradiction> broken(fmt::format_string<Args...> format, Args &&...args)
{
    return tl::unexpected(fmt::format(format, std::forward<Args>(args)...));
}

Checked checkPacketId(std::uint32_t id, std::set<std::uint32_t> &seen, const char *where)
{
    if (id == 0 || id > HighestPacketId)
        return broken("{}: packet identifier {} is not between 1 and 65535", where, id);
    if (!seen.insert(id).second)
        return broken("{}: packet identifier {} is used twice", where, id);
    return {};
}

Checked checkMessage(const v1::StoredMessage &message, std::uint32_t leastQos, const char *where, int index)
{
    const v1::Publish &publish = message.publish();
    if (!wire::isTopicName(publish.topic()))
        return broken("{} message {}: \"{}\" is not a topic name", where, index, publish.topic());
    if (publish.qos() < leastQos || publish.qos() > 2)
        return broken("{} message {}: QoS {} is not kept here", where, index, publish.qos());
    if (publish.has_packet_id() || publish.dup() || publish.has_topic_alias())
        return broken("{} message {}: identifier, DUP and alias belong to a connection, not to a message", where, index);
    return {};
}

std::uint32_t qosOf(v1::Stage stage)
{
    return stage == v1::AWAIT_PUBACK ? 1 : 2;
}

Checked checkInflight(const v1::Inflight &entry, int index)
{
    if (entry.stage() != v1::AWAIT_PUBACK && entry.stage() != v1::AWAIT_PUBREC && entry.stage() != v1::AWAIT_PUBCOMP)
        return broken("inflight {}: unknown stage {}", index, static_cast<int>(entry.stage()));
    if (!entry.has_message())
        return entry.stage() == v1::AWAIT_PUBCOMP ? Checked{} : broken("inflight {}: no message to send again", index);
    if (entry.message().publish().qos() != qosOf(entry.stage()))
        return broken("inflight {}: stage {} does not fit QoS {}", index, v1::Stage_Name(entry.stage()),
                      entry.message().publish().qos());
    return checkMessage(entry.message(), 1, "inflight", index);
}

template <typename Session>
Checked checkOwner(const Session &session)
{
    if (session.client_id().empty())
        return broken("no client id");
    if (session.client_id().size() > 65'535 || !wire::isUtf8(session.client_id()))
        return broken("the client id is not an MQTT string");
    if (session.version() != v1::V3 && session.version() != v1::V5)
        return broken("unknown MQTT version {}", static_cast<int>(session.version()));
    return {};
}

template <typename Session>
Checked checkExchanges(const Session &session, std::uint32_t leastPendingQos)
{
    std::set<std::uint32_t> sent;
    for (int i = 0; i < session.inflight_size(); ++i) {
        if (Checked id = checkPacketId(session.inflight(i).packet_id(), sent, "inflight"); !id)
            return id;
        if (Checked entry = checkInflight(session.inflight(i), i); !entry)
            return entry;
    }
    std::set<std::uint32_t> received;
    for (int i = 0; i < session.received_size(); ++i) {
        if (Checked id = checkPacketId(session.received(i).packet_id(), received, "received"); !id)
            return id;
        if (!session.received(i).has_held())
            continue;
        if (Checked held = checkMessage(session.received(i).held(), 2, "received", i); !held)
            return held;
    }
    for (int i = 0; i < session.pending_size(); ++i) {
        if (Checked pending = checkMessage(session.pending(i), leastPendingQos, "pending", i); !pending)
            return pending;
    }
    return {};
}

Checked checkSubscription(const v1::Subscription &subscription, std::set<std::string> &seen)
{
    const v1::Filter &filter = subscription.filter();
    if (!wire::isTopicFilter(filter.filter()))
        return broken("subscription: \"{}\" is not a topic filter", filter.filter());
    if (!seen.insert(filter.filter()).second)
        return broken("subscription: \"{}\" is there twice", filter.filter());
    if (filter.qos() > 2 || filter.retain_handling() > 2)
        return broken("subscription \"{}\": QoS {}, retain handling {}", filter.filter(), filter.qos(),
                      filter.retain_handling());
    if (subscription.has_identifier() && (subscription.identifier() == 0 || subscription.identifier() > HighestSubscriptionId))
        return broken("subscription \"{}\": identifier {}", filter.filter(), subscription.identifier());
    return {};
}

} // namespace

tl::expected<void, Contradiction> checkClientSession(const v1::ClientSession &session)
{
    if (Checked owner = checkOwner(session); !owner)
        return owner;
    return checkExchanges(session, 1);
}

tl::expected<void, Contradiction> checkServerSession(const v1::ServerSession &session)
{
    if (Checked owner = checkOwner(session); !owner)
        return owner;
    std::set<std::string> filters;
    for (const v1::Subscription &subscription : session.subscription()) {
        if (Checked checked = checkSubscription(subscription, filters); !checked)
            return checked;
    }
    if (session.has_will() && (!wire::isTopicName(session.will().will().topic()) || session.will().will().qos() > 2))
        return broken("will: topic \"{}\", QoS {}", session.will().will().topic(), session.will().will().qos());
    return checkExchanges(session, 0);
}

tl::expected<void, Contradiction> checkBrokerState(const v1::BrokerState &state)
{
    std::set<std::string> clients;
    for (const v1::ServerSession &session : state.session()) {
        if (Checked checked = checkServerSession(session); !checked)
            return broken("session of \"{}\": {}", session.client_id(), checked.error());
        if (!clients.insert(session.client_id()).second)
            return broken("two sessions of \"{}\"", session.client_id());
    }
    for (int i = 0; i < state.retained_size(); ++i) {
        if (Checked checked = checkMessage(state.retained(i), 0, "retained", i); !checked)
            return checked;
    }
    return {};
}

} // namespace hiatus
