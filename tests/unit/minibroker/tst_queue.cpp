// What waits: queues and their bounds, message expiry, identifiers, order.

#include "scene.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::broker;
using L = QStringList;

class TestQueue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void dropsByPolicy_data();
    void dropsByPolicy();
    void dropsWhatExpiredWhileItWaited();
    void completesWhatExpiredInFlight_data();
    void completesWhatExpiredInFlight();
    void queuesQos0OnlyIfToldTo_data();
    void queuesQos0OnlyIfToldTo();
    void waitsWhenAllIdentifiersAreTaken();
    void forwardsPropertiesUnchanged();
    void keepsOrderWhileItDrains_data() { bothVersions(); }
    void keepsOrderWhileItDrains();
};

void TestQueue::dropsByPolicy_data()
{
    QTest::addColumn<bool>("oldest");
    QTest::addColumn<QString>("kept");
    QTest::newRow("oldest") << true << QStringLiteral("3 4 5");
    QTest::newRow("newest") << false << QStringLiteral("1 2 3");
}

void TestQueue::dropsByPolicy()
{
    QFETCH(bool, oldest);
    QFETCH(QString, kept);
    BrokerOptions options;
    options.queueLimit = 3;
    options.queuePolicy = oldest ? QueuePolicy::DropOldest : QueuePolicy::DropNewest;
    Scene scene(v1::V3, {}, options);
    scene.stage.cut(scene.subscriber);
    scene.say(5);
    scene.connect({});
    QCOMPARE(scene.numbers(), kept);
    scene.say(1);
    QCOMPARE(scene.numbers(), QStringLiteral("6"));
}

void TestQueue::dropsWhatExpiredWhileItWaited()
{
    Scene scene(v1::V5);
    scene.stage.cut(scene.subscriber);
    scene.say(1, 1, "message_expiry_interval: 2");
    scene.say(1, 2, "message_expiry_interval: 60");
    scene.say(1, 1);
    scene.stage.pass(Milliseconds(3'500));
    scene.connect({});
    const auto came = scene.stage.take(scene.subscriber);
    QCOMPARE(came.size(), 3);
    QVERIFY2(came[1].contains(QStringLiteral("\"2\" expiry=57")), qPrintable(came[1]));
    QVERIFY(!came[2].contains(QStringLiteral("expiry")));
}

void TestQueue::completesWhatExpiredInFlight_data()
{
    QTest::addColumn<int>("qos");
    QTest::newRow("QoS 1") << 1;
    QTest::newRow("QoS 2") << 2;
}

void TestQueue::completesWhatExpiredInFlight()
{
    QFETCH(int, qos);
    Scene scene(v1::V5);
    scene.say(1, qos, "message_expiry_interval: 2");
    scene.stage.cut(scene.subscriber);
    scene.stage.pass(Seconds(3));
    scene.connect({});
    QVERIFY(scene.stage.take(scene.subscriber).last().startsWith(QStringLiteral("PUBLISH q%1 DUP id=1").arg(qos)));
}

void TestQueue::queuesQos0OnlyIfToldTo_data()
{
    QTest::addColumn<bool>("told");
    QTest::newRow("not told") << false;
    QTest::newRow("told") << true;
}

void TestQueue::queuesQos0OnlyIfToldTo()
{
    QFETCH(bool, told);
    BrokerOptions options;
    options.queueQos0 = told;
    Scene scene(v1::V3, {}, options);
    scene.stage.cut(scene.subscriber);
    scene.say(2, 0);
    scene.connect({});
    QCOMPARE(scene.numbers(), told ? QStringLiteral("1 2") : QString());
}

void TestQueue::waitsWhenAllIdentifiersAreTaken()
{
    Scene scene(v1::V3);
    scene.say(65535);
    QCOMPARE(scene.stage.take(scene.subscriber).size(), 65535);
    scene.say(2);
    QCOMPARE(scene.numbers(), QString());
    scene.answer("puback", 40000);
    QCOMPARE(scene.stage.take(scene.subscriber), L{QStringLiteral("PUBLISH q1 id=40000 t \"65536\"")});
}

void TestQueue::forwardsPropertiesUnchanged()
{
    Scene scene(v1::V5);
    const std::string properties =
        "payload_format_indicator: 1 content_type: \"c\" response_topic: \"r\" correlation_data: \"d\" "
        "user_property { key: \"b\" value: \"1\" } user_property { key: \"a\" value: \"2\" }";
    scene.stage.cut(scene.subscriber);
    scene.say(1, 1, properties);
    scene.stage.restart();
    scene.connect({});
    const auto came = scene.stage.take(scene.subscriber).last();
    for (const auto *part :
         {"format=1", "content_type=\"c\"", "response_topic=", "correlation=", ".b=\"1\"", ".a=\"2\""})
        QVERIFY2(came.contains(QLatin1String(part)), qPrintable(came));
    QVERIFY(came.indexOf(QStringLiteral(".b=")) < came.indexOf(QStringLiteral(".a=")));
}

void TestQueue::keepsOrderWhileItDrains()
{
    QFETCH(int, version);
    BrokerOptions options;
    options.maximumInflight = 3;
    Scene scene(version, {}, options);
    scene.stage.cut(scene.subscriber);
    scene.say(10, 2);
    scene.connect({});
    QStringList came;
    for (int id = 1; id <= 13; ++id) {
        came << scene.numbers();
        if (id <= 3)
            scene.say(1, 2);
        scene.answer("pubrec", id);
        scene.answer("pubcomp", id);
    }
    came.removeAll(QString());
    QCOMPARE(came.join(QLatin1Char(' ')), QStringLiteral("1 2 3 4 5 6 7 8 9 10 11 12 13"));
}

QTEST_APPLESS_MAIN(TestQueue)
#include "tst_queue.moc"
