// The ways a connection ends, and what becomes of its session.

#include "minibroker/engine/state.h"

namespace hiatus::broker {

namespace {

void sendDisconnect(State &state, const Connection &connection, std::uint32_t code)
{
    v1::Packet packet;
    packet.mutable_disconnect()->set_code(code);
    send(state, connection, std::move(packet));
}

WillCause causeOf(Reason reason)
{
    return reason == Reason::TakenOver ? WillCause::TakenOver : WillCause::ConnectionLost;
}

/// The session stays behind without a connection, or ends with it.
void leaveBehind(State &state, Session &session, Reason reason)
{
    session.connection = nullptr;
    session.disconnectedAt = state.now;
    for (auto &[id, inflight] : session.inflight)
        inflight.counted = false;
    scheduleEnd(state, session, reason);
    if (isExpired(state, session)) {
        endSession(state, session, causeOf(reason));
        return;
    }
    const auto moving = takeMoving(state, session);
    if (!state.rules.hooks.empty())
        runHooks(state, session, exportSession(session), reason);
    scheduleWill(state, session);
    if (session.will && session.willDue && *session.willDue <= state.now)
        publishWill(state, session, causeOf(reason));
    noteSession(state, session);
    adopt(state, moving);
}

} // namespace

void close(State &state, const Connection &connection, const std::string &why)
{
    state.actions.push_back(CloseAction{connection.link, why});
}

void disconnect(State &state, Connection &connection, const v1::Disconnect &packet)
{
    auto &session = *connection.session;
    if (connection.version == v1::V5) {
        // Not a valid DISCONNECT, so the will stays due [5.0 U5-3.14.2.2.2-2].
        if (packet.session_expiry_interval() != 0 && connection.requestedExpiry == 0)
            return fail(state, connection, code::ProtocolError, "session expiry interval after 0 in CONNECT");
        session.expiryInterval = state.rules.expiryAfterDisconnect(session, packet, state.options.expiryCap);
    }
    if (connection.version != v1::V5 || packet.code() == code::NormalDisconnection)
        dropWill(state, session); // [3.1.1 MQTT-3.14.4-3] [5.0 MQTT-3.14.4-3]
    close(state, connection, "DISCONNECT");
    detach(state, connection, Reason::Closed);
}

void fail(State &state, Connection &connection, std::uint32_t code, const std::string &why)
{
    // Nothing goes out before CONNACK [5.0 MQTT-3.14.0-1].
    if (connection.version == v1::V5 && connection.session != nullptr && state.rules.tellsErrors)
        sendDisconnect(state, connection, code);
    close(state, connection, why);
    detach(state, connection, Reason::Closed);
}

void takeOver(State &state, Connection &old)
{
    if (old.version == v1::V5 && state.rules.tellsTakenOver)
        sendDisconnect(state, old, code::SessionTakenOver);
    close(state, old, "taken over");
    detach(state, old, Reason::TakenOver);
}

void detach(State &state, Connection &connection, Reason reason)
{
    state.deadlines.move(connection.due, {.kind = Deadline::Kind::Silence, .number = connection.link}, {});
    const auto node = state.connections.extract(connection.link);
    if (auto *session = connection.session)
        leaveBehind(state, *session, reason);
}

} // namespace hiatus::broker
