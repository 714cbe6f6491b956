#pragma once
// Every way in which bytes can fail to be a packet: reason, the statement broken per version, the 5.0 code that
// answers.

#include "proto/wire/decoder.h"

#include <string>
#include <string_view>

namespace hiatus::wire {

/// One kind of fault. Several rows may share a reason where the statement differs by packet or sender.
struct Fault
{
    const char *reason;
    const char *v3;     ///< statement of 3.1.1, or empty
    const char *v5;     ///< statement of 5.0, or empty
    std::uint32_t code; ///< 5.0 reason code that answers it
    const char *text;
};

/// The report of a fault in bytes of that version.
/// - With VERSION_UNSPECIFIED a statement is named only if both standards number it alike.
Malformed malformed(const Fault &fault, std::size_t offset, v1::Version version, std::string_view what,
                    std::string_view bytes);

namespace fault {

inline constexpr std::uint32_t BadPacket = 0x81;
inline constexpr std::uint32_t BadProtocol = 0x82;
inline constexpr std::uint32_t BadVersion = 0x84;
inline constexpr std::uint32_t TooLarge = 0x95;

// Framing.
inline constexpr Fault VersionUnknown{"VERSION_UNKNOWN", "", "", BadProtocol,
                                      "nobody said which version of MQTT these bytes are"};
inline constexpr Fault FirstNotConnect{"FIRST_NOT_CONNECT", "MQTT-3.1.0-1", "MQTT-3.1.0-1", BadProtocol,
                                       "the first packet of a connection is not CONNECT"};
inline constexpr Fault ReservedType{"RESERVED_TYPE", "", "", BadPacket, "the packet type is reserved in this version"};
inline constexpr Fault WrongDirection{"WRONG_DIRECTION", "", "", BadProtocol, "this side may not send such a packet"};
inline constexpr Fault ReservedFlags{"RESERVED_FLAGS", "MQTT-2.2.2-1", "MQTT-2.1.3-1", BadPacket,
                                     "the reserved flags of the fixed header differ from the prescribed value"};
inline constexpr Fault PubrelFlags{"RESERVED_FLAGS", "MQTT-3.6.1-1", "MQTT-3.6.1-1", BadPacket,
                                   "the flags of PUBREL are not 0010"};
inline constexpr Fault SubscribeFlags{"RESERVED_FLAGS", "MQTT-3.8.1-1", "MQTT-3.8.1-1", BadPacket,
                                      "the flags of SUBSCRIBE are not 0010"};
inline constexpr Fault UnsubscribeFlags{"RESERVED_FLAGS", "MQTT-3.10.1-1", "MQTT-3.10.1-1", BadPacket,
                                        "the flags of UNSUBSCRIBE are not 0010"};
inline constexpr Fault DisconnectFlags{"RESERVED_FLAGS", "MQTT-3.14.1-1", "MQTT-3.14.1-1", BadPacket,
                                       "the flags of DISCONNECT are not 0000"};
inline constexpr Fault AuthFlags{"RESERVED_FLAGS", "", "MQTT-3.15.1-1", BadPacket, "the flags of AUTH are not 0000"};
inline constexpr Fault LengthTooLong{"REMAINING_LENGTH_TOO_LONG", "", "MQTT-1.5.5-1", BadPacket,
                                     "the remaining length takes more than four bytes"};
inline constexpr Fault LengthNotMinimal{"REMAINING_LENGTH_NOT_MINIMAL", "", "MQTT-1.5.5-1", BadPacket,
                                        "the remaining length takes more bytes than it needs"};
inline constexpr Fault ClientPacketTooLarge{"PACKET_TOO_LARGE", "", "MQTT-3.2.2-15", TooLarge,
                                            "the packet is larger than its receiver allows"};
inline constexpr Fault ServerPacketTooLarge{"PACKET_TOO_LARGE", "", "MQTT-3.1.2-24", TooLarge,
                                            "the packet is larger than its receiver allows"};
inline constexpr Fault Incomplete{"INCOMPLETE_PACKET", "", "", BadPacket, "the bytes end before the packet does"};
inline constexpr Fault BytesAfterPacket{"BYTES_AFTER_PACKET", "", "", BadPacket, "bytes follow the packet"};

// Fields of any packet.
inline constexpr Fault Truncated{"TRUNCATED", "", "", BadPacket, "the field does not fit into the packet"};
inline constexpr Fault TrailingBytes{"TRAILING_BYTES", "", "", BadPacket, "the packet goes on after its last field"};
inline constexpr Fault BadUtf8{"BAD_UTF8", "MQTT-1.5.3-1", "MQTT-1.5.4-1", BadPacket, "the string is not UTF-8"};
inline constexpr Fault NullCharacter{"NULL_CHARACTER", "MQTT-1.5.3-2", "MQTT-1.5.4-2", BadPacket,
                                     "the string contains U+0000"};
inline constexpr Fault IntegerTooLong{"VARIABLE_INTEGER_TOO_LONG", "", "MQTT-1.5.5-1", BadPacket,
                                      "a variable byte integer takes more than four bytes"};
inline constexpr Fault IntegerNotMinimal{"VARIABLE_INTEGER_NOT_MINIMAL", "", "MQTT-1.5.5-1", BadPacket,
                                         "a variable byte integer takes more bytes than it needs"};

// Properties.
inline constexpr Fault PropertyUnknown{"PROPERTY_UNKNOWN", "", "", BadPacket, "no property has this identifier"};
inline constexpr Fault PropertyMisplaced{"PROPERTY_MISPLACED", "", "", BadPacket,
                                         "the property does not belong to this packet"};
inline constexpr Fault PropertyRepeated{"PROPERTY_REPEATED", "", "", BadProtocol, "the property occurs twice"};
inline constexpr Fault ExpiryRepeated{"PROPERTY_REPEATED", "", "U5-3.1.2.11.2-3", BadProtocol,
                                      "the property occurs twice"};
inline constexpr Fault PropertyOutOfRange{"PROPERTY_OUT_OF_RANGE", "", "", BadProtocol,
                                          "the property has a value that is not allowed"};
inline constexpr Fault TopicAliasZero{"PROPERTY_OUT_OF_RANGE", "", "MQTT-3.3.2-8", BadProtocol,
                                      "a topic alias is never 0"};
inline constexpr Fault SubscriptionIdFromClient{"SUBSCRIPTION_ID_FROM_CLIENT", "", "MQTT-3.3.4-6", BadProtocol,
                                                "a PUBLISH from a client carries no subscription identifier"};
inline constexpr Fault ExpiryFromServer{"SESSION_EXPIRY_FROM_SERVER", "", "MQTT-3.14.2-2", BadProtocol,
                                        "a DISCONNECT from the server carries no session expiry interval"};
inline constexpr Fault AuthMethodMissing{"AUTHENTICATION_METHOD_MISSING", "", "", BadProtocol,
                                         "there is no authentication method"};

// Packet identifiers.
inline constexpr Fault ClientPacketIdZero{"PACKET_ID_ZERO", "MQTT-2.3.1-1", "MQTT-2.2.1-3", BadProtocol,
                                          "the packet identifier is 0"};
inline constexpr Fault ServerPacketIdZero{"PACKET_ID_ZERO", "MQTT-2.3.1-1", "MQTT-2.2.1-4", BadProtocol,
                                          "the packet identifier is 0"};
inline constexpr Fault AckPacketIdZero{"PACKET_ID_ZERO", "MQTT-2.3.1-6", "MQTT-2.2.1-5", BadProtocol,
                                       "the packet identifier is 0, which no PUBLISH can have had"};
inline constexpr Fault PubcompPacketIdZero{"PACKET_ID_ZERO", "", "MQTT-2.2.1-5", BadProtocol,
                                           "the packet identifier is 0, which no PUBLISH can have had"};
inline constexpr Fault SubackPacketIdZero{"PACKET_ID_ZERO", "MQTT-2.3.1-7", "MQTT-2.2.1-6", BadProtocol,
                                          "the packet identifier is 0, which no request can have had"};

// CONNECT and CONNACK.
inline constexpr Fault BadProtocolName{"BAD_PROTOCOL_NAME", "MQTT-3.1.2-1", "MQTT-3.1.2-1", BadVersion,
                                       "the protocol name is not MQTT"};
inline constexpr Fault UnsupportedLevel{"UNSUPPORTED_PROTOCOL_LEVEL", "MQTT-3.1.2-2", "MQTT-3.1.2-2", BadVersion,
                                        "the protocol level is not one spoken here"};
inline constexpr Fault ConnectReservedFlag{"CONNECT_RESERVED_FLAG", "MQTT-3.1.2-3", "MQTT-3.1.2-3", BadPacket,
                                           "the reserved flag of CONNECT is set"};
inline constexpr Fault WillQos{"WILL_QOS_3", "MQTT-3.1.2-14", "MQTT-3.1.2-12", BadPacket, "the will has QoS 3"};
inline constexpr Fault WillMissing{"WILL_MISSING", "MQTT-3.1.2-9", "MQTT-3.1.2-9", BadPacket,
                                   "the flags promise a will, and the payload ends before it"};
inline constexpr Fault WillQosWithoutWill{"WILL_QOS_WITHOUT_WILL", "MQTT-3.1.2-13", "MQTT-3.1.2-11", BadPacket,
                                          "there is a will QoS but no will"};
inline constexpr Fault WillRetainWithoutWill{"WILL_RETAIN_WITHOUT_WILL", "MQTT-3.1.2-15", "MQTT-3.1.2-13", BadPacket,
                                             "there is a will retain flag but no will"};
inline constexpr Fault PasswordWithoutUserName{"PASSWORD_WITHOUT_USER_NAME", "MQTT-3.1.2-22", "", BadPacket,
                                               "there is a password but no user name"};
inline constexpr Fault ConnackFlags{"CONNACK_RESERVED_FLAGS", "U311-3.2.2.1-1", "MQTT-3.2.2-1", BadPacket,
                                    "reserved bits of the acknowledge flags are set"};
inline constexpr Fault SessionPresentRefused{"SESSION_PRESENT_WITH_REFUSAL", "MQTT-3.2.2-4", "MQTT-3.2.2-6",
                                             BadProtocol, "session present is 1 in a CONNACK that refuses"};
inline constexpr Fault ConnackCode{"UNLISTED_CODE", "MQTT-3.2.2-6", "MQTT-3.2.2-8", BadProtocol,
                                   "the code is not listed for CONNACK"};

// PUBLISH and its acknowledgements.
inline constexpr Fault PublishQos{"PUBLISH_QOS_3", "MQTT-3.3.1-4", "MQTT-3.3.1-4", BadPacket, "both QoS bits are set"};
inline constexpr Fault DupOnQos0{"DUP_ON_QOS_0", "MQTT-3.3.1-2", "MQTT-3.3.1-2", BadPacket, "DUP is set at QoS 0"};
inline constexpr Fault TopicMissing{"TOPIC_MISSING", "", "", BadProtocol,
                                    "there is neither a topic name nor a topic alias"};
inline constexpr Fault TopicEmpty{"TOPIC_EMPTY", "MQTT-4.7.3-1", "MQTT-4.7.3-1", BadPacket, "a topic name is empty"};
inline constexpr Fault PublishWildcard{"TOPIC_WITH_WILDCARD", "MQTT-3.3.2-2", "MQTT-3.3.2-2", BadPacket,
                                       "the topic name contains a wildcard"};
inline constexpr Fault ResponseWildcard{"TOPIC_WITH_WILDCARD", "", "MQTT-3.3.2-14", BadPacket,
                                        "the response topic contains a wildcard"};
inline constexpr Fault TopicWildcard{"TOPIC_WITH_WILDCARD", "MQTT-4.7.1-1", "MQTT-4.7.0-1", BadPacket,
                                     "a topic name contains a wildcard"};
inline constexpr Fault PubackCode{"UNLISTED_CODE", "", "MQTT-3.4.2-1", BadProtocol,
                                  "the code is not listed for PUBACK from this side"};
inline constexpr Fault PubrecCode{"UNLISTED_CODE", "", "MQTT-3.5.2-1", BadProtocol,
                                  "the code is not listed for PUBREC from this side"};
inline constexpr Fault PubrelCode{"UNLISTED_CODE", "", "MQTT-3.6.2-1", BadProtocol,
                                  "the code is not listed for PUBREL"};
inline constexpr Fault PubcompCode{"UNLISTED_CODE", "", "MQTT-3.7.2-1", BadProtocol,
                                   "the code is not listed for PUBCOMP"};

// SUBSCRIBE, UNSUBSCRIBE and their acknowledgements.
inline constexpr Fault EmptySubscribe{"EMPTY_SUBSCRIBE", "MQTT-3.8.3-3", "MQTT-3.8.3-2", BadProtocol,
                                      "the SUBSCRIBE has no topic filter"};
inline constexpr Fault EmptyUnsubscribe{"EMPTY_UNSUBSCRIBE", "MQTT-3.10.3-2", "MQTT-3.10.3-2", BadProtocol,
                                        "the UNSUBSCRIBE has no topic filter"};
inline constexpr Fault FilterEmpty{"FILTER_EMPTY", "MQTT-4.7.3-1", "MQTT-4.7.3-1", BadPacket,
                                   "a topic filter is empty"};
inline constexpr Fault FilterMultiLevel{"BAD_FILTER", "MQTT-4.7.1-2", "MQTT-4.7.1-1", BadPacket,
                                        "the multi-level wildcard is not the last level by itself"};
inline constexpr Fault FilterSingleLevel{"BAD_FILTER", "MQTT-4.7.1-3", "MQTT-4.7.1-2", BadPacket,
                                         "the single-level wildcard does not fill its level"};
inline constexpr Fault ShareNameEmpty{"BAD_SHARED_FILTER", "", "MQTT-4.8.2-1", BadPacket, "the share name is empty"};
inline constexpr Fault ShareNameBad{"BAD_SHARED_FILTER", "", "MQTT-4.8.2-2", BadPacket,
                                    "the share name has a wildcard, or no topic filter follows it"};
inline constexpr Fault SubscribeOptions{"SUBSCRIPTION_RESERVED_BITS", "MQTT-3.8.3-4", "MQTT-3.8.3-5", BadPacket,
                                        "reserved bits of the subscription options are set"};
inline constexpr Fault SubscribeQos{"SUBSCRIPTION_QOS_3", "MQTT-3.8.3-4", "", BadProtocol,
                                    "the subscription asks for QoS 3"};
inline constexpr Fault RetainHandling{"RETAIN_HANDLING_3", "", "", BadProtocol, "retain handling is 3"};
inline constexpr Fault NoLocalShared{"NO_LOCAL_ON_SHARED", "", "MQTT-3.8.3-4", BadProtocol,
                                     "no local is set on a shared subscription"};
inline constexpr Fault EmptySuback{"EMPTY_SUBACK", "MQTT-3.8.4-5", "MQTT-3.8.4-6", BadProtocol,
                                   "the SUBACK has no codes, though every SUBSCRIBE has a filter"};
inline constexpr Fault EmptyUnsuback{"EMPTY_UNSUBACK", "", "MQTT-3.11.3-1", BadProtocol,
                                     "the UNSUBACK has no codes, though every UNSUBSCRIBE has a filter"};
inline constexpr Fault SubackCode{"UNLISTED_CODE", "MQTT-3.9.3-2", "MQTT-3.9.3-2", BadProtocol,
                                  "the code is not listed for SUBACK"};
inline constexpr Fault UnsubackCode{"UNLISTED_CODE", "", "MQTT-3.11.3-2", BadProtocol,
                                    "the code is not listed for UNSUBACK"};

// DISCONNECT and AUTH.
inline constexpr Fault DisconnectCode{"UNLISTED_CODE", "", "MQTT-3.14.2-1", BadProtocol,
                                      "the code is not listed for DISCONNECT from this side"};
inline constexpr Fault AuthCode{"UNLISTED_CODE", "", "MQTT-3.15.2-1", BadProtocol,
                                "the code is not listed for AUTH from this side"};

} // namespace fault
} // namespace hiatus::wire
