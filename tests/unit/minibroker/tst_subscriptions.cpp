// SUBSCRIBE and UNSUBSCRIBE: codes, options, retained messages, shared subscriptions, and what a resumption keeps.

#include "stage.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::broker;
using L = QStringList;

namespace {

/// A subscriber and a publisher.
struct Scene
{
    Stage stage;
    LinkId subscriber;
    LinkId publisher;

    explicit Scene(int version, BrokerOptions options = {}, Rules rules = {})
        : stage(static_cast<v1::Version>(version), std::move(options), std::move(rules)),
          subscriber(stage.connected({.id = "s"})), publisher(stage.connected({.id = "p"}))
    {
    }
    QStringList subscribe(const std::string &filters)
    {
        stage.send(subscriber, "subscribe { packet_id: 1 " + filters + " }");
        return stage.take(subscriber);
    }
    QStringList publish(const std::string &publish)
    {
        stage.send(publisher, "publish { " + publish + " }");
        return stage.take(subscriber);
    }
    void resume(bool rebuilt)
    {
        stage.cut(subscriber);
        if (rebuilt)
            stage.restart();
        subscriber = stage.connected({.id = "s"});
        publisher = stage.connected({.id = "p"});
    }
};

} // namespace

class TestSubscriptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersEachFilterInOrder_data() { bothVersions(); }
    void answersEachFilterInOrder()
    {
        QFETCH(int, version);
        BrokerOptions options;
        options.maximumQos = 1;
        options.wildcards = false;
        Scene scene(version, options);
        const auto filters =
            "filter { filter: \"a\" qos: 2 } filter { filter: \"b/#\" qos: 0 } filter { filter: \"c\" qos: 0 }";
        const auto failure = scene.stage.is5() ? QStringLiteral("0xA2") : QStringLiteral("0x80");
        const auto suback = scene.subscribe(filters).first();
        QVERIFY2(suback.contains(failure), qPrintable(suback));
        QVERIFY(suback.indexOf(QStringLiteral("0x01")) < suback.indexOf(failure));
        QVERIFY(suback.indexOf(failure) < suback.indexOf(QStringLiteral("0x00")));
        scene.stage.send(scene.subscriber, "unsubscribe { packet_id: 2 filter: \"c\" filter: \"nothing\" }");
        const auto unsuback = scene.stage.take(scene.subscriber).first();
        QCOMPARE(unsuback.contains(QStringLiteral("0x11")), scene.stage.is5());
    }

    void refusesWhatItWasToldNotToHave_data();
    void refusesWhatItWasToldNotToHave();

    void deliversAtTheLowerQos_data() { bothVersions(); }
    void deliversAtTheLowerQos()
    {
        QFETCH(int, version);
        Scene scene(version);
        scene.subscribe("filter { filter: \"t\" qos: 1 }");
        QVERIFY(scene.publish("topic: \"t\" qos: 2 packet_id: 1").first().startsWith(QStringLiteral("PUBLISH q1")));
        QVERIFY(scene.publish("topic: \"t\" qos: 0").first().startsWith(QStringLiteral("PUBLISH q0")));
    }

    void oneCopyAtTheHighestQosForOverlaps_data() { bothVersions(); }
    void oneCopyAtTheHighestQosForOverlaps()
    {
        QFETCH(int, version);
        Scene scene(version);
        scene.subscribe("filter { filter: \"a/#\" qos: 0 } subscription_identifier: 1");
        scene.subscribe("filter { filter: \"a/b\" qos: 2 } subscription_identifier: 2");
        scene.subscribe("filter { filter: \"+/b\" qos: 1 }");
        const auto came = scene.publish("topic: \"a/b\" qos: 2 packet_id: 1");
        QCOMPARE(came.size(), 1);
        QVERIFY(came.first().startsWith(QStringLiteral("PUBLISH q2")));
        QCOMPARE(came.first().count(QStringLiteral("sub_id=")), scene.stage.is5() ? 2 : 0);
    }

    void optionsAndIdentifiersSurviveAResume_data()
    {
        QTest::addColumn<bool>("rebuilt");
        QTest::newRow("engine kept") << false;
        QTest::newRow("engine rebuilt") << true;
    }
    void optionsAndIdentifiersSurviveAResume()
    {
        QFETCH(bool, rebuilt);
        Scene scene(v1::V5);
        scene.subscribe(
            "filter { filter: \"t\" qos: 1 no_local: true retain_as_published: true } subscription_identifier: 7");
        scene.resume(rebuilt);
        const auto came = scene.publish("topic: \"t\" qos: 2 retain: true packet_id: 1 payload: \"x\"");
        QCOMPARE(came, L{QStringLiteral("PUBLISH q1 RETAIN id=1 t \"x\" sub_id=7")});
        scene.stage.send(scene.subscriber, "publish { topic: \"t\" qos: 0 }");
        QCOMPARE(scene.stage.take(scene.subscriber), L());
    }

    void unsubscribingSurvivesAResume_data() { bothVersionsAndLives(); }
    void unsubscribingSurvivesAResume()
    {
        QFETCH(int, version);
        QFETCH(bool, rebuilt);
        Scene scene(version);
        scene.subscribe(
            "filter { filter: \"a\" qos: 1 } filter { filter: \"b\" qos: 1 } filter { filter: \"$share/g/a\" qos: 1 }");
        scene.stage.send(scene.subscriber, "unsubscribe { packet_id: 2 filter: \"a\" }");
        scene.resume(rebuilt);
        QCOMPARE(scene.publish("topic: \"a\" qos: 0").size(), 1); // the shared one
        QCOMPARE(scene.publish("topic: \"b\" qos: 0").size(), 1);
    }

    void aSecondSubscribeReplacesTheFirst_data() { bothVersions(); }
    void aSecondSubscribeReplacesTheFirst()
    {
        QFETCH(int, version);
        Scene scene(version);
        scene.subscribe("filter { filter: \"t\" qos: 2 } subscription_identifier: 7");
        scene.subscribe("filter { filter: \"t\" qos: 0 }");
        QCOMPARE(scene.publish("topic: \"t\" qos: 2 packet_id: 1 payload: \"x\""),
                 L{QStringLiteral("PUBLISH q0 t \"x\"")});
    }

    void sendsRetainedMessagesByRetainHandling_data();
    void sendsRetainedMessagesByRetainHandling();

    void sendsNoRetainedMessageBecauseOfAResume_data() { bothVersionsAndLives(); }
    void sendsNoRetainedMessageBecauseOfAResume()
    {
        QFETCH(int, version);
        QFETCH(bool, rebuilt);
        Scene scene(version);
        scene.publish("topic: \"t\" qos: 1 packet_id: 1 retain: true payload: \"x\"");
        QCOMPARE(scene.subscribe("filter { filter: \"#\" qos: 1 }").last(),
                 QStringLiteral("PUBLISH q1 RETAIN id=1 t \"x\""));
        scene.stage.send(scene.subscriber, "puback { packet_id: 1 }");
        scene.stage.cut(scene.subscriber);
        if (rebuilt)
            scene.stage.restart();
        QCOMPARE(scene.stage.take(scene.stage.connect({.id = "s"})).size(), 1);
    }

    void retainedMessagesAreReplacedAndDeleted_data() { bothVersions(); }
    void retainedMessagesAreReplacedAndDeleted()
    {
        QFETCH(int, version);
        Scene scene(version);
        scene.publish("topic: \"t\" qos: 0 retain: true payload: \"one\"");
        scene.publish("topic: \"t\" qos: 0 retain: true payload: \"two\"");
        scene.publish("topic: \"t/sub\" qos: 0 retain: true payload: \"three\"");
        scene.publish("topic: \"u\" qos: 0 retain: true payload: \"four\"");
        QCOMPARE(scene.subscribe("filter { filter: \"t/#\" qos: 0 }").size(), 3);
        scene.publish("topic: \"t\" qos: 0 retain: true");
        scene.stage.take(scene.subscriber);
        QCOMPARE(scene.subscribe("filter { filter: \"t\" qos: 0 }").size(), 1);
    }

    void retainedMessagesExpire()
    {
        Scene scene(v1::V5);
        scene.publish("topic: \"t\" qos: 0 retain: true payload: \"x\" message_expiry_interval: 10");
        scene.stage.pass(Seconds(4));
        QVERIFY(scene.subscribe("filter { filter: \"t\" qos: 0 }").last().contains(QStringLiteral("expiry=6")));
        scene.stage.pass(Seconds(6));
        QCOMPARE(scene.subscribe("filter { filter: \"t\" qos: 0 }").size(), 1);
        QCOMPARE(scene.stage.snapshot().retained_size(), 0);
    }

    void membersOfASharedSubscriptionTakeTurns()
    {
        Scene scene(v1::V5);
        const auto other = scene.stage.connected({.id = "other"});
        scene.stage.send(other, "subscribe { packet_id: 1 filter { filter: \"$share/g/t\" qos: 1 } }");
        scene.stage.take(other);
        scene.subscribe("filter { filter: \"$share/g/t\" qos: 1 }");
        for (int i = 0; i < 4; ++i)
            scene.stage.send(scene.publisher, "publish { topic: \"t\" qos: 0 }");
        QCOMPARE(scene.stage.take(other).size(), 2);
        QCOMPARE(scene.stage.take(scene.subscriber).size(), 2);
        scene.stage.cut(other); // who is there comes first
        QCOMPARE(scene.publish("topic: \"t\" qos: 0").size(), 1);
        QCOMPARE(scene.publish("topic: \"t\" qos: 0").size(), 1);
        scene.stage.cut(scene.subscriber); // and somebody keeps it when nobody is
        scene.publish("topic: \"t\" qos: 1 packet_id: 1");
        int kept = 0;
        const auto state = scene.stage.snapshot();
        for (const auto &session : state.session())
            kept += session.pending_size();
        QCOMPARE(kept, 1);
    }

    void whatADeadMemberHadGoesToAnother_data();
    void whatADeadMemberHadGoesToAnother();

    void protocolErrorsEndTheConnection_data();
    void protocolErrorsEndTheConnection();
};

void TestSubscriptions::refusesWhatItWasToldNotToHave_data()
{
    QTest::addColumn<QString>("filters");
    QTest::addColumn<QString>("code");
    QTest::newRow("shared") << QStringLiteral("filter { filter: \"$share/g/t\" }") << QStringLiteral("0x9E");
    QTest::newRow("wildcard") << QStringLiteral("filter { filter: \"t/+\" }") << QStringLiteral("0xA2");
    QTest::newRow("identifier") << QStringLiteral("filter { filter: \"t\" } subscription_identifier: 1")
                                << QStringLiteral("0xA1");
    QTest::newRow("no filter at all") << QStringLiteral("filter { filter: \"a/#/b\" }") << QStringLiteral("0x8F");
    QTest::newRow("too deep") << QStringLiteral("filter { filter: \"") + QStringLiteral("a/").repeated(300) +
                                     QStringLiteral("#\" }")
                              << QStringLiteral("0x8F");
    QTest::newRow("a refused one") << QStringLiteral("filter { filter: \"private/x\" }") << QStringLiteral("0x80");
}

void TestSubscriptions::refusesWhatItWasToldNotToHave()
{
    QFETCH(QString, filters);
    QFETCH(QString, code);
    BrokerOptions options;
    options.wildcards = code == QStringLiteral("0x8F");
    options.shared = options.subscriptionIdentifiers = false;
    options.refusedFilters = {"private/#"};
    Scene scene(v1::V5, options);
    const auto suback = scene.subscribe(filters.toStdString()).first();
    QVERIFY2(suback.contains(code), qPrintable(suback));
}

void TestSubscriptions::sendsRetainedMessagesByRetainHandling_data()
{
    QTest::addColumn<int>("handling");
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("second");
    QTest::newRow("always") << 0 << 1 << 1;
    QTest::newRow("if new") << 1 << 1 << 0;
    QTest::newRow("never") << 2 << 0 << 0;
}

void TestSubscriptions::sendsRetainedMessagesByRetainHandling()
{
    QFETCH(int, handling);
    QFETCH(int, first);
    QFETCH(int, second);
    Scene scene(v1::V5);
    scene.publish("topic: \"t\" qos: 0 retain: true payload: \"x\"");
    const auto filter = "filter { filter: \"t\" qos: 1 retain_handling: " + std::to_string(handling) + " }";
    QCOMPARE(scene.subscribe(filter).size(), 1 + first);
    QCOMPARE(scene.subscribe(filter).size(), 1 + second);
    QCOMPARE(scene.subscribe("filter { filter: \"$share/g/t\" qos: 1 }").size(), 1);
}

void TestSubscriptions::whatADeadMemberHadGoesToAnother_data()
{
    QTest::addColumn<int>("qos");
    QTest::addColumn<int>("moved");
    QTest::newRow("QoS 1 moves") << 1 << 1;
    QTest::newRow("QoS 2 is bound to its member") << 2 << 0;
}

void TestSubscriptions::whatADeadMemberHadGoesToAnother()
{
    QFETCH(int, qos);
    QFETCH(int, moved);
    Scene scene(v1::V5);
    const auto other = scene.stage.connected({.id = "other", .clean = true, .expiry = 0});
    scene.stage.send(other, "subscribe { packet_id: 1 filter { filter: \"$share/g/t\" qos: 2 } }");
    scene.stage.take(other);
    scene.publish("topic: \"t\" packet_id: 1 qos: " + std::to_string(qos));
    QCOMPARE(scene.stage.take(other).size(), 1);
    scene.subscribe("filter { filter: \"$share/g/t\" qos: 2 }");
    scene.stage.cut(other);
    QCOMPARE(scene.stage.take(scene.subscriber).size(), moved);
}

void TestSubscriptions::protocolErrorsEndTheConnection_data()
{
    QTest::addColumn<QString>("packet");
    QTest::addColumn<QString>("code");
    const auto row = [](const char *name, const char *packet, const char *code) {
        QTest::newRow(name) << QString::fromLatin1(packet) << QString::fromLatin1(code);
    };
    row("no filter", "subscribe { packet_id: 1 }", "0x82");
    row("nothing to unsubscribe", "unsubscribe { packet_id: 1 }", "0x82");
    row("QoS 3", "subscribe { packet_id: 1 filter { filter: \"t\" qos: 3 } }", "0x81");
    row("identifier 0", "subscribe { packet_id: 1 filter { filter: \"t\" } subscription_identifier: 0 }", "0x82");
    row("No Local on a shared one", "subscribe { packet_id: 1 filter { filter: \"$share/g/t\" no_local: true } }",
        "0x82");
    row("identifier in PUBLISH", "publish { topic: \"t\" subscription_identifier: 1 }", "0x82");
    row("wildcard in PUBLISH", "publish { topic: \"t/#\" }", "0x90");
    row("alias 0", "publish { topic: \"t\" topic_alias: 0 }", "0x94");
    row("alias beyond the maximum", "publish { topic: \"t\" topic_alias: 17 }", "0x94");
    row("unknown alias", "publish { topic: \"\" topic_alias: 3 }", "0x82");
    row("a server's packet", "pingresp {}", "0x82");
}

void TestSubscriptions::protocolErrorsEndTheConnection()
{
    QFETCH(QString, packet);
    QFETCH(QString, code);
    Scene scene(v1::V5);
    scene.stage.send(scene.subscriber, packet.toStdString());
    const auto came = scene.stage.take(scene.subscriber);
    QCOMPARE(came.size(), 2);
    QVERIFY2(came.first().startsWith(QStringLiteral("DISCONNECT code=") + code), qPrintable(came.first()));
    QCOMPARE(came.last(), QStringLiteral("(closed)"));
}

QTEST_APPLESS_MAIN(TestSubscriptions)
#include "tst_subscriptions.moc"
