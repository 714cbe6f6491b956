// What stands where a broker should: each in a sentence of its own.

#include "proto/wire/encoder.h"
#include "tests/loopback/peer.h"
#include "tests/loopback/recorder.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace hiatus;
using namespace hiatus::loopback;

namespace {

world::NetworkOptions towards(std::uint16_t port)
{
    world::NetworkOptions options;
    options.target.host = "127.0.0.1";
    options.target.port = port;
    options.connectTimeout = Milliseconds(500);
    options.replyTimeout = Milliseconds(500);
    return options;
}

tl::expected<world::Probed, std::string> probe(std::uint16_t port)
{
    world::NetworkHub hub(towards(port));
    std::optional<tl::expected<world::Probed, std::string>> answer;
    hub.probe([&](auto result) { answer = std::move(result); });
    if (answer)
        return tl::unexpected(std::string("told from inside the call"));
    if (!eventually([&] { return answer.has_value(); }))
        return tl::unexpected(std::string("no answer at all"));
    return *answer;
}

/// Answers whatever comes with these bytes; empty: closes; nothing: says nothing.
class Answerer : public QTcpServer
{
public:
    explicit Answerer(std::optional<std::string> answer)
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this, answer] {
            QTcpSocket *socket = nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [socket, answer] {
                socket->readAll();
                if (answer && answer->empty())
                    socket->disconnectFromHost();
                else if (answer)
                    socket->write(answer->data(), qint64(answer->size()));
            });
        });
    }
};

} // namespace

class TestNetworkProbe : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhatIsThereInstead_data();
    void saysWhatIsThereInstead();
    void refusedPortIsSaid();
    void portThatNeverAnswersIsSaid();
    void brokerIsFoundWithItsConnack();
    void brokerOfVersion5OnlyIsFound();
    void parsesTargets_data();
    void parsesTargets();
    void refusesWhatIsNoTarget_data();
    void refusesWhatIsNoTarget();
};

void TestNetworkProbe::saysWhatIsThereInstead_data()
{
    QTest::addColumn<bool>("isSilent");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *name, const QByteArray &answer, const char *sentence, bool isSilent = false) {
        QTest::newRow(name) << isSilent << answer << QString::fromLatin1(sentence);
    };
    row("accepts and says nothing", {}, "answers CONNECT with nothing within 0.5 s", true);
    row("closes at once", {}, "closes it without an answer to CONNECT");
    row("speaks HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", "speaks HTTP, not MQTT");
    row("speaks SSH", "SSH-2.0-OpenSSH_9.2\r\n", "speaks SSH, not MQTT");
    row("speaks TLS", QByteArray::fromHex("15030100020246"), "speaks TLS: write mqtts://");
    row("speaks something else", "220 mail.example.org ESMTP\r\n", "what is no CONNACK: 32 32 30 20");
    row("answers with PINGRESP", QByteArray::fromHex("d000"), "what is no CONNACK: d0 00");
    row("stops in mid-packet", QByteArray::fromHex("2002"), "what is no CONNACK: 20 02");
}

void TestNetworkProbe::saysWhatIsThereInstead()
{
    QFETCH(bool, isSilent);
    QFETCH(QByteArray, answer);
    QFETCH(QString, sentence);
    const Answerer there(isSilent ? std::nullopt : std::optional(answer.toStdString()));
    const auto result = probe(there.serverPort());
    QVERIFY(!result);
    const QString text = QString::fromStdString(result.error());
    QVERIFY2(text.contains(sentence, Qt::CaseInsensitive), qPrintable(text));
    QVERIFY2(text.startsWith(QStringLiteral("target 127.0.0.1:%1 ").arg(there.serverPort())), qPrintable(text));
}

void TestNetworkProbe::refusedPortIsSaid()
{
    const PeerListener nobody(false);
    const auto result = probe(nobody.port());
    QVERIFY(!result);
    QVERIFY2(result.error().find("cannot be connected to: Connection refused") != std::string::npos,
             result.error().c_str());
}

void TestNetworkProbe::portThatNeverAnswersIsSaid()
{
    const PeerListener deaf(true, 0);
    // Its queue is filled with connections that nobody accepts; from then on the kernel drops what comes.
    world::NetworkHub hub(towards(deaf.port()));
    world::NetworkWorld fillers(hub);
    Recorder told(fillers);
    for (int i = 0; i < 4; ++i)
        fillers.connect(0);
    QVERIFY(eventually([&] { return !told.endings.empty(); })); // one was not even taken into the queue
    const auto result = probe(deaf.port());
    QVERIFY(!result);
    QVERIFY2(result.error().find("does not answer: no connection within 0.5 s") != std::string::npos,
             result.error().c_str());
}

void TestNetworkProbe::brokerIsFoundWithItsConnack()
{
    v1::Packet connack;
    connack.mutable_connack()->set_session_present(false);
    connack.mutable_connack()->set_code(5);
    const Answerer broker(wire::encode(connack, v1::V3));
    const auto result = probe(broker.serverPort());
    QVERIFY2(result.has_value(), result ? "" : result.error().c_str());
    QCOMPARE(result->version, v1::V3);
    QCOMPARE(result->connack.code(), std::uint32_t(5)); // refused: still a broker
    QVERIFY(result->latency < Milliseconds(20'000));
}

void TestNetworkProbe::brokerOfVersion5OnlyIsFound()
{
    // Refuses every CONNECT with 5.0's "unsupported protocol version", which is no 3.1.1 CONNACK.
    const Answerer broker(std::string("\x20\x03\x00\x84\x00", 5));
    const auto result = probe(broker.serverPort());
    QVERIFY2(result.has_value(), result ? "" : result.error().c_str());
    QCOMPARE(result->version, v1::V5);
    QCOMPARE(result->connack.code(), std::uint32_t(0x84));
}

void TestNetworkProbe::parsesTargets_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("place");
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("password");
    const auto row = [](const char *url, const char *place, const char *user = "", const char *password = "") {
        QTest::newRow(url) << QString::fromLatin1(url) << QString::fromLatin1(place) << QString::fromLatin1(user)
                           << QString::fromLatin1(password);
    };
    row("mqtt://localhost", "localhost:1883");
    row("mqtt://broker.example:11883/", "broker.example:11883");
    row("mqtts://broker.example", "broker.example:8883");
    row("mqtt://[::1]:1884", "[::1]:1884");
    row("mqtt://ann:s%40crets@10.0.0.1", "10.0.0.1:1883", "ann", "s@crets");
    row("mqtt://ann@10.0.0.1", "10.0.0.1:1883", "ann");
}

void TestNetworkProbe::parsesTargets()
{
    QFETCH(QString, url);
    QFETCH(QString, place);
    QFETCH(QString, user);
    QFETCH(QString, password);
    const auto target = world::parseTarget(url.toStdString());
    QVERIFY2(target.has_value(), target ? "" : target.error().c_str());
    QCOMPARE(QString::fromStdString(target->text()), place);
    QCOMPARE(QString::fromStdString(target->user), user);
    QCOMPARE(QString::fromStdString(target->password), password);
    QCOMPARE(target->tls, url.startsWith(QStringLiteral("mqtts")));
}

void TestNetworkProbe::refusesWhatIsNoTarget_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("why");
    const auto row = [](const char *url, const char *why) {
        QTest::newRow(url) << QString::fromLatin1(url) << QString::fromLatin1(why);
    };
    row("localhost:1883", "this is no URL");
    row("http://localhost", "scheme 'http' is not spoken here");
    row("mqtt://", "host is missing");
    row("mqtt://host:0", "port 0");
    row("mqtt://host:99999", "");
    row("mqtt://host/topic", "nothing may follow the port");
    row("mqtt://host?clean=1", "nothing may follow the port");
}

void TestNetworkProbe::refusesWhatIsNoTarget()
{
    QFETCH(QString, url);
    QFETCH(QString, why);
    const auto target = world::parseTarget(url.toStdString());
    QVERIFY(!target);
    const QString text = QString::fromStdString(target.error());
    QVERIFY2(text.contains(why) && text.contains(url), qPrintable(text));
}

QTEST_GUILESS_MAIN(TestNetworkProbe)
#include "tst_networkprobe.moc"
