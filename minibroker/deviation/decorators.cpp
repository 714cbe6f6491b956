#include "minibroker/deviation/decorators.h"

#include "minibroker/engine/decorator.h"

namespace hiatus::broker {

namespace {

const SendAction *sendOf(const Action &action)
{
    return std::get_if<SendAction>(&action);
}

LinkId linkOf(const Action &action)
{
    return std::visit([](const auto &one) { return one.link; }, action);
}

Actions pong(LinkId link, v1::Version version)
{
    SendAction answer{link, version, {}};
    answer.packet.mutable_pingresp();
    return {answer};
}

/// Links that the engine has forgotten and the network has not: deaf, but alive to PINGREQ.
class DeafLinks
{
public:
    void add(LinkId link, v1::Version version) { m_links[link] = version; }
    void remove(LinkId link) { m_links.erase(link); }
    bool contains(LinkId link) const { return m_links.contains(link); }
    Actions answer(LinkId link, const v1::Packet &packet) const
    {
        return packet.has_pingreq() ? pong(link, m_links.at(link)) : Actions();
    }

private:
    std::map<LinkId, v1::Version> m_links;
};

class WaitForNextPublish final : public Decorator
{
public:
    using Decorator::Decorator;

    Actions closed(LinkId link, Time now) override
    {
        m_waiting.erase(link);
        return Decorator::closed(link, now);
    }

protected:
    Actions pass(Actions actions, Time) override
    {
        Actions out;
        LinkId resumed = 0;
        for (auto &action : actions) {
            const auto *send = sendOf(action);
            const auto link = linkOf(action);
            if (send == nullptr)
                m_waiting.erase(link);
            else if (send->packet.connack().session_present())
                resumed = link;
            else if (link == resumed) {
                m_waiting[link].push_back(std::move(action));
                continue;
            } else if (send->packet.has_publish())
                release(link, out);
            out.push_back(std::move(action));
        }
        return out;
    }

private:
    void release(LinkId link, Actions &out)
    {
        const auto waiting = m_waiting.extract(link);
        if (!waiting.empty())
            out.insert(out.end(), waiting.mapped().begin(), waiting.mapped().end());
    }

    std::map<LinkId, Actions> m_waiting;
};

bool isAccepted(const Action &action, LinkId link)
{
    const auto *send = sendOf(action);
    return send != nullptr && send->link == link && send->packet.has_connack() && send->packet.connack().code() == 0;
}

/// The link that a CONNECT on another one displaced; 0: none.
LinkId displacedBy(const Actions &actions, LinkId link)
{
    if (std::none_of(actions.begin(), actions.end(), [&](const Action &action) { return isAccepted(action, link); }))
        return 0;
    for (const auto &action : actions)
        if (std::holds_alternative<CloseAction>(action) && linkOf(action) != link)
            return linkOf(action);
    return 0;
}

class LeaveOldOpen final : public Decorator
{
public:
    using Decorator::Decorator;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        if (m_deaf.contains(link))
            return m_deaf.answer(link, packet);
        auto actions = Decorator::received(link, packet, now);
        if (packet.has_connect())
            m_versions[link] = packet.connect().protocol_level() == 5 ? v1::V5 : v1::V3;
        if (const auto old = packet.has_connect() ? displacedBy(actions, link) : 0) {
            m_deaf.add(old, m_versions[old]);
            std::erase_if(actions, [&](const Action &action) { return linkOf(action) == old; });
        }
        return actions;
    }
    Actions closed(LinkId link, Time now) override
    {
        m_deaf.remove(link);
        m_versions.erase(link);
        return Decorator::closed(link, now);
    }

private:
    DeafLinks m_deaf;
    std::map<LinkId, v1::Version> m_versions;
};

/// The deletion is brought about with a clean connection of our own, on a link that nobody else has.
class TearDownTwice final : public Decorator
{
public:
    using Decorator::Decorator;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        if (m_deaf.contains(link))
            return m_deaf.answer(link, packet);
        auto actions = Decorator::received(link, packet, now);
        if (const auto old = packet.has_connect() ? displacedBy(actions, link) : 0)
            m_teardowns.push_back({old, link, packet, now + TeardownTakes});
        return actions;
    }
    Actions closed(LinkId link, Time now) override
    {
        m_deaf.remove(link);
        auto actions = tearDown([&](const Teardown &one) { return one.old == link; }, now);
        std::erase_if(m_teardowns, [&](const Teardown &one) { return one.successor == link; });
        append(actions, Decorator::closed(link, now));
        return actions;
    }
    Actions advanced(Time now) override
    {
        auto actions = tearDown([&](const Teardown &one) { return one.due <= now; }, now);
        append(actions, Decorator::advanced(now));
        return actions;
    }
    std::optional<Time> nextDeadline() const override
    {
        auto next = Decorator::nextDeadline();
        for (const auto &teardown : m_teardowns)
            next = next ? std::min(*next, teardown.due) : teardown.due;
        return next;
    }

private:
    static constexpr auto TeardownTakes = Milliseconds(20);

    struct Teardown
    {
        LinkId old = 0;
        LinkId successor = 0;
        v1::Packet connect; // of the successor
        Time due{};
    };

    static void append(Actions &to, Actions more)
    {
        to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }

    template <class Predicate> Actions tearDown(Predicate isDue, Time now)
    {
        Actions actions;
        for (std::size_t i = 0; i < m_teardowns.size();) {
            if (!isDue(m_teardowns[i])) {
                ++i;
                continue;
            }
            const auto teardown = m_teardowns[i];
            m_teardowns.erase(m_teardowns.begin() + static_cast<std::ptrdiff_t>(i));
            append(actions, deleteSession(teardown, now));
        }
        return actions;
    }

    Actions deleteSession(const Teardown &teardown, Time now)
    {
        const auto ours = m_nextOwn--;
        auto packet = teardown.connect;
        auto &connect = *packet.mutable_connect();
        connect.set_clean(true);
        connect.clear_session_expiry_interval();
        connect.clear_will();
        auto actions = inner().opened(ours, now);
        append(actions, inner().received(ours, packet, now));
        append(actions, inner().closed(ours, now));
        std::erase_if(actions, [&](const Action &action) {
            return linkOf(action) == ours || linkOf(action) == teardown.successor;
        });
        m_deaf.add(teardown.successor, connect.protocol_level() == 5 ? v1::V5 : v1::V3);
        return actions;
    }

    std::vector<Teardown> m_teardowns;
    DeafLinks m_deaf;
    LinkId m_nextOwn = ~LinkId(0);
};

class ForwardAgain final : public Decorator
{
public:
    using Decorator::Decorator;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        if (packet.has_connect())
            m_clients[link] = packet.connect().client_id();
        const auto &client = m_clients[link];
        if (packet.publish().qos() == 2)
            m_open[{client, packet.publish().packet_id()}] = {link, packet};
        auto actions = Decorator::received(link, packet, now);
        const auto begun = packet.has_pubrel() ? m_open.extract({client, packet.pubrel().packet_id()}) : decltype(m_open)::node_type();
        if (begun.empty() || begun.mapped().first == link)
            return actions;
        auto again = begun.mapped().second;
        again.mutable_publish()->set_qos(0);
        again.mutable_publish()->set_dup(false);
        again.mutable_publish()->clear_packet_id();
        for (auto &action : Decorator::received(link, again, now))
            actions.push_back(std::move(action));
        return actions;
    }

private:
    std::map<LinkId, std::string> m_clients;
    std::map<std::pair<std::string, std::uint32_t>, std::pair<LinkId, v1::Packet>> m_open;
};

} // namespace

std::unique_ptr<Broker> forwardAgain(std::unique_ptr<Broker> inner)
{
    return std::make_unique<ForwardAgain>(std::move(inner));
}

std::unique_ptr<Broker> waitForNextPublish(std::unique_ptr<Broker> inner)
{
    return std::make_unique<WaitForNextPublish>(std::move(inner));
}

std::unique_ptr<Broker> leaveOldOpen(std::unique_ptr<Broker> inner)
{
    return std::make_unique<LeaveOldOpen>(std::move(inner));
}

std::unique_ptr<Broker> tearDownTwice(std::unique_ptr<Broker> inner)
{
    return std::make_unique<TearDownTwice>(std::move(inner));
}

} // namespace hiatus::broker
