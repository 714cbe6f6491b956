#include "minibroker/liberty/decorators.h"

#include "minibroker/engine/decorator.h"

#include <algorithm>
#include <string>

namespace hiatus::broker {

namespace {

/// Of 1 to 23 bytes, 0-9, a-z and A-Z [3.1.1 MQTT-3.1.3-5] [5.0 MQTT-3.1.3-5]; an empty one is another matter.
bool isSimple(const std::string &id)
{
    return id.size() <= 23 && std::all_of(id.begin(), id.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
           });
}

class TakesSimpleIds final : public Decorator
{
public:
    using Decorator::Decorator;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        if (!packet.has_connect() || isSimple(packet.connect().client_id()))
            return Decorator::received(link, packet, now);
        const bool isV5 = packet.connect().protocol_level() == 5;
        SendAction answer{link, isV5 ? v1::V5 : v1::V3, {}};
        answer.packet.mutable_connack()->set_session_present(false);
        answer.packet.mutable_connack()->set_code(isV5 ? 0x85 : 2);
        Actions actions{answer, CloseAction{link, "a client identifier that is not taken"}};
        for (auto &action : Decorator::closed(link, now))
            actions.push_back(std::move(action));
        return actions;
    }
};

} // namespace

std::unique_ptr<Broker> takeSimpleIds(std::unique_ptr<Broker> inner)
{
    return std::make_unique<TakesSimpleIds>(std::move(inner));
}

} // namespace hiatus::broker
