// What waits for a session: bounded, in order of arrival.

#include "minibroker/engine/state.h"

namespace hiatus::broker {

namespace {

/// Makes room; says whether there is any.
bool makeRoom(State &state, Session &session)
{
    if (session.pending.size() < state.options.queueLimit)
        return true;
    if (state.options.queuePolicy == QueuePolicy::DropNewest || session.pending.empty())
        return false;
    const auto dropped = session.pending.takeFront();
    session.pendingQos0 -= dropped.qos == 0 ? 1 : 0;
    note(state, [&] { return journal::MessageRemoved{session.clientId, dropped.sequence}; });
    return true;
}

} // namespace

void enqueue(State &state, Session &session, Message message)
{
    if (!makeRoom(state, session))
        return;
    message.sequence = ++session.lastSequence;
    session.pendingQos0 += message.qos == 0 ? 1 : 0;
    note(state, [&] { return journal::MessageQueued{session.clientId, message.sequence, stored(message)}; });
    if (state.rules.queuesBehind(session))
        session.pending.pushBack(std::move(message));
    else
        session.pending.pushFront(std::move(message));
}

Message takeNext(State &state, Session &session)
{
    auto message = state.rules.takesOldest(session) ? session.pending.takeFront() : session.pending.takeBack();
    session.pendingQos0 -= message.qos == 0 ? 1 : 0;
    return message;
}

std::vector<Message> takeQos0(Session &session)
{
    if (session.pendingQos0 == 0)
        return {};
    session.pendingQos0 = 0;
    return session.pending.takeIf([](const Message &message) { return message.qos == 0; });
}

} // namespace hiatus::broker
