#pragma once
// Knows in which way a connection ends, for rows that act on one way only.

#include "minibroker/engine/alteration.h"
#include "minibroker/engine/decorator.h"

#include <memory>

namespace hiatus::broker {

/// By what the engine was last told that a connection ends.
enum class Way { None, Disconnect, WithWill, Lost, Silence, Error };

class WayTracker final : public Decorator
{
public:
    WayTracker(std::unique_ptr<Broker> inner, std::shared_ptr<Way> way) : Decorator(std::move(inner)), m_way(std::move(way)) {}

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        *m_way = !packet.has_disconnect() ? Way::Error : packet.disconnect().code() == 0x04 ? Way::WithWill : Way::Disconnect;
        return Decorator::received(link, packet, now);
    }
    Actions malformed(LinkId link, const wire::Malformed &what, Time now) override
    {
        *m_way = Way::Error;
        return Decorator::malformed(link, what, now);
    }
    Actions closed(LinkId link, Time now) override
    {
        *m_way = Way::Lost;
        return Decorator::closed(link, now);
    }
    Actions advanced(Time now) override
    {
        *m_way = Way::Silence;
        return Decorator::advanced(now);
    }

private:
    std::shared_ptr<Way> m_way;
};

/// Rules and hooks of this setup may ask what it points to.
inline std::shared_ptr<const Way> trackWays(Setup &setup)
{
    const auto way = std::make_shared<Way>(Way::None);
    setup.decorators.push_back([way](std::unique_ptr<Broker> inner) -> std::unique_ptr<Broker> {
        return std::make_unique<WayTracker>(std::move(inner), way);
    });
    return way;
}

} // namespace hiatus::broker
