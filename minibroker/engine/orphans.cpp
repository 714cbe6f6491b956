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
    for (const auto &subscription : session.subscriptions)
        if (subscription.shared && wire::matches(wire::sharedFilter(subscription.filter)->filter, message.publication->topic()))
            return &subscription;
    return nullptr;
}

void add(std::vector<Orphan> &orphans, const Session &session, const Message &message)
{
    if (const auto *source = sharedSource(session, message))
        orphans.push_back({source->filter, message.publication});
}

/// In the order of their first transmission.
template <class Predicate> std::vector<const Inflight *> sentShared(const Session &session, Predicate isMeant)
{
    std::vector<const Inflight *> sent;
    for (const auto &[id, inflight] : session.inflight)
        if (inflight.message.shared && isMeant(inflight))
            sent.push_back(&inflight);
    std::sort(sent.begin(), sent.end(), [](const auto *a, const auto *b) { return a->order < b->order; });
    return sent;
}

std::vector<Orphan> orphansOf(const Session &session, const std::vector<const Inflight *> &sent)
{
    std::vector<Orphan> orphans;
    for (const auto *inflight : sent)
        add(orphans, session, inflight->message);
    return orphans;
}

} // namespace

std::vector<Orphan> orphansOf(const State &state, const Session &session)
{
    auto orphans = orphansOf(session, sentShared(session, [&](const Inflight &one) { return state.rules.handsOver(one, true); }));
    if (state.rules.inheritsWaiting)
        for (const auto &message : session.pending)
            if (message.shared)
                add(orphans, session, message);
    return orphans;
}

/// As if the member had never had them; with nobody else there they wait for it.
std::vector<Orphan> takeMoving(State &state, Session &session)
{
    auto moving = sentShared(session, [&](const Inflight &one) {
        const auto *source = state.rules.handsOver(one, false) ? sharedSource(session, one.message) : nullptr;
        const auto other = source != nullptr ? state.index.member(source->filter) : std::nullopt;
        return other && other->session->connection != nullptr;
    });
    auto orphans = orphansOf(session, moving);
    for (const auto *inflight : moving) {
        note(state, [&] { return journal::MessageRemoved{session.clientId, inflight->message.sequence}; });
        session.inflight.erase(inflight->packetId);
    }
    return orphans;
}

std::vector<Orphan> rejected(const State &state, const Session &session, const Inflight &inflight)
{
    if (!state.rules.rejectedGoesOn || !inflight.message.shared)
        return {};
    return orphansOf(session, {&inflight});
}

void adopt(State &state, const std::vector<Orphan> &orphans)
{
    for (const auto &orphan : orphans)
        if (const auto member = state.index.member(orphan.filter))
            deliverCopies(state, *member->session, {member->subscription}, orphan.publication);
}

} // namespace hiatus::broker
