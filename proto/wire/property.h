#pragma once
// The one table of 5.0 properties: decoding, encoding, text and the checks on place, repetition and range follow it.

#include "hiatus/v1/packet.pb.h"

#include <cstdint>

namespace hiatus::wire {

/// Where a property may stand: bit n is packet type n; the will of CONNECT has properties of its own.
using Places = std::uint32_t;

namespace place {
inline constexpr Places Connect = 1u << v1::Packet::kConnect;
inline constexpr Places Connack = 1u << v1::Packet::kConnack;
inline constexpr Places Publish = 1u << v1::Packet::kPublish;
inline constexpr Places Subscribe = 1u << v1::Packet::kSubscribe;
inline constexpr Places Disconnect = 1u << v1::Packet::kDisconnect;
inline constexpr Places Auth = 1u << v1::Packet::kAuth;
inline constexpr Places Will = 1u << 16;
inline constexpr Places Message = Publish | Will;
inline constexpr Places Answer = 1u << v1::Packet::kPuback | 1u << v1::Packet::kPubrec | 1u << v1::Packet::kPubrel |
                                 1u << v1::Packet::kPubcomp | 1u << v1::Packet::kSuback | 1u << v1::Packet::kUnsuback;
inline constexpr Places All = Connect | Connack | Message | Subscribe | Disconnect | Auth | Answer |
                              1u << v1::Packet::kUnsubscribe;
} // namespace place

enum class PropertyType : std::uint8_t { Byte, Two, Four, Variable, Text, Binary, Pair };

constexpr bool isNumber(PropertyType type)
{
    return type <= PropertyType::Variable;
}

/// X(identifier, type, field of the message, name, word in one-line text, places, places of repetition, least, most)
#define HIATUS_WIRE_PROPERTIES(X)                                                                                      \
    X(0x01, Byte, payload_format_indicator, "Payload Format Indicator", "format", Message, 0, 0, 1)                    \
    X(0x02, Four, message_expiry_interval, "Message Expiry Interval", "expiry", Message, 0, 0, ~0u)                    \
    X(0x03, Text, content_type, "Content Type", "content_type", Message, 0, 0, 0)                                      \
    X(0x08, Text, response_topic, "Response Topic", "response_topic", Message, 0, 0, 0)                                \
    X(0x09, Binary, correlation_data, "Correlation Data", "correlation", Message, 0, 0, 0)                             \
    X(0x0B, Variable, subscription_identifier, "Subscription Identifier", "sub_id", Publish | Subscribe, Publish, 1,   \
      268435455)                                                                                                       \
    X(0x11, Four, session_expiry_interval, "Session Expiry Interval", "session_expiry",                                \
      Connect | Connack | Disconnect, 0, 0, ~0u)                                                                       \
    X(0x12, Text, assigned_client_identifier, "Assigned Client Identifier", "assigned_client_id", Connack, 0, 0, 0)    \
    X(0x13, Two, server_keep_alive, "Server Keep Alive", "server_keep_alive", Connack, 0, 0, 65535)                    \
    X(0x15, Text, authentication_method, "Authentication Method", "auth_method", Connect | Connack | Auth, 0, 0, 0)    \
    X(0x16, Binary, authentication_data, "Authentication Data", "auth_data", Connect | Connack | Auth, 0, 0, 0)        \
    X(0x17, Byte, request_problem_information, "Request Problem Information", "request_problem", Connect, 0, 0, 1)     \
    X(0x18, Four, delay_interval, "Will Delay Interval", "delay", Will, 0, 0, ~0u)                                     \
    X(0x19, Byte, request_response_information, "Request Response Information", "request_response", Connect, 0, 0, 1)  \
    X(0x1A, Text, response_information, "Response Information", "response_information", Connack, 0, 0, 0)              \
    X(0x1C, Text, server_reference, "Server Reference", "server_reference", Connack | Disconnect, 0, 0, 0)             \
    X(0x1F, Text, reason_string, "Reason String", "reason", Connack | Answer | Disconnect | Auth, 0, 0, 0)             \
    X(0x21, Two, receive_maximum, "Receive Maximum", "receive_maximum", Connect | Connack, 0, 1, 65535)                \
    X(0x22, Two, topic_alias_maximum, "Topic Alias Maximum", "topic_alias_maximum", Connect | Connack, 0, 0, 65535)    \
    X(0x23, Two, topic_alias, "Topic Alias", "alias", Publish, 0, 1, 65535)                                            \
    X(0x24, Byte, maximum_qos, "Maximum QoS", "maximum_qos", Connack, 0, 0, 1)                                         \
    X(0x25, Byte, retain_available, "Retain Available", "retain_available", Connack, 0, 0, 1)                          \
    X(0x26, Pair, user_property, "User Property", "user", All, All, 0, 0)                                              \
    X(0x27, Four, maximum_packet_size, "Maximum Packet Size", "maximum_packet_size", Connect | Connack, 0, 1, ~0u)     \
    X(0x28, Byte, wildcard_subscription_available, "Wildcard Subscription Available", "wildcard_available", Connack,   \
      0, 0, 1)                                                                                                         \
    X(0x29, Byte, subscription_identifiers_available, "Subscription Identifiers Available", "sub_id_available",        \
      Connack, 0, 0, 1)                                                                                                \
    X(0x2A, Byte, shared_subscription_available, "Shared Subscription Available", "shared_available", Connack, 0, 0, 1)

/// Identifiers by field name: PropertyId::topic_alias.
namespace PropertyId {
#define HIATUS_WIRE_ID(id, type, field, name, word, places, repeats, least, most)                                      \
    inline constexpr std::uint32_t field = id;
HIATUS_WIRE_PROPERTIES(HIATUS_WIRE_ID)
#undef HIATUS_WIRE_ID
} // namespace PropertyId

struct PropertyRow
{
    std::uint32_t id;
    PropertyType type;
    const char *name;
    Places places;
    Places repeats;
    std::uint32_t least;
    std::uint32_t most;
};

/// The row of an identifier, null if the standard has none.
const PropertyRow *propertyRow(std::uint32_t id);

} // namespace hiatus::wire
