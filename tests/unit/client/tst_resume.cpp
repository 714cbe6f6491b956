// Exchanges over a lost connection that are resumed, in three lives of the client.

#include "tests/unit/client/rig.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::client;

class TestResume : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sendsUnackedPublishAgainWithDupAndItsId_data() { addLives(); }
    void sendsUnackedPublishAgainWithDupAndItsId();
    void sendsPubrelAndNeverPublishOncePubrecCame_data() { addLives(); }
    void sendsPubrelAndNeverPublishOncePubrecCame();
    void sendsAgainInTheOldOrderAndNewOnesAfter_data() { addLives(); }
    void sendsAgainInTheOldOrderAndNewOnesAfter();
    void sendsAgainAfterEachOfManyCuts_data() { addLives(); }
    void sendsAgainAfterEachOfManyCuts();
    void isSilentAboutWhatWasCompleted_data() { addLives(); }
    void isSilentAboutWhatWasCompleted();
    void deliversQos2OnceOverAResume_data() { addLives(); }
    void deliversQos2OnceOverAResume();
    void staysInTheNewReceiveMaximum_data();
    void staysInTheNewReceiveMaximum();
    void neverStallsHoweverOftenTheWindowWasFullAtTheCut_data() { addLives(); }
    void neverStallsHoweverOftenTheWindowWasFullAtTheCut();
    void keepsIdsOfResumedMessagesFromNewOnes_data() { addLives(); }
    void keepsIdsOfResumedMessagesFromNewOnes();
    void failsMessagesThatTheNewLimitsForbid_data();
    void failsMessagesThatTheNewLimitsForbid();
    void sendsTheTopicWhenTheAliasDied();
};

void TestResume::sendsUnackedPublishAgainWithDupAndItsId()
{
    Rig rig = rigOfLife();
    rig.connect(false, false);
    rig.publish("door", "one", 1);
    rig.publish("door", "two", 2);
    QCOMPARE(rig.sent(), lines({"PUBLISH 1 q1 door=one", "PUBLISH 2 q2 door=two"}));
    rig.cut();
    rig.connect(false, true);
    QCOMPARE(rig.sent(), lines({"PUBLISH 1 q1 dup door=one", "PUBLISH 2 q2 dup door=two"}));
    rig.events();
    rig.puback(1);
    rig.pubrec(2);
    rig.pubcomp(2);
    QCOMPARE(rig.events(), lines({"completed 0", "completed 0"}));
}

void TestResume::sendsPubrelAndNeverPublishOncePubrecCame()
{
    Rig rig = rigOfLife();
    rig.connect(false, false);
    rig.publish("door", "one", 2);
    rig.pubrec(1);
    QCOMPARE(rig.sent(), lines({"PUBLISH 1 q2 door=one", "PUBREL 1"}));
    for (int i = 0; i < 3; ++i) {
        rig.cut();
        rig.connect(false, true);
        QCOMPARE(rig.sent(), lines({"PUBREL 1"}));
    }
    rig.events();
    rig.pubcomp(1);
    QCOMPARE(rig.events(), lines({"completed 0"}));
}

void TestResume::sendsAgainInTheOldOrderAndNewOnesAfter()
{
    Rig rig = rigOfLife();
    rig.connect(false, false);
    for (const char *payload : {"a", "b", "c", "d"})
        rig.publish("door", payload, 2);
    rig.pubrec(3);
    rig.pubrec(1);
    rig.sent();
    rig.cut();
    rig.publish("door", "e", 1);
    rig.connect(false, true);
    // PUBRELs by their PUBRECs, PUBLISHes by their first transmission.
    QCOMPARE(rig.sent(), lines({"PUBLISH 2 q2 dup door=b", "PUBREL 3", "PUBREL 1", "PUBLISH 4 q2 dup door=d",
                                "PUBLISH 5 q1 door=e"}));
}

void TestResume::sendsAgainAfterEachOfManyCuts()
{
    Rig rig = rigOfLife();
    rig.connect(false, false);
    rig.publish("door", "one", 1);
    rig.sent();
    for (int i = 0; i < 5; ++i) {
        rig.cut();
        rig.connect(false, true);
        QCOMPARE(rig.sent(), lines({"PUBLISH 1 q1 dup door=one"}));
    }
}

void TestResume::isSilentAboutWhatWasCompleted()
{
    Rig rig = rigOfLife();
    rig.connect(false, false);
    rig.publish("door", "one", 1);
    rig.publish("door", "two", 2);
    rig.puback(1);
    rig.pubrec(2);
    rig.pubcomp(2);
    rig.sent();
    rig.cut();
    rig.connect(false, true);
    QCOMPARE(rig.sent(), QStringList());
}

void TestResume::deliversQos2OnceOverAResume()
{
    Rig rig = rigOfLife();
    rig.connect(false, false);
    rig.events();
    rig.receivePublish("door", "once", 2, 5);
    QCOMPARE(rig.events(), lines({"delivered door=once"}));
    rig.receivePublish("door", "once", 2, 5, true);
    QCOMPARE(rig.sent(), lines({"PUBREC 5", "PUBREC 5"}));
    rig.cut();
    rig.connect(false, true);
    rig.events();
    rig.receivePublish("door", "once", 2, 5, true);
    rig.pubrel(5);
    QCOMPARE(rig.sent(), lines({"PUBREC 5", "PUBCOMP 5"}));
    QCOMPARE(rig.events(), QStringList());
    rig.receivePublish("door", "next", 2, 5); // the identifier is new again
    QCOMPARE(rig.events(), lines({"delivered door=next"}));
}

void TestResume::staysInTheNewReceiveMaximum_data()
{
    QTest::addColumn<Life>("life");
    QTest::newRow("client kept") << Life::Kept;
    QTest::newRow("rebuilt from state") << Life::FromState;
    QTest::newRow("rebuilt from string") << Life::FromString;
}

void TestResume::staysInTheNewReceiveMaximum()
{
    QFETCH(Life, life);
    Rig rig({}, life);
    rig.connect(false, false);
    for (int i = 0; i < 5; ++i)
        rig.publish("door", std::to_string(i), 1);
    rig.cut();
    v1::Connack connack;
    connack.set_receive_maximum(2);
    rig.connect(rig.usual(false), true, connack);
    rig.sent();
    rig.cut();
    rig.publish("door", "new", 1);
    rig.connect(rig.usual(false), true, connack);
    QCOMPARE(rig.sent(), lines({"PUBLISH 1 q1 dup door=0", "PUBLISH 2 q1 dup door=1"}));
    rig.puback(1);
    QCOMPARE(rig.sent(), lines({"PUBLISH 3 q1 dup door=2"}));
    rig.puback(2);
    rig.puback(3);
    rig.puback(4);
    QStringList sent = rig.sent();
    QCOMPARE(sent.mid(0, 2), lines({"PUBLISH 4 q1 dup door=3", "PUBLISH 5 q1 dup door=4"}));
    QCOMPARE(sent.mid(2).size(), 1);
    QVERIFY(sent.at(2).endsWith(QStringLiteral(" q1 door=new")));
}

void TestResume::neverStallsHoweverOftenTheWindowWasFullAtTheCut()
{
    Rig rig = rigOfLife();
    v1::Connack connack;
    QFETCH(v1::Version, version);
    if (version == v1::V5)
        connack.set_receive_maximum(3);
    rig.connect(rig.usual(false), false, connack);
    for (int i = 0; i < 6; ++i)
        rig.publish("door", std::to_string(i), 1);
    for (int i = 0; i < 100; ++i) {
        rig.cut();
        rig.sent();
        rig.connect(rig.usual(false), true, connack);
        QCOMPARE(rig.sent().size(), version == v1::V5 ? 3 : 6);
    }
}

void TestResume::keepsIdsOfResumedMessagesFromNewOnes()
{
    Rig rig = rigOfLife();
    rig.connect(false, false);
    rig.publish("door", "one", 1);
    rig.publish("door", "two", 2);
    rig.cut();
    rig.connect(false, true);
    rig.sent();
    rig.publish("door", "three", 1);
    v1::Subscribe subscribe;
    subscribe.add_filter()->set_filter("door");
    rig.subscribe(subscribe);
    const QStringList sent = rig.sent();
    QCOMPARE(sent, lines({"PUBLISH 3 q1 door=three", "SUBSCRIBE 4"}));
}

void TestResume::failsMessagesThatTheNewLimitsForbid_data()
{
    QTest::addColumn<QString>("limit");
    QTest::newRow("maximum qos") << QStringLiteral("qos");
    QTest::newRow("retain not available") << QStringLiteral("retain");
    QTest::newRow("maximum packet size") << QStringLiteral("size");
}

void TestResume::failsMessagesThatTheNewLimitsForbid()
{
    QFETCH(QString, limit);
    Rig rig({});
    rig.connect(false, false);
    v1::Publish message;
    message.set_topic("door");
    message.set_payload(std::string(100, 'x'));
    message.set_qos(2);
    message.set_retain(true);
    rig.publish(message);
    rig.publish("door", "small", 1);
    rig.cut();
    v1::Connack connack;
    if (limit == QStringLiteral("qos"))
        connack.set_maximum_qos(1);
    if (limit == QStringLiteral("retain"))
        connack.set_retain_available(0);
    if (limit == QStringLiteral("size"))
        connack.set_maximum_packet_size(50);
    rig.events();
    rig.connect(rig.usual(false), true, connack);
    QCOMPARE(rig.sent(), lines({"PUBLISH 2 q1 dup door=small"}));
    QCOMPARE(rig.events(), lines({"open", "connected, present", "given up"}));
    rig.cut();
    rig.connect(rig.usual(false), true, connack);
    QCOMPARE(rig.sent(), lines({"PUBLISH 2 q1 dup door=small"})); // no loop
}

void TestResume::sendsTheTopicWhenTheAliasDied()
{
    ClientOptions options;
    options.topicAliases = true;
    Rig rig(options);
    v1::Connack connack;
    connack.set_topic_alias_maximum(4);
    rig.connect(rig.usual(false), false, connack);
    rig.publish("door", "one", 1);
    rig.publish("door", "two", 1);
    QCOMPARE(rig.sent(), lines({"PUBLISH 1 q1 alias 1 door=one", "PUBLISH 2 q1 alias 1 =two"}));
    rig.cut();
    rig.connect(rig.usual(false), true);
    QCOMPARE(rig.sent(), lines({"PUBLISH 1 q1 dup door=one", "PUBLISH 2 q1 dup door=two"}));
}

QTEST_APPLESS_MAIN(TestResume)
#include "tst_resume.moc"
