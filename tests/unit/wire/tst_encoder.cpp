// The encoder: exact bytes, and every malformed thing that `wire {}` asks for.

#include "malformedrows.h"
#include "sample.h"

#include "proto/wire/encoder.h"
#include "proto/wire/text.h"

#include <QtTest>

using namespace hiatus;
using namespace hiatus::wire;
using namespace hiatus::wire::test;

namespace {

struct EncodeRow
{
    const char *phrase;
    const char *packet;
    v1::Version version;
    const char *hex;
};

const EncodeRow PlainRows[] = {
    {"CONNECT of nothing", "connect {}", V3, "100C 0004 4D515454 04 00 0000 0000"},
    {"CONNECT of nothing in 5.0", "connect {}", V5, "100D 0004 4D515454 05 00 0000 00 0000"},
    {"CONNECT with everything",
     "connect { client_id: 'c' clean: true keep_alive: 60 user_name: 'u' password: 'p' will { topic: 'w' payload: 'x' "
     "qos: 2 retain: true } }",
     V3, "1019 0004 4D515454 04 F6 003C 0001 63 0001 77 0001 78 0001 75 0001 70"},
    {"CONNECT with will and properties in 5.0",
     "connect { client_id: 'c' session_expiry_interval: 1 will { topic: 'w' delay_interval: 2 } }", V5,
     "101E 0004 4D515454 05 04 0000 05 1100000001 0001 63 05 1800000002 0001 77 0000"},
    {"CONNECT of another name and level", "connect { protocol_name: 'MQIsdp' protocol_level: 3 }", V3,
     "100E 0006 4D5149736470 03 00 0000 0000"},
    {"5.0 properties in 3.1.1", "connect { session_expiry_interval: 1 will { topic: 'w' delay_interval: 2 } }", V3,
     "1011 0004 4D515454 04 04 0000 0000 0001 77 0000"},
    {"CONNACK", "connack { session_present: true }", V3, "2002 01 00"},
    {"CONNACK in 5.0", "connack { code: 0x87 reason_string: 'no' server_keep_alive: 5 }", V5,
     "200B 00 87 08 13 0005 1F 0002 6E6F"},
    {"PUBLISH QoS 0", "publish { topic: 'a' payload: 'b' packet_id: 7 }", V3, "3004 0001 61 62"},
    {"PUBLISH QoS 1 again", "publish { topic: 'a' payload: 'b' qos: 1 dup: true packet_id: 258 }", V3,
     "3A06 0001 61 0102 62"},
    {"PUBLISH QoS 2 retained in 5.0",
     "publish { topic: 'a' qos: 2 retain: true packet_id: 1 topic_alias: 3 subscription_identifier: 1 "
     "subscription_identifier: 128 }",
     V5, "350E 0001 61 0001 08 0B01 0B8001 23 0003"},
    {"PUBLISH QoS 3", "publish { topic: 'a' qos: 3 packet_id: 1 }", V3, "3605 0001 61 0001"},
    {"PUBACK", "puback { packet_id: 9 code: 0x87 }", V3, "4002 0009"},
    {"PUBACK with code 0", "puback { packet_id: 9 code: 0 }", V5, "4002 0009"},
    {"PUBREC with code", "pubrec { packet_id: 9 code: 0x87 }", V5, "5003 0009 87"},
    {"PUBREL with code 0 and reason", "pubrel { packet_id: 9 reason_string: 'r' }", V5, "6208 0009 00 04 1F 0001 72"},
    {"PUBCOMP", "pubcomp { packet_id: 9 }", V5, "7002 0009"},
    {"SUBSCRIBE", "subscribe { packet_id: 1 filter { filter: 'a' qos: 1 no_local: true } filter { filter: 'b' } }", V3,
     "820A 0001 0001 61 01 0001 62 00"},
    {"SUBSCRIBE with options in 5.0",
     "subscribe { packet_id: 1 subscription_identifier: 5 filter { filter: 'a' qos: 2 no_local: true "
     "retain_as_published: true retain_handling: 2 } }",
     V5, "8209 0001 02 0B05 0001 61 2E"},
    {"SUBSCRIBE without filter", "subscribe { packet_id: 1 }", V3, "8202 0001"},
    {"SUBACK", "suback { packet_id: 1 code: 1 code: 0x80 }", V3, "9004 0001 01 80"},
    {"SUBACK in 5.0", "suback { packet_id: 1 code: 1 user_property { key: 'k' value: 'v' } }", V5,
     "900B 0001 07 26 0001 6B 0001 76 01"},
    {"UNSUBSCRIBE", "unsubscribe { packet_id: 1 filter: 'a' filter: 'b' }", V3, "A208 0001 0001 61 0001 62"},
    {"UNSUBSCRIBE in 5.0", "unsubscribe { packet_id: 1 filter: 'a' }", V5, "A206 0001 00 0001 61"},
    {"UNSUBACK", "unsuback { packet_id: 1 code: 0 }", V3, "B002 0001"},
    {"UNSUBACK in 5.0", "unsuback { packet_id: 1 code: 17 }", V5, "B004 0001 00 11"},
    {"PINGREQ", "pingreq {}", V5, "C000"},
    {"PINGRESP", "pingresp {}", V3, "D000"},
    {"DISCONNECT in 3.1.1", "disconnect { code: 4 }", V3, "E000"},
    {"DISCONNECT with code 0", "disconnect { code: 0 }", V5, "E000"},
    {"DISCONNECT with code", "disconnect { code: 4 }", V5, "E001 04"},
    {"DISCONNECT with expiry", "disconnect { session_expiry_interval: 0 }", V5, "E007 00 05 11 00000000"},
    {"AUTH", "auth { code: 0x18 authentication_method: 'm' authentication_data: '\\001' }", V5,
     "F00A 18 08 15 0001 6D 16 0001 01"},
    {"AUTH of nothing", "auth {}", V5, "F000"},
};

const EncodeRow WireRows[] = {
    {"flags", "pingreq {} wire { flags: 5 }", V3, "C500"},
    {"flags beyond a nibble", "pubrel { packet_id: 1 } wire { flags: 0x12 }", V3, "6202 0001"},
    {"a remaining length that lies", "puback { packet_id: 1 } wire { remaining_length: 300 }", V3, "40AC02 0001"},
    {"a remaining length of five bytes", "puback { packet_id: 1 } wire { remaining_length: 0xFFFFFFFF }", V3,
     "40FFFFFFFF0F 0001"},
    {"a non-minimal remaining length", "puback { packet_id: 1 } wire { length_bytes: 3 }", V3, "40828000 0001"},
    {"a remaining length in five bytes", "pingreq {} wire { length_bytes: 5 }", V3, "C08080808000"},
    {"more length bytes than are written", "pingreq {} wire { length_bytes: 99 }", V3, "C08080808000"},
    {"fewer length bytes than are needed", "pingreq {} wire { remaining_length: 128 length_bytes: 1 }", V3, "C08001"},
    {"bytes appended and counted", "puback { packet_id: 1 } wire { append_hex: 'FF 00' }", V3, "4004 0001 FF00"},
    {"bytes appended and not counted", "puback { packet_id: 1 } wire { append_hex: 'ff' remaining_length: 2 }", V3,
     "4002 0001 FF"},
    {"a truncated packet", "puback { packet_id: 1 } wire { truncate_to: 3 }", V3, "4002 00"},
    {"a packet truncated to nothing", "puback { packet_id: 1 } wire { truncate_to: 0 }", V3, ""},
    {"a packet truncated beyond its end", "puback { packet_id: 1 } wire { truncate_to: 99 }", V3, "4002 0001"},
    {"all at once", "puback { packet_id: 1 } wire { flags: 1 length_bytes: 2 append_hex: '00' truncate_to: 5 }", V3,
     "418300 0001"},
    {"the whole packet in hex", "pingreq {} wire { hex: '30 03 00 01 ff' flags: 3 truncate_to: 1 }", V3,
     "3003 0001 FF"},
    {"hex without a kind", "wire { hex: 'C000' }", V5, "C000"},
    {"hex that is empty", "pingreq {} wire { hex: '' }", V5, ""},
    {"hex with a lone digit and strangers", "wire { hex: 'C0:0-0 zz 1' }", V5, "C000"},
    {"overrides of no packet", "wire { flags: 1 append_hex: 'FF' }", V5, ""},
    {"no overrides after all", "puback { packet_id: 1 } wire {}", V3, "4002 0001"},
};

} // namespace

class TestEncoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesTheBytesOfTheStandard_data() { addRows(PlainRows); }
    void writesTheBytesOfTheStandard() { check(); }
    void laysOverridesOverThePacket_data() { addRows(WireRows); }
    void laysOverridesOverThePacket() { check(); }
    void appendsToWhatIsThere();
    void cutsStringsThatTheFormatCannotSay();
    void writesLengthsOfEverySize_data();
    void writesLengthsOfEverySize();
    void writesNothingForAnEmptyPacket();
    void survivesNumbersThatDoNotFit();

private:
    template <std::size_t N> void addRows(const EncodeRow (&rows)[N])
    {
        QTest::addColumn<const EncodeRow *>("row");
        for (const EncodeRow &row : rows)
            QTest::newRow(row.phrase) << &row;
    }
    void check();
};

void TestEncoder::check()
{
    QFETCH(const EncodeRow *, row);
    const v1::Packet packet = packetOf(row->packet);
    QVERIFY2(packet.ByteSizeLong() > 0, "the row does not parse");
    QCOMPARE(QByteArray::fromStdString(hex(encode(packet, row->version))),
             QByteArray::fromStdString(hex(bytesOf(row->hex))));
    QCOMPARE(encodedSize(packet, row->version), bytesOf(row->hex).size());
}

void TestEncoder::appendsToWhatIsThere()
{
    std::string out = "before";
    encodeTo(out, packetOf("pingreq {}"), V3);
    encodeTo(out, packetOf("pingreq {} wire { flags: 1 }"), V3);
    encodeTo(out, packetOf("wire { hex: 'D000' }"), V3);
    QCOMPARE(out, "before" + bytesOf("C000 C100 D000"));
}

void TestEncoder::cutsStringsThatTheFormatCannotSay()
{
    v1::Packet packet;
    packet.mutable_publish()->set_topic(std::string(70000, 't'));
    packet.mutable_publish()->set_payload(std::string(70000, 'p'));
    packet.mutable_publish()->set_content_type(std::string(70000, 'c'));
    const std::string bytes = encode(packet, V5);
    const DecodeResult result = decodeOne(bytes, Up, V5);
    QVERIFY(std::holds_alternative<Frame>(result));
    const v1::Publish &publish = std::get<Frame>(result).packet.publish();
    QCOMPARE(publish.topic().size(), 65535u);
    QCOMPARE(publish.content_type().size(), 65535u);
    QCOMPARE(publish.payload().size(), 70000u);
    QCOMPARE(encodedSize(packet, V5), bytes.size());
}

void TestEncoder::writesLengthsOfEverySize_data()
{
    QTest::addColumn<std::size_t>("payload");
    QTest::addColumn<std::size_t>("lengthBytes");
    QTest::newRow("largest of one byte") << std::size_t{127 - 3} << std::size_t{1};
    QTest::newRow("smallest of two bytes") << std::size_t{128 - 3} << std::size_t{2};
    QTest::newRow("largest of two bytes") << std::size_t{16383 - 3} << std::size_t{2};
    QTest::newRow("smallest of three bytes") << std::size_t{16384 - 3} << std::size_t{3};
    QTest::newRow("largest of three bytes") << std::size_t{2097151 - 3} << std::size_t{3};
    QTest::newRow("smallest of four bytes") << std::size_t{2097152 - 3} << std::size_t{4};
}

void TestEncoder::writesLengthsOfEverySize()
{
    QFETCH(std::size_t, payload);
    QFETCH(std::size_t, lengthBytes);
    v1::Packet packet;
    packet.mutable_publish()->set_topic("t");
    packet.mutable_publish()->set_payload(std::string(payload, 'p'));
    const std::string bytes = encode(packet, V3);
    QCOMPARE(bytes.size(), 1 + lengthBytes + 3 + payload);
    const DecodeResult result = decodeOne(bytes, Up, V3);
    QVERIFY(std::holds_alternative<Frame>(result));
    QCOMPARE(std::get<Frame>(result).packet.publish().payload().size(), payload);
}

void TestEncoder::writesNothingForAnEmptyPacket()
{
    QCOMPARE(encode(v1::Packet(), V5), "");
    QCOMPARE(encodedSize(v1::Packet(), V5), 0u);
}

void TestEncoder::survivesNumbersThatDoNotFit()
{
    const char *packets[] = {
        "connect { keep_alive: 4294967295 protocol_level: 4294967295 receive_maximum: 4294967295 will { qos: "
        "4294967295 } }",
        "connack { code: 4294967295 maximum_qos: 4294967295 }",
        "publish { qos: 4294967295 packet_id: 4294967295 subscription_identifier: 4294967295 }",
        "puback { packet_id: 4294967295 code: 4294967295 }",
        "subscribe { packet_id: 4294967295 filter { qos: 4294967295 retain_handling: 4294967295 } }",
        "suback { packet_id: 4294967295 code: 4294967295 }",
        "disconnect { code: 4294967295 }",
        "pingreq {} wire { flags: 4294967295 remaining_length: 4294967295 length_bytes: 4294967295 truncate_to: "
        "4294967295 }",
    };
    for (const char *packet : packets) {
        for (const v1::Version version : {Any, V3, V5}) {
            const v1::Packet parsed = packetOf(packet);
            QVERIFY2(parsed.kind_case() != v1::Packet::KIND_NOT_SET, packet);
            const std::string bytes = encode(parsed, version);
            QCOMPARE(bytes.size(), encodedSize(parsed, version));
            QVERIFY(bytes.size() >= 2);
        }
    }
}

QTEST_APPLESS_MAIN(TestEncoder)
#include "tst_encoder.moc"
