// CONNECT, CONNACK, DISCONNECT.

#include "tests/unit/client/rig.h"

#include "client/engine/backoff.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::client;

class TestConnecting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void closesOnSessionPresentAfterACleanStart_data() { addVersions(); }
    void closesOnSessionPresentAfterACleanStart();
    void closesOnASessionItNeverHadIn5();
    void goesOnWithASessionItNeverHadIn3();
    void acceptsItsEmptySession_data() { addVersions(); }
    void acceptsItsEmptySession();
    void acceptsTheSessionOfAnUnansweredConnect();
    void tellsTheRefusal_data() { addVersions(); }
    void tellsTheRefusal();
    void keepsItsStateOverARefusal_data() { addLives(); }
    void keepsItsStateOverARefusal();
    void refusesWhatNoConnectMaySay_data();
    void refusesWhatNoConnectMaySay();
    void refusesToConnectTwice();
    void givesUpOnAServerThatNeverAnswers();
    void closesWhenTheFirstPacketIsNotConnack();
    void closesOnMalformedBytesWithTheirCode_data() { addVersions(); }
    void closesOnMalformedBytesWithTheirCode();
    void closesOnPacketsThatNoServerSends_data() { addVersions(); }
    void closesOnPacketsThatNoServerSends();
    void endsItsSessionByDisconnect();
    void neverRaisesAnExpiryOfZeroByDisconnect();
    void keepsTheAssignedIdentifier();
    void takesTheServersExpiry();
};

namespace {

Rig rigOf(bool automaticReconnect = false)
{
    QFETCH(v1::Version, version);
    ClientOptions options;
    options.version = version;
    options.automaticReconnect = automaticReconnect;
    return Rig(options);
}

ClientOptions reconnecting()
{
    ClientOptions options;
    options.automaticReconnect = true;
    return options;
}

} // namespace

void TestConnecting::closesOnSessionPresentAfterACleanStart()
{
    QFETCH(v1::Version, version);
    Rig rig = rigOf();
    rig.connect(true, true);
    QCOMPARE(rig.events(), lines({"open", "close", "disconnected"}));
    QCOMPARE(rig.sent(), version == v1::V5 ? lines({"DISCONNECT 0x82"}) : QStringList());
}

void TestConnecting::closesOnASessionItNeverHadIn5()
{
    Rig rig(reconnecting());
    rig.connect(false, true);
    QCOMPARE(rig.sent(), lines({"DISCONNECT 0x82"}));
    QCOMPARE(rig.events(), lines({"open", "close", "disconnected"})); // and does not come back: it would loop
}

void TestConnecting::goesOnWithASessionItNeverHadIn3()
{
    ClientOptions options;
    options.version = v1::V3;
    Rig rig(options);
    rig.connect(false, true);
    rig.pubrel(9);
    QCOMPARE(rig.sent(), lines({"PUBCOMP 9"}));
}

void TestConnecting::acceptsItsEmptySession()
{
    Rig rig = rigOf();
    rig.connect(false, false);
    rig.cut();
    rig.events();
    rig.connect(false, true);
    QCOMPARE(rig.events(), lines({"open", "connected, present"}));
}

void TestConnecting::acceptsTheSessionOfAnUnansweredConnect()
{
    Rig rig({});
    rig.begin(rig.usual(false));
    rig.cut();
    rig.events();
    rig.connect(false, true);
    QCOMPARE(rig.events(), lines({"open", "connected, present"}));
}

void TestConnecting::tellsTheRefusal()
{
    QFETCH(v1::Version, version);
    Rig rig = rigOf(true);
    rig.begin(rig.usual(true));
    rig.events();
    rig.receive(connackOf(false, version == v1::V5 ? 0x87 : 5));
    QCOMPARE(rig.events(), lines({"close", "disconnected"})); // not authorized: no use in trying again
    rig.begin(rig.usual(true));
    rig.events();
    rig.receive(connackOf(false, version == v1::V5 ? 0x88 : 3));
    QCOMPARE(rig.events(), lines({"close", "disconnected, retries"}));
}

void TestConnecting::keepsItsStateOverARefusal()
{
    QFETCH(v1::Version, version);
    QFETCH(Life, life);
    ClientOptions options;
    options.version = version;
    Rig rig(options, life);
    rig.connect(false, false);
    rig.publish("door", "one", 1);
    rig.cut();
    rig.begin(rig.usual(false));
    rig.receive(connackOf(false, version == v1::V5 ? 0x88 : 3));
    rig.cut();
    rig.connect(false, true);
    QCOMPARE(rig.sent(), lines({"PUBLISH 1 q1 dup door=one"}));
}

void TestConnecting::refusesWhatNoConnectMaySay_data()
{
    QTest::addColumn<v1::Version>("version");
    QTest::addColumn<QString>("what");
    QTest::newRow("3.1.1, no client id without clean session") << v1::V3 << QStringLiteral("id");
    QTest::newRow("3.1.1, password without user name") << v1::V3 << QStringLiteral("password");
    QTest::newRow("5.0, receive maximum 0") << v1::V5 << QStringLiteral("receive");
    QTest::newRow("5.0, will with QoS 3") << v1::V5 << QStringLiteral("will");
    QTest::newRow("5.0, keep alive over 65535") << v1::V5 << QStringLiteral("keep alive");
}

void TestConnecting::refusesWhatNoConnectMaySay()
{
    QFETCH(QString, what);
    Rig rig = rigOf();
    v1::Connect connect = rig.usual(false);
    if (what == QStringLiteral("id"))
        connect.clear_client_id();
    if (what == QStringLiteral("password"))
        connect.set_password("secret");
    if (what == QStringLiteral("receive"))
        connect.set_receive_maximum(0);
    if (what == QStringLiteral("keep alive"))
        connect.set_keep_alive(70'000);
    if (what == QStringLiteral("will")) {
        connect.mutable_will()->set_topic("gone");
        connect.mutable_will()->set_qos(3);
    }
    QVERIFY(!rig.client().connect(connect, rig.now()));
    QVERIFY(rig.client().connect(rig.usual(false), rig.now()));
}

void TestConnecting::refusesToConnectTwice()
{
    Rig rig({});
    rig.begin(rig.usual(true));
    QVERIFY(!rig.client().connect(rig.usual(true), rig.now()));
    rig.receive(connackOf(false));
    QVERIFY(!rig.client().connect(rig.usual(true), rig.now()));
}

void TestConnecting::givesUpOnAServerThatNeverAnswers()
{
    Rig rig({});
    rig.begin(rig.usual(true));
    rig.toDeadline();
    QCOMPARE(rig.events(), lines({"open", "close", "disconnected"}));
    QVERIFY(rig.client().connect(rig.usual(true), rig.now()));
    rig.toDeadline(); // a link that never opens
    QCOMPARE(rig.events().last(), QStringLiteral("disconnected"));
}

void TestConnecting::closesWhenTheFirstPacketIsNotConnack()
{
    Rig rig({});
    rig.begin(rig.usual(true));
    rig.events();
    rig.receivePublish("door", "early", 0, 0);
    QCOMPARE(rig.events(), lines({"close", "disconnected"}));
}

void TestConnecting::closesOnMalformedBytesWithTheirCode()
{
    QFETCH(v1::Version, version);
    Rig rig = rigOf();
    rig.connect(true, false);
    rig.events();
    wire::Malformed what;
    what.reason = "BAD_UTF8";
    what.code = 0x81;
    const Actions actions = rig.client().malformed(what, rig.now());
    const auto *first = std::get_if<SendPacket>(&actions.front());
    QCOMPARE(first != nullptr, version == v1::V5);
    if (first)
        QCOMPARE(first->packet.disconnect().code(), 0x81u);
    QVERIFY(rig.client().malformed(what, rig.now()).empty()); // once
}

void TestConnecting::closesOnPacketsThatNoServerSends()
{
    for (int kind = 0; kind < 4; ++kind) {
        Rig rig = rigOf();
        rig.connect(true, false);
        rig.events();
        v1::Packet packet;
        if (kind == 0)
            packet.mutable_pingreq();
        if (kind == 1)
            packet.mutable_connect();
        if (kind == 2)
            packet.mutable_subscribe();
        if (kind == 3)
            packet.mutable_connack();
        rig.receive(packet);
        QCOMPARE(rig.events(), lines({"close", "disconnected"}));
        rig.receive(packet); // nothing after the close
        QCOMPARE(rig.events(), QStringList());
    }
}

void TestConnecting::endsItsSessionByDisconnect()
{
    Rig rig({});
    rig.connect(false, false);
    rig.publish("door", "one", 1);
    rig.events();
    rig.sent();
    v1::Disconnect disconnect;
    disconnect.set_session_expiry_interval(0);
    rig.disconnect(disconnect);
    QVERIFY(rig.packets().back().disconnect().has_session_expiry_interval());
    QCOMPARE(rig.events(), lines({"close", "given up", "disconnected"}));
    rig.connect(false, false);
    QCOMPARE(rig.sent(), QStringList());
}

void TestConnecting::neverRaisesAnExpiryOfZeroByDisconnect()
{
    Rig rig({});
    rig.connect(true, false, 0);
    v1::Disconnect disconnect;
    disconnect.set_session_expiry_interval(60);
    rig.disconnect(disconnect);
    QVERIFY(!rig.packets().back().disconnect().has_session_expiry_interval());
}

void TestConnecting::keepsTheAssignedIdentifier()
{
    Rig rig({});
    v1::Connect nameless = rig.usual(false);
    nameless.clear_client_id();
    v1::Connack assigned;
    assigned.set_assigned_client_identifier("yours");
    rig.connect(nameless, false, assigned);
    QCOMPARE(rig.client().snapshot(rig.now()).client_id(), std::string("yours"));
    rig.cut();
    rig.connect(nameless, true);
    QCOMPARE(rig.packets().back().connect().client_id(), std::string("yours"));
    QCOMPARE(rig.events().last(), QStringLiteral("connected, present"));
}

void TestConnecting::takesTheServersExpiry()
{
    Rig rig({});
    v1::Connack shorter;
    shorter.set_session_expiry_interval(5);
    rig.connect(rig.usual(false), false, shorter);
    rig.publish("door", "one", 1);
    rig.cut();
    rig.events();
    rig.pass(Seconds(5));
    QCOMPARE(rig.events(), lines({"given up"}));
}

QTEST_APPLESS_MAIN(TestConnecting)
#include "tst_connecting.moc"
