#include "proto/wire/reasoncode.h"

#include "proto/wire/property.h"
#include "proto/wire/text.h"

namespace hiatus::wire {

namespace {

using v1::Packet;

constexpr Places bit(Packet::KindCase kind)
{
    return 1u << kind;
}

constexpr Places Connack = bit(Packet::kConnack);
constexpr Places Puback = bit(Packet::kPuback) | bit(Packet::kPubrec);
constexpr Places Pubrel = bit(Packet::kPubrel) | bit(Packet::kPubcomp);
constexpr Places Suback = bit(Packet::kSuback);
constexpr Places Unsuback = bit(Packet::kUnsuback);
constexpr Places Disconnect = bit(Packet::kDisconnect);
constexpr Places Auth = bit(Packet::kAuth);
constexpr Places None = 0;

struct CodeRow
{
    std::uint32_t code;
    Places toServer; ///< packets in which a client may send it
    Places toClient; ///< packets in which a server may send it
    std::string_view name;
};

constexpr Places Answers = Connack | Puback | Suback | Unsuback;

constexpr CodeRow Codes5[] = {
    {0x00, Puback | Pubrel, Connack | Puback | Pubrel | Unsuback | Auth, "Success"},
    {0x00, Disconnect, Disconnect, "Normal disconnection"},
    {0x00, None, Suback, "Granted QoS 0"},
    {0x01, None, Suback, "Granted QoS 1"},
    {0x02, None, Suback, "Granted QoS 2"},
    {0x04, Disconnect, None, "Disconnect with Will Message"},
    {0x10, None, Puback, "No matching subscribers"},
    {0x11, None, Unsuback, "No subscription existed"},
    {0x18, Auth, Auth, "Continue authentication"},
    {0x19, Auth, None, "Re-authenticate"},
    {0x80, Puback | Disconnect, Answers | Disconnect, "Unspecified error"},
    {0x81, Disconnect, Connack | Disconnect, "Malformed Packet"},
    {0x82, Disconnect, Connack | Disconnect, "Protocol Error"},
    {0x83, Puback | Disconnect, Answers | Disconnect, "Implementation specific error"},
    {0x84, None, Connack, "Unsupported Protocol Version"},
    {0x85, None, Connack, "Client Identifier not valid"},
    {0x86, None, Connack, "Bad User Name or Password"},
    {0x87, Puback, Answers | Disconnect, "Not authorized"},
    {0x88, None, Connack, "Server unavailable"},
    {0x89, None, Connack | Disconnect, "Server busy"},
    {0x8A, None, Connack, "Banned"},
    {0x8B, None, Disconnect, "Server shutting down"},
    {0x8C, None, Connack, "Bad authentication method"},
    {0x8D, None, Disconnect, "Keep Alive timeout"},
    {0x8E, None, Disconnect, "Session taken over"},
    {0x8F, None, Suback | Unsuback | Disconnect, "Topic Filter invalid"},
    {0x90, Puback | Disconnect, Connack | Puback | Disconnect, "Topic Name invalid"},
    {0x91, Puback, Puback | Suback | Unsuback, "Packet Identifier in use"},
    {0x92, Pubrel, Pubrel, "Packet Identifier not found"},
    {0x93, Disconnect, Disconnect, "Receive Maximum exceeded"},
    {0x94, Disconnect, Disconnect, "Topic Alias invalid"},
    {0x95, Disconnect, Connack | Disconnect, "Packet too large"},
    {0x96, Disconnect, Disconnect, "Message rate too high"},
    {0x97, Puback | Disconnect, Connack | Puback | Suback | Disconnect, "Quota exceeded"},
    {0x98, Disconnect, Disconnect, "Administrative action"},
    {0x99, Puback | Disconnect, Connack | Puback | Disconnect, "Payload format invalid"},
    {0x9A, None, Connack | Disconnect, "Retain not supported"},
    {0x9B, None, Connack | Disconnect, "QoS not supported"},
    {0x9C, None, Connack | Disconnect, "Use another server"},
    {0x9D, None, Connack | Disconnect, "Server moved"},
    {0x9E, None, Suback | Disconnect, "Shared Subscriptions not supported"},
    {0x9F, None, Connack | Disconnect, "Connection rate exceeded"},
    {0xA0, None, Disconnect, "Maximum connect time"},
    {0xA1, None, Suback | Disconnect, "Subscription Identifiers not supported"},
    {0xA2, None, Suback | Disconnect, "Wildcard Subscriptions not supported"},
};

constexpr CodeRow Codes3[] = {
    {0, None, Connack, "Connection Accepted"},       {1, None, Connack, "Unacceptable protocol version"},
    {2, None, Connack, "Identifier rejected"},       {3, None, Connack, "Server unavailable"},
    {4, None, Connack, "Bad user name or password"}, {5, None, Connack, "Not authorized"},
    {0x00, None, Suback, "Maximum QoS 0"},           {0x01, None, Suback, "Maximum QoS 1"},
    {0x02, None, Suback, "Maximum QoS 2"},           {0x80, None, Suback, "Failure"},
};

template <std::size_t N> const CodeRow *find(const CodeRow (&rows)[N], Packet::KindCase kind, std::uint32_t code)
{
    for (const CodeRow &row : rows) {
        if (row.code == code && ((row.toServer | row.toClient) & bit(kind)) != 0)
            return &row;
    }
    return nullptr;
}

const CodeRow *find(Packet::KindCase kind, v1::Version version, std::uint32_t code)
{
    if (version == v1::V3)
        return find(Codes3, kind, code);
    const CodeRow *row = find(Codes5, kind, code);
    return row || version == v1::V5 ? row : find(Codes3, kind, code);
}

} // namespace

bool isListedCode(Packet::KindCase kind, v1::Version version, Direction direction, std::uint32_t code)
{
    const CodeRow *row = find(kind, version, code);
    if (!row)
        return false;
    const Places packets = direction == Direction::ToServer ? row->toServer : row->toClient;
    return (packets & bit(kind)) != 0;
}

std::string_view reasonName(Packet::KindCase kind, v1::Version version, std::uint32_t code)
{
    const CodeRow *row = find(kind, version, code);
    return row ? row->name : std::string_view();
}

} // namespace hiatus::wire
