// The program minibroker over TCP: its ready line, its options, its ends.

#include "tests/loopback/brokerprocess.h"
#include "tests/loopback/packetclient.h"

#include <QFile>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using namespace hiatus;
using namespace hiatus::loopback;

class TestMinibroker : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersConnectOnThePortItPrints_data();
    void answersConnectOnThePortItPrints();
    void deliversOverTcp();
    void refusesBadOptions_data();
    void refusesBadOptions();
    void refusesAPortInUse();
    void listsItsAlterations();
    void checksPasswords();
    void limitsAreToldInConnack();
    void deviationChangesWhatItDoes();
    void logsOneLinePerPacket();
    void lastPacketArrivesThoughInputIsUnread();
    void clientThatNeverReadsCannotMakeItGrow();
    void endsCleanlyOnSigterm();

private:
    QTemporaryDir m_directory;
};

void TestMinibroker::answersConnectOnThePortItPrints_data()
{
    QTest::addColumn<int>("version");
    QTest::newRow("3.1.1") << int(v1::V3);
    QTest::newRow("5.0") << int(v1::V5);
}

void TestMinibroker::answersConnectOnThePortItPrints()
{
    QFETCH(int, version);
    BrokerProcess broker;
    QVERIFY(broker.start());
    PacketClient client{v1::Version(version)};
    QVERIFY(client.open(broker.port()));
    const auto connack = client.connect(connectOf("first"));
    QVERIFY(connack.has_value());
    QCOMPARE(connack->code(), std::uint32_t(0));
    QVERIFY(!connack->session_present());
}

void TestMinibroker::deliversOverTcp()
{
    BrokerProcess broker;
    QVERIFY(broker.start());
    PacketClient reader(v1::V3), writer(v1::V5);
    QVERIFY(reader.open(broker.port()) && reader.connect(connectOf("reader")));
    QVERIFY(writer.open(broker.port()) && writer.connect(connectOf("writer")));
    reader.send(subscribeTo("news/#", 1));
    const auto suback = reader.next();
    QVERIFY(suback && suback->has_suback());
    writer.send(publishOf("news/today", std::string(100'000, 'n'), 1, 7));
    const auto puback = writer.next();
    QVERIFY(puback && puback->has_puback() && puback->puback().packet_id() == 7);
    const auto news = reader.next();
    QVERIFY(news && news->has_publish());
    QCOMPARE(news->publish().payload().size(), std::size_t(100'000));
    QCOMPARE(news->publish().qos(), std::uint32_t(1));
}

void TestMinibroker::refusesBadOptions_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *name, const char *arguments, int status, const char *sentence) {
        QTest::newRow(name) << QString::fromLatin1(arguments).split(QLatin1Char(' ')) << status << QString::fromLatin1(sentence);
    };
    row("unknown option", "--prot 0", 64, "--prot");
    row("port that is none", "--port 70000", 64, "--port");
    row("host that is none", "--port 0 --host broker.example", 64, "'broker.example' is no IP address");
    row("unknown deviation", "--port 0 --deviation resend-without-dupp", 64,
        "no deviation is called 'resend-without-dupp' (did you mean 'resend-without-dup'?)");
    row("unknown liberty", "--port 0 --liberty qqqqqqqq", 64, "`minibroker --list-liberties` lists them");
    row("QoS that is none", "--port 0 --maximum-qos 3", 64, "--maximum-qos");
    row("users file that is none", "--port 0 --users /nonexistent", 65, "cannot read users file /nonexistent");
    row("store in no folder", "--port 0 --store /nonexistent/store", 65, "store /nonexistent/store");
    row("TLS without certificate", "--port 0 --tls-port 0", 64, "--certificate");
}

void TestMinibroker::refusesBadOptions()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, status);
    QFETCH(QString, sentence);
    const Ended ended = runBroker(arguments);
    QCOMPARE(ended.status, status);
    QVERIFY2(ended.error.contains(sentence), qPrintable(ended.error));
    QVERIFY(ended.output.isEmpty());
}

void TestMinibroker::refusesAPortInUse()
{
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    const Ended ended = runBroker({QStringLiteral("--port"), QString::number(taken.serverPort())});
    QCOMPARE(ended.status, 69);
    QVERIFY2(ended.error.contains(QStringLiteral("cannot listen on 127.0.0.1:%1").arg(taken.serverPort())),
             qPrintable(ended.error));
}

void TestMinibroker::listsItsAlterations()
{
    const Ended deviations = runBroker({QStringLiteral("--list-deviations")});
    QCOMPARE(deviations.status, 0);
    QVERIFY(deviations.output.contains(QStringLiteral("resend-without-dup ")));
    const Ended liberties = runBroker({QStringLiteral("--list-liberties")});
    QCOMPARE(liberties.status, 0);
    QVERIFY(liberties.output.count(QLatin1Char('\n')) >= 8);
}

void TestMinibroker::checksPasswords()
{
    const Ended hash = runBroker({QStringLiteral("--hash-password")}, "s3cret\n");
    QCOMPARE(hash.status, 0);
    QVERIFY(!hash.output.contains(QStringLiteral("s3cret")));
    QFile users(m_directory.filePath(QStringLiteral("users")));
    QVERIFY(users.open(QIODevice::WriteOnly));
    users.write("# who may\n\nann:" + hash.output.toUtf8());
    users.close();
    BrokerProcess broker;
    QVERIFY(broker.start({QStringLiteral("--users"), users.fileName()}));
    const auto code = [&](const char *user, const char *password) -> std::uint32_t {
        PacketClient client(v1::V3);
        auto connect = connectOf("who");
        if (*user != '\0') {
            connect.set_user_name(user);
            connect.set_password(password);
        }
        const auto connack = client.open(broker.port()) ? client.connect(connect) : std::nullopt;
        return connack ? connack->code() : 99;
    };
    QCOMPARE(code("ann", "s3cret"), std::uint32_t(0));
    QCOMPARE(code("ann", "S3cret"), std::uint32_t(4));
    QCOMPARE(code("bob", "s3cret"), std::uint32_t(4));
    QCOMPARE(code("", ""), std::uint32_t(5));
    broker.kill();
    QVERIFY(broker.start({QStringLiteral("--users"), users.fileName(), QStringLiteral("--anonymous")}));
    QCOMPARE(code("", ""), std::uint32_t(0));
    QCOMPARE(code("bob", "s3cret"), std::uint32_t(4));
}

void TestMinibroker::limitsAreToldInConnack()
{
    BrokerProcess broker;
    QVERIFY(broker.start(QStringLiteral("--maximum-qos 1 --receive-maximum 5 --topic-alias-maximum 3 --no-retain --no-shared "
                                        "--no-wildcard --server-keep-alive 17 --expiry-cap 60 --maximum-packet-size 2000")
                             .split(QLatin1Char(' '))));
    PacketClient client(v1::V5);
    auto connect = connectOf("limited");
    connect.set_session_expiry_interval(3600);
    QVERIFY(client.open(broker.port()));
    const auto connack = client.connect(connect);
    QVERIFY(connack.has_value());
    QCOMPARE(connack->maximum_qos(), std::uint32_t(1));
    QCOMPARE(connack->receive_maximum(), std::uint32_t(5));
    QCOMPARE(connack->topic_alias_maximum(), std::uint32_t(3));
    QVERIFY(connack->has_retain_available() && connack->retain_available() == 0);
    QVERIFY(connack->has_shared_subscription_available() && connack->shared_subscription_available() == 0);
    QVERIFY(connack->has_wildcard_subscription_available() && connack->wildcard_subscription_available() == 0);
    QCOMPARE(connack->server_keep_alive(), std::uint32_t(17));
    QCOMPARE(connack->session_expiry_interval(), std::uint32_t(60));
    QCOMPARE(connack->maximum_packet_size(), std::uint32_t(2000));
    client.send(publishOf("big", std::string(3'000, 'b'), 0));
    const auto goodbye = client.next();
    QVERIFY(goodbye && goodbye->has_disconnect());
    QCOMPARE(goodbye->disconnect().code(), std::uint32_t(0x95));
    QVERIFY(client.isEnded());
}

void TestMinibroker::deviationChangesWhatItDoes()
{
    for (const bool deviates : {false, true}) {
        BrokerProcess broker;
        QVERIFY(broker.start(deviates ? QStringList{QStringLiteral("--deviation"), QStringLiteral("resend-without-dup")}
                                      : QStringList()));
        {
            PacketClient client(v1::V3);
            QVERIFY(client.open(broker.port()) && client.connect(connectOf("keeper", false)));
            client.send(subscribeTo("k", 1));
            QVERIFY(client.next());
            client.send(publishOf("k", "kept", 0));
            client.send(publishOf("k", "kept", 1, 3));
            for (int came = 0; came < 3; ++came) // both copies and PUBACK: a reset over unread input could lose the second
                QVERIFY(client.next().has_value());
            client.reset();
        }
        PacketClient client(v1::V3);
        QVERIFY(client.open(broker.port()));
        const auto connack = client.connect(connectOf("keeper", false));
        QVERIFY(connack && connack->session_present());
        std::optional<v1::Packet> again = client.next();
        QVERIFY(again && again->has_publish());
        QCOMPARE(again->publish().dup(), !deviates);
    }
}

void TestMinibroker::logsOneLinePerPacket()
{
    BrokerProcess broker;
    QVERIFY(broker.start({QStringLiteral("--log"), QStringLiteral("packets")}));
    PacketClient client(v1::V3);
    auto connect = connectOf("talker");
    connect.set_user_name("ann");
    connect.set_password("s3cret");
    QVERIFY(client.open(broker.port()) && client.connect(connect));
    client.send(publishOf("t", "hello", 1, 9));
    QVERIFY(client.next());
    QCOMPARE(broker.terminate(), 0);
    const QString log = broker.standardError();
    QCOMPARE(log.count(QStringLiteral("talker > CONNECT")), 1);
    QCOMPARE(log.count(QStringLiteral("talker < CONNACK")), 1);
    QCOMPARE(log.count(QStringLiteral("talker > PUBLISH q1 id=9 t \"hello\"")), 1);
    QCOMPARE(log.count(QStringLiteral("talker < PUBACK id=9")), 1);
    QVERIFY(log.contains(QStringLiteral("ann")) && !log.contains(QStringLiteral("s3cret")));
}

void TestMinibroker::lastPacketArrivesThoughInputIsUnread()
{
    BrokerProcess broker;
    QVERIFY(broker.start());
    PacketClient client(v1::V5);
    QVERIFY(client.open(broker.port()) && client.connect(connectOf("noisy")));
    v1::Packet second;
    *second.mutable_connect() = connectOf("noisy");
    // A protocol error, and behind it more than the broker will ever decode: closing over it would send RST.
    client.sendBytes(wire::encode(second, v1::V5) + std::string(1'000'000, '\0'));
    const auto goodbye = client.next();
    QVERIFY(goodbye && goodbye->has_disconnect());
    QCOMPARE(goodbye->disconnect().code(), std::uint32_t(0x82));
    QVERIFY(client.isEnded());
}

namespace {

qint64 residentKilobytes(qint64 process)
{
    QFile status(QStringLiteral("/proc/%1/status").arg(process));
    if (!status.open(QIODevice::ReadOnly))
        return -1;
    const QByteArray text = status.readAll();
    const qsizetype at = text.indexOf("VmRSS:");
    return text.mid(at + 6, text.indexOf("kB", at) - at - 6).trimmed().toLongLong();
}

} // namespace

void TestMinibroker::clientThatNeverReadsCannotMakeItGrow()
{
    BrokerProcess broker;
    QVERIFY(broker.start({QStringLiteral("--output-limit"), QStringLiteral("1000000")}));
    PacketClient deaf(v1::V3), writer(v1::V3);
    QVERIFY(deaf.open(broker.port()) && deaf.connect(connectOf("deaf")));
    deaf.send(subscribeTo("flood", 0));
    QVERIFY(deaf.next());
    deaf.socket().setReadBufferSize(1);
    QVERIFY(writer.open(broker.port()) && writer.connect(connectOf("writer")));
    const qint64 before = residentKilobytes(broker.id());
    const std::string payload(100'000, 'f');
    for (std::uint32_t i = 1; i <= 1'000; ++i) { // 100 MB
        writer.send(publishOf("flood", payload, 0));
        if (i % 10 == 0) { // a fence now and then: nothing piles up on this side
            writer.send(publishOf("other", "", 1, i));
            QVERIFY(writer.next());
        }
    }
#ifdef __SANITIZE_ADDRESS__
    QSKIP("the address sanitizer keeps what was freed");
#endif
    QVERIFY2(residentKilobytes(broker.id()) - before < 30'000, "100 MB for a client that does not read");
}

void TestMinibroker::endsCleanlyOnSigterm()
{
    BrokerProcess broker;
    QVERIFY(broker.start());
    PacketClient client(v1::V5);
    QVERIFY(client.open(broker.port()) && client.connect(connectOf("guest")));
    QCOMPARE(broker.terminate(), 0);
    const auto goodbye = client.next();
    QVERIFY(goodbye && goodbye->has_disconnect());
    QCOMPARE(goodbye->disconnect().code(), std::uint32_t(0x8B)); // server shutting down
    QVERIFY(client.isEnded());
    QCOMPARE(broker.standardError(), QString());
}

QTEST_GUILESS_MAIN(TestMinibroker)
#include "tst_minibroker.moc"
