// minibroker --store: what was acknowledged survives kill -9; downtime counts; a store that is none is left alone.

#include "minibroker/store/sqlitestore.h"
#include "tests/loopback/brokerprocess.h"
#include "tests/loopback/packetclient.h"

#include <QFile>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>

using namespace hiatus;
using namespace hiatus::loopback;

namespace {

Time wallTime()
{
    return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
}

v1::ServerSession storedSession(const std::string &clientId, std::uint32_t expiry, Time disconnectedAt)
{
    v1::ServerSession session;
    session.set_client_id(clientId);
    session.set_version(v1::V5);
    session.set_session_expiry_interval(expiry);
    session.set_disconnected_at(disconnectedAt.time_since_epoch().count());
    return session;
}

} // namespace

class TestBrokerStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void keepsEveryRowOfTheJournal();
    void secondProcessIsRefused();
    void expiryCountsThroughTheDowntime();
    void willDelayCountsThroughTheDowntime();
    void connectedSessionEndedWithTheLastCommit();
    void stateSurvivesKillAndSigterm_data();
    void stateSurvivesKillAndSigterm();
    void refusesWhatIsNoStore_data();
    void refusesWhatIsNoStore();

private:
    bool makeBadStore(const QString &kind) const;
    bool execute(const QString &sql) const;
    QString file() const { return m_directory->filePath(QStringLiteral("store")); }
    std::unique_ptr<QTemporaryDir> m_directory;
};

void TestBrokerStore::keepsEveryRowOfTheJournal()
{
    using namespace broker::journal;
    const Time then{Milliseconds(1'700'000'000'000)};
    const std::string bom = "\xEF\xBB\xBFid"; // a byte order mark is part of a client id [5.0 MQTT-1.5.4-3]
    v1::Subscription subscription;
    subscription.mutable_filter()->set_filter("a/#");
    subscription.mutable_filter()->set_qos(2);
    subscription.set_identifier(77);
    v1::StoredMessage message;
    message.mutable_publish()->set_topic("a/b");
    message.mutable_publish()->set_payload(std::string("\0\xFF", 2));
    v1::Received receipt;
    receipt.set_packet_id(9);
    const Entries entries{Cleared{},
                          SessionPut{storedSession(bom, 100, then)},
                          SubscriptionPut{bom, subscription},
                          SubscriptionPut{bom, subscription},
                          MessageQueued{bom, 1, message},
                          MessageQueued{bom, 2, message},
                          MessageQueued{bom, 3, message},
                          MessageQueued{bom, 4, message},
                          InflightPut{bom, 3, 1, 30, v1::AWAIT_PUBREC},
                          InflightPut{bom, 1, 2, 10, v1::AWAIT_PUBACK},
                          InflightPut{bom, 3, 1, 30, v1::AWAIT_PUBCOMP},
                          MessageRemoved{bom, 4},
                          ReceivedPut{bom, receipt},
                          RetainedPut{message},
                          SessionPut{storedSession("gone", 1, then)},
                          SubscriptionPut{"gone", subscription},
                          MessageQueued{"gone", 5, message},
                          SessionRemoved{"gone"}};
    {
        auto store = broker::SqliteStore::open(file().toStdString());
        QVERIFY2(store.has_value(), store ? "" : store.error().c_str());
        QVERIFY((*store)->commit(entries, then).has_value());
    }
    auto store = broker::SqliteStore::open(file().toStdString());
    QVERIFY2(store.has_value(), store ? "" : store.error().c_str());
    const auto state = (*store)->load();
    QVERIFY2(state.has_value(), state ? "" : state.error().c_str());
    QCOMPARE(state->session_size(), 1);
    const auto &session = state->session(0);
    QCOMPARE(session.client_id(), bom);
    QCOMPARE(session.subscription_size(), 1);
    QCOMPARE(session.subscription(0).identifier(), std::uint32_t(77));
    QCOMPARE(session.inflight_size(), 2); // in the order of first transmission
    QCOMPARE(session.inflight(0).packet_id(), std::uint32_t(30));
    QCOMPARE(session.inflight(0).stage(), v1::AWAIT_PUBCOMP);
    QCOMPARE(session.inflight(1).packet_id(), std::uint32_t(10));
    QCOMPARE(session.inflight(1).message().publish().payload(), message.publish().payload());
    QCOMPARE(session.pending_size(), 1);
    QCOMPARE(session.received_size(), 1);
    QCOMPARE(session.received(0).packet_id(), std::uint32_t(9));
    QCOMPARE(state->retained_size(), 1);

    QVERIFY((*store)->commit({SubscriptionRemoved{bom, "a/#"}, ReceivedRemoved{bom, 9}, RetainedRemoved{"a/b"}}, then));
    const auto less = (*store)->load();
    QVERIFY(less.has_value());
    QCOMPARE(less->session(0).subscription_size(), 0);
    QCOMPARE(less->session(0).received_size(), 0);
    QCOMPARE(less->retained_size(), 0);
}

void TestBrokerStore::secondProcessIsRefused()
{
    BrokerProcess first;
    QVERIFY(first.start({QStringLiteral("--store"), file()}));
    const Ended second = runBroker({QStringLiteral("--port"), QStringLiteral("0"), QStringLiteral("--store"), file()});
    QCOMPARE(second.status, 65);
    QVERIFY2(second.error.contains(QStringLiteral("is in use by another process")), qPrintable(second.error));
}

void TestBrokerStore::expiryCountsThroughTheDowntime()
{
    {
        auto store = broker::SqliteStore::open(file().toStdString());
        QVERIFY(store.has_value());
        const Time hourAgo = wallTime() - std::chrono::hours(1);
        QVERIFY((*store)->commit({broker::journal::SessionPut{storedSession("short", 1'800, hourAgo)},
                                  broker::journal::SessionPut{storedSession("long", 7'200, hourAgo)}}, hourAgo));
    }
    BrokerProcess broker;
    QVERIFY(broker.start({QStringLiteral("--store"), file()}));
    for (const bool isLong : {false, true}) {
        PacketClient client(v1::V5);
        QVERIFY(client.open(broker.port()));
        const auto connack = client.connect(connectOf(isLong ? "long" : "short", false));
        QVERIFY(connack.has_value());
        QCOMPARE(connack->session_present(), isLong);
    }
}

void TestBrokerStore::willDelayCountsThroughTheDowntime()
{
    const Time hourAgo = wallTime() - std::chrono::hours(1);
    broker::journal::Entries entries;
    for (const std::uint32_t delay : {1'800u, 7'200u}) {
        auto session = storedSession("dead" + std::to_string(delay), NeverExpires, hourAgo);
        auto &will = *session.mutable_will()->mutable_will();
        will.set_topic("will");
        will.set_payload("after " + std::to_string(delay));
        will.set_delay_interval(delay);
        will.set_qos(1);
        session.mutable_will()->set_due_at((hourAgo + std::chrono::seconds(delay)).time_since_epoch().count());
        entries.emplace_back(broker::journal::SessionPut{session});
    }
    v1::Subscription subscription;
    subscription.mutable_filter()->set_filter("will");
    subscription.mutable_filter()->set_qos(1);
    entries.emplace_back(broker::journal::SessionPut{storedSession("heir", NeverExpires, hourAgo)});
    entries.emplace_back(broker::journal::SubscriptionPut{"heir", subscription});
    {
        auto store = broker::SqliteStore::open(file().toStdString());
        QVERIFY(store.has_value());
        QVERIFY((*store)->commit(entries, hourAgo));
    }
    BrokerProcess broker;
    QVERIFY(broker.start({QStringLiteral("--store"), file()}));
    PacketClient heir(v1::V5);
    QVERIFY(heir.open(broker.port()));
    const auto connack = heir.connect(connectOf("heir", false));
    QVERIFY(connack && connack->session_present());
    const auto will = heir.next();
    QVERIFY(will && will->has_publish());
    QCOMPARE(will->publish().payload(), std::string("after 1800"));
    v1::Packet ping;
    ping.mutable_pingreq();
    heir.send(ping);
    const auto pong = heir.next(); // the other will is not due yet
    QVERIFY(pong && pong->has_pingresp());
}

void TestBrokerStore::connectedSessionEndedWithTheLastCommit()
{
    const Time hourAgo = wallTime() - std::chrono::hours(1);
    auto connected = storedSession("was-connected", 1'800, hourAgo);
    connected.clear_disconnected_at();
    auto store = broker::SqliteStore::open(file().toStdString());
    QVERIFY(store.has_value());
    QVERIFY((*store)->commit({broker::journal::SessionPut{connected}}, hourAgo));
    const auto state = (*store)->load();
    QVERIFY(state.has_value());
    QCOMPARE(state->session(0).disconnected_at(), std::int64_t(hourAgo.time_since_epoch().count()));
}

void TestBrokerStore::stateSurvivesKillAndSigterm_data()
{
    QTest::addColumn<bool>("isKilled");
    QTest::newRow("kill -9") << true;
    QTest::newRow("SIGTERM") << false;
}

void TestBrokerStore::stateSurvivesKillAndSigterm()
{
    QFETCH(bool, isKilled);
    BrokerProcess broker;
    QVERIFY(broker.start({QStringLiteral("--store"), file()}));
    {
        PacketClient reader(v1::V3), writer(v1::V3);
        QVERIFY(reader.open(broker.port()) && reader.connect(connectOf("reader", false)));
        reader.send(subscribeTo("s/+", 2));
        QVERIFY(reader.next());
        reader.reset();
        QVERIFY(writer.open(broker.port()) && writer.connect(connectOf("writer", false)));
        auto retained = publishOf("s/retained", "stays", 1, 1);
        retained.mutable_publish()->set_retain(true);
        writer.send(retained);
        QVERIFY(writer.next());
        writer.send(publishOf("s/2", "once", 2, 2));
        const auto pubrec = writer.next();
        QVERIFY(pubrec && pubrec->has_pubrec());
        if (isKilled)
            broker.kill();
        else
            QCOMPARE(broker.terminate(), 0);
    }
    QVERIFY(broker.start({QStringLiteral("--store"), file()}));
    PacketClient reader(v1::V3), writer(v1::V3);
    QVERIFY(writer.open(broker.port()));
    const auto resumed = writer.connect(connectOf("writer", false));
    QVERIFY(resumed && resumed->session_present());
    auto again = publishOf("s/2", "once", 2, 2);
    again.mutable_publish()->set_dup(true);
    writer.send(again); // the identifier is known: no second copy
    const auto pubrec = writer.next();
    QVERIFY(pubrec && pubrec->has_pubrec());
    v1::Packet pubrel;
    pubrel.mutable_pubrel()->set_packet_id(2);
    writer.send(pubrel);
    const auto pubcomp = writer.next();
    QVERIFY(pubcomp && pubcomp->has_pubcomp());

    QVERIFY(reader.open(broker.port()));
    const auto connack = reader.connect(connectOf("reader", false));
    QVERIFY(connack && connack->session_present());
    for (const std::string expected : {"stays", "once"}) {
        const auto message = reader.next();
        QVERIFY(message && message->has_publish());
        QCOMPARE(message->publish().payload(), expected);
    }
    v1::Packet ping;
    ping.mutable_pingreq();
    reader.send(ping);
    const auto pong = reader.next(); // and nothing else before it
    QVERIFY(pong && pong->has_pingresp());
    PacketClient late(v1::V3);
    QVERIFY(late.open(broker.port()) && late.connect(connectOf("late")));
    late.send(subscribeTo("s/retained", 0));
    QVERIFY(late.next());
    const auto retained = late.next();
    QVERIFY(retained && retained->has_publish() && retained->publish().retain());
}

void TestBrokerStore::refusesWhatIsNoStore_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("a text file") << QStringLiteral("text") << QStringLiteral("is no SQLite file");
    QTest::newRow("another program's database") << QStringLiteral("foreign") << QStringLiteral("belongs to another program");
    QTest::newRow("a newer format") << QStringLiteral("newer") << QStringLiteral("has format 99");
    QTest::newRow("cut in half") << QStringLiteral("half") << QStringLiteral("damaged");
    QTest::newRow("one byte of a session changed") << QStringLiteral("byte") << QStringLiteral("damaged");
}

bool TestBrokerStore::makeBadStore(const QString &kind) const
{
    QFile out(file());
    if (kind == QStringLiteral("text"))
        return out.open(QIODevice::WriteOnly) && out.write(QByteArray(4'000, 't')) > 0;
    const std::string marker(3'000, 'M');
    if (auto store = broker::SqliteStore::open(file().toStdString())) {
        broker::journal::Entries entries;
        const int sessions = kind == QStringLiteral("byte") ? 1 : 20;
        for (int i = 0; i < sessions; ++i)
            entries.emplace_back(broker::journal::SessionPut{storedSession(marker + std::to_string(i), 9, wallTime())});
        if (!(*store)->commit(entries, wallTime()))
            return false;
    }
    if (kind == QStringLiteral("foreign"))
        return execute(QStringLiteral("PRAGMA application_id = 7"));
    if (kind == QStringLiteral("newer"))
        return execute(QStringLiteral("PRAGMA user_version = 99"));
    if (!out.open(QIODevice::ReadWrite))
        return false;
    if (kind == QStringLiteral("half"))
        return out.resize(out.size() / 2);
    const qint64 at = out.readAll().lastIndexOf(QByteArray(100, 'M'));
    return at > 0 && out.seek(at) && out.write("m") == 1;
}

bool TestBrokerStore::execute(const QString &sql) const
{
    bool isDone = false;
    {
        auto database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("outside"));
        database.setDatabaseName(file());
        isDone = database.open() && QSqlQuery(database).exec(sql);
    }
    QSqlDatabase::removeDatabase(QStringLiteral("outside"));
    return isDone;
}

void TestBrokerStore::refusesWhatIsNoStore()
{
    QFETCH(QString, kind);
    QFETCH(QString, sentence);
    QVERIFY(makeBadStore(kind));
    QFile before(file());
    QVERIFY(before.open(QIODevice::ReadOnly));
    const QByteArray bytes = before.readAll();
    const Ended ended = runBroker({QStringLiteral("--port"), QStringLiteral("0"), QStringLiteral("--store"), file()});
    QCOMPARE(ended.status, 65);
    QVERIFY2(ended.error.contains(sentence) && ended.error.contains(file()), qPrintable(ended.error));
    QFile after(file());
    QVERIFY(after.open(QIODevice::ReadOnly));
    QVERIFY(after.readAll() == bytes);
}

QTEST_GUILESS_MAIN(TestBrokerStore)
#include "tst_brokerstore.moc"
