#include "client/engine/keepalive.h"

#include "client/engine/connecting.h"

#include <algorithm>

namespace hiatus::client::keepalive {

namespace {

bool isOn(const Context &c)
{
    return c.isConnected() && c.link.limits.keepAlive.count() > 0;
}

Time pingDue(const Context &c)
{
    return c.link.lastSent + c.rules.pingAfter(c.link.limits.keepAlive);
}

} // namespace

void advanced(Context &c)
{
    if (!isOn(c))
        return;
    if (c.link.pingSentAt && *c.link.pingSentAt + c.options.pingTimeout <= c.now)
        return connecting::leave(c, {"the server no longer answers", {}, true, true});
    if (pingDue(c) > c.now)
        return;
    if (!c.link.pingSentAt)
        c.link.pingSentAt = c.now;
    v1::Packet packet;
    packet.mutable_pingreq();
    c.send(std::move(packet));
}

void pingresp(Context &c)
{
    c.link.pingSentAt.reset();
}

std::optional<Time> nextDeadline(const Context &c)
{
    if (!isOn(c))
        return std::nullopt;
    const Time due = pingDue(c);
    return c.link.pingSentAt ? std::min(due, *c.link.pingSentAt + c.options.pingTimeout) : due;
}

} // namespace hiatus::client::keepalive
