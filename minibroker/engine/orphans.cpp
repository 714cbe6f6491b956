// Shared subscriptions: what a member had not got when its session ended goes to another member
// [5.0 A5-14]; a QoS 2 message that was sent stays with it [5.0 MQTT-4.8.2-5].

#include "minibroker/engine/state.h"

#include "proto/wire/topicfilter.h"

#include <algorithm>

namespace hiatus::broker {

namespace {

/// The shared subscription of the session that the message came through; nullptr if it has ended.
const Subscription *sharedSource(const Session &session, const Message &message)
{
    for (const auto &[filter, subscription] : session.subscriptions)
        if (subscription.shared && wire::matches(wire::sharedFilter(filter)->filter, message.publication->topic()))
            return &subscription;
    return nullptr;
}

} // namespace

std::vector<Orphan> orphansOf(const Session &session)
{
    std::vector<const Inflight *> sent;
    for (const auto &[id, inflight] : session.inflight)
        if (inflight.stage == v1::AWAIT_PUBACK && inflight.message.shared)
            sent.push_back(&inflight);
    std::sort(sent.begin(), sent.end(), [](const auto *a, const auto *b) { return a->order < b->order; });

    std::vector<Orphan> orphans;
    const auto take = [&](const Message &message) {
        if (const auto *source = sharedSource(session, message))
            orphans.push_back({source->filter, message.publication});
    };
    for (const auto *inflight : sent)
        take(inflight->message);
    for (const auto &message : session.pending)
        if (message.shared)
            take(message);
    return orphans;
}

void adopt(State &state, const std::vector<Orphan> &orphans)
{
    for (const auto &orphan : orphans)
        if (const auto member = state.index.member(orphan.filter))
            deliverCopies(state, *member->session, {member->subscription}, orphan.publication);
}

} // namespace hiatus::broker
