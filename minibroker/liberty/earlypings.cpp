#include "minibroker/liberty/decorators.h"

#include "minibroker/engine/decorator.h"

#include <deque>

namespace hiatus::broker {

namespace {

/// A PUBLISH and what follows it on its link wait a moment before they are dealt with, in their order; PINGREQ does not.
class EarlyPings final : public Decorator
{
public:
    using Decorator::Decorator;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        const bool isWaiting = m_waiting.count(link) != 0;
        if (packet.has_pingreq() || (!isWaiting && !packet.has_publish()))
            return Decorator::received(link, packet, now);
        m_waiting[link].push_back({now + Milliseconds(10), packet});
        return {};
    }
    Actions malformed(LinkId link, const wire::Malformed &what, Time now) override
    {
        auto actions = dealWith(link, Time::max(), now);
        return join(std::move(actions), Decorator::malformed(link, what, now));
    }
    Actions closed(LinkId link, Time now) override
    {
        auto actions = dealWith(link, Time::max(), now);
        return join(std::move(actions), Decorator::closed(link, now));
    }
    Actions advanced(Time now) override
    {
        Actions actions;
        std::vector<LinkId> links;
        for (const auto &[link, waiting] : m_waiting)
            links.push_back(link);
        for (const LinkId link : links)
            actions = join(std::move(actions), dealWith(link, now, now));
        return join(std::move(actions), Decorator::advanced(now));
    }
    std::optional<Time> nextDeadline() const override
    {
        auto next = Decorator::nextDeadline();
        for (const auto &[link, waiting] : m_waiting)
            next = next ? std::min(*next, waiting.front().due) : waiting.front().due;
        return next;
    }

protected:
    Actions pass(Actions actions, Time) override
    {
        for (const auto &action : actions)
            if (const auto *close = std::get_if<CloseAction>(&action))
                m_waiting.erase(close->link);
        return actions;
    }

private:
    struct Waiting
    {
        Time due{};
        v1::Packet packet;
    };

    /// Hands on what came in on the link and is due by then.
    Actions dealWith(LinkId link, Time due, Time now)
    {
        Actions actions;
        for (;;) {
            const auto found = m_waiting.find(link);
            if (found == m_waiting.end() || found->second.front().due > due)
                return actions;
            const v1::Packet packet = std::move(found->second.front().packet);
            found->second.pop_front();
            if (found->second.empty())
                m_waiting.erase(found);
            actions = join(std::move(actions), Decorator::received(link, packet, now));
        }
    }

    static Actions join(Actions first, Actions second)
    {
        for (auto &action : second)
            first.push_back(std::move(action));
        return first;
    }

    std::map<LinkId, std::deque<Waiting>> m_waiting;
};

} // namespace

std::unique_ptr<Broker> pingsFirst(std::unique_ptr<Broker> inner)
{
    return std::make_unique<EarlyPings>(std::move(inner));
}

} // namespace hiatus::broker
