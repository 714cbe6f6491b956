// Packets in one line, names of kinds and codes, hex.

#include "malformedrows.h"
#include "sample.h"

#include "proto/wire/text.h"

#include <QtTest>

using namespace hiatus;
using namespace hiatus::wire;
using namespace hiatus::wire::test;

namespace {

struct TextRow
{
    const char *packet;
    v1::Version version;
    const char *line;
};

const TextRow TextRows[] = {
    {"publish { topic: 'door' payload: 'open' qos: 1 dup: true packet_id: 12 message_expiry_interval: 60 }", V5,
     "PUBLISH q1 DUP id=12 door \"open\" expiry=60"},
    {"publish { topic: 'a b' payload: '\"\\\\\\001\\377' qos: 0 retain: true }", V3,
     "PUBLISH q0 RETAIN \"a b\" \"\\\"\\\\\\x01\\xFF\""},
    {"publish { topic: '' topic_alias: 3 subscription_identifier: 1 subscription_identifier: 2 "
     "payload_format_indicator: 1 }",
     V5, "PUBLISH \"\" format=1 sub_id=1 sub_id=2 alias=3"},
    {"publish { topic: 't' payload: '0123456789012345678901234567890123456789' }", V3,
     "PUBLISH t \"0123456789012345678901234567890123456789\""},
    {"publish { topic: 't' payload: '01234567890123456789012345678901234567890' }", V3,
     "PUBLISH t \"0123456789012345678901234567890123456789\"...(41 bytes)"},
    {"publish { topic: 't' correlation_data: '\\001' user_property { key: 'a b' value: 'c' } user_property { key: 'd' "
     "value: '' } }",
     V5, "PUBLISH t correlation=\"\\x01\" user.\"a b\"=\"c\" user.d=\"\""},
    {"connack { session_present: true code: 0 }", V5, "CONNACK session_present=1 code=0x00 Success"},
    {"connack { session_present: true code: 0 }", V3, "CONNACK session_present=1 code=0x00 Connection Accepted"},
    {"connack { session_present: true code: 0 }", Any, "CONNACK session_present=1 code=0x00 Success"},
    {"connack { code: 2 }", Any, "CONNACK code=0x02 Identifier rejected"},
    {"connack { code: 0x8A }", Any, "CONNACK code=0x8A Banned"},
    {"connack { code: 0x77 reason_string: 'odd' session_expiry_interval: 4294967295 }", V5,
     "CONNACK code=0x77 session_expiry=never reason=\"odd\""},
    {"connect { client_id: 'c' clean: false keep_alive: 60 user_name: 'u' password: 'p' will { topic: 'w' payload: 'x' "
     "qos: 2 retain: true delay_interval: 5 } session_expiry_interval: 9 }",
     V5,
     "CONNECT client_id=\"c\" clean=0 keep_alive=60 user_name=\"u\" password=\"p\" will=[q2 RETAIN w \"x\" delay=5] "
     "session_expiry=9"},
    {"connect { protocol_name: 'MQIsdp' protocol_level: 3 }", V3, "CONNECT protocol=\"MQIsdp\" level=3"},
    {"puback { packet_id: 1 }", V3, "PUBACK id=1"},
    {"pubrec { packet_id: 1 code: 0x10 }", V5, "PUBREC id=1 code=0x10 No matching subscribers"},
    {"pubrel { packet_id: 1 code: 0x92 }", V5, "PUBREL id=1 code=0x92 Packet Identifier not found"},
    {"pubcomp { packet_id: 1 code: 0 }", V5, "PUBCOMP id=1 code=0x00 Success"},
    {"subscribe { packet_id: 2 filter { filter: 'a/#' qos: 1 no_local: true retain_as_published: true retain_handling: "
     "2 } filter { filter: '$share/g/+' qos: 0 } subscription_identifier: 7 }",
     V5, "SUBSCRIBE id=2 a/# q1 no_local retain_as_published retain_handling=2, $share/g/+ q0 sub_id=7"},
    {"suback { packet_id: 2 code: 1 code: 0x80 }", V3, "SUBACK id=2 code=0x01 Maximum QoS 1, code=0x80 Failure"},
    {"unsubscribe { packet_id: 3 filter: 'a' filter: 'b,c' }", V3, "UNSUBSCRIBE id=3 a, \"b,c\""},
    {"unsuback { packet_id: 3 code: 0x11 }", V5, "UNSUBACK id=3 code=0x11 No subscription existed"},
    {"pingreq {}", V3, "PINGREQ"},
    {"pingresp {}", V5, "PINGRESP"},
    {"disconnect { code: 0x8E server_reference: 'other' }", V5,
     "DISCONNECT code=0x8E Session taken over server_reference=\"other\""},
    {"auth { code: 0x19 authentication_method: 'm' authentication_data: '\\002' }", V5,
     "AUTH code=0x19 Re-authenticate auth_method=\"m\" auth_data=\"\\x02\""},
    {"publish {}", V3, "PUBLISH"},
    {"pingreq {} wire { flags: 1 remaining_length: 2 length_bytes: 3 append_hex: '00' truncate_to: 4 }", V3,
     "PINGREQ wire=[flags=1 remaining_length=2 length_bytes=3 append_hex=\"00\" truncate_to=4]"},
    {"wire { hex: 'FF' }", V3, "? wire=[hex=\"FF\"]"},
};

} // namespace

class TestText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesPacketsInOneLine_data();
    void writesPacketsInOneLine();
    void writesOneLineForEveryPacketWithEverything_data();
    void writesOneLineForEveryPacketWithEverything();
    void namesCodesPerPacketAndVersion();
    void writesHexInPairs();
};

void TestText::writesPacketsInOneLine_data()
{
    QTest::addColumn<const TextRow *>("row");
    for (const TextRow &row : TextRows)
        QTest::newRow(row.line) << &row;
}

void TestText::writesPacketsInOneLine()
{
    QFETCH(const TextRow *, row);
    QCOMPARE(QByteArray::fromStdString(text(packetOf(row->packet), row->version)), QByteArray(row->line));
}

void TestText::writesOneLineForEveryPacketWithEverything_data()
{
    QTest::addColumn<int>("kind");
    for (int kind = 1; kind <= 15; ++kind)
        QTest::newRow(kindName(static_cast<v1::Packet::KindCase>(kind)).data()) << kind;
}

void TestText::writesOneLineForEveryPacketWithEverything()
{
    QFETCH(int, kind);
    const auto kindCase = static_cast<v1::Packet::KindCase>(kind);
    for (const Direction direction : {Up, Down}) {
        const v1::Packet packet = lawfulPacket(everything(), kindCase, V5, direction);
        const std::string line = text(packet, V5);
        QVERIFY(line.rfind(kindName(packet.kind_case()), 0) == 0);
        for (const char c : line)
            QVERIFY2(c >= 0x20 && c < 0x7F, line.c_str());
    }
}

void TestText::namesCodesPerPacketAndVersion()
{
    QCOMPARE(reasonName(v1::Packet::kDisconnect, V5, 0), "Normal disconnection");
    QCOMPARE(reasonName(v1::Packet::kSuback, V5, 0), "Granted QoS 0");
    QCOMPARE(reasonName(v1::Packet::kPuback, V5, 0), "Success");
    QCOMPARE(reasonName(v1::Packet::kConnack, V3, 5), "Not authorized");
    QCOMPARE(reasonName(v1::Packet::kConnack, V5, 5), "");
    QCOMPARE(reasonName(v1::Packet::kPuback, V3, 0), "");
    QCOMPARE(reasonName(v1::Packet::kPublish, V5, 0), "");
    QCOMPARE(reasonName(v1::Packet::kPuback, V5, 0x1000), "");
    QCOMPARE(kindName(v1::Packet::KIND_NOT_SET), "?");
}

void TestText::writesHexInPairs()
{
    QCOMPARE(hex(""), "");
    QCOMPARE(hex(std::string("\x20\x02\x00\xFF", 4)), "20 02 00 FF");
}

QTEST_APPLESS_MAIN(TestText)
#include "tst_text.moc"
