// CONNECT: refusals, client identifiers, the whole session-present table, takeover, keep alive.

#include "stage.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::broker;
using L = QStringList;

namespace {

QString lines(const L &all)
{
    return all.join(QLatin1Char('|'));
}

v1::Version versionOf(int version)
{
    return static_cast<v1::Version>(version);
}

} // namespace

class TestConnect : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesWithTheCodeOwed_data();
    void refusesWithTheCodeOwed();
    void answersMalformedConnectByVersion();
    void givesEmptyIdsNamesOfTheirOwn();
    void tellsSessionPresent_data();
    void tellsSessionPresent();
    void takesOverAndTellsWhy_data() { bothVersions(); }
    void takesOverAndTellsWhy();
    void takeoverOfAnEphemeralSessionInheritsNothing_data() { bothVersions(); }
    void takeoverOfAnEphemeralSessionInheritsNothing();
    void refusedConnectLeavesTheHolderAlone_data() { bothVersions(); }
    void refusedConnectLeavesTheHolderAlone();
    void closesOnASecondConnect_data() { bothVersions(); }
    void closesOnASecondConnect();
    void closesSilentConnections_data() { bothVersions(); }
    void closesSilentConnections();
    void closesALinkWithoutConnect();
    void closesALinkThatBeginsOtherwise();
    void tellsItsLimits();
    void capsTheKeepAlive_data();
    void capsTheKeepAlive();
    void closesWhatWouldNotTakeConnack();
    void forgetsALinkOnceClosed();
};

void TestConnect::refusesWithTheCodeOwed_data()
{
    QTest::addColumn<int>("version");
    QTest::addColumn<QByteArray>("more");
    QTest::addColumn<QString>("answer");
    const auto refused = [](const char *name) {
        return QString::fromLatin1("CONNACK session_present=0 code=%1|(closed)").arg(QLatin1String(name));
    };
    QTest::newRow("3.1.1 empty id without clean session")
        << int(v1::V3) << QByteArray("client_id: \"\"") << refused("0x02 identifier rejected");
    QTest::newRow("3.1.1 bad password") << int(v1::V3) << QByteArray("user_name: \"eve\" password: \"x\"")
                                        << refused("0x04 bad user name or password");
    QTest::newRow("3.1.1 no user name") << int(v1::V3) << QByteArray("") << refused("0x05 not authorized");
    QTest::newRow("5.0 bad password") << int(v1::V5) << QByteArray("user_name: \"eve\" password: \"x\"")
                                      << refused("0x86 Bad User Name or Password");
    QTest::newRow("5.0 no user name") << int(v1::V5) << QByteArray("") << refused("0x87 Not authorized");
    QTest::newRow("5.0 authentication method")
        << int(v1::V5) << QByteArray("authentication_method: \"GS2\"") << refused("0x8C Bad authentication method");
    QTest::newRow("5.0 will QoS 2") << int(v1::V5) << QByteArray("user_name: \"adam\" will { topic: \"w\" qos: 2 }")
                                    << refused("0x9B QoS not supported");
    QTest::newRow("5.0 will retain") << int(v1::V5)
                                     << QByteArray("user_name: \"adam\" will { topic: \"w\" retain: true }")
                                     << refused("0x9A Retain not supported");
    QTest::newRow("5.0 Receive Maximum 0")
        << int(v1::V5) << QByteArray("user_name: \"adam\" receive_maximum: 0") << refused("0x82 Protocol Error");
}

void TestConnect::refusesWithTheCodeOwed()
{
    QFETCH(int, version);
    QFETCH(QByteArray, more);
    QFETCH(QString, answer);
    BrokerOptions options;
    options.anonymous = more.contains("client_id");
    options.authenticate = [](std::string_view user, std::string_view) { return user == "adam"; };
    options.maximumQos = 1;
    options.retain = false;
    Stage stage(versionOf(version), options);
    const bool emptyId = more.contains("client_id");
    const auto link = stage.connect({.id = emptyId ? "" : "s", .more = more.toStdString()});
    const auto came = lines(stage.take(link));
    QCOMPARE(came.toLower(), answer.toLower());
    QCOMPARE(stage.engine().sessions(), std::size_t(0));
    QCOMPARE(stage.engine().connections(), std::size_t(0));
}

void TestConnect::answersMalformedConnectByVersion()
{
    Stage stage;
    const auto answerTo = [&](v1::Version version, std::uint32_t code, const std::string &bytes) {
        wire::Malformed what;
        what.version = version;
        what.code = code;
        what.bytes = bytes;
        const auto link = stage.open();
        stage.malformed(link, what);
        return lines(stage.take(link));
    };
    const std::string connect("\x10", 1), publish("\x30", 1);
    QCOMPARE(answerTo(v1::V3, 0x81, connect), QStringLiteral("(closed)"));
    QVERIFY(answerTo(v1::V3, 0x84, connect).startsWith(QStringLiteral("CONNACK session_present=0 code=0x01")));
    QVERIFY(answerTo(v1::V5, 0x81, connect).startsWith(QStringLiteral("CONNACK session_present=0 code=0x81")));
    QCOMPARE(answerTo(v1::V5, 0x81, publish), QStringLiteral("(closed)"));
}

void TestConnect::givesEmptyIdsNamesOfTheirOwn()
{
    BrokerOptions options;
    options.assignedPrefix = "auto";
    Stage stage(v1::V5, options);
    stage.connected({.id = "auto2"});
    const auto one = lines(stage.take(stage.connect({.id = ""})));
    const auto two = lines(stage.take(stage.connect({.id = ""})));
    QVERIFY2(one.contains(QStringLiteral("\"auto1\"")), qPrintable(one));
    QVERIFY2(two.contains(QStringLiteral("\"auto3\"")), qPrintable(two)); // "auto2" is taken
    stage.speak(v1::V3);
    QVERIFY(lines(stage.take(stage.connect({.id = "", .clean = true})))
                .startsWith(QStringLiteral("CONNACK session_present=0 code=0x00")));
}

void TestConnect::tellsSessionPresent_data()
{
    QTest::addColumn<int>("version");
    QTest::addColumn<int>("firstExpiry"); // -1: no first connection
    QTest::addColumn<bool>("clean");
    QTest::addColumn<int>("away"); // seconds; -1: takeover
    QTest::addColumn<bool>("present");
    QTest::newRow("3.1.1 nothing stored") << int(v1::V3) << -1 << false << 0 << false;
    QTest::newRow("3.1.1 stored, empty") << int(v1::V3) << 300 << false << 0 << true;
    QTest::newRow("3.1.1 stored for years") << int(v1::V3) << 300 << false << 100'000'000 << true;
    QTest::newRow("3.1.1 stored, clean session") << int(v1::V3) << 300 << true << 0 << false;
    QTest::newRow("3.1.1 after clean session") << int(v1::V3) << 0 << false << 0 << false;
    QTest::newRow("3.1.1 takeover") << int(v1::V3) << 300 << false << -1 << true;
    QTest::newRow("3.1.1 takeover of clean session") << int(v1::V3) << 0 << false << -1 << false;
    QTest::newRow("3.1.1 clean takeover") << int(v1::V3) << 300 << true << -1 << false;
    QTest::newRow("5.0 nothing stored") << int(v1::V5) << -1 << false << 0 << false;
    QTest::newRow("5.0 just before expiry") << int(v1::V5) << 300 << false << 299 << true;
    QTest::newRow("5.0 at expiry") << int(v1::V5) << 300 << false << 300 << false;
    QTest::newRow("5.0 clean start") << int(v1::V5) << 300 << true << 0 << false;
    QTest::newRow("5.0 interval 0") << int(v1::V5) << 0 << false << 0 << false;
    QTest::newRow("5.0 takeover") << int(v1::V5) << 300 << false << -1 << true;
    QTest::newRow("5.0 takeover of interval 0") << int(v1::V5) << 0 << false << -1 << false;
    QTest::newRow("5.0 clean takeover") << int(v1::V5) << 300 << true << -1 << false;
}

void TestConnect::tellsSessionPresent()
{
    QFETCH(int, version);
    QFETCH(int, firstExpiry);
    QFETCH(bool, clean);
    QFETCH(int, away);
    QFETCH(bool, present);
    Stage stage(versionOf(version));
    if (firstExpiry >= 0) {
        const auto first = stage.connected({.clean = firstExpiry == 0, .expiry = std::uint32_t(firstExpiry)});
        if (away >= 0)
            stage.cut(first);
    }
    stage.pass(Seconds(std::max(0, away)));
    const auto came = stage.take(stage.connect({.clean = clean}));
    QCOMPARE(came.size(), 1);
    QVERIFY2(came.first().startsWith(QString::fromLatin1("CONNACK session_present=%1 code=0x00").arg(int(present))),
             qPrintable(came.first()));
}

void TestConnect::takesOverAndTellsWhy()
{
    QFETCH(int, version);
    Stage stage(versionOf(version));
    const auto first = stage.connected({});
    const auto second = stage.connected({});
    const auto told = lines(stage.take(first));
    QCOMPARE(told, stage.is5() ? QStringLiteral("DISCONNECT code=0x8E Session taken over|(closed)")
                               : QStringLiteral("(closed)"));
    stage.send(first, "pingreq {}");
    QCOMPARE(stage.take(first), L());
    stage.send(second, "pingreq {}");
    QCOMPARE(stage.take(second), L{QStringLiteral("PINGRESP")});
    stage.cut(first); // the late word of a closed link changes nothing
    QCOMPARE(stage.engine().connections(), std::size_t(1));
}

void TestConnect::takeoverOfAnEphemeralSessionInheritsNothing()
{
    QFETCH(int, version);
    Stage stage(versionOf(version));
    const auto first = stage.connected({.clean = true, .expiry = 0});
    stage.send(first, "subscribe { packet_id: 1 filter { filter: \"t\" qos: 1 } }");
    const auto second = stage.connected({});
    stage.send(second, "publish { topic: \"t\" qos: 0 }");
    QCOMPARE(stage.take(second), L());
}

void TestConnect::refusedConnectLeavesTheHolderAlone()
{
    QFETCH(int, version);
    BrokerOptions options;
    options.authenticate = [](std::string_view user, std::string_view) { return user == "adam"; };
    Stage stage(versionOf(version), options);
    const auto holder = stage.connected({.more = "user_name: \"adam\" password: \"p\""});
    const auto eve = stage.connect({.clean = true, .more = "user_name: \"eve\" password: \"p\""});
    QCOMPARE(stage.take(eve).size(), 2);
    QCOMPARE(stage.take(holder), L());
    stage.send(holder, "pingreq {}");
    QCOMPARE(stage.take(holder), L{QStringLiteral("PINGRESP")});
}

void TestConnect::closesOnASecondConnect()
{
    QFETCH(int, version);
    Stage stage(versionOf(version));
    const auto link = stage.connected({});
    stage.send(link, "connect { client_id: \"s\" protocol_level: 5 }");
    QCOMPARE(lines(stage.take(link)),
             stage.is5() ? QStringLiteral("DISCONNECT code=0x82 Protocol Error|(closed)") : QStringLiteral("(closed)"));
    QCOMPARE(stage.engine().sessions(), std::size_t(1)); // an error ends the connection, not the session
}

void TestConnect::closesSilentConnections()
{
    QFETCH(int, version);
    Stage stage(versionOf(version));
    const auto link = stage.connected({.more = "keep_alive: 10"});
    stage.pass(Seconds(9));
    stage.send(link, "pingreq {}");
    stage.take(link);
    stage.pass(Milliseconds(14'999));
    QCOMPARE(stage.take(link), L());
    stage.pass(Milliseconds(1));
    QCOMPARE(lines(stage.take(link)), stage.is5() ? QStringLiteral("DISCONNECT code=0x8D Keep Alive timeout|(closed)")
                                                  : QStringLiteral("(closed)"));
}

void TestConnect::closesALinkWithoutConnect()
{
    Stage stage;
    const auto link = stage.open();
    stage.pass(Seconds(10));
    QCOMPARE(stage.take(link), L{QStringLiteral("(closed)")});
    QVERIFY(!stage.broker().nextDeadline());
}

void TestConnect::closesALinkThatBeginsOtherwise()
{
    Stage stage;
    const auto link = stage.open();
    stage.send(link, "pingreq {}");
    QCOMPARE(stage.take(link), L{QStringLiteral("(closed)")});
}

void TestConnect::tellsItsLimits()
{
    BrokerOptions options;
    options.expiryCap = 60;
    options.serverKeepAlive = std::uint16_t(20);
    options.maximumQos = 1;
    options.receiveMaximum = 5;
    options.topicAliasMaximum = 0;
    options.retain = options.wildcards = options.shared = options.subscriptionIdentifiers = false;
    options.maximumPacketSize = 1000;
    Stage stage(v1::V5, options);
    const auto link = stage.connect({});
    const auto connack = lines(stage.take(link));
    for (const auto *part : {"session_expiry=60", "receive_maximum=5", "maximum_qos=1", "retain_available=0",
                             "maximum_packet_size=1000", "wildcard", "shared", "server_keep_alive=20"})
        QVERIFY2(connack.contains(QLatin1String(part)),
                 qPrintable(connack + QStringLiteral(" lacks ") + QLatin1String(part)));
    stage.pass(Seconds(30)); // one and a half times what the server said
    QCOMPARE(stage.take(link).size(), 2);
    stage.pass(Seconds(60));
    QVERIFY(lines(stage.take(stage.connect({}))).startsWith(QStringLiteral("CONNACK session_present=0")));
}

void TestConnect::capsTheKeepAlive_data()
{
    QTest::addColumn<int>("asked");
    QTest::addColumn<int>("told"); // -1: nothing
    QTest::newRow("shorter") << 19 << -1;
    QTest::newRow("equal") << 20 << -1;
    QTest::newRow("longer") << 21 << 20;
    QTest::newRow("none") << 0 << 20;
}

void TestConnect::capsTheKeepAlive()
{
    QFETCH(int, asked);
    QFETCH(int, told);
    BrokerOptions options;
    options.keepAliveCap = std::uint16_t(20);
    Stage stage(v1::V5, options);
    const auto link = stage.connect({.more = "keep_alive: " + std::to_string(asked)});
    const auto connack = lines(stage.take(link));
    QCOMPARE(connack.contains(QStringLiteral("server_keep_alive=20")), told == 20);
    QCOMPARE(connack.contains(QStringLiteral("server_keep_alive")), told >= 0);
    const int effective = told >= 0 ? told : asked;
    stage.pass(Milliseconds(1500) * effective - Milliseconds(1));
    QCOMPARE(stage.take(link), L());
    stage.pass(Milliseconds(1));
    QCOMPARE(stage.take(link).last(), QStringLiteral("(closed)"));
}

void TestConnect::closesWhatWouldNotTakeConnack()
{
    Stage stage(v1::V5, BrokerOptions());
    const auto link = stage.connect({.more = "maximum_packet_size: 4"});
    QCOMPARE(stage.take(link), L{QStringLiteral("(closed)")});
    const auto larger = stage.connect({.more = "maximum_packet_size: 20"});
    QVERIFY(stage.take(larger).first().startsWith(QStringLiteral("CONNACK session_present=1")));
}

void TestConnect::forgetsALinkOnceClosed()
{
    Stage stage;
    const auto link = stage.connected({});
    stage.cut(link);
    stage.cut(link);
    stage.send(link, "pingreq {}");
    QCOMPARE(stage.take(link), L());
}

QTEST_APPLESS_MAIN(TestConnect)
#include "tst_connect.moc"
