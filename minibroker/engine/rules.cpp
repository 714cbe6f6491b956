#include "minibroker/engine/rules.h"

#include <algorithm>

namespace hiatus::broker::rules {

bool sessionPresent(const ConnectFacts &facts)
{
    return !facts.clean && facts.found && !facts.expired;
}

std::uint32_t grantedExpiry(const v1::Connect &connect, v1::Version version, std::uint32_t cap)
{
    if (version != v1::V5)
        return connect.clean() ? 0 : NeverExpires;
    return std::min(connect.session_expiry_interval(), cap);
}

std::uint32_t expiryAfterDisconnect(const Session &session, const v1::Disconnect &disconnect, std::uint32_t cap)
{
    if (!disconnect.has_session_expiry_interval())
        return session.expiryInterval;
    return std::min(disconnect.session_expiry_interval(), cap);
}

std::optional<Time> sessionEnd(const Session &session, Reason, Time closedAt)
{
    if (session.expiryInterval == NeverExpires)
        return {};
    return closedAt + Seconds(session.expiryInterval);
}

Time sweepAt(Time end)
{
    return end;
}

Milliseconds patience(std::uint32_t keepAlive)
{
    return Milliseconds(1500) * keepAlive;
}

bool publishesWill(const Session &, WillCause)
{
    return true;
}

Time willDueAt(const Session &session, Time closedAt)
{
    return closedAt + Seconds(session.version == v1::V5 ? session.will->delay_interval() : 0);
}

Time publishesWillAt(Time due)
{
    return due;
}

std::uint32_t grantedQos(std::uint32_t asked, std::uint32_t maximum)
{
    return std::min(asked, maximum);
}

Subscription replaced(const Subscription &, const Subscription &fresh)
{
    return fresh;
}

bool removesSubscription(const Session &, const Subscription &)
{
    return true;
}

bool sendsRetained(const Subscription &subscription, bool existed, bool onResume)
{
    if (onResume || subscription.shared || subscription.retainHandling == 2)
        return false;
    return subscription.retainHandling == 0 || !existed;
}

Copies copies(const Session &, const Matching &matching, const Publication &publication)
{
    Copies result(1);
    auto &copy = result.front();
    for (const auto *subscription : matching) {
        copy.qos = std::max(copy.qos, subscription->qos);
        copy.retain = copy.retain || (subscription->retainAsPublished && publication.retain());
        if (subscription->identifier != 0)
            copy.identifiers.push_back(subscription->identifier);
    }
    copy.qos = std::min(copy.qos, static_cast<std::uint8_t>(publication.qos()));
    return result;
}

bool storesRetained(const Publication &)
{
    return true;
}

bool isRepeat(const Session &session, const v1::Publish &publish)
{
    return session.received.contains(static_cast<PacketId>(publish.packet_id()));
}

std::uint32_t acceptedCode(std::size_t)
{
    return 0x00;
}

std::optional<std::uint32_t> unknownPubrel(v1::Version version)
{
    return version == v1::V5 ? 0x92 : 0x00;
}

std::uint32_t window(const Session &, const Connection &connection, std::uint32_t maximum)
{
    return std::min<std::uint32_t>(connection.receiveMaximum, maximum);
}

std::optional<PacketId> nextPacketId(const Session &session, unsigned highest)
{
    if (session.inflight.size() >= highest)
        return {};
    unsigned id = session.lastPacketId;
    do
        id = id >= highest ? 1 : id + 1;
    while (session.inflight.contains(static_cast<PacketId>(id)));
    return static_cast<PacketId>(id);
}

bool queuesBehind(const Session &)
{
    return true;
}

bool takesOldest(const Session &)
{
    return true;
}

bool resends(const Session &, const Inflight &, Time)
{
    return true;
}

bool forgetsAcknowledged(const Session &, const Inflight &)
{
    return true;
}

bool handsOver(const Inflight &inflight, bool hasEnded)
{
    return hasEnded && inflight.stage == v1::AWAIT_PUBACK;
}

} // namespace hiatus::broker::rules
