// What the server sends: answers, order, acknowledgement under the application's control.

#include "tests/unit/client/rig.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::client;

class TestInbound : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersByQos_data() { addVersions(); }
    void answersByQos();
    void handsOverWhatComesRightBehindConnack_data() { addVersions(); }
    void handsOverWhatComesRightBehindConnack();
    void answersAnUnknownPubrel_data() { addLives(); }
    void answersAnUnknownPubrel();
    void takesAUsedIdAsNewAfterPuback_data() { addVersions(); }
    void takesAUsedIdAsNewAfterPuback();
    void keepsDirectionsApart_data() { addVersions(); }
    void keepsDirectionsApart();
    void acknowledgesInTheOrderOfArrival_data() { addVersions(); }
    void acknowledgesInTheOrderOfArrival();
    void staysSilentUntilTheApplicationAcknowledges_data() { addLives(); }
    void staysSilentUntilTheApplicationAcknowledges();
    void sendsNoStaleAcknowledgement_data() { addVersions(); }
    void sendsNoStaleAcknowledgement();
    void remembersAcknowledgementsMadeOffline_data() { addVersions(); }
    void remembersAcknowledgementsMadeOffline();
    void resolvesAliasesOfThisConnectionOnly();
    void refusesAliasesThatWereNotAgreedOn_data();
    void refusesAliasesThatWereNotAgreedOn();
    void closesWhenItsReceiveMaximumIsExceeded();
    void allowsTheServerWhatCarriedOverExchangesGive();
};

namespace {

Rig rigOf(bool manual = false, Life life = Life::Kept)
{
    QFETCH(v1::Version, version);
    ClientOptions options;
    options.version = version;
    options.manualAcknowledge = manual;
    return Rig(options, life);
}

v1::Packet aliasedPublish(const char *topic, std::uint32_t alias)
{
    v1::Packet packet;
    packet.mutable_publish()->set_topic(topic);
    packet.mutable_publish()->set_payload("x");
    packet.mutable_publish()->set_topic_alias(alias);
    return packet;
}

} // namespace

void TestInbound::answersByQos()
{
    Rig rig = rigOf();
    rig.connect(false, false);
    rig.receivePublish("door", "zero", 0, 0);
    rig.receivePublish("door", "one", 1, 1);
    rig.receivePublish("door", "two", 2, 2);
    rig.pubrel(2);
    QCOMPARE(rig.sent(), lines({"PUBACK 1", "PUBREC 2", "PUBCOMP 2"}));
    QCOMPARE(rig.events(), lines({"open", "connected", "delivered door=zero", "delivered door=one", "delivered door=two"}));
}

void TestInbound::handsOverWhatComesRightBehindConnack()
{
    Rig rig = rigOf();
    rig.connect(false, false);
    rig.cut();
    rig.connect(false, true);
    rig.receivePublish("door", "kept", 1, 7);
    QCOMPARE(rig.events().last(), QStringLiteral("delivered door=kept"));
    QCOMPARE(rig.sent(), lines({"PUBACK 7"}));
}

void TestInbound::answersAnUnknownPubrel()
{
    QFETCH(v1::Version, version);
    QFETCH(Life, life);
    Rig rig = rigOf(false, life);
    rig.connect(false, false);
    rig.cut();
    rig.connect(false, true);
    rig.pubrel(99);
    QCOMPARE(rig.sent(), version == v1::V5 ? lines({"PUBCOMP 99 0x92"}) : lines({"PUBCOMP 99"}));
    rig.receivePublish("door", "still here", 1, 1);
    QCOMPARE(rig.sent(), lines({"PUBACK 1"}));
}

void TestInbound::takesAUsedIdAsNewAfterPuback()
{
    Rig rig = rigOf();
    rig.connect(false, false);
    rig.events();
    rig.receivePublish("door", "one", 1, 3);
    rig.receivePublish("door", "one again", 1, 3, true);
    QCOMPARE(rig.events(), lines({"delivered door=one", "delivered door=one again"}));
}

void TestInbound::keepsDirectionsApart()
{
    Rig rig = rigOf();
    rig.connect(false, false);
    rig.publish("door", "out", 2);
    rig.receivePublish("door", "in", 2, 1);
    rig.pubrec(1);
    rig.pubrel(1);
    rig.pubcomp(1);
    QCOMPARE(rig.sent(), lines({"PUBLISH 1 q2 door=out", "PUBREC 1", "PUBREL 1", "PUBCOMP 1"}));
    QCOMPARE(rig.events().last(), QStringLiteral("completed 0"));
}

void TestInbound::acknowledgesInTheOrderOfArrival()
{
    Rig rig = rigOf(true);
    rig.connect(false, false);
    std::vector<Token> tokens;
    for (std::uint32_t id = 1; id <= 4; ++id) {
        rig.receivePublish("door", "x", id % 2 == 0 ? 2 : 1, id);
        tokens.push_back(rig.lastDelivery());
    }
    rig.acknowledge(tokens[3]);
    rig.acknowledge(tokens[2]);
    QCOMPARE(rig.sent(), QStringList());
    rig.acknowledge(tokens[1]);
    QCOMPARE(rig.sent(), lines({"PUBREC 2", "PUBREC 4"}));
    rig.acknowledge(tokens[0]);
    QCOMPARE(rig.sent(), lines({"PUBACK 1", "PUBACK 3"}));
    QVERIFY(!rig.acknowledge(tokens[0]).empty()); // once
}

void TestInbound::staysSilentUntilTheApplicationAcknowledges()
{
    QFETCH(Life, life);
    Rig rig = rigOf(true, life);
    rig.connect(false, false);
    rig.receivePublish("door", "one", 1, 1);
    rig.receivePublish("door", "two", 2, 2);
    rig.cut();
    rig.connect(false, true);
    rig.events();
    rig.receivePublish("door", "one", 1, 1, true);
    rig.receivePublish("door", "two", 2, 2, true);
    QCOMPARE(rig.sent(), QStringList());
    // A client that lives on has handed over the QoS 2 message; a rebuilt one can't know and its application hasn't it.
    QCOMPARE(rig.events(), life == Life::Kept ? lines({"delivered door=one"})
                                              : lines({"delivered door=one", "delivered door=two"}));
}

void TestInbound::sendsNoStaleAcknowledgement()
{
    Rig rig = rigOf(true);
    rig.connect(false, false);
    rig.receivePublish("door", "one", 1, 1);
    const Token old = rig.lastDelivery();
    rig.cut();
    rig.connect(false, true);
    QVERIFY(!rig.acknowledge(old).empty());
    QCOMPARE(rig.sent(), QStringList());
    rig.receivePublish("door", "one", 1, 1, true);
    QVERIFY(rig.acknowledge(rig.lastDelivery()).empty());
    QCOMPARE(rig.sent(), lines({"PUBACK 1"}));
}

void TestInbound::remembersAcknowledgementsMadeOffline()
{
    Rig rig = rigOf(true);
    rig.connect(false, false);
    rig.receivePublish("door", "two", 2, 2);
    const Token token = rig.lastDelivery();
    rig.cut();
    QCOMPARE(rig.acknowledge(token), std::string());
    rig.connect(false, true);
    QCOMPARE(rig.sent(), QStringList());
    rig.receivePublish("door", "two", 2, 2, true);
    QCOMPARE(rig.sent(), lines({"PUBREC 2"}));
}

void TestInbound::resolvesAliasesOfThisConnectionOnly()
{
    Rig rig({});
    v1::Connect connect = rig.usual(false);
    connect.set_topic_alias_maximum(5);
    rig.connect(connect, false);
    rig.events();
    rig.receive(aliasedPublish("door", 1));
    rig.receive(aliasedPublish("", 1));
    QCOMPARE(rig.events(), lines({"delivered door=x", "delivered door=x"}));
    rig.cut();
    rig.connect(connect, true);
    rig.events();
    rig.receive(aliasedPublish("", 1));
    QCOMPARE(rig.events(), lines({"close", "disconnected"}));
    QCOMPARE(rig.packets().back().disconnect().code(), 0x82u);
}

void TestInbound::refusesAliasesThatWereNotAgreedOn_data()
{
    QTest::addColumn<quint32>("alias");
    QTest::newRow("zero") << 0u;
    QTest::newRow("above our maximum") << 6u;
}

void TestInbound::refusesAliasesThatWereNotAgreedOn()
{
    QFETCH(quint32, alias);
    Rig rig({});
    v1::Connect connect = rig.usual(false);
    connect.set_topic_alias_maximum(5);
    rig.connect(connect, false);
    rig.receive(aliasedPublish("door", alias));
    QCOMPARE(rig.packets().back().disconnect().code(), 0x94u);
}

void TestInbound::closesWhenItsReceiveMaximumIsExceeded()
{
    ClientOptions options;
    options.manualAcknowledge = true;
    Rig rig(options);
    v1::Connect connect = rig.usual(false);
    connect.set_receive_maximum(2);
    rig.connect(connect, false);
    rig.receivePublish("door", "1", 1, 1);
    rig.receivePublish("door", "2", 2, 2);
    rig.receivePublish("door", "2", 2, 2, true); // the same exchange
    QCOMPARE(rig.sent(), QStringList());
    rig.receivePublish("door", "3", 1, 3);
    QCOMPARE(rig.sent(), lines({"DISCONNECT 0x93"}));
}

void TestInbound::allowsTheServerWhatCarriedOverExchangesGive()
{
    ClientOptions options;
    Rig rig(options);
    v1::Connect connect = rig.usual(false);
    connect.set_receive_maximum(1);
    rig.connect(connect, false);
    rig.receivePublish("door", "0", 2, 9);
    rig.cut();
    rig.connect(connect, true);
    rig.receivePublish("door", "1", 2, 1);
    rig.pubrel(9);
    rig.receivePublish("door", "2", 2, 2);
    QVERIFY(!rig.events().contains(QStringLiteral("close")));
    rig.receivePublish("door", "3", 2, 3);
    QVERIFY(rig.events().contains(QStringLiteral("close")));
}

QTEST_APPLESS_MAIN(TestInbound)
#include "tst_inbound.moc"
