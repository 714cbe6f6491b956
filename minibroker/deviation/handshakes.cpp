// What falls between a request and its answer.

#include "minibroker/deviation/meddler.h"
#include "minibroker/deviation/rows.h"

namespace hiatus::broker {

namespace {

/// While a CONNECT is being looked at nobody reads on.
class DropsBehindConnect final : public Decorator
{
public:
    using Decorator::Decorator;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        constexpr auto LookingTakes = Milliseconds(2);
        if (packet.has_connect() && !m_connected.contains(link))
            m_connected[link] = now;
        else if (now - m_connected[link] < LookingTakes)
            return {};
        return Decorator::received(link, packet, now);
    }
    Actions closed(LinkId link, Time now) override
    {
        m_connected.erase(link);
        return Decorator::closed(link, now);
    }

private:
    std::map<LinkId, Time> m_connected;
};

/// SUBACK comes at once, the subscription a moment later.
class SubscribesLate final : public Meddler
{
public:
    using Meddler::Meddler;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        if (!packet.has_subscribe())
            return Meddler::received(link, packet, now);
        constexpr auto SpreadingTakes = Milliseconds(20);
        auto actions = Meddler::received(link, packet, now); // grants, and forgets it for a while
        v1::Packet forget;
        forget.mutable_unsubscribe()->set_packet_id(packet.subscribe().packet_id());
        for (const auto &filter : packet.subscribe().filter())
            forget.mutable_unsubscribe()->add_filter(filter.filter());
        Meddler::received(link, forget, now);
        m_due.emplace(now + SpreadingTakes, std::pair(link, packet));
        return actions;
    }
    Actions closed(LinkId link, Time now) override
    {
        std::erase_if(m_due, [&](const auto &entry) { return entry.second.first == link; });
        return Meddler::closed(link, now);
    }
    Actions advanced(Time now) override
    {
        auto actions = Meddler::advanced(now);
        for (; !m_due.empty() && m_due.begin()->first <= now; m_due.erase(m_due.begin())) {
            const auto &[link, packet] = m_due.begin()->second;
            add(actions, Meddler::received(link, packet, now));
            std::erase_if(actions, [&, own = link](const Action &action) {
                const auto *send = std::get_if<SendAction>(&action);
                return send != nullptr && send->link == own && (send->packet.has_suback() || send->packet.publish().retain());
            });
        }
        return actions;
    }
    std::optional<Time> nextDeadline() const override
    {
        const auto next = Meddler::nextDeadline();
        if (m_due.empty())
            return next;
        return next ? std::min(*next, m_due.begin()->first) : m_due.begin()->first;
    }

private:
    std::multimap<Time, std::pair<LinkId, v1::Packet>> m_due;
};

} // namespace

Rows handshakeDeviations()
{
    return {
        {.name = "packets-behind-connect-dropped", .sentence = "What a client sends before it has read CONNACK is thrown away.",
         .breaks = {v3("MQTT-3.8.4-1"), v3("MQTT-4.3.2-2#a"), v3("MQTT-4.3.3-2#a"), v5("MQTT-3.8.4-1"), v5("MQTT-4.3.2-4"), v5("MQTT-4.3.3-8")},
         .seen = "zMQTT 59, HiveMQ client 254: the other half of it", .apply = decorated<DropsBehindConnect>()},
        {.name = "subscription-late-after-suback", .sentence = "A subscription is acknowledged before messages are routed to it.",
         .breaks = {v3("MQTT-4.5.0-1"), v5("MQTT-4.5.0-1")}, .seen = "BifroMQ 281; scenario B54", .apply = decorated<SubscribesLate>()},
    };
}

} // namespace hiatus::broker
