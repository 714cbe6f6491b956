// Every cut-point of a QoS 1 and QoS 2 exchange, both directions, with the engine kept and rebuilt from its snapshot.

#include "stage.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::broker;
using L = QStringList;

namespace {

/// A persistent subscriber to "t" and a publisher, both connected.
struct Pair
{
    Stage stage;
    bool rebuilt;
    LinkId subscriber = 0;
    LinkId publisher = 0;
    std::uint32_t qos = 0;
    int published = 0;

    Pair(int version, bool isRebuilt, std::uint32_t granted, Rules rules = {})
        : stage(static_cast<v1::Version>(version), {}, std::move(rules)), rebuilt(isRebuilt), qos(granted)
    {
        subscriber = stage.connected({.id = "s"});
        stage.send(subscriber, "subscribe { packet_id: 1 filter { filter: \"t\" qos: " + std::to_string(qos) + " } }");
        stage.take(subscriber);
        publisher = stage.connected({.id = "p"});
    }
    void publish(const std::string &payload)
    {
        const auto id = std::to_string(++published);
        stage.send(publisher, "publish { topic: \"t\" qos: 2 packet_id: " + id + " payload: \"" + payload + "\" }");
        stage.send(publisher, "pubrel { packet_id: " + id + " }");
        stage.take(publisher);
    }
    QStringList answer(const std::string &kind, int id)
    {
        stage.send(subscriber, kind + " { packet_id: " + std::to_string(id) + " }");
        return stage.take(subscriber);
    }
    void lose()
    {
        stage.cut(subscriber);
        if (!rebuilt)
            return;
        stage.restart();
        publisher = stage.connected({.id = "p"});
    }
    /// What follows CONNACK with session present.
    QStringList resume()
    {
        subscriber = stage.connect({.id = "s"});
        auto came = stage.take(subscriber);
        if (came.isEmpty() || !came.takeFirst().startsWith(QStringLiteral("CONNACK session_present=1 code=0x00")))
            came.prepend(QStringLiteral("no session"));
        return came;
    }
};

} // namespace

class TestCutPoints : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sendsWhatWasQueuedWhileAway_data() { bothVersionsAndLives(); }
    void sendsWhatWasQueuedWhileAway()
    {
        QFETCH(int, version);
        QFETCH(bool, rebuilt);
        Pair pair(version, rebuilt, 1);
        pair.lose();
        pair.publish("a");
        pair.publish("b");
        const L queued{QStringLiteral("PUBLISH q1 id=1 t \"a\""), QStringLiteral("PUBLISH q1 id=2 t \"b\"")};
        QCOMPARE(pair.resume(), queued);
        pair.answer("puback", 1);
        pair.answer("puback", 2);
        pair.lose();
        QCOMPARE(pair.resume(), L());
    }

    void resendsPublishWithDupUntilAcknowledged_data() { bothVersionsAndLives(); }
    void resendsPublishWithDupUntilAcknowledged()
    {
        QFETCH(int, version);
        QFETCH(bool, rebuilt);
        Pair pair(version, rebuilt, 1);
        pair.publish("a");
        QCOMPARE(pair.stage.take(pair.subscriber), L{QStringLiteral("PUBLISH q1 id=1 t \"a\"")});
        for (int cut = 0; cut < 3; ++cut) {
            pair.lose();
            QCOMPARE(pair.resume(), L{QStringLiteral("PUBLISH q1 DUP id=1 t \"a\"")});
        }
        QCOMPARE(pair.answer("puback", 1), L());
        pair.lose();
        QCOMPARE(pair.resume(), L());
    }

    void resendsQos2PublishBeforePubrec_data() { bothVersionsAndLives(); }
    void resendsQos2PublishBeforePubrec()
    {
        QFETCH(int, version);
        QFETCH(bool, rebuilt);
        Pair pair(version, rebuilt, 2);
        pair.publish("a");
        pair.lose();
        QCOMPARE(pair.resume(), L{QStringLiteral("PUBLISH q2 DUP id=1 t \"a\"")});
        QCOMPARE(pair.answer("pubrec", 1).size(), 1);
        QCOMPARE(pair.answer("pubcomp", 1), L());
        pair.lose();
        QCOMPARE(pair.resume(), L());
    }

    void resendsOnlyPubrelAfterPubrec_data() { bothVersionsAndLives(); }
    void resendsOnlyPubrelAfterPubrec()
    {
        QFETCH(int, version);
        QFETCH(bool, rebuilt);
        Pair pair(version, rebuilt, 2);
        pair.publish("a");
        QVERIFY(pair.answer("pubrec", 1).last().startsWith(QStringLiteral("PUBREL id=1")));
        for (int cut = 0; cut < 2; ++cut) {
            pair.lose();
            const auto owed = pair.resume();
            QCOMPARE(owed.size(), 1);
            QVERIFY(owed.first().startsWith(QStringLiteral("PUBREL id=1")));
        }
        pair.answer("pubcomp", 1);
        pair.lose();
        QCOMPARE(pair.resume(), L());
    }

    void remembersInboundQos2OverAResume_data() { bothVersionsAndLives(); }
    void remembersInboundQos2OverAResume()
    {
        QFETCH(int, version);
        QFETCH(bool, rebuilt);
        Pair pair(version, rebuilt, 2);
        const std::string first = "publish { topic: \"t\" qos: 2 packet_id: 7 payload: \"x\" }";
        pair.stage.send(pair.publisher, first);
        QCOMPARE(pair.stage.take(pair.subscriber).size(), 1);
        pair.answer("pubrec", 1);
        pair.answer("pubcomp", 1);
        pair.stage.cut(pair.publisher);
        pair.lose();
        pair.resume();
        if (!rebuilt)
            pair.publisher = pair.stage.connected({.id = "p"});
        pair.stage.send(pair.publisher, "publish { topic: \"t\" qos: 2 dup: true packet_id: 7 payload: \"x\" }");
        QVERIFY(pair.stage.take(pair.publisher).first().startsWith(QStringLiteral("PUBREC id=7")));
        QCOMPARE(pair.stage.take(pair.subscriber), L());
        pair.stage.send(pair.publisher, "pubrel { packet_id: 7 }");
        QVERIFY(pair.stage.take(pair.publisher).first().startsWith(QStringLiteral("PUBCOMP id=7")));
        pair.stage.send(pair.publisher, first);
        QCOMPARE(pair.stage.take(pair.subscriber).size(), 1); // after PUBCOMP the identifier means a new message
    }

    void routesHeldMessageAtPubrelOfTheNextConnection_data() { bothVersionsAndLives(); }
    void routesHeldMessageAtPubrelOfTheNextConnection()
    {
        QFETCH(int, version);
        QFETCH(bool, rebuilt);
        Rules rules;
        rules.routesAtPubrel = true;
        Pair pair(version, rebuilt, 2, rules);
        pair.stage.send(pair.publisher, "publish { topic: \"t\" qos: 2 packet_id: 7 payload: \"x\" }");
        QCOMPARE(pair.stage.take(pair.subscriber), L());
        pair.stage.cut(pair.publisher);
        pair.lose();
        pair.resume();
        if (!rebuilt)
            pair.publisher = pair.stage.connected({.id = "p"});
        pair.stage.send(pair.publisher, "pubrel { packet_id: 7 }");
        QCOMPARE(pair.stage.take(pair.subscriber), L{QStringLiteral("PUBLISH q2 id=1 t \"x\"")});
    }

    void answersEveryPubrecAgain()
    {
        Pair pair(v1::V5, false, 2);
        pair.publish("a");
        QCOMPARE(pair.answer("pubrec", 1).size(), 2); // the PUBLISH and the PUBREL
        QCOMPARE(pair.answer("pubrec", 1).size(), 1);
    }

    void endsExchangeAtARefusingPubrec()
    {
        Pair pair(v1::V5, false, 2);
        pair.publish("a");
        pair.stage.take(pair.subscriber);
        pair.stage.send(pair.subscriber, "pubrec { packet_id: 1 code: 0x80 }");
        QCOMPARE(pair.stage.take(pair.subscriber), L());
        pair.lose();
        QCOMPARE(pair.resume(), L());
    }

    void answersUnknownIdentifiers_data() { bothVersions(); }
    void answersUnknownIdentifiers()
    {
        QFETCH(int, version);
        Pair pair(version, false, 2);
        const auto suffix = version == v1::V5 ? QStringLiteral(" code=0x92 Packet Identifier not found") : QString();
        QCOMPARE(pair.answer("pubrel", 9), L{QStringLiteral("PUBCOMP id=9") + suffix});
        QCOMPARE(pair.answer("pubrec", 9), L{QStringLiteral("PUBREL id=9") + suffix});
        QCOMPARE(pair.answer("puback", 9), L());
        QCOMPARE(pair.answer("pubcomp", 9), L());
    }

    void resendsInOrderOfFirstTransmission_data() { bothVersionsAndLives(); }
    void resendsInOrderOfFirstTransmission()
    {
        QFETCH(int, version);
        QFETCH(bool, rebuilt);
        Pair pair(version, rebuilt, 2);
        for (const auto *payload : {"a", "b", "c", "d"})
            pair.publish(payload);
        pair.stage.take(pair.subscriber);
        pair.answer("pubrec", 1);
        pair.answer("pubrec", 3);
        pair.lose();
        pair.publish("e");
        const auto came = pair.resume();
        QCOMPARE(came.size(), 5);
        QVERIFY(came[0].startsWith(QStringLiteral("PUBREL id=1")));
        QCOMPARE(came[1], QStringLiteral("PUBLISH q2 DUP id=2 t \"b\""));
        QVERIFY(came[2].startsWith(QStringLiteral("PUBREL id=3")));
        QCOMPARE(came[3], QStringLiteral("PUBLISH q2 DUP id=4 t \"d\""));
        QCOMPARE(came[4], QStringLiteral("PUBLISH q2 id=5 t \"e\""));
    }
};

QTEST_APPLESS_MAIN(TestCutPoints)
#include "tst_cutpoints.moc"
