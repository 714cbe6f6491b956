// hiatus::Minibroker inside somebody's test: a free port, connections cut on demand, a restart with its sessions.

#include "minibroker/net/minibroker.h"
#include "tests/loopback/packetclient.h"

#include <QSemaphore>
#include <QTest>
#include <QThread>

using namespace hiatus;
using namespace hiatus::loopback;

namespace {

/// The packet client blocks: the broker has to live in a thread of its own.
class Background
{
public:
    explicit Background(MinibrokerOptions options = {}) : m_broker(new Minibroker(std::move(options)))
    {
        m_broker->moveToThread(&m_thread);
        m_thread.start();
        run([this] { isStarted = m_broker->start().has_value(); });
    }
    ~Background()
    {
        run([this] { delete m_broker; });
        m_thread.quit();
        m_thread.wait();
    }
    /// In the broker's thread, to the end.
    void run(const std::function<void()> &task)
    {
        QMetaObject::invokeMethod(m_broker, task, Qt::BlockingQueuedConnection);
    }
    quint16 port() const { return m_broker->port(); }
    Minibroker &broker() { return *m_broker; }
    bool isStarted = false;

private:
    QThread m_thread;
    Minibroker *m_broker;
};

} // namespace

class TestEmbedded : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void startsTwiceOnPortsOfTheirOwn();
    void cutsAConnectionByClientId();
    void cutsInMidHandshake_data();
    void cutsInMidHandshake();
    void losesAPacketOnDemand();
    void restartsWithItsSessions();
    void startsFromAState();
    void refusesUnknownAlterations();
    void readsOlderConnectionsBeforeNewOnes();
    void servesOthersWhileItChecksAPassword();
    void refusesAWrongPasswordAndWhoLeftMeanwhile();
};

void TestEmbedded::startsTwiceOnPortsOfTheirOwn()
{
    Background first, second;
    QVERIFY(first.isStarted && second.isStarted);
    QVERIFY(first.port() != 0 && second.port() != 0 && first.port() != second.port());
}

void TestEmbedded::cutsAConnectionByClientId()
{
    Background background;
    PacketClient client(v1::V3);
    QVERIFY(client.open(background.port()) && client.connect(connectOf("victim")));
    bool isCut = false, isCutAgain = true;
    background.run([&] {
        isCut = background.broker().cut("victim");
        isCutAgain = background.broker().cut("somebody else");
    });
    QVERIFY(isCut);
    QVERIFY(!isCutAgain);
    QVERIFY(!client.next());
}

void TestEmbedded::cutsInMidHandshake_data()
{
    QTest::addColumn<bool>("arrives");
    QTest::newRow("PUBREC lost") << false;
    QTest::newRow("PUBREC arrives") << true;
}

void TestEmbedded::cutsInMidHandshake()
{
    QFETCH(bool, arrives);
    MinibrokerOptions options;
    int cuts = 0;
    options.watcher = [arrives, &cuts](const minibroker::SeenPacket &seen) {
        if (!seen.packet->has_pubrec() || seen.fromClient || cuts++ > 0)
            return minibroker::Fate::Pass;
        return arrives ? minibroker::Fate::CutAfter : minibroker::Fate::CutBefore;
    };
    Background background(std::move(options));
    PacketClient client(v1::V3);
    QVERIFY(client.open(background.port()) && client.connect(connectOf("sender", false)));
    client.send(publishOf("t", "m", 2, 5));
    const auto pubrec = client.next();
    QCOMPARE(pubrec.has_value(), arrives);
    QVERIFY(!client.next()); // gone

    PacketClient again(v1::V3);
    QVERIFY(again.open(background.port()));
    const auto connack = again.connect(connectOf("sender", false));
    QVERIFY(connack && connack->session_present());
    v1::Packet pubrel;
    pubrel.mutable_pubrel()->set_packet_id(5);
    again.send(pubrel);
    const auto pubcomp = again.next();
    QVERIFY(pubcomp && pubcomp->has_pubcomp());
}

void TestEmbedded::losesAPacketOnDemand()
{
    MinibrokerOptions options;
    options.watcher = [](const minibroker::SeenPacket &seen) {
        const bool isFirst = seen.fromClient && seen.packet->has_publish() && !seen.packet->publish().dup();
        return isFirst ? minibroker::Fate::Lose : minibroker::Fate::Pass;
    };
    Background background(std::move(options));
    PacketClient client(v1::V3);
    QVERIFY(client.open(background.port()) && client.connect(connectOf("sender")));
    client.send(publishOf("t", "m", 1, 5));
    auto second = publishOf("t", "m", 1, 6);
    second.mutable_publish()->set_dup(true);
    client.send(second);
    const auto puback = client.next();
    QVERIFY(puback && puback->has_puback());
    QCOMPARE(puback->puback().packet_id(), std::uint32_t(6));
}

void TestEmbedded::restartsWithItsSessions()
{
    Background background;
    const quint16 port = background.port();
    PacketClient client(v1::V3);
    QVERIFY(client.open(port) && client.connect(connectOf("stays", false)));
    bool isRestarted = false;
    std::size_t sessions = 0;
    background.run([&] {
        isRestarted = background.broker().restart().has_value();
        sessions = background.broker().sessions();
    });
    QVERIFY(isRestarted);
    QCOMPARE(sessions, std::size_t(1));
    QCOMPARE(background.port(), port);
    QVERIFY(!client.next());
    PacketClient again(v1::V3);
    QVERIFY(again.open(port));
    const auto connack = again.connect(connectOf("stays", false));
    QVERIFY(connack && connack->session_present());
}

void TestEmbedded::startsFromAState()
{
    v1::BrokerState state;
    auto *session = state.add_session();
    session->set_client_id("earlier");
    session->set_version(v1::V5);
    session->set_session_expiry_interval(NeverExpires);
    Minibroker broker;
    QVERIFY(broker.start(state).has_value());
    QCOMPARE(broker.sessions(), std::size_t(1));
    broker.stop();
    QCOMPARE(broker.snapshot().session_size(), 1);
    QCOMPARE(broker.snapshot().session(0).client_id(), std::string("earlier"));
}

void TestEmbedded::refusesUnknownAlterations()
{
    MinibrokerOptions options;
    options.alterations = {"no-such-thing"};
    Minibroker broker(std::move(options));
    const auto started = broker.start();
    QVERIFY(!started);
    QCOMPARE(started.error().kind, StartProblem::Kind::Options);
    QVERIFY(!broker.isRunning());
}

namespace {

v1::Connect connectAs(const std::string &user, const std::string &password)
{
    v1::Connect connect = connectOf(user);
    connect.set_user_name(user);
    connect.set_password(password);
    return connect;
}

v1::Packet pingreq()
{
    v1::Packet packet;
    packet.mutable_pingreq();
    return packet;
}

/// A check that does not answer until it may.
struct Slow
{
    QSemaphore asked, mayAnswer;
    broker::Authenticator check()
    {
        return [this](std::string_view user, std::string_view password) {
            asked.release();
            mayAnswer.acquire();
            return user == password;
        };
    }
};

v1::Packet packetOf(const v1::Connect &connect)
{
    v1::Packet packet;
    *packet.mutable_connect() = connect;
    return packet;
}

} // namespace

/// What was acknowledged before a takeover is acknowledged, even if the broker sees both at once.
void TestEmbedded::readsOlderConnectionsBeforeNewOnes()
{
    Background background;
    PacketClient old(v1::V3), taker(v1::V3);
    QVERIFY(old.open(background.port()) && old.connect(connectOf("twice", false)));
    old.send(subscribeTo("t", 1));
    QVERIFY(old.next()->has_suback());
    old.send(publishOf("t", "m", 1, 1));
    std::uint32_t id = 0;
    while (id == 0) { // PUBACK and PUBLISH, in either order
        const auto packet = old.next();
        QVERIFY(packet.has_value());
        id = packet->publish().packet_id();
    }
    QSemaphore isBusy, mayGoOn;
    QMetaObject::invokeMethod(&background.broker(), [&] {
        isBusy.release();
        mayGoOn.acquire();
    }, Qt::QueuedConnection);
    isBusy.acquire();
    v1::Packet puback;
    puback.mutable_puback()->set_packet_id(id);
    old.send(puback);
    QVERIFY(taker.open(background.port()));
    taker.sendBytes(wire::encode(packetOf(connectOf("twice", false)), v1::V3) + wire::encode(pingreq(), v1::V3));
    mayGoOn.release();
    const auto connack = taker.next();
    QVERIFY(connack && connack->connack().session_present());
    const auto then = taker.next();
    QVERIFY2(then && then->has_pingresp(), "the message comes again");
}

void TestEmbedded::servesOthersWhileItChecksAPassword()
{
    Slow slow;
    MinibrokerOptions options;
    options.slowAuthenticate = slow.check();
    Background background(std::move(options));
    PacketClient ann(v1::V3), other(v1::V3);
    QVERIFY(ann.open(background.port()) && other.open(background.port()));
    ann.sendBytes(wire::encode(packetOf(connectAs("ann", "ann")), v1::V3) + wire::encode(pingreq(), v1::V3)); // PINGREQ waits behind CONNECT
    slow.asked.acquire();
    const auto connack = other.connect(connectOf("other"));
    QVERIFY(connack && connack->code() == 0);
    slow.mayAnswer.release();
    const auto first = ann.next(), second = ann.next();
    QVERIFY(first && first->has_connack() && first->connack().code() == 0);
    QVERIFY(second && second->has_pingresp());
}

void TestEmbedded::refusesAWrongPasswordAndWhoLeftMeanwhile()
{
    Slow slow;
    MinibrokerOptions options;
    options.slowAuthenticate = slow.check();
    Background background(std::move(options));
    PacketClient leaves(v1::V3), wrong(v1::V3), right(v1::V3);
    QVERIFY(leaves.open(background.port()) && wrong.open(background.port()) && right.open(background.port()));
    leaves.send(packetOf(connectAs("leaves", "leaves")));
    slow.asked.acquire();
    leaves.reset();
    slow.mayAnswer.release(3);
    const auto refused = wrong.connect(connectAs("wrong", "guess"));
    QVERIFY(refused && refused->code() == 4);
    const auto accepted = right.connect(connectAs("right", "right"));
    QVERIFY(accepted && accepted->code() == 0);
    // One whose answer comes as the broker stops is not missed.
    PacketClient late(v1::V3);
    QVERIFY(late.open(background.port()));
    late.send(packetOf(connectAs("late", "late")));
    slow.asked.acquire(3); // the other two, and this one
    slow.mayAnswer.release();
    background.run([&] { background.broker().stop(); });
    QVERIFY(background.broker().sessions() <= 1);
}

QTEST_GUILESS_MAIN(TestEmbedded)
#include "tst_embedded.moc"
