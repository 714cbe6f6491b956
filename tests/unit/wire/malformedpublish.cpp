#include "malformedrows.h"

namespace hiatus::wire::test {

std::vector<MalformedRow> publishRows()
{
    return {
        {"QoS 3", "36 LL 0001 61 0001", V3, Up, "PUBLISH_QOS_3", 0, "MQTT-3.3.1-4", 0x81},
        {"QoS 3 in 5.0", "36 LL 0001 61 0001 00", V5, Down, "PUBLISH_QOS_3", 0, "MQTT-3.3.1-4", 0x81},
        {"DUP on QoS 0", "38 LL 0001 61", V3, Up, "DUP_ON_QOS_0", 0, "MQTT-3.3.1-2", 0x81},
        {"DUP on QoS 0 in 5.0", "38 LL 0001 61 00", V5, Down, "DUP_ON_QOS_0", 0, "MQTT-3.3.1-2", 0x81},
        {"PUBLISH of nothing", "30 00", V3, Up, "TRUNCATED", 2, "", 0x81},
        {"half a topic length", "30 01 00", V3, Up, "TRUNCATED", 2, "", 0x81},
        {"topic longer than the packet", "30 03 0005 61", V3, Up, "TRUNCATED", 2, "", 0x81},
        {"half a packet identifier", "32 04 0001 61 00", V3, Up, "TRUNCATED", 5, "", 0x81},
        {"packet identifier 0", "32 LL 0001 61 0000", V3, Up, "PACKET_ID_ZERO", 5, "MQTT-2.3.1-1", 0x82},
        {"packet identifier 0 from a server", "34 LL 0001 61 0000", V3, Down, "PACKET_ID_ZERO", 5, "MQTT-2.3.1-1",
         0x82},
        {"packet identifier 0 in 5.0", "32 LL 0001 61 0000 00", V5, Up, "PACKET_ID_ZERO", 5, "MQTT-2.2.1-3", 0x82},
        {"packet identifier 0 from a server in 5.0", "34 LL 0001 61 0000 00", V5, Down, "PACKET_ID_ZERO", 5,
         "MQTT-2.2.1-4", 0x82},
        {"multi-level wildcard in the topic", "30 LL 0003 612F23", V3, Up, "TOPIC_WITH_WILDCARD", 6, "MQTT-3.3.2-2",
         0x81},
        {"single-level wildcard in the topic", "30 LL 0001 2B 00", V5, Down, "TOPIC_WITH_WILDCARD", 4, "MQTT-3.3.2-2",
         0x81},
        {"empty topic", "30 LL 0000 61", V3, Up, "TOPIC_EMPTY", 2, "MQTT-4.7.3-1", 0x81},
        {"neither topic nor alias", "30 LL 0000 00", V5, Up, "TOPIC_MISSING", 2, "", 0x82},
        {"topic with a surrogate", "30 LL 0003 EDBFBF", V3, Up, "BAD_UTF8", 4, "MQTT-1.5.3-1", 0x81},
        {"topic with an overlong form of two bytes", "30 LL 0002 C080", V3, Up, "BAD_UTF8", 4, "MQTT-1.5.3-1", 0x81},
        {"topic with an overlong form of three bytes", "30 LL 0003 E08080", V3, Up, "BAD_UTF8", 4, "MQTT-1.5.3-1",
         0x81},
        {"topic with an overlong form of four bytes", "30 LL 0004 F0808080", V3, Up, "BAD_UTF8", 4, "MQTT-1.5.3-1",
         0x81},
        {"topic beyond U+10FFFF", "30 LL 0004 F4908080", V3, Up, "BAD_UTF8", 4, "MQTT-1.5.3-1", 0x81},
        {"topic with a lead byte that never leads", "30 LL 0004 F8888080", V3, Up, "BAD_UTF8", 4, "MQTT-1.5.3-1", 0x81},
        {"topic with a lone continuation byte", "30 LL 0002 6180", V3, Up, "BAD_UTF8", 5, "MQTT-1.5.3-1", 0x81},
        {"topic that ends inside a character", "30 LL 0003 61E282", V3, Up, "BAD_UTF8", 5, "MQTT-1.5.3-1", 0x81},
        {"topic with a wrong third byte", "30 LL 0003 E28241", V3, Up, "BAD_UTF8", 4, "MQTT-1.5.3-1", 0x81},
        {"bad byte behind eight good ones", "30 LL 0009 6162636465666768FF 00", V5, Up, "BAD_UTF8", 12, "MQTT-1.5.4-1",
         0x81},
        {"U+0000 in the topic", "30 LL 0008 6162636400666768", V3, Up, "NULL_CHARACTER", 8, "MQTT-1.5.3-2", 0x81},
        {"U+0000 in the topic in 5.0", "30 LL 0001 00 00", V5, Up, "NULL_CHARACTER", 4, "MQTT-1.5.4-2", 0x81},
        {"no properties in 5.0", "30 LL 0001 61", V5, Up, "TRUNCATED", 5, "", 0x81},

        {"half a PUBACK", "40 01 00", V3, Up, "TRUNCATED", 2, "", 0x81},
        {"PUBACK for 0", "40 02 0000", V3, Up, "PACKET_ID_ZERO", 2, "MQTT-2.3.1-6", 0x82},
        {"PUBACK for 0 in 5.0", "40 02 0000", V5, Down, "PACKET_ID_ZERO", 2, "MQTT-2.2.1-5", 0x82},
        {"PUBREC for 0", "50 02 0000", V3, Down, "PACKET_ID_ZERO", 2, "MQTT-2.3.1-6", 0x82},
        {"PUBREL for 0", "62 02 0000", V3, Up, "PACKET_ID_ZERO", 2, "MQTT-2.3.1-6", 0x82},
        {"PUBCOMP for 0", "70 02 0000", V3, Up, "PACKET_ID_ZERO", 2, "", 0x82},
        {"PUBCOMP for 0 in 5.0", "70 02 0000", V5, Up, "PACKET_ID_ZERO", 2, "MQTT-2.2.1-5", 0x82},
        {"PUBACK with code in 3.1.1", "40 03 0001 00", V3, Up, "TRAILING_BYTES", 4, "", 0x81},
        {"PUBACK 0x10 from a client", "40 03 0001 10", V5, Up, "UNLISTED_CODE", 4, "MQTT-3.4.2-1", 0x82},
        {"PUBACK of PUBREL's code", "40 03 0001 92", V5, Down, "UNLISTED_CODE", 4, "MQTT-3.4.2-1", 0x82},
        {"PUBREC 0x10 from a client", "50 03 0001 10", V5, Up, "UNLISTED_CODE", 4, "MQTT-3.5.2-1", 0x82},
        {"PUBREL 0x80", "62 03 0001 80", V5, Up, "UNLISTED_CODE", 4, "MQTT-3.6.2-1", 0x82},
        {"PUBCOMP 0x10", "70 03 0001 10", V5, Down, "UNLISTED_CODE", 4, "MQTT-3.7.2-1", 0x82},
        {"bytes behind the properties of PUBACK", "40 05 0001 00 00 00", V5, Up, "TRAILING_BYTES", 6, "", 0x81},
    };
}

} // namespace hiatus::wire::test
