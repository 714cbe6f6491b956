// A broker that acts before it has looked: on client ids that it may not accept, on packets that it cannot read, on
// messages that are none of its session's business.

#include "minibroker/deviation/rows.h"

#include "minibroker/deviation/meddler.h"

#include <set>

namespace hiatus::broker {

namespace {

/// The client id of a CONNECT whose later bytes are malformed; empty if they do not reach so far.
std::string clientIdIn(const std::string &bytes)
{
    std::size_t at = 1;
    while (at < bytes.size() && (static_cast<unsigned char>(bytes[at]) & 0x80) != 0)
        ++at;
    at += 1 + 6; // remaining length; protocol name
    if (bytes.empty() || static_cast<unsigned char>(bytes[0]) != 0x10 || at + 4 >= bytes.size())
        return {};
    const bool hasProperties = bytes[at] == 5;
    at += 4; // level, flags, keep alive
    if (hasProperties && at < bytes.size())
        at += 1 + static_cast<unsigned char>(bytes[at]);
    if (at + 2 > bytes.size())
        return {};
    const std::size_t size = static_cast<std::size_t>(static_cast<unsigned char>(bytes[at])) * 256 + static_cast<unsigned char>(bytes[at + 1]);
    return bytes.substr(at + 2, size);
}

class TakesOverUnread final : public Meddler
{
public:
    using Meddler::Meddler;

    Actions malformed(LinkId link, const wire::Malformed &what, Time now) override
    {
        Actions all;
        const std::string id = clientIdIn(what.bytes);
        if (!id.empty()) {
            v1::Packet connect;
            connect.mutable_connect()->set_client_id(id);
            connect.mutable_connect()->set_clean(true);
            connect.mutable_connect()->set_protocol_level(4);
            all = inject(connect, {}, now);
        }
        add(all, Meddler::malformed(link, what, now));
        return all;
    }
};

class RetainedDieWithSession final : public Meddler
{
public:
    using Meddler::Meddler;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        Actions all = Meddler::received(link, packet, now);
        const auto client = clients().find(link);
        if (client == clients().end())
            return all;
        if (packet.has_connect() && (packet.connect().protocol_level() == 5 ? packet.connect().session_expiry_interval() == 0 : packet.connect().clean()))
            m_shortLived.insert(client->second);
        if (packet.publish().retain())
            m_retained[client->second].insert(packet.publish().topic());
        return packet.has_disconnect() ? ended(client->second, std::move(all), now) : all;
    }
    Actions closed(LinkId link, Time now) override
    {
        const auto client = clients().find(link);
        const std::string id = client == clients().end() ? std::string() : client->second;
        return ended(id, Meddler::closed(link, now), now);
    }

private:
    Actions ended(const std::string &id, Actions all, Time now)
    {
        if (!m_shortLived.contains(id) || m_retained[id].empty())
            return all;
        std::vector<v1::Packet> emptied;
        for (const auto &topic : std::exchange(m_retained[id], {})) {
            emptied.emplace_back().mutable_publish()->set_topic(topic);
            emptied.back().mutable_publish()->set_retain(true);
            emptied.back().mutable_publish()->set_payload("");
        }
        v1::Packet connect;
        connect.mutable_connect()->set_client_id("sweeper");
        connect.mutable_connect()->set_clean(true);
        connect.mutable_connect()->set_protocol_level(4);
        add(all, inject(connect, emptied, now));
        return all;
    }

    std::set<std::string> m_shortLived;
    PerClient<std::set<std::string>> m_retained;
};

/// Whoever comes without a client id shares one.
class SharesEmptyId final : public Decorator
{
public:
    using Decorator::Decorator;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        if (!packet.has_connect() || !packet.connect().client_id().empty())
            return Decorator::received(link, packet, now);
        v1::Packet named = packet;
        named.mutable_connect()->set_client_id("anonymous");
        return Decorator::received(link, named, now);
    }
};

} // namespace

Rows hastyDeviations()
{
    return {
        {.name = "malformed-connect-takes-over",
         .sentence = "A CONNECT takes over the connection and discards the session of its client id before it is read to its end.",
         .breaks = {v3("D311-1"), v5("D5-1")},
         .seen = "found in review of brokers that look up the session first",
         .apply = decorated<TakesOverUnread>()},
        {.name = "retained-die-with-session",
         .sentence = "When a session ends the retained messages that it published go too.",
         .breaks = {v3("MQTT-3.1.2-7"), v5("U5-4.1-4")},
         .seen = "asked for by the statement; no thread known",
         .apply = decorated<RetainedDieWithSession>()},
        {.name = "empty-client-ids-share-one",
         .sentence = "Clients that give no client id all get the same one, and with Clean Session 0 its session.",
         .breaks = {v3("MQTT-3.1.3-6"), v3("MQTT-3.1.3-8"), v5("MQTT-3.1.3-6"), v5("MQTT-3.2.2-16")},
         .seen = "field scenario B47",
         .apply = decorated<SharesEmptyId>()},
    };
}

} // namespace hiatus::broker
