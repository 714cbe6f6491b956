// Decoder and encoder against each other: every packet, every property, any segmentation, any bytes.

#include "malformedrows.h"
#include "sample.h"

#include "proto/wire/encoder.h"
#include "proto/wire/text.h"
#include "proto/wire/topicfilter.h"

#include <google/protobuf/util/message_differencer.h>
#include <rapidcheck.h>

#include <QtTest>

#include <memory>

using namespace hiatus;
using namespace hiatus::wire;
using namespace hiatus::wire::test;

using google::protobuf::util::MessageDifferencer;

namespace {

/// Any of [least, end), however small rapidcheck's size still is.
template <class Number> Number below(Number least, Number end)
{
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<Number>(least, end));
}

std::string randomText(const char *alphabet, std::uint32_t most)
{
    static const std::string Characters[] = {"a",    "Z",    "0", " ", "/", "é", "€", "\xF0\x9F\x98\x80",
                                             "\x01", "\x7F", "$", "+", "#"};
    std::string text;
    const std::string indices(alphabet);
    for (auto length = below<std::uint32_t>(0, most + 1); length > 0; --length)
        text += Characters[static_cast<std::size_t>(indices[below<std::size_t>(0, indices.size())] - 'a')];
    return text;
}

std::string randomFilter()
{
    static const std::string Filters[] = {"#",     "+",          "/",          "a/#",  "+/+",
                                          "a/+/#", "$share/g/a", "$share/g/#", "é//€", "$SYS/#"};
    const auto index = below<std::size_t>(0, std::size(Filters) + 2);
    return index < std::size(Filters) ? Filters[index] : "x" + randomText("abcdefgh", 12);
}

/// Random, and now and then at the ends of the range.
std::uint32_t randomNumber(std::uint32_t least, std::uint32_t most)
{
    const auto span = static_cast<std::uint64_t>(most) - least + 1;
    const auto pick = below<int>(0, 8);
    if (pick == 0)
        return least;
    if (pick == 1)
        return most;
    const auto far = below<std::uint64_t>(0, span);
    return least + static_cast<std::uint32_t>(pick < 5 ? far % 200 % span : far);
}

Choice randomly()
{
    Choice choice;
    choice.present = [] { return *rc::gen::arbitrary<bool>(); };
    choice.number = randomNumber;
    choice.text = [] { return randomText("abcdefghijklm", 20); };
    choice.topic = [] { return "t" + randomText("abcdefghijk", 20); };
    choice.filter = randomFilter;
    choice.binary = [] { return *rc::gen::container<std::string>(rc::gen::arbitrary<char>()); };
    return choice;
}

v1::Packet randomPacket(v1::Version version, Direction direction)
{
    std::vector<v1::Packet::KindCase> lawful;
    for (int i = 1; i <= 15; ++i) {
        const auto kind = static_cast<v1::Packet::KindCase>(i);
        if (lawfulPacket(everything(), kind, version, direction).kind_case() != v1::Packet::KIND_NOT_SET)
            lawful.push_back(kind);
    }
    return lawfulPacket(randomly(), *rc::gen::elementOf(lawful), version, direction);
}

std::string randomBytes()
{
    return *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
}

v1::Version randomVersion()
{
    return *rc::gen::element(V3, V5);
}

Direction randomDirection()
{
    return *rc::gen::element(Up, Down);
}

/// Empty if the packet survives encode and decode, else what went wrong.
std::string lossOf(const v1::Packet &packet, v1::Version version, Direction direction)
{
    const std::string bytes = encode(packet, version);
    if (bytes.size() != encodedSize(packet, version))
        return "encodedSize says " + std::to_string(encodedSize(packet, version)) + " for " + hex(bytes);
    const DecodeResult result = decodeOne(bytes, direction, version);
    if (const Malformed *fault = std::get_if<Malformed>(&result))
        return fault->reason + " at " + std::to_string(fault->offset) + " of " + hex(bytes);
    std::string difference;
    MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&difference);
    differencer.Compare(packet, std::get<Frame>(result).packet);
    return difference;
}

/// What a stream says: one line per packet, bytes included, the last one perhaps a fault.
std::vector<std::string> told(Decoder &decoder, const std::vector<std::string> &segments)
{
    std::vector<std::string> lines;
    for (const std::string &segment : segments) {
        decoder.feed(segment);
        while (const auto result = decoder.next()) {
            if (const Malformed *fault = std::get_if<Malformed>(&*result))
                lines.push_back(fault->reason + "@" + std::to_string(fault->offset) + fault->statement + fault->text);
            else
                lines.push_back(std::get<Frame>(*result).packet.SerializeAsString() + std::get<Frame>(*result).bytes);
        }
    }
    return lines;
}

std::vector<std::string> cut(const std::string &stream)
{
    std::vector<std::string> segments;
    for (std::size_t at = 0; at < stream.size();) {
        const auto size = below<std::size_t>(1, 20);
        segments.push_back(stream.substr(at, size));
        at += segments.back().size();
    }
    return segments;
}

/// Decodes from a buffer of exactly that size, so that a sanitizer sees any byte read beyond.
bool staysInside(const std::string &bytes, v1::Version version, Direction direction)
{
    const std::unique_ptr<char[]> exact(new char[bytes.size()]);
    bytes.copy(exact.get(), bytes.size());
    const DecodeResult result = decodeOne({exact.get(), bytes.size()}, direction, version);
    const Malformed *fault = std::get_if<Malformed>(&result);
    return !fault || (fault->offset <= bytes.size() && !fault->reason.empty() && fault->bytes.size() <= bytes.size());
}

} // namespace

class TestRoundTrip : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyKindWithEveryPropertySurvives_data();
    void everyKindWithEveryPropertySurvives();
    void randomPacketsSurvive();
    void segmentationChangesNothing();
    void randomBytesNeitherCrashNorReadBeyond();
    void damagedPacketsNeitherCrashNorReadBeyond();
    void whateverDecodesEncodesToTheSamePacket();
    void filtersAreFoundGoodAndBadAlikeByDecoderAndFunction();
};

void TestRoundTrip::everyKindWithEveryPropertySurvives_data()
{
    QTest::addColumn<int>("kind");
    for (int kind = 1; kind <= 15; ++kind)
        QTest::newRow(kindName(static_cast<v1::Packet::KindCase>(kind)).data()) << kind;
}

void TestRoundTrip::everyKindWithEveryPropertySurvives()
{
    QFETCH(int, kind);
    int lawful = 0;
    for (const v1::Version version : {V3, V5}) {
        for (const Direction direction : {Up, Down}) {
            const auto packet = lawfulPacket(everything(), static_cast<v1::Packet::KindCase>(kind), version, direction);
            if (packet.kind_case() == v1::Packet::KIND_NOT_SET)
                continue;
            ++lawful;
            QCOMPARE(QByteArray::fromStdString(lossOf(packet, version, direction)), QByteArray());
        }
    }
    QVERIFY(lawful > 0);
}

void TestRoundTrip::randomPacketsSurvive()
{
    QVERIFY(rc::check("encode, then decode", [] {
        const v1::Version version = randomVersion();
        const Direction direction = randomDirection();
        const v1::Packet packet = randomPacket(version, direction);
        RC_LOG() << text(packet, version) << "\n";
        RC_ASSERT(lossOf(packet, version, direction) == std::string());
    }));
}

void TestRoundTrip::segmentationChangesNothing()
{
    QVERIFY(rc::check("one stream, any segments", [] {
        const v1::Version version = randomVersion();
        const Direction direction = randomDirection();
        std::string stream;
        for (auto packets = below(1, 6); packets > 0; --packets)
            encodeTo(stream, randomPacket(version, direction), version);
        if (below(0, 3) == 0)
            stream += randomBytes();
        Decoder whole(direction, version);
        Decoder pieces(direction, version);
        RC_ASSERT(told(whole, {stream}) == told(pieces, cut(stream)));
    }));
}

void TestRoundTrip::randomBytesNeitherCrashNorReadBeyond()
{
    QVERIFY(rc::check("any bytes", [] {
        const std::string bytes = randomBytes();
        RC_ASSERT(staysInside(bytes, *rc::gen::element(Any, V3, V5), randomDirection()));
    }));
}

void TestRoundTrip::damagedPacketsNeitherCrashNorReadBeyond()
{
    QVERIFY(rc::check("a packet with some bytes changed", [] {
        const v1::Version version = randomVersion();
        const Direction direction = randomDirection();
        std::string bytes = encode(randomPacket(version, direction), version);
        for (auto changes = below(1, 4); changes > 0; --changes)
            bytes[below<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
        RC_ASSERT(staysInside(bytes, version, direction));
    }));
}

void TestRoundTrip::whateverDecodesEncodesToTheSamePacket()
{
    int decoded = 0;
    QVERIFY(rc::check("decode, encode, decode", [&decoded] {
        const v1::Version version = randomVersion();
        const Direction direction = randomDirection();
        std::string bytes = encode(randomPacket(version, direction), version);
        bytes[below<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
        const DecodeResult result = decodeOne(bytes, direction, version);
        if (std::holds_alternative<Malformed>(result))
            return;
        ++decoded;
        RC_ASSERT(lossOf(std::get<Frame>(result).packet, version, direction) == std::string());
    }));
    QVERIFY(decoded > 0);
}

void TestRoundTrip::filtersAreFoundGoodAndBadAlikeByDecoderAndFunction()
{
    QVERIFY(rc::check("decoder and isTopicFilter agree", [] {
        const std::string filter = randomText("aeekllm", 6);
        v1::Packet packet;
        packet.mutable_unsubscribe()->set_packet_id(1);
        packet.mutable_unsubscribe()->add_filter(filter);
        const DecodeResult result = decodeOne(encode(packet, V5), Up, V5);
        RC_ASSERT(std::holds_alternative<Frame>(result) == isTopicFilter(filter));
    }));
}

QTEST_APPLESS_MAIN(TestRoundTrip)
#include "tst_roundtrip.moc"
