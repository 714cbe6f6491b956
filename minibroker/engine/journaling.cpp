// The journal's longer entries.

#include "minibroker/engine/state.h"

namespace hiatus::broker {

namespace {

void noteMessage(State &state, const Session &session, const Message &message)
{
    state.journal.emplace_back(journal::MessageQueued{session.clientId, message.sequence, stored(message)});
}

void noteMessages(State &state, const Session &session)
{
    for (const auto &[id, inflight] : session.inflight) {
        noteMessage(state, session, inflight.message);
        state.journal.emplace_back(journal::InflightPut{session.clientId, inflight.message.sequence, inflight.order,
                                                        inflight.packetId, inflight.stage});
    }
    for (const auto &message : session.pending)
        noteMessage(state, session, message);
    for (const auto &[id, held] : session.received) {
        v1::Received received;
        received.set_packet_id(id);
        if (held)
            *received.mutable_held() = stored(*held);
        state.journal.emplace_back(journal::ReceivedPut{session.clientId, received});
    }
}

} // namespace

void noteSession(State &state, const Session &session)
{
    note(state, [&] { return journal::SessionPut{exportHead(session)}; });
}

void noteWhole(State &state, const Session &session)
{
    if (!state.options.journal)
        return;
    state.journal.emplace_back(journal::SessionRemoved{session.clientId});
    noteSession(state, session);
    for (const auto &subscription : session.subscriptions)
        state.journal.emplace_back(journal::SubscriptionPut{session.clientId, exportSubscription(subscription)});
    noteMessages(state, session);
}

} // namespace hiatus::broker
