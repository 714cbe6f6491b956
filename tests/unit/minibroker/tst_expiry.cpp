// Session expiry and wills: what ends when, what is published then.

#include "stage.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::broker;
using L = QStringList;

namespace {

const auto Will = QStringLiteral("PUBLISH q1 id=1 w \"gone\"");

/// A watcher of "w", and the stage it stands on.
struct Watch
{
    Stage stage;
    LinkId watcher;

    explicit Watch(int version, BrokerOptions options = {}, Rules rules = {})
        : stage(static_cast<v1::Version>(version), std::move(options), std::move(rules))
    {
        watcher = stage.connected({.id = "watcher"});
        stage.send(watcher, "subscribe { packet_id: 1 filter { filter: \"w\" qos: 1 } }");
        stage.take(watcher);
    }
    LinkId connectWithWill(std::uint32_t delay, std::uint32_t expiry, bool clean = false)
    {
        const auto more = "will { topic: \"w\" payload: \"gone\" qos: 1 " +
                          (delay > 0 ? "delay_interval: " + std::to_string(delay) : "") + " }";
        return stage.connected({.clean = clean, .expiry = expiry, .more = more});
    }
    /// Seconds until the will comes, at most 1,000; -1: not at all.
    int secondsToWill()
    {
        for (int seconds = 0; seconds <= 1000; ++seconds) {
            if (!stage.take(watcher).isEmpty())
                return seconds;
            stage.pass(Seconds(1));
        }
        return -1;
    }
    bool isSessionPresent()
    {
        return stage.take(stage.connect({})).first().contains(QStringLiteral("session_present=1"));
    }
};

} // namespace

class TestExpiry : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void disconnectMayReplaceTheInterval_data();
    void disconnectMayReplaceTheInterval();
    void disconnectMayNotReviveIntervalZero();
    void latestConnectionSetsTheInterval();
    void countsThroughARestart_data();
    void countsThroughARestart();
    void endsEphemeralSessionsAtARestart();
    void publishesTheWillAtTheEarlierOfDelayAndEnd_data();
    void publishesTheWillAtTheEarlierOfDelayAndEnd();
    void publishesTheWillHoweverTheConnectionEnds_data() { bothVersions(); }
    void publishesTheWillHoweverTheConnectionEnds();
    void dropsTheWillOnDisconnect_data() { bothVersions(); }
    void dropsTheWillOnDisconnect();
    void keepsTheWillOnDisconnectWithWill();
    void resumptionCancelsTheWill();
    void cleanStartPublishesTheWill();
    void takeoverPublishesTheWill_data() { bothVersions(); }
    void takeoverPublishesTheWill();
    void aLateWillIsNotCancelled_data() { bothVersions(); }
    void aLateWillIsNotCancelled();
    void willBelongsToOneConnection_data() { bothVersions(); }
    void willBelongsToOneConnection();
    void willDelayCountsThroughARestart();
    void retainsTheWill_data() { bothVersions(); }
    void retainsTheWill();
};

void TestExpiry::disconnectMayReplaceTheInterval_data()
{
    QTest::addColumn<QByteArray>("disconnect");
    QTest::addColumn<int>("away");
    QTest::addColumn<bool>("present");
    QTest::newRow("absent, before") << QByteArray("") << 99 << true;
    QTest::newRow("absent, after") << QByteArray("") << 100 << false;
    QTest::newRow("down, before") << QByteArray("session_expiry_interval: 10") << 9 << true;
    QTest::newRow("down, after") << QByteArray("session_expiry_interval: 10") << 10 << false;
    QTest::newRow("up") << QByteArray("session_expiry_interval: 1000") << 999 << true;
    QTest::newRow("to 0") << QByteArray("session_expiry_interval: 0") << 0 << false;
    QTest::newRow("to never") << QByteArray("session_expiry_interval: 4294967295") << 200'000'000 << true;
}

void TestExpiry::disconnectMayReplaceTheInterval()
{
    QFETCH(QByteArray, disconnect);
    QFETCH(int, away);
    QFETCH(bool, present);
    Watch watch(v1::V5);
    const auto link = watch.stage.connected({.expiry = 100});
    watch.stage.send(link, "disconnect { " + disconnect.toStdString() + " }");
    watch.stage.pass(Seconds(away));
    QCOMPARE(watch.isSessionPresent(), present);
}

void TestExpiry::disconnectMayNotReviveIntervalZero()
{
    Watch watch(v1::V5);
    const auto link = watch.connectWithWill(0, 0);
    watch.stage.send(link, "disconnect { session_expiry_interval: 10 }");
    QCOMPARE(watch.stage.take(link).join(QLatin1Char('|')),
             QStringLiteral("DISCONNECT code=0x82 Protocol Error|(closed)"));
    QCOMPARE(watch.stage.take(watch.watcher), L{Will}); // it was no valid DISCONNECT
    QVERIFY(!watch.isSessionPresent());
}

void TestExpiry::latestConnectionSetsTheInterval()
{
    Watch watch(v1::V5);
    watch.stage.cut(watch.stage.connected({.expiry = 100}));
    watch.stage.pass(Seconds(60));
    watch.stage.cut(watch.stage.connected({.expiry = 20}));
    watch.stage.pass(Seconds(19));
    watch.stage.cut(watch.stage.connected({.expiry = 20})); // armed anew
    watch.stage.pass(Seconds(19));
    QVERIFY(watch.isSessionPresent());
    watch.stage.cut(watch.stage.connected({.expiry = 20}));
    watch.stage.pass(Seconds(20));
    QVERIFY(!watch.isSessionPresent());
}

void TestExpiry::countsThroughARestart_data()
{
    QTest::addColumn<int>("away");
    QTest::addColumn<bool>("present");
    QTest::newRow("before") << 49 << true;
    QTest::newRow("after") << 50 << false;
}

void TestExpiry::countsThroughARestart()
{
    QFETCH(int, away);
    QFETCH(bool, present);
    Watch watch(v1::V5);
    watch.stage.cut(watch.stage.connected({.expiry = 100}));
    watch.stage.pass(Seconds(50));
    watch.stage.restart(Seconds(away));
    QCOMPARE(watch.isSessionPresent(), present);
}

void TestExpiry::endsEphemeralSessionsAtARestart()
{
    Watch watch(v1::V5);
    watch.stage.connected({.clean = true, .expiry = 0});
    watch.stage.restart();
    QVERIFY(!watch.isSessionPresent());
}

void TestExpiry::publishesTheWillAtTheEarlierOfDelayAndEnd_data()
{
    QTest::addColumn<unsigned>("delay");
    QTest::addColumn<unsigned>("expiry");
    QTest::addColumn<int>("after");
    QTest::newRow("no delay") << 0u << 100u << 0;
    QTest::newRow("no delay, ephemeral") << 0u << 0u << 0;
    QTest::newRow("delay, ephemeral") << 50u << 0u << 0;
    QTest::newRow("delay before end") << 50u << 100u << 50;
    QTest::newRow("delay at end") << 50u << 50u << 50;
    QTest::newRow("delay beyond end") << 100u << 50u << 50;
    QTest::newRow("never ends") << 50u << 4294967295u << 50;
}

void TestExpiry::publishesTheWillAtTheEarlierOfDelayAndEnd()
{
    QFETCH(unsigned, delay);
    QFETCH(unsigned, expiry);
    QFETCH(int, after);
    Watch watch(v1::V5);
    const auto link = watch.connectWithWill(delay, expiry);
    watch.stage.cut(link);
    QCOMPARE(watch.secondsToWill(), after);
    QCOMPARE(watch.secondsToWill(), -1); // once
}

void TestExpiry::publishesTheWillHoweverTheConnectionEnds()
{
    QFETCH(int, version);
    for (const auto *how : {"pubrel { packet_id: 1 }", "connect {}", "subscribe { packet_id: 1 }"}) {
        Watch watch(version);
        const auto link = watch.connectWithWill(0, 100);
        watch.stage.send(link, how);
        const bool isError = std::string_view(how) != "pubrel { packet_id: 1 }";
        QCOMPARE(watch.stage.take(watch.watcher), isError ? L{Will} : L());
    }
    Watch watch(version);
    const auto more = std::string("keep_alive: 4 will { topic: \"w\" payload: \"gone\" qos: 1 }");
    watch.stage.connected({.more = more});
    QCOMPARE(watch.secondsToWill(), 6);
}

void TestExpiry::dropsTheWillOnDisconnect()
{
    QFETCH(int, version);
    Watch watch(version);
    const auto link = watch.connectWithWill(0, 100);
    watch.stage.send(link, "disconnect {}");
    QCOMPARE(watch.stage.take(link), L{QStringLiteral("(closed)")});
    QCOMPARE(watch.secondsToWill(), -1);
}

void TestExpiry::keepsTheWillOnDisconnectWithWill()
{
    Watch watch(v1::V5);
    watch.stage.send(watch.connectWithWill(0, 100), "disconnect { code: 4 }");
    QCOMPARE(watch.stage.take(watch.watcher), L{Will});
    watch.stage.send(watch.watcher, "puback { packet_id: 1 }");
    watch.stage.send(watch.connectWithWill(10, 100), "disconnect { code: 4 }");
    QCOMPARE(watch.secondsToWill(), 10);
}

void TestExpiry::resumptionCancelsTheWill()
{
    Watch watch(v1::V5);
    watch.stage.cut(watch.connectWithWill(50, 100));
    watch.stage.pass(Seconds(49));
    watch.stage.cut(watch.connectWithWill(50, 100)); // a fresh delay
    QCOMPARE(watch.secondsToWill(), 50);
}

void TestExpiry::cleanStartPublishesTheWill()
{
    Watch watch(v1::V5);
    watch.stage.cut(watch.connectWithWill(50, 100));
    watch.stage.connected({.clean = true});
    QCOMPARE(watch.stage.take(watch.watcher), L{Will});
}

void TestExpiry::takeoverPublishesTheWill()
{
    QFETCH(int, version);
    for (const bool clean : {false, true}) {
        Watch watch(version);
        watch.connectWithWill(0, 100);
        watch.stage.connected({.clean = clean});
        QCOMPARE(watch.stage.take(watch.watcher), L{Will});
        QCOMPARE(watch.secondsToWill(), -1);
    }
}

void TestExpiry::aLateWillIsNotCancelled()
{
    QFETCH(int, version);
    Rules rules;
    rules.publishesWillAt = [](Time due) { return due + Seconds(1); };
    Watch watch(version, {}, rules);
    watch.stage.cut(watch.connectWithWill(0, 100));
    QCOMPARE(watch.stage.take(watch.watcher), L());
    watch.connectWithWill(0, 100);
    QCOMPARE(watch.stage.take(watch.watcher), L{Will});
}

void TestExpiry::willBelongsToOneConnection()
{
    QFETCH(int, version);
    Watch watch(version);
    watch.stage.send(watch.connectWithWill(0, 100), "disconnect {}");
    watch.stage.cut(watch.stage.connected({}));
    QCOMPARE(watch.secondsToWill(), -1);
}

void TestExpiry::willDelayCountsThroughARestart()
{
    Watch watch(v1::V5);
    watch.stage.cut(watch.connectWithWill(50, 100));
    watch.stage.pass(Seconds(20));
    watch.stage.restart(Seconds(10));
    watch.watcher = watch.stage.connected({.id = "watcher"});
    QCOMPARE(watch.secondsToWill(), 20);
}

void TestExpiry::retainsTheWill()
{
    QFETCH(int, version);
    Watch watch(version);
    const auto link = watch.stage.connected({.more = "will { topic: \"w\" payload: \"gone\" qos: 1 retain: true }"});
    watch.stage.cut(link);
    const auto late = watch.stage.connected({.id = "late"});
    watch.stage.send(late, "subscribe { packet_id: 1 filter { filter: \"w\" qos: 1 } }");
    QCOMPARE(watch.stage.take(late).last(), QStringLiteral("PUBLISH q1 RETAIN id=1 w \"gone\""));
}

QTEST_APPLESS_MAIN(TestExpiry)
#include "tst_expiry.moc"
