#include "minibroker/liberty/decorators.h"

#include "minibroker/engine/decorator.h"

namespace hiatus::broker {

namespace {

class DeliverLate final : public HoldingDecorator
{
public:
    using HoldingDecorator::HoldingDecorator;

protected:
    std::optional<Time> holdUntil(const Action &action, Time now) override
    {
        if (!std::get<SendAction>(action).packet.has_publish())
            return {};
        return now + Milliseconds(15);
    }
};

/// Order holds within one QoS [3.1.1 MQTT-4.6.0-6] [5.0 MQTT-4.6.0-5].
class Qos0Apart final : public HoldingDecorator
{
public:
    using HoldingDecorator::HoldingDecorator;

protected:
    std::optional<Time> holdUntil(const Action &action, Time now) override
    {
        const v1::Packet &packet = std::get<SendAction>(action).packet;
        return packet.has_publish() && packet.publish().qos() == 0 ? std::optional(now + Milliseconds(4)) : std::nullopt;
    }
};

class ResendInPortions final : public HoldingDecorator
{
public:
    using HoldingDecorator::HoldingDecorator;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        m_fresh = 0;
        return HoldingDecorator::received(link, packet, now);
    }

protected:
    std::optional<Time> holdUntil(const Action &action, Time now) override
    {
        const auto &send = std::get<SendAction>(action);
        if (send.packet.connack().session_present())
            m_fresh = send.link;
        if (!send.packet.has_publish())
            return {};
        const auto queue = heldUntil(send.link);
        if (send.link == m_fresh)
            return queue.value_or(now) + Milliseconds(5);
        return queue; // nothing overtakes
    }

private:
    LinkId m_fresh = 0; // resumed by the input that is being answered
};

class ResendByTimer final : public Decorator
{
public:
    ResendByTimer(std::unique_ptr<Broker> inner, v1::Version version) : Decorator(std::move(inner)), m_version(version) {}

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        if (const auto *ack = ackOf(packet))
            m_open.erase({link, static_cast<PacketId>(ack->packet_id())});
        return Decorator::received(link, packet, now);
    }
    Actions closed(LinkId link, Time now) override
    {
        forget(link);
        return Decorator::closed(link, now);
    }
    Actions advanced(Time now) override
    {
        auto actions = again(now);
        for (auto &action : Decorator::advanced(now))
            actions.push_back(std::move(action));
        return actions;
    }
    std::optional<Time> nextDeadline() const override
    {
        auto next = Decorator::nextDeadline();
        for (const auto &[key, open] : m_open)
            next = next ? std::min(*next, open.due) : open.due;
        return next;
    }

protected:
    Actions pass(Actions actions, Time now) override
    {
        for (const auto &action : actions) {
            if (const auto *close = std::get_if<CloseAction>(&action))
                forget(close->link);
            else
                note(std::get<SendAction>(action), now);
        }
        return actions;
    }

private:
    static constexpr auto Interval = Seconds(10);

    struct Open
    {
        SendAction send;
        std::uint64_t order = 0;
        Time due{};
    };
    using Key = std::pair<LinkId, PacketId>;

    /// An answer of the client to what is noted here.
    static const v1::Ack *ackOf(const v1::Packet &packet)
    {
        switch (packet.kind_case()) {
        case v1::Packet::kPuback:
            return &packet.puback();
        case v1::Packet::kPubrec:
            return &packet.pubrec();
        case v1::Packet::kPubcomp:
            return &packet.pubcomp();
        default:
            return nullptr;
        }
    }

    void note(const SendAction &send, Time now)
    {
        if (send.version != m_version)
            return;
        std::uint32_t id = 0;
        auto copy = send;
        if (send.packet.has_publish() && send.packet.publish().qos() > 0) {
            id = send.packet.publish().packet_id();
            copy.packet.mutable_publish()->set_dup(true); // [3.1.1 MQTT-3.3.1-1]
        } else if (send.packet.has_pubrel()) {
            id = send.packet.pubrel().packet_id();
        }
        if (id != 0)
            m_open[{send.link, static_cast<PacketId>(id)}] = {std::move(copy), ++m_orders, now + Interval};
    }

    void forget(LinkId link)
    {
        std::erase_if(m_open, [&](const auto &entry) { return entry.first.first == link; });
    }

    /// In the order of the first transmissions.
    Actions again(Time now)
    {
        std::map<std::uint64_t, Open *> due;
        for (auto &[key, open] : m_open)
            if (open.due <= now)
                due[open.order] = &open;
        Actions actions;
        for (auto &[order, open] : due) {
            open->due = now + Interval;
            actions.push_back(open->send);
        }
        return actions;
    }

    v1::Version m_version;
    std::map<Key, Open> m_open;
    std::uint64_t m_orders = 0;
};

class SendTwice final : public Decorator
{
public:
    SendTwice(std::unique_ptr<Broker> inner, v1::Version version) : Decorator(std::move(inner)), m_version(version) {}

protected:
    Actions pass(Actions actions, Time) override
    {
        Actions all;
        for (auto &action : actions) {
            all.push_back(action);
            auto *send = std::get_if<SendAction>(&action);
            if (!send || send->version != m_version || send->packet.publish().qos() == 0)
                continue;
            send->packet.mutable_publish()->set_dup(true); // [3.1.1 MQTT-3.3.1-1]
            all.push_back(std::move(action));
        }
        return all;
    }

private:
    v1::Version m_version;
};

} // namespace

std::unique_ptr<Broker> deliverLate(std::unique_ptr<Broker> inner)
{
    return std::make_unique<DeliverLate>(std::move(inner));
}

std::unique_ptr<Broker> sendQos0Apart(std::unique_ptr<Broker> inner)
{
    return std::make_unique<Qos0Apart>(std::move(inner));
}

std::unique_ptr<Broker> resendInPortions(std::unique_ptr<Broker> inner)
{
    return std::make_unique<ResendInPortions>(std::move(inner));
}

std::unique_ptr<Broker> resendByTimer(std::unique_ptr<Broker> inner, v1::Version version)
{
    return std::make_unique<ResendByTimer>(std::move(inner), version);
}

std::unique_ptr<Broker> sendTwice(std::unique_ptr<Broker> inner, v1::Version version)
{
    return std::make_unique<SendTwice>(std::move(inner), version);
}

} // namespace hiatus::broker
