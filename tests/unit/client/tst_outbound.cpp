// Messages from the client.

#include "tests/unit/client/rig.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::client;

class TestOutbound : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void completesByQos_data() { addVersions(); }
    void completesByQos();
    void freesTheIdAndSendsNoPubrelAfterARejectingPubrec();
    void answersEachPubrec_data() { addVersions(); }
    void answersEachPubrec();
    void answersAnUnknownPubrec();
    void takesNoNoticeOfLateAcknowledgements_data() { addVersions(); }
    void takesNoNoticeOfLateAcknowledgements();
    void closesOnAcknowledgementsOfTheWrongKind_data() { addVersions(); }
    void closesOnAcknowledgementsOfTheWrongKind();
    void takesPubackForQos2IfAskedTo();
    void neverUsesAnIdTwice_data() { addVersions(); }
    void neverUsesAnIdTwice();
    void waitsWhenAllIdsAreTaken();
    void staysInTheReceiveMaximumButDelaysNothingElse();
    void holdsABoundedNumberOfMessages();
    void dropsWhatExpiredBeforeItCouldBeSent();
    void takesWaitingOffTheMessageExpiry();
    void refusesWhatNoPublishMaySay();
    void failsWhatTheServerDoesNotTake();
    void usesAliasesAsFarAsAllowed();
};

void TestOutbound::completesByQos()
{
    Rig rig = rigOfVersion();
    rig.connect(false, false);
    rig.events();
    rig.publish("door", "zero", 0);
    QCOMPARE(rig.events(), lines({"completed 0"}));
    rig.publish("door", "one", 1);
    rig.puback(1);
    QCOMPARE(rig.events(), lines({"completed 0"}));
    rig.publish("door", "two", 2);
    rig.pubrec(2);
    QCOMPARE(rig.events(), QStringList());
    rig.pubcomp(2);
    QCOMPARE(rig.events(), lines({"completed 0"}));
    QCOMPARE(rig.sent(), lines({"PUBLISH q0 door=zero", "PUBLISH 1 q1 door=one", "PUBLISH 2 q2 door=two", "PUBREL 2"}));
}

void TestOutbound::freesTheIdAndSendsNoPubrelAfterARejectingPubrec()
{
    Rig rig({});
    v1::Connack connack;
    connack.set_receive_maximum(1);
    rig.connect(rig.usual(false), false, connack);
    rig.publish("door", "one", 2);
    rig.publish("door", "two", 2);
    rig.events();
    rig.pubrec(1, 0x97);
    QCOMPARE(rig.sent(), lines({"PUBLISH 1 q2 door=one", "PUBLISH 2 q2 door=two"}));
    QCOMPARE(rig.events(), lines({"completed 151"}));
    rig.cut();
    rig.connect(false, true);
    QCOMPARE(rig.sent(), lines({"PUBLISH 2 q2 dup door=two"}));
}

void TestOutbound::answersEachPubrec()
{
    Rig rig = rigOfVersion();
    rig.connect(false, false);
    rig.publish("door", "one", 2);
    rig.pubrec(1);
    rig.pubrec(1);
    QCOMPARE(rig.sent(), lines({"PUBLISH 1 q2 door=one", "PUBREL 1", "PUBREL 1"}));
}

void TestOutbound::answersAnUnknownPubrec()
{
    Rig rig({});
    rig.connect(false, false);
    rig.pubrec(8);
    QCOMPARE(rig.sent(), lines({"PUBREL 8 0x92"}));
}

void TestOutbound::takesNoNoticeOfLateAcknowledgements()
{
    Rig rig = rigOfVersion();
    rig.connect(false, false);
    rig.events();
    rig.puback(7);
    rig.pubcomp(7);
    QCOMPARE(rig.events(), QStringList());
    QCOMPARE(rig.sent(), QStringList());
}

void TestOutbound::closesOnAcknowledgementsOfTheWrongKind()
{
    for (int kind = 0; kind < 3; ++kind) {
        Rig rig = rigOfVersion();
        rig.connect(false, false);
        rig.publish("door", "x", kind == 0 ? 1 : 2);
        if (kind == 0)
            rig.pubrec(1);
        if (kind == 1)
            rig.puback(1);
        if (kind == 2)
            rig.pubcomp(1);
        QVERIFY(rig.events().contains(QStringLiteral("close")));
    }
}

void TestOutbound::takesPubackForQos2IfAskedTo()
{
    ClientOptions options;
    options.pubackEndsQos2 = true;
    Rig rig(options);
    rig.connect(false, false);
    rig.publish("door", "x", 2);
    rig.puback(1);
    QCOMPARE(rig.client().snapshot(rig.now()).inflight_size(), 0);
    rig.publish("door", "y", 2);
    const std::uint32_t second = rig.packets().back().publish().packet_id();
    rig.pubrec(second);
    rig.puback(second); // but not after PUBREC
    QVERIFY(rig.events().contains(QStringLiteral("close")));
}

void TestOutbound::neverUsesAnIdTwice()
{
    Rig rig = rigOfVersion();
    rig.connect(false, false);
    rig.publish("door", "held", 1);         // 1
    rig.subscribe(subscribeTo("held"));     // 2
    for (int i = 0; i < 70'000; ++i) {
        rig.publish("door", "x", 1);
        const std::uint32_t id = rig.packets().back().publish().packet_id();
        QVERIFY(id > 2 && id <= 65'535);
        rig.puback(id);
    }
    rig.cut();
    rig.connect(false, true);
    rig.publish("door", "x", 1); // the SUBSCRIBE ended with its connection, the PUBLISH did not
    QVERIFY(rig.packets().back().publish().packet_id() != 1);
}

void TestOutbound::waitsWhenAllIdsAreTaken()
{
    Rig rig({});
    rig.connect(false, false);
    for (int i = 0; i < 65'535; ++i)
        rig.publish("door", "x", 1);
    rig.sent();
    QCOMPARE(rig.client().subscribe(subscribeTo("door"), rig.now()).has_value(), false);
    rig.publish("door", "last", 1);
    QCOMPARE(rig.sent(), QStringList());
    rig.puback(4711);
    QCOMPARE(rig.sent(), lines({"PUBLISH 4711 q1 door=last"}));
}

void TestOutbound::staysInTheReceiveMaximumButDelaysNothingElse()
{
    Rig rig({});
    v1::Connack connack;
    connack.set_receive_maximum(1);
    rig.connect(rig.usual(false), false, connack);
    rig.publish("door", "one", 2);
    rig.publish("door", "two", 1);
    rig.publish("door", "zero", 0);
    rig.subscribe(subscribeTo("door"));
    rig.receivePublish("door", "in", 1, 1);
    rig.pubrec(1);
    QCOMPARE(rig.sent(), lines({"PUBLISH 1 q2 door=one", "PUBLISH q0 door=zero", "SUBSCRIBE 2", "PUBACK 1", "PUBREL 1"}));
    rig.pubcomp(1);
    QCOMPARE(rig.sent(), lines({"PUBLISH 3 q1 door=two"}));
}

void TestOutbound::holdsABoundedNumberOfMessages()
{
    ClientOptions options;
    options.maximumPending = 3;
    Rig rig(options);
    for (int i = 0; i < 4; ++i)
        rig.publish("door", "x", 1);
    QCOMPARE(rig.events(), lines({"refused: 3 messages wait already"}));
    rig.connect(false, false);
    QCOMPARE(rig.sent().size(), 3);
}

void TestOutbound::dropsWhatExpiredBeforeItCouldBeSent()
{
    Rig rig({});
    v1::Publish message;
    message.set_topic("door");
    message.set_qos(1);
    message.set_message_expiry_interval(5);
    rig.publish(message);
    rig.pass(Seconds(5));
    rig.connect(false, false);
    QCOMPARE(rig.sent(), QStringList());
    QVERIFY(rig.events().contains(QStringLiteral("given up")));
}

void TestOutbound::takesWaitingOffTheMessageExpiry()
{
    Rig rig({});
    v1::Publish message;
    message.set_topic("door");
    message.set_qos(1);
    message.set_message_expiry_interval(10);
    rig.publish(message);
    rig.pass(Milliseconds(3'500));
    rig.connect(false, false);
    QCOMPARE(rig.packets().back().publish().message_expiry_interval(), 7u);
    rig.cut();
    rig.pass(Seconds(60)); // once sent, it is completed whatever its expiry
    rig.connect(false, true);
    QCOMPARE(rig.sent().size(), 1);
    QCOMPARE(rig.packets().back().publish().message_expiry_interval(), 7u);
}

void TestOutbound::refusesWhatNoPublishMaySay()
{
    Rig rig({});
    rig.connect(false, false);
    v1::Publish message;
    message.set_topic("door/+");
    QVERIFY(!rig.client().publish(message, rig.now()));
    message.set_topic("");
    QVERIFY(!rig.client().publish(message, rig.now()));
    message.set_topic("door");
    message.set_qos(3);
    QVERIFY(!rig.client().publish(message, rig.now()));
    message.set_qos(1);
    message.add_subscription_identifier(1);
    QVERIFY(!rig.client().publish(message, rig.now()));
    rig.cut();
    rig.publish("door", "zero", 0);
    QCOMPARE(rig.events().last(), QStringLiteral("refused: not connected: QoS 0 is not kept"));
}

void TestOutbound::failsWhatTheServerDoesNotTake()
{
    Rig rig({});
    v1::Connack connack;
    connack.set_maximum_qos(0);
    connack.set_maximum_packet_size(30);
    rig.connect(rig.usual(false), false, connack);
    rig.events();
    rig.publish("door", "x", 1);
    rig.publish("door", std::string(40, 'x'), 0);
    QCOMPARE(rig.sent(), QStringList());
    QCOMPARE(rig.events(), lines({"given up", "given up"}));
}

void TestOutbound::usesAliasesAsFarAsAllowed()
{
    ClientOptions options;
    options.topicAliases = true;
    Rig rig(options);
    v1::Connack connack;
    connack.set_topic_alias_maximum(1);
    rig.connect(rig.usual(false), false, connack);
    rig.publish("a", "1", 0);
    rig.publish("b", "2", 0);
    rig.publish("a", "3", 0);
    QCOMPARE(rig.sent(), lines({"PUBLISH q0 alias 1 a=1", "PUBLISH q0 b=2", "PUBLISH q0 alias 1 =3"}));
}

QTEST_APPLESS_MAIN(TestOutbound)
#include "tst_outbound.moc"
