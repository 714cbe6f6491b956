#pragma once
// A decorator that acts on its own, as if it had connections of its own.

#include "minibroker/engine/alteration.h"
#include "minibroker/engine/decorator.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hiatus::broker {

/// Knows which link is whose, and puts packets in as if they had come from a link of its own.
class Meddler : public Decorator
{
public:
    using Decorator::Decorator;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        if (packet.has_connect())
            m_clients[link] = packet.connect().client_id();
        return Decorator::received(link, packet, now);
    }
    Actions closed(LinkId link, Time now) override
    {
        m_clients.erase(link);
        return Decorator::closed(link, now);
    }

protected:
    /// What happens to others because of a packet from nowhere; what would go back to its sender is dropped.
    Actions inject(const v1::Packet &connect, const std::vector<v1::Packet> &packets, Time now)
    {
        const LinkId own = ~++m_injected;
        Actions all = inner().opened(own, now);
        add(all, inner().received(own, connect, now));
        for (const auto &packet : packets)
            add(all, inner().received(own, packet, now));
        add(all, inner().closed(own, now));
        std::erase_if(all, [&](const Action &action) {
            return std::visit([](const auto &one) { return one.link; }, action) == own;
        });
        return all;
    }
    static void add(Actions &all, Actions more)
    {
        for (auto &action : more)
            all.push_back(std::move(action));
    }
    const std::map<LinkId, std::string> &clients() const { return m_clients; }

private:
    std::map<LinkId, std::string> m_clients;
    LinkId m_injected = 0;
};

template <class T>
std::function<void(Setup &)> decorated()
{
    return [](Setup &setup) {
        setup.decorators.push_back([](std::unique_ptr<Broker> inner) -> std::unique_ptr<Broker> { return std::make_unique<T>(std::move(inner)); });
    };
}

} // namespace hiatus::broker
