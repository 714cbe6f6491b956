#include "proto/session/packetids.h"

#include <QTest>

using namespace hiatus;

class TestPacketIds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void neverGivesZeroAndEachOnce();
    void givesFreedOnesLast();
    void passesOverTakenOnes();
    void refusesZeroAndTakenOnes();
};

void TestPacketIds::neverGivesZeroAndEachOnce()
{
    PacketIds ids;
    std::set<PacketId> seen;
    while (const std::optional<PacketId> id = ids.take())
        QVERIFY(*id != 0 && seen.insert(*id).second);
    QCOMPARE(seen.size(), std::size_t{65'535});
    ids.free(4711);
    QCOMPARE(ids.take(), std::optional<PacketId>(4711));
    QVERIFY(!ids.take());
}

void TestPacketIds::givesFreedOnesLast()
{
    PacketIds ids;
    QCOMPARE(ids.take(), std::optional<PacketId>(1));
    ids.free(1);
    QCOMPARE(ids.take(), std::optional<PacketId>(2));
}

void TestPacketIds::passesOverTakenOnes()
{
    PacketIds ids;
    QVERIFY(ids.take(1) && ids.take(2) && ids.take(65'535));
    QCOMPARE(ids.take(), std::optional<PacketId>(3));
    for (int i = 4; i < 65'535; ++i)
        ids.take();
    ids.free(1);
    ids.free(3);
    QCOMPARE(ids.take(), std::optional<PacketId>(1)); // round the end, over 65535 and 0
    QCOMPARE(ids.take(), std::optional<PacketId>(3));
}

void TestPacketIds::refusesZeroAndTakenOnes()
{
    PacketIds ids;
    QVERIFY(!ids.take(0));
    QVERIFY(ids.take(7));
    QVERIFY(!ids.take(7));
    QVERIFY(ids.isTaken(7));
    ids.clear();
    QVERIFY(ids.take(7));
}

QTEST_APPLESS_MAIN(TestPacketIds)
#include "tst_packetids.moc"
