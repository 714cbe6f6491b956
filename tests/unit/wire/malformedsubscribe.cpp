#include "malformedrows.h"

#define SHARE "24 73 68 61 72 65 2F "

namespace hiatus::wire::test {

std::vector<MalformedRow> subscribeRows()
{
    return {
        {"SUBSCRIBE 0", "82 LL 0000 0001 61 00", V3, Up, "PACKET_ID_ZERO", 2, "MQTT-2.3.1-1", 0x82},
        {"SUBSCRIBE 0 in 5.0", "82 LL 0000 00 0001 61 00", V5, Up, "PACKET_ID_ZERO", 2, "MQTT-2.2.1-3", 0x82},
        {"SUBSCRIBE without filter", "82 LL 0001", V3, Up, "EMPTY_SUBSCRIBE", 4, "MQTT-3.8.3-3", 0x82},
        {"SUBSCRIBE without filter in 5.0", "82 LL 0001 00", V5, Up, "EMPTY_SUBSCRIBE", 5, "MQTT-3.8.3-2", 0x82},
        {"filter without options", "82 LL 0001 0001 61", V3, Up, "TRUNCATED", 7, "", 0x81},
        {"reserved bits beside the QoS", "82 LL 0001 0001 61 04", V3, Up, "SUBSCRIPTION_RESERVED_BITS", 7,
         "MQTT-3.8.3-4", 0x81},
        {"high reserved bits beside the QoS", "82 LL 0001 0001 61 81", V3, Up, "SUBSCRIPTION_RESERVED_BITS", 7,
         "MQTT-3.8.3-4", 0x81},
        {"subscription of QoS 3", "82 LL 0001 0001 61 03", V3, Up, "SUBSCRIPTION_QOS_3", 7, "MQTT-3.8.3-4", 0x82},
        {"reserved bits in 5.0", "82 LL 0001 00 0001 61 40", V5, Up, "SUBSCRIPTION_RESERVED_BITS", 8, "MQTT-3.8.3-5",
         0x81},
        {"subscription of QoS 3 in 5.0", "82 LL 0001 00 0001 61 03", V5, Up, "SUBSCRIPTION_QOS_3", 8, "", 0x82},
        {"retain handling 3", "82 LL 0001 00 0001 61 30", V5, Up, "RETAIN_HANDLING_3", 8, "", 0x82},
        {"no local on a shared subscription", "82 LL 0001 00 000A " SHARE "67 2F 61 04", V5, Up, "NO_LOCAL_ON_SHARED",
         17, "MQTT-3.8.3-4", 0x82},
        {"second filter is bad", "82 LL 0001 0001 61 00 0002 6123 00", V3, Up, "BAD_FILTER", 11, "MQTT-4.7.1-2", 0x81},
        {"empty filter", "82 LL 0001 0000 00", V3, Up, "FILTER_EMPTY", 4, "MQTT-4.7.3-1", 0x81},
        {"empty filter in 5.0", "82 LL 0001 00 0000 00", V5, Up, "FILTER_EMPTY", 5, "MQTT-4.7.3-1", 0x81},
        {"multi-level wildcard that is not last", "82 LL 0001 0003 232F61 00", V3, Up, "BAD_FILTER", 6, "MQTT-4.7.1-2",
         0x81},
        {"multi-level wildcard behind a letter in 5.0", "82 LL 0001 00 0002 6123 00", V5, Up, "BAD_FILTER", 8,
         "MQTT-4.7.1-1", 0x81},
        {"single-level wildcard behind a letter", "82 LL 0001 0002 612B 00", V3, Up, "BAD_FILTER", 7, "MQTT-4.7.1-3",
         0x81},
        {"single-level wildcard before a letter in 5.0", "82 LL 0001 00 0002 2B61 00", V5, Up, "BAD_FILTER", 7,
         "MQTT-4.7.1-2", 0x81},
        {"share name that is empty", "82 LL 0001 00 0009 " SHARE "2F 61 00", V5, Up, "BAD_SHARED_FILTER", 14,
         "MQTT-4.8.2-1", 0x81},
        {"share name with wildcard", "82 LL 0001 00 000A " SHARE "2B 2F 61 00", V5, Up, "BAD_SHARED_FILTER", 14,
         "MQTT-4.8.2-2", 0x81},
        {"share name without filter", "82 LL 0001 00 0008 " SHARE "67 00", V5, Up, "BAD_SHARED_FILTER", 15,
         "MQTT-4.8.2-2", 0x81},
        {"share name with empty filter", "82 LL 0001 00 0009 " SHARE "67 2F 00", V5, Up, "BAD_SHARED_FILTER", 16,
         "MQTT-4.8.2-2", 0x81},
        {"bad filter in a shared one", "82 LL 0001 00 000B " SHARE "67 2F 61 23 00", V5, Up, "BAD_FILTER", 17,
         "MQTT-4.7.1-1", 0x81},
        {"filter that is not UTF-8", "82 LL 0001 0001 FF 00", V3, Up, "BAD_UTF8", 6, "MQTT-1.5.3-1", 0x81},
        {"U+0000 in the filter", "82 LL 0001 00 0001 00 00", V5, Up, "NULL_CHARACTER", 7, "MQTT-1.5.4-2", 0x81},

        {"UNSUBSCRIBE 0", "A2 LL 0000 0001 61", V3, Up, "PACKET_ID_ZERO", 2, "MQTT-2.3.1-1", 0x82},
        {"UNSUBSCRIBE without filter", "A2 LL 0001", V3, Up, "EMPTY_UNSUBSCRIBE", 4, "MQTT-3.10.3-2", 0x82},
        {"UNSUBSCRIBE without filter in 5.0", "A2 LL 0001 00", V5, Up, "EMPTY_UNSUBSCRIBE", 5, "MQTT-3.10.3-2", 0x82},
        {"UNSUBSCRIBE of a bad filter", "A2 LL 0001 0002 2323", V3, Up, "BAD_FILTER", 6, "MQTT-4.7.1-2", 0x81},
        {"UNSUBSCRIBE of a filter that is cut", "A2 LL 0001 0001 61 0002 61", V3, Up, "TRUNCATED", 7, "", 0x81},

        {"SUBACK 0", "90 LL 0000 00", V3, Down, "PACKET_ID_ZERO", 2, "MQTT-2.3.1-7", 0x82},
        {"SUBACK 0 in 5.0", "90 LL 0000 00 00", V5, Down, "PACKET_ID_ZERO", 2, "MQTT-2.2.1-6", 0x82},
        {"SUBACK without codes", "90 LL 0001", V3, Down, "EMPTY_SUBACK", 4, "MQTT-3.8.4-5", 0x82},
        {"SUBACK without codes in 5.0", "90 LL 0001 00", V5, Down, "EMPTY_SUBACK", 5, "MQTT-3.8.4-6", 0x82},
        {"SUBACK 0x03", "90 LL 0001 00 03", V3, Down, "UNLISTED_CODE", 5, "MQTT-3.9.3-2", 0x82},
        {"SUBACK 0x87 in 3.1.1", "90 LL 0001 87", V3, Down, "UNLISTED_CODE", 4, "MQTT-3.9.3-2", 0x82},
        {"SUBACK 0x11 in 5.0", "90 LL 0001 00 11", V5, Down, "UNLISTED_CODE", 5, "MQTT-3.9.3-2", 0x82},
        {"UNSUBACK 0", "B0 LL 0000", V3, Down, "PACKET_ID_ZERO", 2, "MQTT-2.3.1-7", 0x82},
        {"UNSUBACK with codes in 3.1.1", "B0 LL 0001 00", V3, Down, "TRAILING_BYTES", 4, "", 0x81},
        {"UNSUBACK without codes in 5.0", "B0 LL 0001 00", V5, Down, "EMPTY_UNSUBACK", 5, "MQTT-3.11.3-1", 0x82},
        {"UNSUBACK 0x01 in 5.0", "B0 LL 0001 00 01", V5, Down, "UNLISTED_CODE", 5, "MQTT-3.11.3-2", 0x82},
    };
}

} // namespace hiatus::wire::test
