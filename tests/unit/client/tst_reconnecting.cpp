// When it comes back by itself, how soon, and when it does not.

#include "tests/unit/client/rig.h"

#include "client/engine/backoff.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::client;

class TestReconnecting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void connectsAgainAtOnceAfterItLeft();
    void reconnectsByItselfWithTheSameConnectButCleanStart();
    void backsOffFurtherEachTime();
    void doesNotComeBackAfterTakeover();
    void doesNotComeBackAfterTheApplicationLeft();
    void jitterIsAFunctionOfTheSeed();
};

namespace {

ClientOptions reconnecting()
{
    ClientOptions options;
    options.automaticReconnect = true;
    return options;
}

} // namespace

void TestReconnecting::connectsAgainAtOnceAfterItLeft()
{
    Rig rig({});
    rig.connect(false, false);
    rig.disconnect();
    rig.events();
    rig.connect(false, true);
    QCOMPARE(rig.events(), lines({"open", "connected, present"}));
}

void TestReconnecting::reconnectsByItselfWithTheSameConnectButCleanStart()
{
    Rig rig(reconnecting());
    v1::Connect connect = rig.usual(true);
    connect.set_receive_maximum(7);
    connect.mutable_will()->set_topic("gone");
    connect.set_keep_alive(30);
    rig.connect(connect, false);
    rig.publish("door", "one", 1);
    rig.cut();
    rig.events();
    rig.toDeadline();
    QCOMPARE(rig.events(), lines({"open"}));
    rig.opened();
    connect.set_clean(false);
    QCOMPARE(rig.packets().back().connect().SerializeAsString(), connect.SerializeAsString());
    rig.sent();
    rig.receive(connackOf(true));
    QCOMPARE(rig.sent(), lines({"PUBLISH 1 q1 dup door=one"}));
}

void TestReconnecting::backsOffFurtherEachTime()
{
    Rig rig(reconnecting());
    rig.connect(false, false);
    rig.cut();
    QList<qint64> waits;
    for (int i = 0; i < 9; ++i) {
        const Time before = rig.now();
        rig.toDeadline();
        waits << (rig.now() - before).count();
        rig.closed(); // could not be opened
    }
    QCOMPARE(waits, (QList<qint64>{1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000}));
}

void TestReconnecting::doesNotComeBackAfterTakeover()
{
    Rig rig(reconnecting());
    rig.connect(false, false);
    rig.events();
    v1::Packet packet;
    packet.mutable_disconnect()->set_code(0x8E);
    rig.receive(packet);
    QCOMPARE(rig.events(), lines({"close", "disconnected"}));
    QCOMPARE(rig.sent(), QStringList()); // no answer to DISCONNECT
}

void TestReconnecting::doesNotComeBackAfterTheApplicationLeft()
{
    Rig rig(reconnecting());
    rig.connect(false, false);
    rig.events();
    rig.disconnect();
    QCOMPARE(rig.events(), lines({"close", "disconnected"}));
    rig.connect(false, true);
    rig.cut();
    rig.events();
    rig.disconnect(); // while waiting for the next attempt
    QCOMPARE(rig.events(), lines({"disconnected"}));
    rig.pass(Seconds(100));
    QCOMPARE(rig.events(), QStringList());
}

void TestReconnecting::jitterIsAFunctionOfTheSeed()
{
    ClientOptions options;
    options.seed = 42;
    QSet<qint64> seen;
    for (unsigned attempt = 0; attempt < 5; ++attempt) {
        const Milliseconds whole = backOff({}, attempt);
        const Milliseconds jittered = backOff(options, attempt);
        QCOMPARE(jittered, backOff(options, attempt));
        QVERIFY(jittered <= whole && jittered >= whole / 2);
        seen << jittered.count();
    }
    QVERIFY(seen.size() == 5);
}

QTEST_APPLESS_MAIN(TestReconnecting)
#include "tst_reconnecting.moc"
