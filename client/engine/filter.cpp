#include "client/engine/filter.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace hiatus::client {

Filter::Filter(std::unique_ptr<Client> inner, FilterRules rules) : m_inner(std::move(inner)), m_rules(std::move(rules)) {}

tl::expected<Actions, std::string> Filter::connect(const v1::Connect &connect, Time now)
{
    auto actions = m_inner->connect(connect, now);
    if (!actions)
        return actions;
    return filtered(*std::move(actions), now);
}

tl::expected<Started, std::string> Filter::publish(const v1::Publish &publish, Time now)
{
    return filtered(m_inner->publish(publish, now), now);
}

tl::expected<Started, std::string> Filter::subscribe(const v1::Subscribe &subscribe, Time now)
{
    return filtered(m_inner->subscribe(subscribe, now), now);
}

tl::expected<Started, std::string> Filter::unsubscribe(const v1::Unsubscribe &unsubscribe, Time now)
{
    return filtered(m_inner->unsubscribe(unsubscribe, now), now);
}

tl::expected<Actions, std::string> Filter::acknowledge(Token delivery, Time now)
{
    auto actions = m_inner->acknowledge(delivery, now);
    if (!actions)
        return actions;
    return filtered(*std::move(actions), now);
}

Actions Filter::disconnect(const v1::Disconnect &disconnect, Time now)
{
    return filtered(m_inner->disconnect(disconnect, now), now);
}

Actions Filter::opened(Time now)
{
    return filtered(m_inner->opened(now), now);
}

Actions Filter::received(const v1::Packet &packet, Time now)
{
    v1::Packet admitted = packet;
    if (m_rules.admits && !m_rules.admits(admitted, now))
        return {};
    return filtered(m_inner->received(admitted, now), now);
}

Actions Filter::malformed(const wire::Malformed &what, Time now)
{
    if (m_rules.heeds && !m_rules.heeds(what))
        return {};
    return filtered(m_inner->malformed(what, now), now);
}

Actions Filter::closed(Time now)
{
    return filtered(m_inner->closed(now), now);
}

Actions Filter::advanced(Time now)
{
    return filtered(m_inner->advanced(now), now);
}

std::optional<Time> Filter::nextDeadline() const
{
    return m_inner->nextDeadline();
}

v1::ClientSession Filter::snapshot(Time now) const
{
    v1::ClientSession session = m_inner->snapshot(now);
    if (m_rules.saves)
        m_rules.saves(session);
    return session;
}

tl::expected<void, std::string> Filter::restore(const v1::ClientSession &session, Time now)
{
    return m_inner->restore(session, now);
}

Actions Filter::filtered(Actions actions, Time now)
{
    Actions passed;
    for (Action &action : actions) {
        if (m_rules.passes && !m_rules.passes(action, now))
            continue;
        Actions after = m_rules.follows ? m_rules.follows(action, now) : Actions{};
        passed.push_back(std::move(action));
        std::move(after.begin(), after.end(), std::back_inserter(passed));
    }
    return passed;
}

tl::expected<Started, std::string> Filter::filtered(tl::expected<Started, std::string> started, Time now)
{
    if (started)
        started->actions = filtered(std::move(started->actions), now);
    return started;
}

} // namespace hiatus::client
