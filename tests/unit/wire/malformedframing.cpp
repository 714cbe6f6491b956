#include "malformedrows.h"

#define CONNECT3 "0004 4D515454 04 02 003C 0001 61"
#define CONNECT5 "0004 4D515454 05 02 003C 00 0001 61"

namespace hiatus::wire::test {

std::vector<MalformedRow> framingRows()
{
    return {
        {"type 0", "00 00", V3, Up, "RESERVED_TYPE", 0, "", 0x81},
        {"type 0 in 5.0", "0F 00", V5, Down, "RESERVED_TYPE", 0, "", 0x81},
        {"AUTH in 3.1.1", "F0 00", V3, Up, "RESERVED_TYPE", 0, "", 0x81},
        {"first packet is PINGREQ", "C0 00", Any, Up, "FIRST_NOT_CONNECT", 0, "MQTT-3.1.0-1", 0x82},
        {"version that nobody told", "20 02 00 00", Any, Down, "VERSION_UNKNOWN", 0, "", 0x82},

        {"CONNACK from a client", "20 02 00 00", V3, Up, "WRONG_DIRECTION", 0, "", 0x82},
        {"SUBACK from a client", "90 03 0001 00", V3, Up, "WRONG_DIRECTION", 0, "", 0x82},
        {"UNSUBACK from a client", "B0 02 0001", V3, Up, "WRONG_DIRECTION", 0, "", 0x82},
        {"PINGRESP from a client", "D0 00", V5, Up, "WRONG_DIRECTION", 0, "", 0x82},
        {"CONNECT from a server", "10 LL " CONNECT3, V3, Down, "WRONG_DIRECTION", 0, "", 0x82},
        {"SUBSCRIBE from a server", "82 LL 0001 0001 61 00", V3, Down, "WRONG_DIRECTION", 0, "", 0x82},
        {"UNSUBSCRIBE from a server", "A2 LL 0001 0001 61", V3, Down, "WRONG_DIRECTION", 0, "", 0x82},
        {"PINGREQ from a server", "C0 00", V5, Down, "WRONG_DIRECTION", 0, "", 0x82},
        {"DISCONNECT from a server in 3.1.1", "E0 00", V3, Down, "WRONG_DIRECTION", 0, "", 0x82},

        {"flags of CONNECT", "11 LL " CONNECT3, V3, Up, "RESERVED_FLAGS", 0, "MQTT-2.2.2-1", 0x81},
        {"flags of CONNECT before the version", "11 LL " CONNECT3, Any, Up, "RESERVED_FLAGS", 0, "", 0x81},
        {"flags of CONNACK", "21 02 00 00", V3, Down, "RESERVED_FLAGS", 0, "MQTT-2.2.2-1", 0x81},
        {"flags of PUBACK", "42 02 0001", V5, Up, "RESERVED_FLAGS", 0, "MQTT-2.1.3-1", 0x81},
        {"flags of PUBREC", "52 02 0001", V3, Up, "RESERVED_FLAGS", 0, "MQTT-2.2.2-1", 0x81},
        {"flags of PUBREL", "60 02 0001", V3, Up, "RESERVED_FLAGS", 0, "MQTT-3.6.1-1", 0x81},
        {"flags of PUBREL in 5.0", "6A 02 0001", V5, Down, "RESERVED_FLAGS", 0, "MQTT-3.6.1-1", 0x81},
        {"flags of PUBCOMP", "72 02 0001", V5, Up, "RESERVED_FLAGS", 0, "MQTT-2.1.3-1", 0x81},
        {"flags of SUBSCRIBE", "80 LL 0001 0001 61 00", V3, Up, "RESERVED_FLAGS", 0, "MQTT-3.8.1-1", 0x81},
        {"flags of SUBACK", "92 03 0001 00", V3, Down, "RESERVED_FLAGS", 0, "MQTT-2.2.2-1", 0x81},
        {"flags of UNSUBSCRIBE", "A0 LL 0001 0001 61", V3, Up, "RESERVED_FLAGS", 0, "MQTT-3.10.1-1", 0x81},
        {"flags of UNSUBACK", "B2 02 0001", V3, Down, "RESERVED_FLAGS", 0, "MQTT-2.2.2-1", 0x81},
        {"flags of PINGREQ", "C8 00", V3, Up, "RESERVED_FLAGS", 0, "MQTT-2.2.2-1", 0x81},
        {"flags of PINGRESP", "D1 00", V5, Down, "RESERVED_FLAGS", 0, "MQTT-2.1.3-1", 0x81},
        {"flags of DISCONNECT", "E1 00", V3, Up, "RESERVED_FLAGS", 0, "MQTT-3.14.1-1", 0x81},
        {"flags of AUTH", "F1 00", V5, Up, "RESERVED_FLAGS", 0, "MQTT-3.15.1-1", 0x81},

        {"remaining length of five bytes", "30 80 80 80 80 01", V3, Up, "REMAINING_LENGTH_TOO_LONG", 4, "", 0x81},
        {"remaining length of five bytes in 5.0", "30 FF FF FF FF 7F", V5, Up, "REMAINING_LENGTH_TOO_LONG", 4,
         "MQTT-1.5.5-1", 0x81},
        {"remaining length of two bytes for 0", "C0 80 00", V5, Up, "REMAINING_LENGTH_NOT_MINIMAL", 2, "MQTT-1.5.5-1",
         0x81},
        {"remaining length of four bytes for 2", "40 82 80 80 00 0001", V5, Up, "REMAINING_LENGTH_NOT_MINIMAL", 4,
         "MQTT-1.5.5-1", 0x81},
        {"non-minimal CONNECT that turns out to be 5.0", "10 8E 00 " CONNECT5, Any, Up, "REMAINING_LENGTH_NOT_MINIMAL",
         2, "MQTT-1.5.5-1", 0x81},

        {"body of PINGREQ", "C0 01 00", V3, Up, "TRAILING_BYTES", 2, "", 0x81},
        {"body of PINGRESP", "D0 01 00", V5, Down, "TRAILING_BYTES", 2, "", 0x81},
        {"body of DISCONNECT in 3.1.1", "E0 01 00", V3, Up, "TRAILING_BYTES", 2, "", 0x81},

        {"DISCONNECT of a server's code", "E0 01 8E", V5, Up, "UNLISTED_CODE", 2, "MQTT-3.14.2-1", 0x82},
        {"DISCONNECT of a client's code", "E0 01 04", V5, Down, "UNLISTED_CODE", 2, "MQTT-3.14.2-1", 0x82},
        {"DISCONNECT of no code at all", "E0 01 03", V5, Up, "UNLISTED_CODE", 2, "MQTT-3.14.2-1", 0x82},
        {"bytes behind the properties of DISCONNECT", "E0 03 00 00 00", V5, Up, "TRAILING_BYTES", 4, "", 0x81},
        {"session expiry from a server", "E0 LL 00 05 11 00000001", V5, Down, "SESSION_EXPIRY_FROM_SERVER", 4,
         "MQTT-3.14.2-2", 0x82},
        {"AUTH of no code at all", "F0 LL 01 04 15 0001 6D", V5, Up, "UNLISTED_CODE", 2, "MQTT-3.15.2-1", 0x82},
        {"re-authentication from a server", "F0 LL 19 04 15 0001 6D", V5, Down, "UNLISTED_CODE", 2, "MQTT-3.15.2-1",
         0x82},
        {"AUTH success from a client", "F0 LL 00 04 15 0001 6D", V5, Up, "UNLISTED_CODE", 2, "MQTT-3.15.2-1", 0x82},
        {"AUTH without method", "F0 LL 18 00", V5, Up, "AUTHENTICATION_METHOD_MISSING", 3, "", 0x82},
        {"AUTH without properties", "F0 LL 18", V5, Up, "TRUNCATED", 3, "", 0x81},
    };
}

} // namespace hiatus::wire::test
