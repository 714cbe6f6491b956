#pragma once
// Seam 1: a broker around a broker. Everything passes through; who derives from it overrides what it wants to bend.

#include "minibroker/engine/broker.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace hiatus::broker {

class Decorator : public Broker
{
public:
    explicit Decorator(std::unique_ptr<Broker> inner) : m_inner(std::move(inner)) {}

    void comesBy(LinkId link, std::uint32_t endpoint) override { m_inner->comesBy(link, endpoint); }
    Actions opened(LinkId link, Time now) override { return pass(m_inner->opened(link, now), now); }
    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        return pass(m_inner->received(link, packet, now), now);
    }
    Actions malformed(LinkId link, const wire::Malformed &what, Time now) override
    {
        return pass(m_inner->malformed(link, what, now), now);
    }
    Actions closed(LinkId link, Time now) override { return pass(m_inner->closed(link, now), now); }
    Actions advanced(Time now) override { return pass(m_inner->advanced(now), now); }
    std::optional<Time> nextDeadline() const override { return m_inner->nextDeadline(); }

protected:
    /// Every list of actions goes through here on its way out.
    virtual Actions pass(Actions actions, Time) { return actions; }
    Broker &inner() { return *m_inner; }
    const Broker &inner() const { return *m_inner; }

private:
    std::unique_ptr<Broker> m_inner;
};

/// A broker that lets some actions wait. What waits for a link keeps its order, goes out before the broker's DISCONNECT or
/// close, and is dropped when it is lost.
class HoldingDecorator : public Decorator
{
public:
    using Decorator::Decorator;

    Actions closed(LinkId link, Time now) override
    {
        drop(link);
        return Decorator::closed(link, now);
    }
    Actions advanced(Time now) override
    {
        auto actions = due(now);
        const auto inner = Decorator::advanced(now);
        actions.insert(actions.end(), inner.begin(), inner.end());
        return actions;
    }
    std::optional<Time> nextDeadline() const override
    {
        const auto inner = Decorator::nextDeadline();
        if (m_held.empty())
            return inner;
        return inner ? std::min(*inner, m_held.begin()->first) : m_held.begin()->first;
    }

protected:
    Actions pass(Actions actions, Time now) override
    {
        Actions out;
        for (auto &action : actions) {
            const auto link = linkOf(action);
            const bool isLast = isEnd(action);
            const auto until = isLast ? std::nullopt : holdUntil(action, now);
            if (until) {
                m_held.emplace(*until, std::move(action));
                continue;
            }
            if (isLast)
                release(link, out);
            out.push_back(std::move(action));
        }
        return out;
    }
    /// How long has it to wait? Nothing: not at all.
    virtual std::optional<Time> holdUntil(const Action &action, Time now) = 0;
    static LinkId linkOf(const Action &action)
    {
        return std::visit([](const auto &one) { return one.link; }, action);
    }
    /// When the last of what waits for the link may go.
    std::optional<Time> heldUntil(LinkId link) const
    {
        std::optional<Time> last;
        for (const auto &[until, action] : m_held)
            if (linkOf(action) == link)
                last = until;
        return last;
    }

private:
    /// Nothing may follow it on its link [5.0 MQTT-3.14.4-1].
    static bool isEnd(const Action &action)
    {
        const auto *send = std::get_if<SendAction>(&action);
        return send == nullptr || send->packet.has_disconnect();
    }
    void drop(LinkId link)
    {
        std::erase_if(m_held, [&](const auto &entry) { return linkOf(entry.second) == link; });
    }
    void release(LinkId link, Actions &out)
    {
        for (auto it = m_held.begin(); it != m_held.end();) {
            if (linkOf(it->second) == link) {
                out.push_back(std::move(it->second));
                it = m_held.erase(it);
            } else {
                ++it;
            }
        }
    }
    Actions due(Time now)
    {
        Actions actions;
        const auto end = m_held.upper_bound(now);
        for (auto it = m_held.begin(); it != end; ++it)
            actions.push_back(std::move(it->second));
        m_held.erase(m_held.begin(), end);
        return actions;
    }

    std::multimap<Time, Action> m_held;
};

} // namespace hiatus::broker
