#include "minibroker/liberty/accounts.h"

#include "minibroker/liberty/decorators.h"
#include "minibroker/liberty/rows.h"

namespace hiatus::broker {

namespace {

/// Each user has client ids of its own: two users with one id are two clients.
class AccountSpaces final : public Decorator
{
public:
    using Decorator::Decorator;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        if (!packet.has_connect() || packet.connect().user_name().empty() || packet.connect().client_id().empty())
            return Decorator::received(link, packet, now);
        auto own = packet;
        own.mutable_connect()->set_client_id(packet.connect().client_id() + "of" + packet.connect().user_name());
        return Decorator::received(link, own, now);
    }
};

/// 3.1.1 and 5.0 have client ids of their own: who changes the version is another client.
class VersionSpaces final : public Decorator
{
public:
    using Decorator::Decorator;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        if (packet.connect().protocol_level() != 4 || packet.connect().client_id().empty())
            return Decorator::received(link, packet, now);
        auto own = packet;
        own.mutable_connect()->set_client_id(packet.connect().client_id() + "in3");
        return Decorator::received(link, own, now);
    }
};

template <class T>
void around(Setup &setup)
{
    setup.decorators.push_back([](std::unique_ptr<Broker> inner) -> std::unique_ptr<Broker> { return std::make_unique<T>(std::move(inner)); });
}

} // namespace

Actions AccountBound::received(LinkId link, const v1::Packet &packet, Time now)
{
    if (m_gone.contains(link))
        return {};
    const v1::Connect &connect = packet.connect();
    if (!packet.has_connect() || connect.client_id().empty())
        return Decorator::received(link, packet, now);
    const auto [owner, isNew] = m_owners.emplace(connect.client_id(), connect.user_name());
    if (isNew || owner->second == connect.user_name())
        return Decorator::received(link, packet, now);
    const auto version = connect.protocol_level() == 5 ? v1::V5 : v1::V3;
    v1::Packet answer;
    answer.mutable_connack()->set_code(version == v1::V5 ? 0x87 : 5); // not authorized
    m_gone.insert(link);
    Actions actions = refused(connect, now);
    actions.push_back(SendAction{link, version, answer});
    actions.push_back(CloseAction{link, "the client id is another user's"});
    return actions;
}

Actions AccountBound::closed(LinkId link, Time now)
{
    m_gone.erase(link);
    return Decorator::closed(link, now);
}

Rows accountLiberties()
{
    return {
        liberty("client-ids-belong-to-users", "Who connects with a client id that another user has is refused.", {v3("MQTT-3.1.4-2"), v5("MQTT-3.1.4-2")},
                around<AccountBound>),
        liberty("client-ids-per-user", "Two users with one client id are two clients.", {v3("MQTT-3.1.3-2"), v5("MQTT-3.1.3-2")}, around<AccountSpaces>),
        liberty("client-ids-per-version", "A client id in 3.1.1 and the same in 5.0 are two clients.", {v3("MQTT-3.1.3-2"), v5("MQTT-3.1.3-2")},
                around<VersionSpaces>),
        // Last, around those that write identifiers of their own: it looks at the client's.
        lacking("any-client-id", liberty("only-simple-client-ids", "Client identifiers beyond 0-9a-zA-Z and 23 bytes are refused.",
                                         {v3("A311-15"), v5("A5-25")}, [](Setup &setup) { setup.decorators.push_back(takeSimpleIds); })),
    };
}

} // namespace hiatus::broker
