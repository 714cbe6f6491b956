#include "minibroker/liberty/decorators.h"

#include "minibroker/engine/decorator.h"

#include <set>
#include <string>

namespace hiatus::broker {

namespace {

/// Who takes over a connection within a second of the last time that somebody did, under that client id, is turned away.
class TurnsHasteAway final : public Decorator
{
public:
    using Decorator::Decorator;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        if (m_turnedAway.contains(link))
            return {};
        const std::string &id = packet.connect().client_id();
        if (!packet.has_connect() || id.empty() || isHolder(link))
            return Decorator::received(link, packet, now);
        const auto held = m_holders.find(id);
        if (held != m_holders.end()) {
            const auto last = m_lastTakeover.find(id);
            if (last != m_lastTakeover.end() && now - last->second < Seconds(1))
                return turnAway(link, packet.connect().protocol_level() == 5);
            m_lastTakeover[id] = now;
        }
        m_holders[id] = link;
        return Decorator::received(link, packet, now);
    }
    Actions closed(LinkId link, Time now) override
    {
        forget(link);
        m_turnedAway.erase(link);
        return Decorator::closed(link, now);
    }

protected:
    Actions pass(Actions actions, Time) override
    {
        for (const auto &action : actions)
            if (const auto *close = std::get_if<CloseAction>(&action))
                forget(close->link);
        return actions;
    }

private:
    bool isHolder(LinkId link) const
    {
        return std::any_of(m_holders.begin(), m_holders.end(), [link](const auto &entry) { return entry.second == link; });
    }
    void forget(LinkId link)
    {
        std::erase_if(m_holders, [link](const auto &entry) { return entry.second == link; });
    }
    /// 5.0 has a reason code for it; 3.1.1 has none, and a close says enough.
    Actions turnAway(LinkId link, bool isV5)
    {
        m_turnedAway.insert(link);
        Actions actions;
        if (isV5) {
            SendAction answer{link, v1::V5, {}};
            answer.packet.mutable_connack()->set_session_present(false);
            answer.packet.mutable_connack()->set_code(0x9F);
            actions.emplace_back(answer);
        }
        actions.emplace_back(CloseAction{link, "takeovers come too fast"});
        return actions;
    }

    std::map<std::string, LinkId> m_holders;
    std::map<std::string, Time> m_lastTakeover;
    std::set<LinkId> m_turnedAway;
};

} // namespace

std::unique_ptr<Broker> turnHasteAway(std::unique_ptr<Broker> inner)
{
    return std::make_unique<TurnsHasteAway>(std::move(inner));
}

} // namespace hiatus::broker
