// Requests and pings from the client.

#include "tests/unit/client/rig.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::client;

class TestRequests : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void subscribesAndUnsubscribes_data() { addVersions(); }
    void subscribesAndUnsubscribes();
    void endsRequestsWithTheirConnection_data() { addVersions(); }
    void endsRequestsWithTheirConnection();
    void refusesSubscriptionsTheServerHasNot();
    void subscribesAgainWithOptionsWhenTheSessionIsLost();
    void pingsWhenIdle_data() { addVersions(); }
    void pingsWhenIdle();
    void takesTheServersKeepAlive();
    void closesWhenPingIsNotAnswered_data() { addVersions(); }
    void closesWhenPingIsNotAnswered();
};

namespace {

v1::Packet suback(std::uint32_t id, std::initializer_list<std::uint32_t> codes)
{
    v1::Packet packet;
    packet.mutable_suback()->set_packet_id(id);
    for (const std::uint32_t code : codes)
        packet.mutable_suback()->add_code(code);
    return packet;
}

} // namespace

void TestRequests::subscribesAndUnsubscribes()
{
    Rig rig = rigOfVersion();
    rig.connect(false, false);
    rig.events();
    rig.subscribe(subscribeTo("door/#"));
    rig.receive(suback(1, {1}));
    v1::Unsubscribe unsubscribe;
    unsubscribe.add_filter("door/#");
    QVERIFY(rig.client().unsubscribe(unsubscribe, rig.now()).has_value());
    QCOMPARE(rig.events(), lines({"subscribed"}));
    rig.subscribe(subscribeTo("door"));
    rig.receive(suback(3, {0, 0})); // two codes for one filter
    QVERIFY(rig.events().contains(QStringLiteral("close")));
    QVERIFY(!rig.client().subscribe(subscribeTo("a#"), rig.now()));
}

void TestRequests::endsRequestsWithTheirConnection()
{
    Rig rig = rigOfVersion();
    rig.connect(false, false);
    rig.subscribe(subscribeTo("door"));
    rig.events();
    rig.cut();
    QCOMPARE(rig.events(), lines({"not subscribed", "disconnected"}));
    rig.sent();
    rig.connect(false, true);
    QCOMPARE(rig.sent(), QStringList()); // not part of the session
}

void TestRequests::refusesSubscriptionsTheServerHasNot()
{
    Rig rig({});
    v1::Connack connack;
    connack.set_shared_subscription_available(0);
    connack.set_wildcard_subscription_available(0);
    connack.set_subscription_identifiers_available(0);
    rig.connect(rig.usual(false), false, connack);
    QVERIFY(!rig.client().subscribe(subscribeTo("$share/g/door"), rig.now()));
    QVERIFY(!rig.client().subscribe(subscribeTo("door/+"), rig.now()));
    v1::Subscribe subscribe = subscribeTo("door");
    subscribe.set_subscription_identifier(3);
    QVERIFY(!rig.client().subscribe(subscribe, rig.now()));
    QVERIFY(rig.client().subscribe(subscribeTo("door"), rig.now()).has_value());
}

void TestRequests::subscribesAgainWithOptionsWhenTheSessionIsLost()
{
    ClientOptions options;
    options.resubscribe = true;
    Rig rig(options);
    rig.connect(false, false);
    v1::Subscribe subscribe = subscribeTo("door");
    subscribe.set_subscription_identifier(3);
    subscribe.mutable_filter(0)->set_no_local(true);
    rig.subscribe(subscribe);
    rig.receive(suback(1, {1}));
    rig.cut();
    rig.connect(false, true);
    QCOMPARE(rig.sent(), QStringList());
    rig.cut();
    rig.connect(false, false);
    QCOMPARE(rig.sent(), lines({"SUBSCRIBE 2"}));
    const v1::Subscribe &again = rig.packets().back().subscribe();
    QCOMPARE(again.subscription_identifier(), 3u);
    QVERIFY(again.filter(0).no_local());
}

void TestRequests::pingsWhenIdle()
{
    Rig rig = rigOfVersion();
    v1::Connect connect = rig.usual(false);
    connect.set_keep_alive(20);
    rig.connect(connect, false);
    rig.pass(Seconds(10));
    rig.publish("door", "x", 0);
    rig.sent();
    rig.pass(Seconds(10));
    QCOMPARE(rig.sent(), QStringList());
    const Time before = rig.now();
    rig.toDeadline();
    QCOMPARE(rig.sent(), lines({"PINGREQ"}));
    QVERIFY(rig.now() - before <= Seconds(10)); // never more than Keep Alive since the last packet
}

void TestRequests::takesTheServersKeepAlive()
{
    Rig rig({});
    v1::Connect connect = rig.usual(false);
    connect.set_keep_alive(600);
    v1::Connack connack;
    connack.set_server_keep_alive(4);
    rig.connect(connect, false, connack);
    rig.pass(Seconds(4));
    QCOMPARE(rig.sent(), lines({"PINGREQ"}));
}

void TestRequests::closesWhenPingIsNotAnswered()
{
    Rig rig = rigOfVersion();
    v1::Connect connect = rig.usual(false);
    connect.set_keep_alive(20);
    rig.connect(connect, false);
    rig.toDeadline();
    v1::Packet pingresp;
    pingresp.mutable_pingresp();
    rig.receive(pingresp);
    rig.events();
    rig.toDeadline();
    QCOMPARE(rig.events(), QStringList());
    rig.toDeadline();
    QCOMPARE(rig.events(), lines({"close", "disconnected"}));
}

QTEST_APPLESS_MAIN(TestRequests)
#include "tst_requests.moc"
