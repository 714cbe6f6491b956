#include "client/engine/sessionstate.h"

#include <algorithm>

namespace hiatus::client {

namespace {

v1::StoredMessage stored(const v1::Publish &message, const std::optional<Time> &expiresAt)
{
    v1::StoredMessage value;
    *value.mutable_publish() = message;
    value.mutable_publish()->clear_topic_alias();
    if (expiresAt)
        value.set_expires_at(expiresAt->time_since_epoch().count());
    return value;
}

std::optional<Time> expiryOf(const v1::StoredMessage &value)
{
    if (!value.has_expires_at())
        return std::nullopt;
    return Time(Milliseconds(value.expires_at()));
}

v1::Inflight toValue(const Outgoing &entry)
{
    v1::Inflight value;
    value.set_packet_id(entry.id);
    value.set_stage(entry.stage);
    if (entry.stage != v1::AWAIT_PUBCOMP) // only PUBREL may be sent again: the message has done its duty
        *value.mutable_message() = stored(entry.message, entry.expiresAt);
    return value;
}

} // namespace

bool SessionState::holdsOld() const
{
    return !received.empty() || std::any_of(inflight.begin(), inflight.end(), [](const Outgoing &e) { return !e.written; });
}

Outgoing *SessionState::find(PacketId id)
{
    auto found = std::find_if(inflight.begin(), inflight.end(), [id](const Outgoing &entry) { return entry.id == id; });
    return found == inflight.end() ? nullptr : &*found;
}

std::optional<Time> SessionState::endsAt() const
{
    if (!known || !disconnectedAt || expiryInterval == NeverExpires)
        return std::nullopt;
    return *disconnectedAt + Seconds(expiryInterval);
}

v1::ClientSession toValue(const SessionState &state, v1::Version version)
{
    v1::ClientSession value;
    value.set_client_id(state.clientId);
    value.set_version(version);
    for (const Outgoing &entry : state.inflight)
        *value.add_inflight() = toValue(entry);
    for (const auto &[id, receipt] : state.received) {
        if (receipt.acknowledged) // else PUBREC was never sent, and the next life has to deliver it
            value.add_received()->set_packet_id(id);
    }
    for (const Queued &entry : state.pending)
        *value.add_pending() = stored(entry.message, entry.expiresAt);
    value.set_session_expiry_interval(state.expiryInterval);
    if (state.disconnectedAt)
        value.set_disconnected_at(state.disconnectedAt->time_since_epoch().count());
    return value;
}

SessionState fromValue(const v1::ClientSession &value, Token firstToken)
{
    SessionState state;
    state.clientId = value.client_id();
    state.known = true;
    for (const v1::Inflight &entry : value.inflight())
        state.inflight.push_back({firstToken++, static_cast<PacketId>(entry.packet_id()), entry.stage(),
                                  entry.message().publish(), expiryOf(entry.message()), false});
    for (const v1::Received &entry : value.received())
        state.received.emplace(static_cast<PacketId>(entry.packet_id()), Receipt{});
    for (const v1::StoredMessage &entry : value.pending())
        state.pending.push_back({firstToken++, entry.publish(), expiryOf(entry)});
    state.expiryInterval = value.session_expiry_interval();
    if (value.has_disconnected_at())
        state.disconnectedAt = Time(Milliseconds(value.disconnected_at()));
    return state;
}

} // namespace hiatus::client
