#include "client/engine/resume.h"

#include "proto/session/checks.h"

#include <fmt/format.h>

#include <cstddef>
#include <iterator>

namespace hiatus::client::resume {

namespace {

/// The identifiers in use follow from the tables; nothing is counted along.
void countIdsAnew(Context &c)
{
    c.ids.clear();
    for (const Outgoing &entry : c.session.inflight)
        c.ids.take(entry.id);
    for (const Request &request : c.link.requests)
        c.ids.take(request.id);
    for (PacketId id : c.retired)
        c.ids.take(id);
}

void tellHook(Context &c, Reason reason)
{
    if (c.hook)
        c.hook(c.session, reason);
    countIdsAnew(c);
}

bool isRepublished(const Context &c, const Outgoing &entry)
{
    return c.options.onSessionLost == OnSessionLost::Republish && entry.stage != v1::AWAIT_PUBCOMP;
}

/// Empties the tables. What was written on this very connection (before CONNACK) belongs to the new session.
SessionLostEvent discard(Context &c, const char *why)
{
    SessionLostEvent lost;
    std::deque<Outgoing> kept;
    std::deque<Queued> again;
    for (Outgoing &entry : c.session.inflight) {
        if (entry.written) {
            kept.push_back(std::move(entry));
            continue;
        }
        ++lost.discardedPublishes;
        if (isRepublished(c, entry))
            again.push_back({entry.token, std::move(entry.message), entry.expiresAt});
        else
            c.tell(CompletedEvent{entry.token, 0, why});
    }
    lost.discardedReceipts = static_cast<std::uint32_t>(c.session.received.size());
    c.session.inflight = std::move(kept);
    c.session.received.clear();
    c.session.pending.insert(c.session.pending.begin(), std::make_move_iterator(again.begin()),
                             std::make_move_iterator(again.end()));
    c.retired.clear();
    return lost;
}

void end(Context &c, const char *why)
{
    c.session.known = false;
    c.session.disconnectedAt.reset();
    discard(c, why);
    tellHook(c, Reason::Expired);
}

} // namespace

void startClean(Context &c)
{
    c.session.known = false;
    c.session.disconnectedAt.reset();
    discard(c, "given up: a clean start was asked for");
    tellHook(c, Reason::CleanStarted);
}

void goOn(Context &c)
{
    tellHook(c, Reason::Resumed);
}

void lose(Context &c)
{
    const auto before = static_cast<std::ptrdiff_t>(c.actions.size());
    const SessionLostEvent lost = discard(c, "given up: the server has lost the session");
    c.actions.insert(c.actions.begin() + before, lost); // told before what it completes
    tellHook(c, Reason::SessionLost);
}

void connectionEnded(Context &c)
{
    for (Outgoing &entry : c.session.inflight)
        entry.written = false;
    c.session.disconnectedAt = c.now;
    tellHook(c, Reason::Closed);
    if (c.session.expiryInterval == 0)
        end(c, "given up: the session ended with its connection");
}

void attemptFailed(Context &c)
{
    auto &inflight = c.session.inflight;
    while (!c.session.known && !inflight.empty() && inflight.back().written) {
        Outgoing &entry = inflight.back();
        c.ids.free(entry.id);
        c.session.pending.push_front({entry.token, std::move(entry.message), entry.expiresAt});
        inflight.pop_back();
    }
    for (Outgoing &entry : inflight)
        entry.written = false;
}

void checkExpiry(Context &c)
{
    if (c.rules.hasExpired(c.session, c.now))
        end(c, "given up: the session expired");
}

tl::expected<void, std::string> restore(Context &c, const v1::ClientSession &value)
{
    if (c.link.phase != Phase::Idle)
        return tl::unexpected<std::string>("a session can't be restored while connected");
    if (const auto checked = checkClientSession(value); !checked)
        return tl::unexpected("the session contradicts itself: " + checked.error());
    if (!c.session.isEmpty() || !c.session.pending.empty())
        return tl::unexpected<std::string>("the client has messages of its own under way");
    if (!c.session.clientId.empty() && c.session.clientId != value.client_id())
        return tl::unexpected(
            fmt::format("the session is \"{}\"'s, not \"{}\"'s", value.client_id(), c.session.clientId));
    if (value.version() != c.options.version)
        return tl::unexpected<std::string>("the session was made with the other version of MQTT");
    SessionState state = fromValue(value, c.lastToken + 1);
    if (state.expiryInterval == 0)
        return tl::unexpected<std::string>("the session ended with its connection");
    if (c.rules.hasExpired(state, c.now))
        return tl::unexpected<std::string>("the session has expired");
    c.lastToken += state.inflight.size() + state.pending.size();
    c.session = std::move(state);
    countIdsAnew(c);
    return {};
}

} // namespace hiatus::client::resume
