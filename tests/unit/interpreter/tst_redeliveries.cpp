// What 3.1.1 lets a target send again while the connection lives.

#include "scenarios/interpreter/redeliveries.h"

#include <QTest>

using namespace hiatus;
using run::Redeliveries;

namespace {

v1::Publish publishOf(const char *payload, std::uint32_t qos, std::uint32_t id, bool dup)
{
    v1::Publish publish;
    publish.set_topic("door");
    publish.set_payload(payload);
    publish.set_qos(qos);
    publish.set_packet_id(id);
    publish.set_dup(dup);
    return publish;
}

} // namespace

class TestRedeliveries : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyACopyWithDupAndTheSameIdentifierIsOne()
    {
        Redeliveries sent;
        QVERIFY(!sent.isRepeat(publishOf("one", 1, 7, true), 0)); // nothing came before it
        QVERIFY(sent.isRepeat(publishOf("one", 1, 7, true), 0));
        QVERIFY(!sent.isRepeat(publishOf("one", 1, 7, false), 0));
        QVERIFY(!sent.isRepeat(publishOf("one", 1, 8, true), 0));
        QVERIFY(!sent.isRepeat(publishOf("two", 1, 7, true), 0)); // the identifier of a message in flight, given out again
    }

    void lastsUntilOurAcknowledgementIsKnownToBeRead()
    {
        Redeliveries sent;
        QVERIFY(!sent.isRepeat(publishOf("one", 1, 7, false), 4));
        sent.answered(7, 6); // two PINGREQs are under way, or answered, and a third will follow
        QVERIFY(sent.isRepeat(publishOf("one", 1, 7, true), 5));
        QVERIFY(!sent.isRepeat(publishOf("one", 1, 7, true), 6));
    }

    void endsWithPubrel()
    {
        Redeliveries sent;
        QVERIFY(!sent.isRepeat(publishOf("one", 2, 7, false), 0));
        QVERIFY(sent.isRepeat(publishOf("one", 2, 7, true), 0));
        sent.released(7);
        QVERIFY(!sent.isRepeat(publishOf("one", 2, 7, true), 0));
    }

    void leavesQos0Alone()
    {
        Redeliveries sent;
        QVERIFY(!sent.isRepeat(publishOf("one", 0, 0, false), 0));
        QVERIFY(!sent.isRepeat(publishOf("one", 0, 0, true), 0));
    }

    void copiesOfWhatIsNotTracedAreNotEither()
    {
        Redeliveries sent;
        QVERIFY(!sent.isRepeat(publishOf("one", 1, 7, false), 0));
        QVERIFY(!sent.isUntraced(7));
        sent.leaveUntraced(7);
        QVERIFY(sent.isUntraced(7));
        QVERIFY(!sent.isRepeat(publishOf("two", 1, 7, false), 0)); // another message
        QVERIFY(!sent.isUntraced(7));
    }
};

QTEST_GUILESS_MAIN(TestRedeliveries)
#include "tst_redeliveries.moc"
