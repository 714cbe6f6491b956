// How much goes out when: windows, queues and their bounds, message expiry, packet sizes, aliases, identifiers.

#include "stage.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::broker;
using L = QStringList;

namespace {

/// A subscriber to "t" with QoS 2, and a publisher of numbered messages.
struct Scene
{
    Stage stage;
    LinkId subscriber = 0;
    LinkId publisher = 0;
    int said = 0;

    explicit Scene(int version, const std::string &more = {}, BrokerOptions options = {})
        : stage(static_cast<v1::Version>(version), std::move(options))
    {
        publisher = stage.connected({.id = "p"});
        connect(more);
        stage.send(subscriber, "subscribe { packet_id: 1 filter { filter: \"t\" qos: 2 } }");
        stage.take(subscriber);
    }
    void connect(const std::string &more) { subscriber = stage.connect({.id = "s", .more = more}); }
    void say(int count, int qos = 1, const std::string &more = {})
    {
        for (int i = 0; i < count; ++i) {
            const auto id = qos > 0 ? " packet_id: " + std::to_string(said % 60000 + 1) : "";
            const auto payload = std::to_string(++said);
            stage.send(publisher, "publish { topic: \"t\" payload: \"" + payload + "\" qos: " + std::to_string(qos) +
                                      id + " " + more + " }");
            if (qos == 2)
                stage.send(publisher, "pubrel { packet_id: " + std::to_string((said - 1) % 60000 + 1) + " }");
        }
        stage.take(publisher);
    }
    /// The numbers of the messages that came, e.g. "1 2".
    QString numbers()
    {
        QStringList all;
        for (const auto &line : stage.take(subscriber))
            if (line.startsWith(QStringLiteral("PUBLISH")))
                all << line.section(QLatin1Char('"'), 1, 1);
        return all.join(QLatin1Char(' '));
    }
    void answer(const char *kind, int id)
    {
        stage.send(subscriber, std::string(kind) + " { packet_id: " + std::to_string(id) + " }");
    }
};

} // namespace

class TestFlow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsWithinTheReceiveMaximum();
    void keepsWithinItsOwnWindow();
    void sendsQos0AndPubrelThroughAClosedWindow();
    void portionsResendsToTheNewWindow();
    void widensWithTheNewWindow();
    void givesEveryPlaceBackWhateverTheStage();
    void dropsByPolicy_data();
    void dropsByPolicy();
    void dropsWhatExpiredWhileItWaited();
    void completesWhatExpiredInFlight_data();
    void completesWhatExpiredInFlight();
    void skipsWhatTheClientWouldNotTake();
    void endsConnectionsThatWouldNotTakeTheirAnswer();
    void queuesQos0OnlyIfToldTo_data();
    void queuesQos0OnlyIfToldTo();
    void resolvesAliasesOfThisConnectionOnly();
    void usesAliasesWithinTheClientsMaximum();
    void waitsWhenAllIdentifiersAreTaken();
    void endsConnectionsThatOverrunTheReceiveMaximum();
    void countsOnlyThisConnectionsOpenPublications();
    void forwardsPropertiesUnchanged();
    void keepsOrderWhileItDrains_data() { bothVersions(); }
    void keepsOrderWhileItDrains();
};

void TestFlow::keepsWithinTheReceiveMaximum()
{
    Scene scene(v1::V5, "receive_maximum: 2");
    scene.say(5);
    QCOMPARE(scene.numbers(), QStringLiteral("1 2"));
    scene.answer("puback", 2);
    QCOMPARE(scene.numbers(), QStringLiteral("3"));
    scene.answer("puback", 2); // unknown by now: no place for it
    QCOMPARE(scene.numbers(), QString());
    scene.answer("puback", 1);
    scene.answer("puback", 3);
    QCOMPARE(scene.numbers(), QStringLiteral("4 5"));
}

void TestFlow::keepsWithinItsOwnWindow()
{
    BrokerOptions options;
    options.maximumInflight = 1;
    Scene scene(v1::V3, {}, options);
    scene.say(2, 2);
    QCOMPARE(scene.numbers(), QStringLiteral("1"));
    scene.answer("pubrec", 1);
    QCOMPARE(scene.numbers(), QString());
    scene.answer("pubcomp", 1);
    QCOMPARE(scene.numbers(), QStringLiteral("2"));
}

void TestFlow::sendsQos0AndPubrelThroughAClosedWindow()
{
    BrokerOptions options;
    options.queueQos0 = true;
    Scene scene(v1::V5, "receive_maximum: 3", options);
    scene.say(3, 2);
    scene.answer("pubrec", 3);
    scene.stage.cut(scene.subscriber);
    scene.say(1, 1);
    scene.say(1, 0);
    scene.connect("receive_maximum: 1");
    const auto came = scene.stage.take(scene.subscriber);
    QCOMPARE(came.size(), 4); // CONNACK, one PUBLISH, the PUBREL, the QoS 0
    QCOMPARE(came[1], QStringLiteral("PUBLISH q2 DUP id=1 t \"1\""));
    QVERIFY(came[2].startsWith(QStringLiteral("PUBREL id=3")));
    QCOMPARE(came[3], QStringLiteral("PUBLISH q0 t \"5\""));
    scene.say(1, 0);
    QCOMPARE(scene.numbers(), QStringLiteral("6"));
}

void TestFlow::portionsResendsToTheNewWindow()
{
    Scene scene(v1::V5, "receive_maximum: 10");
    scene.say(5);
    scene.stage.cut(scene.subscriber);
    scene.connect("receive_maximum: 2");
    QCOMPARE(scene.numbers(), QStringLiteral("1 2"));
    scene.answer("puback", 3); // acknowledged before it came again: it will not
    QCOMPARE(scene.numbers(), QString());
    scene.answer("puback", 1);
    scene.answer("puback", 2);
    QCOMPARE(scene.numbers(), QStringLiteral("4 5"));
}

void TestFlow::widensWithTheNewWindow()
{
    Scene scene(v1::V5, "receive_maximum: 1");
    scene.say(6);
    QCOMPARE(scene.numbers(), QStringLiteral("1"));
    scene.stage.cut(scene.subscriber);
    scene.connect("receive_maximum: 4");
    QCOMPARE(scene.numbers(), QStringLiteral("1 2 3 4"));
    scene.answer("puback", 1);
    scene.answer("puback", 2);
    QCOMPARE(scene.numbers(), QStringLiteral("5 6"));
}

void TestFlow::givesEveryPlaceBackWhateverTheStage()
{
    Scene scene(v1::V5, "receive_maximum: 2");
    for (int cut = 0; cut < 6; ++cut) {
        scene.say(1, 2);
        const auto line = scene.stage.take(scene.subscriber).last();
        const auto id = line.section(QStringLiteral("id="), 1).section(QLatin1Char(' '), 0, 0).toInt();
        if (cut % 2 == 0)
            scene.answer("pubrec", id);
        scene.stage.cut(scene.subscriber);
        scene.connect("receive_maximum: 2");
        scene.answer("pubrec", id);
        scene.answer("pubcomp", id);
        scene.stage.take(scene.subscriber);
    }
    scene.say(3);
    QCOMPARE(scene.numbers(), QStringLiteral("7 8"));
}

void TestFlow::dropsByPolicy_data()
{
    QTest::addColumn<bool>("oldest");
    QTest::addColumn<QString>("kept");
    QTest::newRow("oldest") << true << QStringLiteral("3 4 5");
    QTest::newRow("newest") << false << QStringLiteral("1 2 3");
}

void TestFlow::dropsByPolicy()
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

void TestFlow::dropsWhatExpiredWhileItWaited()
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

void TestFlow::completesWhatExpiredInFlight_data()
{
    QTest::addColumn<int>("qos");
    QTest::newRow("QoS 1") << 1;
    QTest::newRow("QoS 2") << 2;
}

void TestFlow::completesWhatExpiredInFlight()
{
    QFETCH(int, qos);
    Scene scene(v1::V5);
    scene.say(1, qos, "message_expiry_interval: 2");
    scene.stage.cut(scene.subscriber);
    scene.stage.pass(Seconds(3));
    scene.connect({});
    QVERIFY(scene.stage.take(scene.subscriber).last().startsWith(QStringLiteral("PUBLISH q%1 DUP id=1").arg(qos)));
}

void TestFlow::skipsWhatTheClientWouldNotTake()
{
    Scene scene(v1::V5);
    scene.stage.cut(scene.subscriber);
    scene.say(1);
    scene.say(1, 1, "content_type: \"a long word that makes it too large\"");
    scene.say(1, 0, "content_type: \"a long word that makes it too large\"");
    scene.say(1);
    scene.connect("maximum_packet_size: 25 receive_maximum: 1");
    QCOMPARE(scene.numbers(), QStringLiteral("1"));
    scene.answer("puback", 1);
    QCOMPARE(scene.numbers(), QStringLiteral("4"));
}

void TestFlow::endsConnectionsThatWouldNotTakeTheirAnswer()
{
    Scene scene(v1::V5, "maximum_packet_size: 12");
    scene.stage.send(scene.subscriber, "subscribe { packet_id: 2 filter { filter: \"a\" } filter { filter: \"b\" } }");
    QCOMPARE(scene.stage.take(scene.subscriber).size(), 1); // SUBACK of 7 bytes
    std::string filters;
    for (int i = 0; i < 8; ++i)
        filters += "filter { filter: \"" + std::to_string(i) + "\" } ";
    scene.stage.send(scene.subscriber, "subscribe { packet_id: 3 " + filters + "}");
    const auto came = scene.stage.take(scene.subscriber);
    QCOMPARE(came.size(), 2);
    QVERIFY2(came.first().startsWith(QStringLiteral("DISCONNECT code=0x95")), qPrintable(came.first()));
    QCOMPARE(came.last(), QStringLiteral("(closed)"));
}

void TestFlow::queuesQos0OnlyIfToldTo_data()
{
    QTest::addColumn<bool>("told");
    QTest::newRow("not told") << false;
    QTest::newRow("told") << true;
}

void TestFlow::queuesQos0OnlyIfToldTo()
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

void TestFlow::resolvesAliasesOfThisConnectionOnly()
{
    Scene scene(v1::V5);
    scene.stage.send(scene.publisher, "publish { topic: \"t\" topic_alias: 3 payload: \"a\" }");
    scene.stage.send(scene.publisher, "publish { topic: \"\" topic_alias: 3 payload: \"b\" }");
    QCOMPARE(scene.stage.take(scene.subscriber),
             (L{QStringLiteral("PUBLISH q0 t \"a\""), QStringLiteral("PUBLISH q0 t \"b\"")}));
    scene.stage.cut(scene.publisher);
    scene.publisher = scene.stage.connected({.id = "p"});
    scene.stage.send(scene.publisher, "publish { topic: \"\" topic_alias: 3 }");
    QVERIFY(scene.stage.take(scene.publisher).first().startsWith(QStringLiteral("DISCONNECT code=0x82")));
}

void TestFlow::usesAliasesWithinTheClientsMaximum()
{
    BrokerOptions options;
    options.topicAliasesUsed = 10;
    Scene scene(v1::V5, "topic_alias_maximum: 1", options);
    scene.stage.send(scene.subscriber, "subscribe { packet_id: 1 filter { filter: \"u\" } }");
    scene.stage.take(scene.subscriber);
    scene.say(2, 0);
    scene.stage.send(scene.publisher, "publish { topic: \"u\" payload: \"u\" }");
    const auto came = scene.stage.take(scene.subscriber);
    QCOMPARE(came[0], QStringLiteral("PUBLISH q0 t \"1\" alias=1"));
    QVERIFY2(came[1].endsWith(QStringLiteral("\"2\" alias=1")) && !came[1].contains(QStringLiteral(" t ")),
             qPrintable(came[1]));
    QCOMPARE(came[2], QStringLiteral("PUBLISH q0 u \"u\""));
    scene.say(1, 1);
    scene.stage.cut(scene.subscriber);
    scene.connect({});
    QVERIFY(scene.stage.take(scene.subscriber).last().startsWith(QStringLiteral("PUBLISH q1 DUP id=1 t")));
}

void TestFlow::waitsWhenAllIdentifiersAreTaken()
{
    Scene scene(v1::V3);
    scene.say(65535);
    QCOMPARE(scene.stage.take(scene.subscriber).size(), 65535);
    scene.say(2);
    QCOMPARE(scene.numbers(), QString());
    scene.answer("puback", 40000);
    QCOMPARE(scene.stage.take(scene.subscriber), L{QStringLiteral("PUBLISH q1 id=40000 t \"65536\"")});
}

void TestFlow::endsConnectionsThatOverrunTheReceiveMaximum()
{
    BrokerOptions options;
    options.receiveMaximum = 2;
    Scene scene(v1::V5, {}, options);
    const auto publish = [&](int id, int qos) {
        scene.stage.send(scene.publisher, "publish { topic: \"t\" qos: " + std::to_string(qos) +
                                              " packet_id: " + std::to_string(id) + " }");
        return scene.stage.take(scene.publisher).first();
    };
    QVERIFY(publish(1, 2).startsWith(QStringLiteral("PUBREC")));
    QVERIFY(publish(2, 2).startsWith(QStringLiteral("PUBREC")));
    QVERIFY(publish(1, 2).startsWith(QStringLiteral("PUBREC"))); // a repeat is not one more
    QVERIFY(publish(3, 1).startsWith(QStringLiteral("DISCONNECT code=0x93")));
}

void TestFlow::countsOnlyThisConnectionsOpenPublications()
{
    BrokerOptions options;
    options.receiveMaximum = 1;
    Scene scene(v1::V5, {}, options);
    const std::string publish = "publish { topic: \"t\" qos: 2 packet_id: ";
    scene.stage.send(scene.publisher, publish + "1 }");
    scene.stage.cut(scene.publisher);
    scene.publisher = scene.stage.connected({.id = "p"});
    scene.stage.send(scene.publisher, publish + "2 }");
    QVERIFY(scene.stage.take(scene.publisher).first().startsWith(QStringLiteral("PUBREC id=2")));
    scene.stage.send(scene.publisher, "pubrel { packet_id: 1 }");
    scene.stage.send(scene.publisher, "pubrel { packet_id: 2 }");
    scene.stage.send(scene.publisher, publish + "3 }");
    QVERIFY(scene.stage.take(scene.publisher).last().startsWith(QStringLiteral("PUBREC id=3")));
}

void TestFlow::forwardsPropertiesUnchanged()
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

void TestFlow::keepsOrderWhileItDrains()
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

QTEST_APPLESS_MAIN(TestFlow)
#include "tst_flow.moc"
