// How much goes out when: windows, packet sizes, aliases.

#include "scene.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::broker;
using L = QStringList;

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
    void skipsWhatTheClientWouldNotTake();
    void endsConnectionsThatWouldNotTakeTheirAnswer();
    void resolvesAliasesOfThisConnectionOnly();
    void usesAliasesWithinTheClientsMaximum();
    void endsConnectionsThatOverrunTheReceiveMaximum();
    void countsOnlyThisConnectionsOpenPublications();
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

QTEST_APPLESS_MAIN(TestFlow)
#include "tst_flow.moc"
