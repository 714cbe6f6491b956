#include "client/engine/clientengine.h"

#include "client/engine/connecting.h"
#include "client/engine/inbound.h"
#include "client/engine/keepalive.h"
#include "client/engine/outbound.h"
#include "client/engine/resume.h"
#include "client/engine/subscribing.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hiatus::client {

namespace {

/// What the server may send once CONNACK has come.
void dispatch(Context &c, const v1::Packet &packet)
{
    switch (packet.kind_case()) {
    case v1::Packet::kPublish: return inbound::publish(c, packet.publish());
    case v1::Packet::kPuback: return outbound::puback(c, packet.puback());
    case v1::Packet::kPubrec: return outbound::pubrec(c, packet.pubrec());
    case v1::Packet::kPubrel: return inbound::pubrel(c, packet.pubrel());
    case v1::Packet::kPubcomp: return outbound::pubcomp(c, packet.pubcomp());
    case v1::Packet::kSuback: return subscribing::suback(c, packet.suback());
    case v1::Packet::kUnsuback: return subscribing::unsuback(c, packet.unsuback());
    case v1::Packet::kPingresp: return keepalive::pingresp(c);
    case v1::Packet::kDisconnect: return connecting::serverDisconnected(c, packet.disconnect());
    default: return connecting::fail(c, 0x82, "a packet that no server sends here");
    }
}

} // namespace

ClientEngine::ClientEngine(ClientOptions options, Rules rules, StateHook hook)
{
    m_context.options = options;
    m_context.rules = std::move(rules);
    m_context.hook = std::move(hook);
}

tl::expected<Actions, std::string> ClientEngine::connect(const v1::Connect &connect, Time now)
{
    m_context.now = now;
    if (const auto done = connecting::connect(m_context, connect); !done)
        return tl::unexpected(done.error());
    return take();
}

tl::expected<Started, std::string> ClientEngine::publish(const v1::Publish &publish, Time now)
{
    m_context.now = now;
    return started(outbound::publish(m_context, publish));
}

tl::expected<Started, std::string> ClientEngine::subscribe(const v1::Subscribe &subscribe, Time now)
{
    m_context.now = now;
    return started(subscribing::subscribe(m_context, subscribe));
}

tl::expected<Started, std::string> ClientEngine::unsubscribe(const v1::Unsubscribe &unsubscribe, Time now)
{
    m_context.now = now;
    return started(subscribing::unsubscribe(m_context, unsubscribe));
}

tl::expected<Actions, std::string> ClientEngine::acknowledge(Token delivery, Time now)
{
    m_context.now = now;
    if (const auto done = inbound::acknowledge(m_context, delivery); !done)
        return tl::unexpected(done.error());
    return take();
}

Actions ClientEngine::disconnect(const v1::Disconnect &disconnect, Time now)
{
    m_context.now = now;
    connecting::disconnect(m_context, disconnect);
    return take();
}

Actions ClientEngine::opened(Time now)
{
    m_context.now = now;
    connecting::opened(m_context);
    return take();
}

Actions ClientEngine::received(const v1::Packet &packet, Time now)
{
    m_context.now = now;
    if (packet.has_connack() && (m_context.isConnected() || m_context.link.phase == Phase::Connecting))
        connecting::acknowledged(m_context, packet.connack());
    else if (m_context.isConnected())
        dispatch(m_context, packet);
    else if (m_context.link.phase == Phase::Connecting)
        connecting::fail(m_context, 0x82, "the server's first packet is not CONNACK");
    return take();
}

Actions ClientEngine::malformed(const wire::Malformed &what, Time now)
{
    m_context.now = now;
    const Phase phase = m_context.link.phase;
    if (phase == Phase::Connecting || phase == Phase::Connected)
        connecting::fail(m_context, what.code == 0 ? 0x81 : what.code, fmt::format("{}: {}", what.reason, what.text));
    return take();
}

Actions ClientEngine::closed(Time now)
{
    m_context.now = now;
    connecting::closed(m_context);
    return take();
}

Actions ClientEngine::advanced(Time now)
{
    m_context.now = now;
    connecting::advanced(m_context);
    keepalive::advanced(m_context);
    return take();
}

std::optional<Time> ClientEngine::nextDeadline() const
{
    const std::optional<Time> connection = connecting::nextDeadline(m_context);
    const std::optional<Time> ping = keepalive::nextDeadline(m_context);
    if (!connection || !ping)
        return connection ? connection : ping;
    return std::min(*connection, *ping);
}

v1::ClientSession ClientEngine::snapshot(Time) const
{
    return toValue(m_context.session, m_context.options.version);
}

tl::expected<void, std::string> ClientEngine::restore(const v1::ClientSession &session, Time now)
{
    m_context.now = now;
    return resume::restore(m_context, session);
}

Actions ClientEngine::take()
{
    return std::exchange(m_context.actions, {});
}

tl::expected<Started, std::string> ClientEngine::started(const tl::expected<Token, std::string> &token)
{
    if (!token)
        return tl::unexpected(token.error());
    return Started{*token, take()};
}

} // namespace hiatus::client
