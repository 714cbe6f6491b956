// What NetworkWorld does to a connection, proved at the other end of the socket.

#include "tests/loopback/peer.h"
#include "tests/loopback/recorder.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::loopback;
using world::Ending;
using Endings = std::vector<std::pair<LinkId, Ending>>;

namespace {

world::NetworkOptions towards(const PeerListener &listener)
{
    world::NetworkOptions options;
    options.target.host = "127.0.0.1";
    options.target.port = listener.port();
    return options;
}

/// A world with one open link, and its peer.
struct Pair
{
    explicit Pair(PeerListener &peers) : hub(towards(peers)), world(hub), told(world), link(world.connect(0))
    {
        isUp = eventually([&] {
            if (!peer)
                peer = peers.accept();
            return peer && told.isOpen(link);
        });
    }
    /// Everything until the stream ends; how it ended.
    Peer::Told readAll(std::string &into)
    {
        Peer::Told last = Peer::Told::Nothing;
        eventually([&] {
            do
                last = peer->receive(into);
            while (last == Peer::Told::Bytes);
            return last != Peer::Told::Nothing;
        });
        return last;
    }
    /// A whole turn of the loop in which this pair had its chance: another link is opened and closed.
    bool fence(PeerListener &peers)
    {
        const LinkId other = world.connect(0);
        std::unique_ptr<Peer> otherPeer;
        return eventually([&] { return otherPeer || (otherPeer = peers.accept()); })
               && eventually([&] { return told.isOpen(other); })
               && (world.reset(other), eventually([&] { return !told.endings.empty() && told.endings.back().first == other; }));
    }

    world::NetworkHub hub;
    world::NetworkWorld world;
    Recorder told;
    LinkId link;
    std::unique_ptr<Peer> peer;
    bool isUp = false;
};

} // namespace

class TestNetworkWorld : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finComesAfterAllBytesAndReadingGoesOn();
    void rstIsSeenAsConnectionReset_data();
    void rstIsSeenAsConnectionReset();
    void halfOpenLinkStaysOpenAndUnread();
    void closeOfAnUnreadLinkIsToldOnResume();
    void peersResetIsTold();
    void oneWriteIsOneSegment_data();
    void oneWriteIsOneSegment();
    void splitWritesAreSegmentsOfTheirOwn();
    void refusedConnectionIsToldWithWhy();
    void connectionsBeyondTheBoundWait();
    void connectionsHaveTheirTurns();
    void furtherEndpointsAreElsewhere();
    void wakesNotBeforeTheInstantAskedFor();
    void latestWakeCounts();
    void latenessOfTheLoopIsMeasured();
};

void TestNetworkWorld::finComesAfterAllBytesAndReadingGoesOn()
{
    PeerListener peers;
    Pair pair(peers);
    QVERIFY(pair.isUp);
    const std::string chunk(1'000'000, 'x'); // more than the kernel takes at once
    for (int i = 0; i < 5; ++i)
        pair.world.write(pair.link, chunk);
    pair.world.shutdown(pair.link);
    std::string bytes;
    QCOMPARE(pair.readAll(bytes), Peer::Told::End);
    QCOMPARE(bytes.size(), 5 * chunk.size());

    QCOMPARE(pair.peer->send("late answer"), std::size_t(11));
    QVERIFY(eventually([&] { return pair.told.bytesOf[pair.link] == "late answer"; }));
    QVERIFY(pair.told.endings.empty());
    pair.peer.reset();
    QVERIFY(eventually([&] { return !pair.told.endings.empty(); }));
    QCOMPARE(pair.told.endings, (Endings{{pair.link, Ending::Closed}}));
}

void TestNetworkWorld::rstIsSeenAsConnectionReset_data()
{
    QTest::addColumn<bool>("isUnread");
    QTest::newRow("nothing unread") << false;
    QTest::newRow("bytes from the peer unread") << true;
}

void TestNetworkWorld::rstIsSeenAsConnectionReset()
{
    QFETCH(bool, isUnread);
    PeerListener peers;
    Pair pair(peers);
    QVERIFY(pair.isUp);
    if (isUnread) {
        pair.world.stopReading(pair.link);
        pair.peer->send("never read");
    }
    pair.world.reset(pair.link);
    QVERIFY(pair.told.endings.empty()); // not from inside our call
    std::string bytes;
    QCOMPARE(pair.readAll(bytes), Peer::Told::Reset);
    QVERIFY(eventually([&] { return !pair.told.endings.empty(); }));
    QVERIFY(pair.fence(peers));
    QCOMPARE(pair.told.endings.front(), (std::pair{pair.link, Ending::Reset}));
    QCOMPARE(pair.told.endings.size(), std::size_t(2)); // this link's and the fence's
}

void TestNetworkWorld::halfOpenLinkStaysOpenAndUnread()
{
    PeerListener peers;
    Pair pair(peers);
    QVERIFY(pair.isUp);
    pair.peer->shrinkSendBuffer();
    pair.world.stopReading(pair.link);
    const std::string chunk(64 * 1024, 'y');
    std::size_t sent = 0;
    // The peer's kernel stops taking once ours has stopped: nobody reads.
    for (std::size_t taken = 1; taken > 0 && sent < 64'000'000; sent += taken)
        taken = pair.peer->send(chunk);
    QVERIFY(sent < 64'000'000);
    QVERIFY(pair.fence(peers));
    QVERIFY(pair.told.bytesOf[pair.link].empty());
    std::string bytes;
    QCOMPARE(pair.peer->receive(bytes), Peer::Told::Nothing); // no FIN, no RST

    pair.world.resumeReading(pair.link);
    QVERIFY(eventually([&] { return pair.told.bytesOf[pair.link].size() == sent; }));
}

void TestNetworkWorld::closeOfAnUnreadLinkIsToldOnResume()
{
    PeerListener peers;
    Pair pair(peers);
    QVERIFY(pair.isUp);
    pair.world.stopReading(pair.link);
    pair.peer->send("goodbye");
    pair.peer.reset();
    QVERIFY(pair.fence(peers));
    QCOMPARE(pair.told.endings.size(), std::size_t(1)); // the fence's

    pair.world.resumeReading(pair.link);
    QVERIFY(eventually([&] { return pair.told.endings.size() == 2; }));
    QCOMPARE(pair.told.bytesOf[pair.link], std::string("goodbye"));
    QCOMPARE(pair.told.endings.back(), (std::pair{pair.link, Ending::Closed}));
}

void TestNetworkWorld::peersResetIsTold()
{
    PeerListener peers;
    Pair pair(peers);
    QVERIFY(pair.isUp);
    pair.world.write(pair.link, "never read");
    QVERIFY(pair.fence(peers));
    pair.told.endings.clear();
    pair.peer.reset(); // a close over unread bytes is a reset
    QVERIFY(eventually([&] { return !pair.told.endings.empty(); }));
    QCOMPARE(pair.told.endings, (Endings{{pair.link, Ending::Reset}}));
}

void TestNetworkWorld::oneWriteIsOneSegment_data()
{
    QTest::addColumn<int>("bytes");
    QTest::newRow("one byte") << 1;
    QTest::newRow("a few packets") << 300;
    QTest::newRow("sixteen KiB") << 16 * 1024;
}

void TestNetworkWorld::oneWriteIsOneSegment()
{
    QFETCH(int, bytes);
    PeerListener peers;
    Pair pair(peers);
    QVERIFY(pair.isUp);
    pair.world.write(pair.link, std::string(std::size_t(bytes), 'z'));
    std::string received;
    QVERIFY(eventually([&] { return pair.peer->receive(received) == Peer::Told::Bytes; }));
    QCOMPARE(received.size(), std::size_t(bytes)); // by the first recv()
    QCOMPARE(pair.peer->dataSegmentsIn(), std::uint32_t(1));
}

void TestNetworkWorld::splitWritesAreSegmentsOfTheirOwn()
{
    PeerListener peers;
    Pair pair(peers);
    QVERIFY(pair.isUp);
    for (const char *part : {"CONN", "ECT and", " more"})
        pair.world.write(pair.link, part);
    std::string received;
    QVERIFY(eventually([&] { return pair.peer->receive(received), received.size() == 16; }));
    QCOMPARE(received, std::string("CONNECT and more"));
    QCOMPARE(pair.peer->dataSegmentsIn(), std::uint32_t(3));
}

void TestNetworkWorld::refusedConnectionIsToldWithWhy()
{
    const PeerListener nobody(false);
    world::NetworkHub hub(towards(nobody));
    world::NetworkWorld world(hub);
    Recorder told(world);
    const LinkId link = world.connect(0);
    QVERIFY(told.endings.empty());
    QVERIFY(eventually([&] { return !told.endings.empty(); }));
    QCOMPARE(told.endings, (Endings{{link, Ending::Refused}}));
    QVERIFY(told.openedLinks.empty());
}

void TestNetworkWorld::connectionsBeyondTheBoundWait()
{
    PeerListener peers;
    auto options = towards(peers);
    options.connections = 2;
    world::NetworkHub hub(options);
    world::NetworkWorld first(hub);
    world::NetworkWorld second(hub);
    Recorder toldFirst(first);
    Recorder toldSecond(second);
    const LinkId a = first.connect(0);
    const LinkId b = first.connect(0);
    const LinkId c = second.connect(0);
    QVERIFY(eventually([&] { return toldFirst.isOpen(a) && toldFirst.isOpen(b); }));
    QCOMPARE(hub.open(), std::size_t(2));
    QCOMPARE(hub.waiting(), std::size_t(1));
    QVERIFY(!toldSecond.isOpen(c));
    constexpr Milliseconds held{200};
    QVERIFY(eventually([&, since = hub.now()] { return hub.now() - since >= held; }));
    first.reset(a);
    QVERIFY(eventually([&] { return toldSecond.isOpen(c); }));
    QCOMPARE(hub.open(), std::size_t(2));
    QVERIFY(second.worstLateness() >= held); // whoever has to wait for a place is late, and nothing that comes of it is claimed
}

void TestNetworkWorld::connectionsHaveTheirTurns()
{
    PeerListener peers;
    auto options = towards(peers);
    options.connectsPerSecond = 20;
    world::NetworkHub hub(options);
    world::NetworkWorld world(hub);
    Recorder told(world);
    const Time began = hub.now();
    LinkId last = 0;
    for (int i = 0; i < 5; ++i)
        last = world.connect(0);
    QVERIFY(hub.waiting() > 0);
    QVERIFY(eventually([&] { return told.isOpen(last); }));
    QVERIFY(hub.now() - began >= Milliseconds(195)); // four turns after the first; a millisecond each is lost in rounding
}

void TestNetworkWorld::furtherEndpointsAreElsewhere()
{
    PeerListener here;
    PeerListener there;
    auto options = towards(here);
    options.endpoints.push_back(towards(there).target);
    world::NetworkHub hub(options);
    world::NetworkWorld world(hub);
    Recorder told(world);
    const LinkId link = world.connect(1);
    std::unique_ptr<Peer> peer;
    QVERIFY(eventually([&] {
        if (!peer)
            peer = there.accept();
        return peer && told.isOpen(link);
    }));
    QVERIFY(!here.accept());
}

void TestNetworkWorld::wakesNotBeforeTheInstantAskedFor()
{
    const PeerListener peers;
    world::NetworkHub hub(towards(peers));
    world::NetworkWorld world(hub);
    Recorder told(world);
    const Time due = world.now() + Milliseconds(30);
    world.wakeAt(due);
    QVERIFY(eventually([&] { return !told.wokeAt.empty(); }));
    QCOMPARE(told.wokeAt.size(), std::size_t(1));
    QVERIFY(told.wokeAt.front() >= due);
    world.wakeAt(world.now() - Milliseconds(5)); // past: as soon as the loop turns
    QCOMPARE(told.wokeAt.size(), std::size_t(1));
    QVERIFY(eventually([&] { return told.wokeAt.size() == 2; }));
}

void TestNetworkWorld::latestWakeCounts()
{
    const PeerListener peers;
    world::NetworkHub hub(towards(peers));
    world::NetworkWorld replaced(hub);
    world::NetworkWorld cancelled(hub);
    world::NetworkWorld last(hub);
    Recorder toldReplaced(replaced);
    Recorder toldCancelled(cancelled);
    Recorder toldLast(last);
    const Time start = hub.now();
    for (world::NetworkWorld *world : {&replaced, &cancelled})
        world->wakeAt(start + Milliseconds(5));
    replaced.wakeAt(start + Milliseconds(20));
    cancelled.wakeAt(Time::max());
    last.wakeAt(start + Milliseconds(40));
    QVERIFY(eventually([&] { return !toldLast.wokeAt.empty(); }));
    QCOMPARE(toldReplaced.wokeAt.size(), std::size_t(1));
    QVERIFY(toldReplaced.wokeAt.front() >= start + Milliseconds(20));
    QVERIFY(toldCancelled.wokeAt.empty());
}

void TestNetworkWorld::latenessOfTheLoopIsMeasured()
{
    const PeerListener peers;
    world::NetworkHub hub(towards(peers));
    world::NetworkWorld world(hub);
    const Time until = hub.now() + Milliseconds(300);
    while (hub.now() < until) { // serve nobody
    }
    QVERIFY(world.worstLateness() >= Milliseconds(200));
    QVERIFY(eventually([&] { return hub.now() > until + Milliseconds(100); }));
    QVERIFY(world.worstLateness() >= Milliseconds(200)); // remembered
    world.restartLateness();
    QVERIFY(world.worstLateness() < Milliseconds(200));
}

QTEST_GUILESS_MAIN(TestNetworkWorld)
#include "tst_networkworld.moc"
