// The decoder: what it refuses and why, how it frames, how it learns the version.

#include "malformedrows.h"

#include "proto/wire/decoder.h"
#include "proto/wire/text.h"

#include <QtTest>

#include <memory>

using namespace hiatus;
using namespace hiatus::wire;
using namespace hiatus::wire::test;

namespace {

/// Bytes that are lawful, though they look as if they were not, and the packet in one line.
struct OddRow
{
    const char *phrase;
    const char *hex;
    v1::Version version;
    Direction direction;
    const char *line;
};

const OddRow OddRows[] = {
    {"empty client identifier", "10 LL 0004 4D515454 04 00 0000 0000", V3, Up,
     "CONNECT client_id=\"\" clean=0 keep_alive=0 level=4"},
    {"password without user name in 5.0", "10 LL 0004 4D515454 05 42 0000 00 0000 0001 70", V5, Up,
     "CONNECT client_id=\"\" clean=1 keep_alive=0 level=5 password=\"p\""},
    {"non-minimal remaining length in 3.1.1", "C0 80 00", V3, Up, "PINGREQ"},
    {"empty topic with alias", "30 LL 0000 03 23 0007", V5, Up, "PUBLISH q0 \"\" \"\" alias=7"},
    {"subscription identifiers from a server", "30 LL 0001 61 05 0B 01 0B 8001", V5, Down,
     "PUBLISH q0 a \"\" sub_id=1 sub_id=128"},
    {"share-like filter in 3.1.1", "82 LL 0001 0008 24 73 68 61 72 65 2F 2F 00", V3, Up, "SUBSCRIBE id=1 $share// q0"},
    {"filter $share without group", "82 LL 0001 00 0006 24 73 68 61 72 65 00", V5, Up, "SUBSCRIBE id=1 $share q0"},
    {"acknowledgement with code and without properties", "40 03 0001 87", V5, Up,
     "PUBACK id=1 code=0x87 Not authorized"},
    {"acknowledgement with empty properties", "40 04 0001 00 00", V5, Up, "PUBACK id=1 code=0x00 Success"},
    {"disconnect without anything", "E0 00", V5, Up, "DISCONNECT code=0x00 Normal disconnection"},
    {"normal disconnection from a server", "E0 01 00", V5, Down, "DISCONNECT code=0x00 Normal disconnection"},
    {"authentication without anything", "F0 00", V5, Down, "AUTH code=0x00 Success"},
    {"byte order mark in a topic", "30 LL 0003 EFBBBF", V3, Up, "PUBLISH q0 \"\\xEF\\xBB\\xBF\" \"\""},
    {"highest character", "30 LL 0004 F48FBFBF", V3, Up, "PUBLISH q0 \"\\xF4\\x8F\\xBF\\xBF\" \"\""},
    {"characters around the surrogates", "30 LL 0006 ED9FBF EE8080", V3, Up,
     "PUBLISH q0 \"\\xED\\x9F\\xBF\\xEE\\x80\\x80\" \"\""},
};

const Malformed *malformedIn(const DecodeResult &result)
{
    return std::get_if<Malformed>(&result);
}

QByteArray said(const Malformed &fault)
{
    return QByteArray::fromStdString(fault.reason + "@" + std::to_string(fault.offset) + " " + fault.statement + " " +
                                     std::to_string(fault.code));
}

QByteArray wanted(const MalformedRow &row)
{
    return QByteArray::fromStdString(std::string(row.reason) + "@" + std::to_string(row.offset) + " " + row.statement +
                                     " " + std::to_string(row.code));
}

/// What decodeOne says, from a buffer of exactly that size so that a sanitizer sees any byte read beyond.
QByteArray verdict(const std::string &bytes, Direction direction, v1::Version version)
{
    const std::unique_ptr<char[]> exact(new char[bytes.size() + 1]);
    bytes.copy(exact.get(), bytes.size());
    const DecodeResult result = decodeOne({exact.get(), bytes.size()}, direction, version);
    if (const Malformed *fault = malformedIn(result))
        return said(*fault);
    return QByteArray::fromStdString(text(std::get<Frame>(result).packet, version));
}

/// The same from a stream that comes byte by byte.
QByteArray slowVerdict(const std::string &bytes, Direction direction, v1::Version version)
{
    Decoder decoder(direction, version);
    for (const char byte : bytes) {
        decoder.feed({&byte, 1});
        if (const auto result = decoder.next())
            return malformedIn(*result) ? said(*malformedIn(*result)) : QByteArray("a packet");
    }
    return "nothing";
}

const std::string Connect3 = bytesOf("10 LL 0004 4D515454 04 02 003C 0001 61");
const std::string Connect5 = bytesOf("10 LL 0004 4D515454 05 02 003C 00 0001 61");
const std::string Ping = bytesOf("C0 00");

} // namespace

class TestDecoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesWithReasonOffsetAndStatement_data();
    void refusesWithReasonOffsetAndStatement();
    void acceptsWhatOnlyLooksOdd_data();
    void acceptsWhatOnlyLooksOdd();
    void learnsTheVersionFromConnect();
    void tellsTheVersionOfAMalformedConnectOnceItIsKnown();
    void saysNothingWhileAPacketIsIncomplete();
    void returnsSeveralPacketsOfOneSegment();
    void decodesNothingAfterTheFirstMalformed();
    void refusesAPacketThatIsTooLargeAtItsHeader();
    void keepsTheBytesUnlessToldOtherwise();
    void keepsAtMostOneKibibyteOfWhatIsMalformed();
    void countsWhatItHasNotReturned();
    void forgetsWhatItHasReturned();
    void refusesIncompleteAndSurplusBytesInDecodeOne();
    void setsFieldsOfTheHeaderAlwaysAndPropertiesOnlyIfSent();
};

void TestDecoder::refusesWithReasonOffsetAndStatement_data()
{
    QTest::addColumn<const MalformedRow *>("row");
    static std::vector<MalformedRow> all;
    all.clear();
    for (const auto &rows : {framingRows(), connectRows(), publishRows(), subscribeRows(), propertyRows()})
        all.insert(all.end(), rows.begin(), rows.end());
    for (const MalformedRow &row : all)
        QTest::newRow(row.phrase) << &row;
}

void TestDecoder::refusesWithReasonOffsetAndStatement()
{
    QFETCH(const MalformedRow *, row);
    const std::string bytes = bytesOf(row->hex);
    QCOMPARE(verdict(bytes, row->direction, row->version), wanted(*row));
    QCOMPARE(slowVerdict(bytes, row->direction, row->version), wanted(*row));
}

void TestDecoder::acceptsWhatOnlyLooksOdd_data()
{
    QTest::addColumn<const OddRow *>("row");
    for (const OddRow &row : OddRows)
        QTest::newRow(row.phrase) << &row;
}

void TestDecoder::acceptsWhatOnlyLooksOdd()
{
    QFETCH(const OddRow *, row);
    QCOMPARE(verdict(bytesOf(row->hex), row->direction, row->version), QByteArray(row->line));
}

void TestDecoder::learnsTheVersionFromConnect()
{
    Decoder decoder(Up);
    QCOMPARE(decoder.version(), v1::VERSION_UNSPECIFIED);
    decoder.feed(Connect5);
    QVERIFY(decoder.next().has_value());
    QCOMPARE(decoder.version(), v1::V5);

    Decoder older(Up);
    older.feed(Connect3);
    QVERIFY(older.next().has_value());
    QCOMPARE(older.version(), v1::V3);
}

void TestDecoder::tellsTheVersionOfAMalformedConnectOnceItIsKnown()
{
    Decoder decoder(Up);
    decoder.feed(bytesOf("10 LL 0004 4D515454 05 03 003C 00 0001 61"));
    const auto result = decoder.next();
    QVERIFY(result && malformedIn(*result));
    QCOMPARE(malformedIn(*result)->version, v1::V5);
    QCOMPARE(decoder.version(), v1::V5);

    Decoder unknown(Up);
    unknown.feed(bytesOf("10 LL 0004 4D515454 07 02 003C 00 0001 61"));
    const auto other = unknown.next();
    QVERIFY(other && malformedIn(*other));
    QCOMPARE(malformedIn(*other)->version, v1::VERSION_UNSPECIFIED);
    QCOMPARE(unknown.version(), v1::VERSION_UNSPECIFIED);
}

void TestDecoder::saysNothingWhileAPacketIsIncomplete()
{
    Decoder decoder(Up, V3);
    QVERIFY(!decoder.next());
    for (std::size_t i = 0; i + 1 < Connect3.size(); ++i) {
        decoder.feed(Connect3.substr(i, 1));
        QVERIFY(!decoder.next());
    }
    decoder.feed(Connect3.substr(Connect3.size() - 1));
    QVERIFY(decoder.next().has_value());
    QVERIFY(!decoder.next());
}

void TestDecoder::returnsSeveralPacketsOfOneSegment()
{
    Decoder decoder(Up);
    decoder.feed(Connect5 + Ping + Ping.substr(0, 1));
    QVERIFY(std::holds_alternative<Frame>(decoder.next().value()));
    QVERIFY(std::get<Frame>(decoder.next().value()).packet.has_pingreq());
    QVERIFY(!decoder.next());
    decoder.feed(Ping.substr(1));
    QVERIFY(std::get<Frame>(decoder.next().value()).packet.has_pingreq());
}

void TestDecoder::decodesNothingAfterTheFirstMalformed()
{
    Decoder decoder(Up, V3);
    decoder.feed(Ping + bytesOf("C1 00") + Ping);
    QVERIFY(std::holds_alternative<Frame>(decoder.next().value()));
    QVERIFY(malformedIn(decoder.next().value()));
    QVERIFY(!decoder.next());
    decoder.feed(Ping);
    QVERIFY(!decoder.next());
}

void TestDecoder::refusesAPacketThatIsTooLargeAtItsHeader()
{
    for (const auto &[direction, statement] : {std::pair{Up, "MQTT-3.2.2-15"}, std::pair{Down, "MQTT-3.1.2-24"}}) {
        Decoder decoder(direction, V5);
        decoder.setMaximumPacketSize(10);
        decoder.feed(bytesOf("30 08 0001 61 00 6F6F6F6F"));
        QVERIFY(std::holds_alternative<Frame>(decoder.next().value()));
        decoder.feed(bytesOf("30 09"));
        const auto result = decoder.next();
        QVERIFY(result && malformedIn(*result));
        QCOMPARE(said(*malformedIn(*result)), QByteArray("PACKET_TOO_LARGE@1 ") + statement + " 149");
    }
}

void TestDecoder::keepsTheBytesUnlessToldOtherwise()
{
    Decoder decoder(Up, V3);
    decoder.feed(Ping + Ping);
    QCOMPARE(hex(std::get<Frame>(decoder.next().value()).bytes), "C0 00");
    decoder.setKeepBytes(false);
    QCOMPARE(std::get<Frame>(decoder.next().value()).bytes, "");
}

void TestDecoder::keepsAtMostOneKibibyteOfWhatIsMalformed()
{
    const std::string large = bytesOf("36 88 27") + std::string(5000, 'x'); // QoS 3
    const DecodeResult result = decodeOne(large, Up, V3);
    QVERIFY(malformedIn(result));
    QVERIFY(malformedIn(result)->bytes == large.substr(0, 1024));
    QVERIFY(!malformedIn(result)->text.empty());

    const DecodeResult small = decodeOne(bytesOf("C1 00"), Up, V3);
    QCOMPARE(hex(malformedIn(small)->bytes), "C1 00");
}

void TestDecoder::countsWhatItHasNotReturned()
{
    Decoder decoder(Up, V3);
    decoder.feed(Ping + Ping + "\xC0");
    QCOMPARE(decoder.buffered(), 5u);
    QVERIFY(decoder.next().has_value());
    QCOMPARE(decoder.buffered(), 3u);
    QVERIFY(decoder.next().has_value());
    QVERIFY(!decoder.next());
    QCOMPARE(decoder.buffered(), 1u);
}

void TestDecoder::forgetsWhatItHasReturned()
{
    Decoder decoder(Up, V3);
    const std::string publish = bytesOf("30 80 20 0001 61") + std::string(4093, 'x');
    // Always a little left over, so that the buffer is never simply empty.
    std::string stream;
    for (int i = 0; i < 64; ++i)
        stream += publish;
    std::size_t packets = 0;
    for (std::size_t i = 0; i < stream.size(); i += 1000) {
        decoder.feed(std::string_view(stream).substr(i, 1000));
        while (const auto result = decoder.next()) {
            QVERIFY(std::holds_alternative<Frame>(*result));
            QCOMPARE(std::get<Frame>(*result).packet.publish().payload().size(), 4093u);
            ++packets;
        }
        QVERIFY(decoder.buffered() < publish.size());
    }
    QCOMPARE(packets, 64u);
    QCOMPARE(decoder.buffered(), 0u);
}

void TestDecoder::refusesIncompleteAndSurplusBytesInDecodeOne()
{
    QCOMPARE(verdict("", Up, V3), QByteArray("INCOMPLETE_PACKET@0  129"));
    QCOMPARE(verdict("\xC0", Up, V3), QByteArray("INCOMPLETE_PACKET@1  129"));
    QCOMPARE(verdict(bytesOf("30 05 00"), Up, V3), QByteArray("INCOMPLETE_PACKET@3  129"));
    QCOMPARE(verdict(bytesOf("C0 00 00"), Up, V3), QByteArray("BYTES_AFTER_PACKET@2  129"));
}

void TestDecoder::setsFieldsOfTheHeaderAlwaysAndPropertiesOnlyIfSent()
{
    const DecodeResult result = decodeOne(bytesOf("30 LL 0001 61 00"), Up, V5);
    QVERIFY(std::holds_alternative<Frame>(result));
    const v1::Publish &publish = std::get<Frame>(result).packet.publish();
    QVERIFY(publish.has_topic() && publish.has_payload() && publish.has_qos() && publish.has_dup());
    QVERIFY(publish.has_retain() && !publish.has_packet_id());
    QVERIFY(!publish.has_message_expiry_interval() && !publish.has_topic_alias());

    const DecodeResult ack = decodeOne(bytesOf("40 02 0001"), Up, V5);
    QVERIFY(std::get<Frame>(ack).packet.puback().has_code());
    const DecodeResult older = decodeOne(bytesOf("40 02 0001"), Up, V3);
    QVERIFY(!std::get<Frame>(older).packet.puback().has_code());
}

QTEST_APPLESS_MAIN(TestDecoder)
#include "tst_decoder.moc"
