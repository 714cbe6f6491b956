#include "minibroker/liberty/decorators.h"

#include "minibroker/engine/decorator.h"

#include <map>
#include <set>
#include <utility>

namespace hiatus::broker {

namespace {

/// QoS 0 messages wait while one of QoS 1 or 2 is in flight on their link [5.0 A5-18].
class SuspendsQos0 final : public Decorator
{
public:
    using Decorator::Decorator;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        acknowledged(link, packet);
        Actions actions = released(link);
        for (auto &action : Decorator::received(link, packet, now))
            actions.push_back(std::move(action));
        return actions;
    }
    Actions closed(LinkId link, Time now) override
    {
        m_states.erase(link);
        return Decorator::closed(link, now);
    }

protected:
    Actions pass(Actions actions, Time) override
    {
        Actions out;
        for (auto &action : actions) {
            if (const auto *close = std::get_if<CloseAction>(&action))
                m_states.erase(close->link);
            if (!isHeld(action))
                out.push_back(std::move(action));
        }
        return out;
    }

private:
    struct State
    {
        std::set<std::uint32_t> open; ///< identifiers in flight
        Actions held;
    };

    bool isHeld(const Action &action)
    {
        const auto *send = std::get_if<SendAction>(&action);
        if (!send || !send->packet.has_publish())
            return false;
        State &state = m_states[send->link];
        const v1::Publish &publish = send->packet.publish();
        if (publish.qos() > 0)
            state.open.insert(publish.packet_id());
        else if (!state.open.empty())
            state.held.push_back(action);
        return publish.qos() == 0 && !state.open.empty();
    }

    void acknowledged(LinkId link, const v1::Packet &packet)
    {
        const auto state = m_states.find(link);
        if (state == m_states.end())
            return;
        if (packet.has_puback())
            state->second.open.erase(packet.puback().packet_id());
        else if (packet.has_pubcomp())
            state->second.open.erase(packet.pubcomp().packet_id());
        else if (packet.has_pubrec() && packet.pubrec().code() >= 0x80)
            state->second.open.erase(packet.pubrec().packet_id());
    }

    Actions released(LinkId link)
    {
        const auto state = m_states.find(link);
        if (state == m_states.end() || !state->second.open.empty())
            return {};
        return std::exchange(state->second.held, {});
    }

    std::map<LinkId, State> m_states;
};

} // namespace

std::unique_ptr<Broker> suspendQos0(std::unique_ptr<Broker> inner)
{
    return std::make_unique<SuspendsQos0>(std::move(inner));
}

} // namespace hiatus::broker
