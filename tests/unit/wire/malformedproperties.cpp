#include "malformedrows.h"

#define CONNECT "10 LL 0004 4D515454 05 02 003C "
#define PUBLISH "30 LL 0001 61 "
#define SUBSCRIBE "82 LL 0001 "

namespace hiatus::wire::test {

// The property length is at 12 in CONNECT, 5 in this PUBLISH, 4 in SUBSCRIBE and CONNACK.
std::vector<MalformedRow> propertyRows()
{
    return {
        {"identifier that no property has", PUBLISH "01 7F", V5, Up, "PROPERTY_UNKNOWN", 6, "", 0x81},
        {"identifier 0", PUBLISH "01 00", V5, Up, "PROPERTY_UNKNOWN", 6, "", 0x81},
        {"identifier of two bytes", PUBLISH "02 8001", V5, Up, "PROPERTY_UNKNOWN", 6, "", 0x81},
        {"identifier in too many bytes", PUBLISH "03 8100 00", V5, Up, "VARIABLE_INTEGER_NOT_MINIMAL", 7,
         "MQTT-1.5.5-1", 0x81},
        {"session expiry in PUBLISH", PUBLISH "05 11 00000001", V5, Up, "PROPERTY_MISPLACED", 6, "", 0x81},
        {"will delay in CONNECT", CONNECT "05 18 00000001 0001 61", V5, Up, "PROPERTY_MISPLACED", 13, "", 0x81},
        {"session expiry in a will", "10 LL 0004 4D515454 05 06 003C 00 0001 61 05 11 00000001 0001 77 0000", V5, Up,
         "PROPERTY_MISPLACED", 17, "", 0x81},
        {"reason string in CONNECT", CONNECT "04 1F 0001 61 0001 61", V5, Up, "PROPERTY_MISPLACED", 13, "", 0x81},
        {"topic alias in SUBSCRIBE", SUBSCRIBE "03 23 0001 0001 61 00", V5, Up, "PROPERTY_MISPLACED", 5, "", 0x81},
        {"reason string in UNSUBSCRIBE", "A2 LL 0001 04 1F 0001 61 0001 61", V5, Up, "PROPERTY_MISPLACED", 5, "", 0x81},
        {"will delay in SUBACK", "90 LL 0001 05 18 00000001 00", V5, Down, "PROPERTY_MISPLACED", 5, "", 0x81},
        {"session expiry in PUBACK", "40 LL 0001 00 05 11 00000001", V5, Up, "PROPERTY_MISPLACED", 6, "", 0x81},

        {"payload format twice", PUBLISH "04 01 00 01 00", V5, Up, "PROPERTY_REPEATED", 8, "", 0x82},
        {"topic alias twice", PUBLISH "06 23 0001 23 0001", V5, Down, "PROPERTY_REPEATED", 9, "", 0x82},
        {"session expiry twice", CONNECT "0A 11 00000001 11 00000001 0001 61", V5, Up, "PROPERTY_REPEATED", 18,
         "U5-3.1.2.11.2-3", 0x82},
        {"receive maximum twice", CONNECT "06 21 0001 21 0002 0001 61", V5, Up, "PROPERTY_REPEATED", 16, "", 0x82},
        {"subscription identifier twice in SUBSCRIBE", SUBSCRIBE "04 0B 01 0B 02 0001 61 00", V5, Up,
         "PROPERTY_REPEATED", 7, "", 0x82},
        {"reason string twice", "40 LL 0001 00 08 1F 0001 61 1F 0001 61", V5, Up, "PROPERTY_REPEATED", 10, "", 0x82},

        {"payload format 2", PUBLISH "02 01 02", V5, Up, "PROPERTY_OUT_OF_RANGE", 7, "", 0x82},
        {"topic alias 0", PUBLISH "03 23 0000", V5, Up, "PROPERTY_OUT_OF_RANGE", 7, "MQTT-3.3.2-8", 0x82},
        {"subscription identifier 0", SUBSCRIBE "02 0B 00 0001 61 00", V5, Up, "PROPERTY_OUT_OF_RANGE", 6, "", 0x82},
        {"subscription identifier 0 in PUBLISH", PUBLISH "02 0B 00", V5, Down, "PROPERTY_OUT_OF_RANGE", 7, "", 0x82},
        {"receive maximum 0", CONNECT "03 21 0000 0001 61", V5, Up, "PROPERTY_OUT_OF_RANGE", 14, "", 0x82},
        {"receive maximum 0 in CONNACK", "20 LL 00 00 03 21 0000", V5, Down, "PROPERTY_OUT_OF_RANGE", 6, "", 0x82},
        {"maximum packet size 0", CONNECT "05 27 00000000 0001 61", V5, Up, "PROPERTY_OUT_OF_RANGE", 14, "", 0x82},
        {"request problem information 2", CONNECT "02 17 02 0001 61", V5, Up, "PROPERTY_OUT_OF_RANGE", 14, "", 0x82},
        {"request response information 2", CONNECT "02 19 02 0001 61", V5, Up, "PROPERTY_OUT_OF_RANGE", 14, "", 0x82},
        {"maximum QoS 2", "20 LL 00 00 02 24 02", V5, Down, "PROPERTY_OUT_OF_RANGE", 6, "", 0x82},
        {"retain available 2", "20 LL 00 00 02 25 02", V5, Down, "PROPERTY_OUT_OF_RANGE", 6, "", 0x82},
        {"wildcard subscription available 2", "20 LL 00 00 02 28 02", V5, Down, "PROPERTY_OUT_OF_RANGE", 6, "", 0x82},
        {"subscription identifiers available 2", "20 LL 00 00 02 29 02", V5, Down, "PROPERTY_OUT_OF_RANGE", 6, "",
         0x82},
        {"shared subscription available 255", "20 LL 00 00 02 2A FF", V5, Down, "PROPERTY_OUT_OF_RANGE", 6, "", 0x82},

        {"subscription identifier from a client", PUBLISH "02 0B 01", V5, Up, "SUBSCRIPTION_ID_FROM_CLIENT", 6,
         "MQTT-3.3.4-6", 0x82},
        {"response topic with wildcard", PUBLISH "05 08 0002 6223", V5, Up, "TOPIC_WITH_WILDCARD", 10, "MQTT-3.3.2-14",
         0x81},
        {"response topic that is empty", PUBLISH "03 08 0000", V5, Up, "TOPIC_EMPTY", 7, "MQTT-4.7.3-1", 0x81},
        {"content type that is not UTF-8", PUBLISH "04 03 0001 C1", V5, Up, "BAD_UTF8", 9, "MQTT-1.5.4-1", 0x81},
        {"U+0000 in the key of a user property", PUBLISH "07 26 0001 00 0001 61", V5, Up, "NULL_CHARACTER", 9,
         "MQTT-1.5.4-2", 0x81},
        {"surrogate in the value of a user property", PUBLISH "09 26 0001 61 0003 EDA080", V5, Up, "BAD_UTF8", 12,
         "MQTT-1.5.4-1", 0x81},
        {"user property without value", PUBLISH "04 26 0001 61", V5, Up, "TRUNCATED", 10, "", 0x81},
        {"authentication data without method", CONNECT "04 16 0001 61 0001 61", V5, Up, "AUTHENTICATION_METHOD_MISSING",
         12, "", 0x82},

        {"property length beyond the packet", PUBLISH "05 01", V5, Up, "TRUNCATED", 5, "", 0x81},
        {"property length of five bytes", PUBLISH "80808080 01", V5, Up, "VARIABLE_INTEGER_TOO_LONG", 8, "MQTT-1.5.5-1",
         0x81},
        {"property length in too many bytes", PUBLISH "8000", V5, Up, "VARIABLE_INTEGER_NOT_MINIMAL", 6, "MQTT-1.5.5-1",
         0x81},
        {"property length that is cut", PUBLISH "80", V5, Up, "TRUNCATED", 5, "", 0x81},
        {"value cut by the property length", PUBLISH "01 01 00", V5, Up, "TRUNCATED", 7, "", 0x81},
        {"string cut by the property length", PUBLISH "04 03 0002 61 62", V5, Up, "TRUNCATED", 7, "", 0x81},
        {"four bytes cut by the property length", PUBLISH "04 02 000000 01", V5, Up, "TRUNCATED", 7, "", 0x81},
        {"subscription identifier of five bytes", PUBLISH "06 0B FFFFFFFF 01", V5, Down, "VARIABLE_INTEGER_TOO_LONG",
         10, "MQTT-1.5.5-1", 0x81},
        {"subscription identifier in too many bytes", PUBLISH "03 0B 8100", V5, Down, "VARIABLE_INTEGER_NOT_MINIMAL", 8,
         "MQTT-1.5.5-1", 0x81},
    };
}

} // namespace hiatus::wire::test
