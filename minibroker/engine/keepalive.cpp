// Silence: a connection without CONNECT, and keep alive.

#include "minibroker/engine/state.h"

namespace hiatus::broker {

namespace {

Milliseconds patienceOf(const State &state, const Connection &connection)
{
    return connection.session == nullptr ? state.options.connectTimeout : connection.patience;
}

} // namespace

/// Looked at again when due: a packet that arrives costs nothing here.
void armSilence(State &state, Connection &connection)
{
    const auto patience = patienceOf(state, connection);
    const Deadline deadline{.kind = Deadline::Kind::Silence, .number = connection.link, .connection = &connection};
    state.deadlines.move(connection.due, deadline,
                         patience == Milliseconds(0) ? std::nullopt
                                                     : std::optional(connection.lastReceived + patience));
}

void silenceDue(State &state, Connection &connection)
{
    const auto patience = patienceOf(state, connection);
    if (patience == Milliseconds(0) || connection.lastReceived + patience > state.now)
        return armSilence(state, connection);
    if (connection.session == nullptr) {
        close(state, connection, "no CONNECT");
        return detach(state, connection, Reason::Closed);
    }
    fail(state, connection, code::KeepAliveTimeout, "keep alive");
}

} // namespace hiatus::broker
