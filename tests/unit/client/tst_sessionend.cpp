// Sessions that end: lost by the server, begun anew, expired, contradictory. In three lives of the client.

#include "tests/unit/client/rig.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::client;

class TestSessionEnd : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void discardsWhenTheServerHasLostTheSession_data() { addLives(); }
    void discardsWhenTheServerHasLostTheSession();
    void publishesWhatWasNeverSentAsNewAfterLoss_data() { addLives(); }
    void publishesWhatWasNeverSentAsNewAfterLoss();
    void forgetsReceiptsWhenTheServerHasLostTheSession_data() { addLives(); }
    void forgetsReceiptsWhenTheServerHasLostTheSession();
    void discardsAtACleanStart_data() { addLives(); }
    void discardsAtACleanStart();
    void expiresByItsOwnClock();
    void endsTheSessionThatDoesNotOutliveItsConnection_data() { addVersions(); }
    void endsTheSessionThatDoesNotOutliveItsConnection();
    void republishesIfAskedTo_data() { addVersions(); }
    void republishesIfAskedTo();
    void refusesAForeignOrContradictoryState();
};

void TestSessionEnd::discardsWhenTheServerHasLostTheSession()
{
    Rig rig = rigOfLife();
    rig.connect(false, false);
    rig.publish("door", "one", 1);
    rig.publish("door", "two", 2);
    rig.publish("door", "three", 2);
    rig.pubrec(3);
    rig.sent();
    rig.events();
    rig.cut();
    rig.connect(false, false);
    QCOMPARE(rig.sent(), QStringList());
    const QStringList events = rig.events();
    QCOMPARE(events.mid(events.indexOf(QStringLiteral("connected"))),
             lines({"connected", "session lost 3 0", "given up", "given up", "given up"}));
    rig.publish("door", "four", 1); // and it isn't wedged
    QCOMPARE(rig.sent().size(), 1);
}

void TestSessionEnd::publishesWhatWasNeverSentAsNewAfterLoss()
{
    Rig rig = rigOfLife();
    rig.connect(false, false);
    rig.cut();
    rig.publish("door", "later", 2);
    rig.connect(false, false);
    const QStringList sent = rig.sent();
    QCOMPARE(sent.size(), 1);
    QVERIFY2(!sent.first().contains(QStringLiteral("dup")), qPrintable(sent.first()));
}

void TestSessionEnd::forgetsReceiptsWhenTheServerHasLostTheSession()
{
    Rig rig = rigOfLife();
    rig.connect(false, false);
    rig.receivePublish("door", "old", 2, 5);
    rig.cut();
    rig.connect(false, false);
    rig.events();
    rig.receivePublish("door", "new", 2, 5);
    QCOMPARE(rig.events(), lines({"delivered door=new"}));
}

void TestSessionEnd::discardsAtACleanStart()
{
    Rig rig = rigOfLife();
    rig.connect(false, false);
    rig.publish("door", "one", 1);
    rig.receivePublish("door", "in", 2, 5);
    rig.cut();
    rig.events();
    rig.connect(true, false);
    QCOMPARE(rig.sent(), QStringList());
    QCOMPARE(rig.events(), lines({"open", "given up", "connected"}));
    rig.receivePublish("door", "new", 2, 5);
    QCOMPARE(rig.events(), lines({"delivered door=new"}));
}

void TestSessionEnd::expiresByItsOwnClock()
{
    Rig rig({});
    rig.connect(false, false, 60);
    rig.publish("door", "one", 1);
    rig.cut();
    rig.pass(Seconds(59));
    rig.events();
    rig.pass(Seconds(1));
    QCOMPARE(rig.events(), lines({"given up"}));
    rig.connect(false, true, 60); // no state is left: session present 1 can't be ours
    const QStringList sent = rig.sent();
    QCOMPARE(sent, lines({"DISCONNECT 0x82"}));
    QCOMPARE(rig.events(), lines({"open", "close", "disconnected"}));
}

void TestSessionEnd::endsTheSessionThatDoesNotOutliveItsConnection()
{
    QFETCH(v1::Version, version);
    ClientOptions options;
    options.version = version;
    Rig rig(options);
    rig.connect(true, false, 0);
    rig.publish("door", "one", 1);
    rig.events();
    rig.cut();
    QCOMPARE(rig.events(), lines({"given up", "disconnected"}));
    rig.sent();
    rig.connect(true, false, 0);
    QCOMPARE(rig.sent(), QStringList());
}

void TestSessionEnd::republishesIfAskedTo()
{
    QFETCH(v1::Version, version);
    ClientOptions options;
    options.version = version;
    options.onSessionLost = OnSessionLost::Republish;
    Rig rig(options);
    rig.connect(false, false);
    rig.publish("door", "one", 1);
    rig.publish("door", "two", 2);
    rig.publish("door", "three", 2);
    rig.pubrec(3); // the server had it: not again
    rig.cut();
    rig.connect(false, false);
    QCOMPARE(rig.sent().filter(QStringLiteral("dup")), QStringList());
    const std::vector<v1::Packet> &packets = rig.packets();
    QCOMPARE(packets[packets.size() - 2].publish().payload(), std::string("one"));
    QCOMPARE(packets.back().publish().payload(), std::string("two"));
}

void TestSessionEnd::refusesAForeignOrContradictoryState()
{
    Rig rig({});
    rig.connect(false, false);
    rig.publish("door", "one", 1);
    rig.cut();
    v1::ClientSession state = rig.client().snapshot(rig.now());

    Rig other({});
    v1::Connect foreign = other.usual(false);
    foreign.set_client_id("d");
    other.connect(foreign, false);
    QVERIFY(!other.client().restore(state, other.now())); // connected
    other.cut();
    QVERIFY(!other.client().restore(state, other.now())); // another's
    Rig fresh({});
    v1::ClientSession twice = state;
    *twice.add_inflight() = state.inflight(0);
    QVERIFY(!fresh.client().restore(twice, fresh.now()));
    QVERIFY(!fresh.client().restore(state, fresh.now() + Seconds(300)));
    state.set_version(v1::V3);
    QVERIFY(!fresh.client().restore(state, fresh.now()));
    state.set_version(v1::V5);
    QVERIFY(fresh.client().restore(state, fresh.now()));
}

QTEST_APPLESS_MAIN(TestSessionEnd)
#include "tst_sessionend.moc"
