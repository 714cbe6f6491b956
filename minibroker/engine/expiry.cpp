// Sessions begin and end here.

#include "minibroker/engine/state.h"

namespace hiatus::broker {

namespace {

Deadline endOf(Session &session)
{
    return {.kind = Deadline::Kind::SessionEnd, .number = session.number, .session = &session};
}

/// A hook may want the ended session, or something of it, to go on: then that is what the session is now.
bool keptByHook(State &state, Session &session)
{
    if (state.rules.hooks.empty())
        return false;
    v1::ServerSession after;
    const auto before = exportSession(session);
    for (const auto &hook : state.rules.hooks)
        hook(after, before, Reason::Expired);
    if (after.client_id() != session.clientId)
        return false;
    importSession(state, session, after, Reason::Expired);
    if (isExpired(state, session))
        return false;
    noteWhole(state, session);
    return true;
}

void erase(State &state, Session &session)
{
    state.deadlines.move(session.sweepDue, endOf(session), {});
    note(state, [&] { return journal::SessionRemoved{session.clientId}; });
    state.sessions.erase(session.clientId);
}

} // namespace

Session &makeSession(State &state, const std::string &clientId)
{
    auto &slot = state.sessions[clientId];
    slot = std::make_unique<Session>();
    slot->clientId = clientId;
    slot->number = ++state.sessionsMade;
    return *slot;
}

void scheduleEnd(State &state, Session &session, Reason reason)
{
    session.endsAt.reset();
    if (session.connection == nullptr && session.disconnectedAt)
        session.endsAt = state.rules.sessionEnd(session, reason, *session.disconnectedAt);
    state.deadlines.move(session.sweepDue, endOf(session),
                         session.endsAt ? std::optional(state.rules.sweepAt(*session.endsAt)) : std::nullopt);
}

bool isExpired(const State &state, const Session &session)
{
    return session.endsAt && *session.endsAt <= state.now;
}

void sessionEndDue(State &state, Session &session)
{
    endSession(state, session, WillCause::SessionEnded);
}

bool endSession(State &state, Session &session, WillCause cause)
{
    if (cause != WillCause::CleanStarted && keptByHook(state, session))
        return true;
    const auto orphans = orphansOf(state, session);
    dropSubscriptions(state, session);
    adopt(state, orphans);
    publishWill(state, session, cause); // not later than the session's end [5.0 U5-3.1.3.2.2-1]
    erase(state, session);
    return false;
}

} // namespace hiatus::broker
