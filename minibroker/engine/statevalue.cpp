// A session as a value: for snapshots, for the journal, and for hooks.

#include "minibroker/engine/state.h"

#include <algorithm>

namespace hiatus::broker {

namespace {

std::vector<const Inflight *> byFirstTransmission(const Session &session)
{
    std::vector<const Inflight *> all;
    for (const auto &[id, inflight] : session.inflight)
        all.push_back(&inflight);
    std::sort(all.begin(), all.end(), [](const auto *a, const auto *b) { return a->order < b->order; });
    return all;
}

void exportMessages(const Session &session, v1::ServerSession &value)
{
    for (const auto *inflight : byFirstTransmission(session)) {
        auto &entry = *value.add_inflight();
        entry.set_packet_id(inflight->packetId);
        entry.set_stage(inflight->stage);
        if (!inflight->message.publication->topic().empty())
            *entry.mutable_message() = stored(inflight->message);
    }
    for (const auto &message : session.pending)
        *value.add_pending() = stored(message);
    for (const auto &[id, held] : session.received) {
        auto &entry = *value.add_received();
        entry.set_packet_id(id);
        if (held)
            *entry.mutable_held() = stored(*held);
    }
}

Subscription importSubscription(const v1::Subscription &value)
{
    Subscription result;
    result.filter = value.filter().filter();
    result.identifier = value.identifier();
    result.qos = static_cast<std::uint8_t>(value.filter().qos());
    result.retainHandling = static_cast<std::uint8_t>(value.filter().retain_handling());
    result.noLocal = value.filter().no_local();
    result.retainAsPublished = value.filter().retain_as_published();
    result.shared = isShared(result.filter);
    return result;
}

void importMessages(Session &session, const v1::ServerSession &value)
{
    session.inflight.clear();
    session.pending.clear();
    session.received.clear();
    session.pendingQos0 = 0;
    for (const auto &entry : value.inflight()) {
        Inflight inflight;
        inflight.message = message(entry.message());
        inflight.message.sequence = ++session.lastSequence;
        inflight.order = ++session.lastOrder;
        inflight.packetId = static_cast<PacketId>(entry.packet_id());
        inflight.stage = entry.stage();
        session.inflight.insert_or_assign(inflight.packetId, std::move(inflight));
    }
    for (const auto &entry : value.pending()) {
        auto waiting = message(entry);
        waiting.sequence = ++session.lastSequence;
        session.pendingQos0 += waiting.qos == 0 ? 1 : 0;
        session.pending.pushBack(std::move(waiting));
    }
    for (const auto &entry : value.received())
        session.received[static_cast<PacketId>(entry.packet_id())] =
            entry.has_held() ? std::make_shared<const Publication>(entry.held()) : nullptr;
}

void importWill(State &state, Session &session, const v1::StoredWill &value)
{
    dropWill(state, session);
    if (!value.has_will())
        return;
    session.will = std::make_unique<v1::Will>(value.will());
    if (value.has_due_at())
        scheduleWillAt(state, session, Time(Milliseconds(value.due_at())));
    else
        scheduleWill(state, session);
}

} // namespace

v1::Subscription exportSubscription(const Subscription &subscription)
{
    v1::Subscription value;
    auto &filter = *value.mutable_filter();
    filter.set_filter(subscription.filter);
    filter.set_qos(subscription.qos);
    filter.set_no_local(subscription.noLocal);
    filter.set_retain_as_published(subscription.retainAsPublished);
    filter.set_retain_handling(subscription.retainHandling);
    if (subscription.identifier != 0)
        value.set_identifier(subscription.identifier);
    return value;
}

v1::ServerSession exportHead(const Session &session)
{
    v1::ServerSession value;
    value.set_client_id(session.clientId);
    value.set_version(session.version);
    value.set_session_expiry_interval(session.expiryInterval);
    if (session.disconnectedAt)
        value.set_disconnected_at(session.disconnectedAt->time_since_epoch().count());
    if (!session.userName.empty())
        value.set_user_name(session.userName);
    if (session.will)
        *value.mutable_will()->mutable_will() = *session.will;
    if (session.will && session.willDue)
        value.mutable_will()->set_due_at(session.willDue->time_since_epoch().count());
    return value;
}

v1::ServerSession exportSession(const Session &session)
{
    auto value = exportHead(session);
    for (const auto &subscription : session.subscriptions)
        *value.add_subscription() = exportSubscription(subscription);
    exportMessages(session, value);
    return value;
}

void importSession(State &state, Session &session, const v1::ServerSession &value, Reason reason)
{
    dropSubscriptions(state, session);
    session.version = value.version();
    session.expiryInterval = value.session_expiry_interval();
    session.userName = value.user_name();
    session.disconnectedAt.reset();
    if (value.has_disconnected_at() && session.connection == nullptr)
        session.disconnectedAt = Time(Milliseconds(value.disconnected_at()));
    for (const auto &subscription : value.subscription())
        putSubscription(state, session, importSubscription(subscription));
    importMessages(session, value);
    scheduleEnd(state, session, reason);
    importWill(state, session, value.will());
}

void runHooks(State &state, Session &session, const v1::ServerSession &before, Reason reason)
{
    if (state.rules.hooks.empty())
        return;
    auto after = exportSession(session);
    for (const auto &hook : state.rules.hooks)
        hook(after, before, reason);
    importSession(state, session, after, reason);
    noteWhole(state, session);
}

} // namespace hiatus::broker
