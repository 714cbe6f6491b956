// hiatus::Client over real sockets, against a scripted server.

#include "client/net/client.h"
#include "hiatus/v1/session.pb.h"
#include "proto/session/savedsession.h"
#include "tests/unit/client/scriptedserver.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace hiatus;

class TestClient : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void publishesByQos_data() { addVersions(); }
    void publishesByQos();
    void receivesWhatComesBehindConnackInOneSegment_data() { addVersions(); }
    void receivesWhatComesBehindConnackInOneSegment();
    void receivesByteByByte();
    void refusesToChangeCleanSessionOnceConnected();
    void resumesAfterReconnectingByItself_data() { addVersions(); }
    void resumesAfterReconnectingByItself();
    void resumesFromASavedString_data() { addVersions(); }
    void resumesFromASavedString();
    void refusesSavedSessionsWithDistinctErrors();
    void tellsWhatALostSessionCost();
    void acknowledgesWhenTheApplicationSays();
    void saysWhyItCouldNotConnect();
    void closesOnMalformedBytes();
    void publishesFromWithinASlot();
    void sendsDisconnectBeforeItCloses();
    void sendsDisconnectEvenIfItIsDeletedAtOnceWithUnreadBytes();
    void resumesFromItsStore_data() { addVersions(); }
    void resumesFromItsStore();
    void keepsOfflineMessagesInItsStore();
    void refusesForeignStoresAndThoseInUse();

private:
    static void addVersions()
    {
        QTest::addColumn<bool>("v5");
        QTest::newRow("3.1.1") << false;
        QTest::newRow("5.0") << true;
    }
    static v1::Version wireVersion(bool v5) { return v5 ? v1::V5 : v1::V3; }
    /// A client that keeps its session.
    static void keep(Client &client, bool v5)
    {
        client.setVersion(v5 ? Client::Version::Mqtt5 : Client::Version::Mqtt311);
        client.setClientId(QStringLiteral("keeper"));
        client.setCleanSession(false);
        client.setSessionExpiryInterval(300);
    }
};

namespace {

v1::Packet puback(std::uint32_t id)
{
    v1::Packet packet;
    packet.mutable_puback()->set_packet_id(id);
    return packet;
}

bool reached(Client &client, Client::State state)
{
    return QTest::qWaitFor([&] { return client.state() == state; });
}

} // namespace

void TestClient::publishesByQos()
{
    QFETCH(bool, v5);
    ScriptedServer server(wireVersion(v5));
    Client client;
    keep(client, v5);
    QSignalSpy published(&client, &Client::published);
    QVERIFY(client.connectToHost(QStringLiteral("127.0.0.1"), server.serverPort()));
    server.accept(false);
    QVERIFY(reached(client, Client::State::Connected));
    const qint64 zero = client.publish(QStringLiteral("door"), "zero", 0);
    const qint64 one = client.publish(QStringLiteral("door"), "one", 1);
    const qint64 two = client.publish(QStringLiteral("door"), "two", 2);
    QCOMPARE(server.expect(v1::Packet::kPublish).publish().payload(), std::string("zero"));
    const std::uint32_t first = server.expect(v1::Packet::kPublish).publish().packet_id();
    const std::uint32_t second = server.expect(v1::Packet::kPublish).publish().packet_id();
    v1::Packet pubrec;
    pubrec.mutable_pubrec()->set_packet_id(second);
    server.send({puback(first), pubrec});
    QCOMPARE(server.expect(v1::Packet::kPubrel).pubrel().packet_id(), second);
    v1::Packet pubcomp;
    pubcomp.mutable_pubcomp()->set_packet_id(second);
    server.send({pubcomp});
    QTRY_COMPARE(published.count(), 3);
    QCOMPARE(published.at(0).at(0).toLongLong(), zero);
    QCOMPARE(published.at(1).at(0).toLongLong(), one);
    QCOMPARE(published.at(2).at(0).toLongLong(), two);
}

void TestClient::receivesWhatComesBehindConnackInOneSegment()
{
    QFETCH(bool, v5);
    ScriptedServer server(wireVersion(v5));
    Client client;
    keep(client, v5);
    QSignalSpy received(&client, &Client::messageReceived);
    client.connectToHost(QStringLiteral("127.0.0.1"), server.serverPort());
    server.expect(v1::Packet::kConnect);
    v1::Packet connack;
    connack.mutable_connack()->set_session_present(false);
    server.send({connack, ScriptedServer::publish("door", "open", 1, 7)});
    QCOMPARE(server.expect(v1::Packet::kPuback).puback().packet_id(), 7u);
    QCOMPARE(received.count(), 1);
    QCOMPARE(received.at(0).at(0).value<Message>().payload, QByteArray("open"));
}

void TestClient::receivesByteByByte()
{
    ScriptedServer server(v1::V5);
    Client client;
    QSignalSpy received(&client, &Client::messageReceived);
    client.setClientId(QStringLiteral("bytes"));
    client.connectToHost(QStringLiteral("127.0.0.1"), server.serverPort());
    server.accept(false);
    for (const char byte : wire::encode(ScriptedServer::publish("door", "slow", 1, 7), v1::V5)) {
        server.write(std::string(1, byte));
        QCoreApplication::processEvents();
    }
    QTRY_COMPARE(received.count(), 1);
}

void TestClient::refusesToChangeCleanSessionOnceConnected()
{
    ScriptedServer server(v1::V5);
    Client client;
    QVERIFY(client.cleanSession());
    QVERIFY(client.setCleanSession(false));
    QVERIFY(client.setCleanSession(true));
    client.setClientId(QStringLiteral("c"));
    client.connectToHost(QStringLiteral("127.0.0.1"), server.serverPort());
    server.accept(false);
    QVERIFY(reached(client, Client::State::Connected));
    QTest::ignoreMessage(QtWarningMsg, "cleanSession can't be changed once connected");
    QVERIFY(!client.setCleanSession(false));
    QVERIFY(client.cleanSession());
    client.disconnectFromHost();
    QVERIFY(reached(client, Client::State::Disconnected));
    QVERIFY(client.setProperty("cleanSession", false));
    QVERIFY(!client.cleanSession());
}

void TestClient::resumesAfterReconnectingByItself()
{
    QFETCH(bool, v5);
    ScriptedServer server(wireVersion(v5));
    Client client;
    keep(client, v5);
    client.setAutomaticReconnect(true);
    client.connectToHost(QStringLiteral("127.0.0.1"), server.serverPort());
    server.accept(false);
    QVERIFY(reached(client, Client::State::Connected));
    client.publish(QStringLiteral("door"), "one", 1);
    const v1::Publish before = server.expect(v1::Packet::kPublish).publish();
    server.cut();
    QVERIFY(reached(client, Client::State::Waiting));
    client.publish(QStringLiteral("door"), "two", 1);
    QVERIFY(!server.accept(true).clean());
    const v1::Publish again = server.expect(v1::Packet::kPublish).publish();
    QVERIFY(again.dup());
    QCOMPARE(again.packet_id(), before.packet_id());
    QCOMPARE(again.payload(), std::string("one"));
    QCOMPARE(server.expect(v1::Packet::kPublish).publish().payload(), std::string("two"));
    QVERIFY(client.sessionPresent());
}

void TestClient::resumesFromASavedString()
{
    QFETCH(bool, v5);
    ScriptedServer server(wireVersion(v5));
    QString saved;
    {
        Client client;
        keep(client, v5);
        client.connectToHost(QStringLiteral("127.0.0.1"), server.serverPort());
        server.accept(false);
        QVERIFY(reached(client, Client::State::Connected));
        client.publish(QStringLiteral("door"), "kept", 2);
        server.expect(v1::Packet::kPublish);
        server.send({ScriptedServer::publish("door", "in", 2, 9)});
        server.expect(v1::Packet::kPubrec);
        client.disconnectFromHost();
        saved = client.saveSession();
    }
    QVERIFY(saved.startsWith(QStringLiteral("hiatus1:")));
    Client next;
    next.setVersion(v5 ? Client::Version::Mqtt5 : Client::Version::Mqtt311);
    QSignalSpy received(&next, &Client::messageReceived);
    QVERIFY2(next.restoreSession(saved), qPrintable(next.errorString()));
    QVERIFY(!next.cleanSession());
    QCOMPARE(next.clientId(), QStringLiteral("keeper"));
    next.connectToHost(QStringLiteral("127.0.0.1"), server.serverPort());
    const v1::Connect connect = server.accept(true);
    QCOMPARE(connect.session_expiry_interval(), v5 ? 300u : 0u);
    const v1::Publish again = server.expect(v1::Packet::kPublish).publish();
    QVERIFY(again.dup());
    QCOMPARE(again.payload(), std::string("kept"));
    v1::Packet repeated = ScriptedServer::publish("door", "in", 2, 9);
    repeated.mutable_publish()->set_dup(true);
    server.send({repeated});
    QCOMPARE(server.expect(v1::Packet::kPubrec).pubrec().packet_id(), 9u);
    QCOMPARE(received.count(), 0);
}

void TestClient::refusesSavedSessionsWithDistinctErrors()
{
    v1::ClientSession session;
    session.set_client_id("keeper");
    session.set_version(v1::V5);
    session.set_session_expiry_interval(300);
    const QString good = QString::fromStdString(saveSession(session));
    session.set_disconnected_at(1'000);
    const QString expired = QString::fromStdString(saveSession(session));
    QStringList errors;
    for (const QString &bad : {QStringLiteral("nonsense"), good.chopped(3), expired, QStringLiteral("hiatus2:AAAA")}) {
        Client client;
        QVERIFY(!client.restoreSession(bad));
        QVERIFY(client.cleanSession());
        errors << client.errorString();
    }
    Client other;
    other.setClientId(QStringLiteral("somebody else"));
    QVERIFY(!other.restoreSession(good));
    errors << other.errorString();
    QCOMPARE(errors.removeDuplicates(), 0);
    QVERIFY(!errors.contains(QString()));
    Client fresh;
    QVERIFY(fresh.saveSession().isEmpty()); // nothing to save yet
    QVERIFY(fresh.restoreSession(good));
}

void TestClient::tellsWhatALostSessionCost()
{
    ScriptedServer server(v1::V5);
    Client client;
    keep(client, true);
    QSignalSpy lost(&client, &Client::sessionLost);
    QSignalSpy failed(&client, &Client::publishFailed);
    client.connectToHost(QStringLiteral("127.0.0.1"), server.serverPort());
    server.accept(false);
    QVERIFY(reached(client, Client::State::Connected));
    const qint64 id = client.publish(QStringLiteral("door"), "one", 1);
    server.expect(v1::Packet::kPublish);
    server.cut();
    QVERIFY(reached(client, Client::State::Disconnected));
    client.connectToHost(QStringLiteral("127.0.0.1"), server.serverPort());
    server.accept(false);
    QTRY_COMPARE(lost.count(), 1);
    QCOMPARE(lost.at(0).at(0).toInt(), 1);
    QCOMPARE(failed.count(), 1);
    QCOMPARE(failed.at(0).at(0).toLongLong(), id);
}

void TestClient::acknowledgesWhenTheApplicationSays()
{
    ScriptedServer server(v1::V5);
    Client client;
    keep(client, true);
    client.setManualAcknowledge(true);
    QList<qint64> deliveries;
    connect(&client, &Client::messageReceived, this, [&](const Message &m) { deliveries << m.delivery; });
    client.connectToHost(QStringLiteral("127.0.0.1"), server.serverPort());
    server.accept(false);
    server.send({ScriptedServer::publish("door", "1", 1, 1), ScriptedServer::publish("door", "2", 1, 2)});
    QTRY_COMPARE(deliveries.size(), 2);
    QVERIFY(client.acknowledge(deliveries.at(1)));
    QVERIFY(client.acknowledge(deliveries.at(0)));
    QCOMPARE(server.expect(v1::Packet::kPuback).puback().packet_id(), 1u);
    QCOMPARE(server.expect(v1::Packet::kPuback).puback().packet_id(), 2u);
    QVERIFY(!client.acknowledge(deliveries.at(0)));
}

void TestClient::saysWhyItCouldNotConnect()
{
    quint16 port = 0;
    {
        QTcpServer gone;
        QVERIFY(gone.listen(QHostAddress::LocalHost));
        port = gone.serverPort();
    }
    Client client;
    QSignalSpy disconnected(&client, &Client::disconnected);
    QVERIFY(client.connectToHost(QStringLiteral("127.0.0.1"), port));
    QTRY_COMPARE(disconnected.count(), 1);
    QVERIFY2(client.errorString().contains(QStringLiteral("refused")), qPrintable(client.errorString()));
    QCOMPARE(client.state(), Client::State::Disconnected);
}

void TestClient::closesOnMalformedBytes()
{
    ScriptedServer server(v1::V5);
    Client client;
    client.setClientId(QStringLiteral("c"));
    QSignalSpy disconnected(&client, &Client::disconnected);
    client.connectToHost(QStringLiteral("127.0.0.1"), server.serverPort());
    server.accept(false);
    QVERIFY(reached(client, Client::State::Connected));
    server.write(std::string("HTTP/1.1 400 Bad Request\r\n\r\n"));
    QVERIFY(server.expect(v1::Packet::kDisconnect).disconnect().code() >= 0x80);
    QTRY_COMPARE(disconnected.count(), 1);
    QTRY_VERIFY(!server.isConnected());
}

void TestClient::publishesFromWithinASlot()
{
    ScriptedServer server(v1::V5);
    Client client;
    client.setClientId(QStringLiteral("c"));
    connect(&client, &Client::connected, &client, [&] { client.publish(QStringLiteral("door"), "first", 1); });
    connect(&client, &Client::published, &client, [&](qint64, int) { client.disconnectFromHost(); });
    client.connectToHost(QStringLiteral("127.0.0.1"), server.serverPort());
    server.accept(false);
    server.send({puback(server.expect(v1::Packet::kPublish).publish().packet_id())});
    QVERIFY(server.expect(v1::Packet::kDisconnect).has_disconnect());
    QVERIFY(reached(client, Client::State::Disconnected));
}

void TestClient::sendsDisconnectBeforeItCloses()
{
    ScriptedServer server(v1::V5);
    Client client;
    keep(client, true);
    client.connectToHost(QStringLiteral("127.0.0.1"), server.serverPort());
    server.accept(false);
    QVERIFY(reached(client, Client::State::Connected));
    client.disconnectFromHost(0);
    const v1::Disconnect disconnect = server.expect(v1::Packet::kDisconnect).disconnect();
    QVERIFY(disconnect.has_session_expiry_interval());
    QCOMPARE(disconnect.session_expiry_interval(), 0u);
    QTRY_VERIFY(!server.isConnected()); // FIN
    QVERIFY(client.connectToHost(QStringLiteral("127.0.0.1"), server.serverPort())); // at once
    server.accept(false);
    QVERIFY(reached(client, Client::State::Connected));
    QCOMPARE(server.accepted(), 2);
}

void TestClient::sendsDisconnectEvenIfItIsDeletedAtOnceWithUnreadBytes()
{
    for (int i = 0; i < 20; ++i) {
        ScriptedServer server(v1::V5);
        auto client = std::make_unique<Client>();
        keep(*client, true);
        client->connectToHost(QStringLiteral("127.0.0.1"), server.serverPort());
        server.accept(false);
        QVERIFY(reached(*client, Client::State::Connected));
        server.send(std::vector<v1::Packet>(50, ScriptedServer::publish("door", "unread", 0, 0)));
        client->disconnectFromHost();
        client.reset();
        QVERIFY(server.expect(v1::Packet::kDisconnect).has_disconnect());
        server.disconnectPeer();
    }
}

void TestClient::resumesFromItsStore()
{
    QFETCH(bool, v5);
    QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("session.db"));
    ScriptedServer server(wireVersion(v5));
    {
        Client client;
        keep(client, v5);
        QVERIFY2(client.setStore(path), qPrintable(client.errorString()));
        client.connectToHost(QStringLiteral("127.0.0.1"), server.serverPort());
        server.accept(false);
        QVERIFY(reached(client, Client::State::Connected));
        client.publish(QStringLiteral("door"), "one", 1);
        client.publish(QStringLiteral("door"), "two", 2);
        server.expect(v1::Packet::kPublish);
        server.expect(v1::Packet::kPublish);
        v1::Packet pubrec;
        pubrec.mutable_pubrec()->set_packet_id(2);
        server.send({pubrec});
        server.expect(v1::Packet::kPubrel);
    } // gone without a word
    Client client;
    client.setVersion(v5 ? Client::Version::Mqtt5 : Client::Version::Mqtt311);
    QVERIFY2(client.setStore(path), qPrintable(client.errorString()));
    QCOMPARE(client.clientId(), QStringLiteral("keeper"));
    client.connectToHost(QStringLiteral("127.0.0.1"), server.serverPort());
    QVERIFY(!server.accept(true).clean());
    const v1::Publish again = server.expect(v1::Packet::kPublish).publish();
    QVERIFY(again.dup());
    QCOMPARE(again.payload(), std::string("one"));
    QCOMPARE(server.expect(v1::Packet::kPubrel).pubrel().packet_id(), 2u);
}

void TestClient::keepsOfflineMessagesInItsStore()
{
    QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("session.db"));
    {
        Client client;
        keep(client, true);
        QVERIFY(client.setStore(path));
        QVERIFY(client.publish(QStringLiteral("door"), "early", 1) > 0);
        QVERIFY(client.publish(QStringLiteral("door"), "later", 1) > 0);
    }
    ScriptedServer server(v1::V5);
    Client client;
    keep(client, true);
    QVERIFY2(client.setStore(path), qPrintable(client.errorString()));
    client.connectToHost(QStringLiteral("127.0.0.1"), server.serverPort());
    server.accept(false);
    QCOMPARE(server.expect(v1::Packet::kPublish).publish().payload(), std::string("early"));
    QCOMPARE(server.expect(v1::Packet::kPublish).publish().payload(), std::string("later"));
}

void TestClient::refusesForeignStoresAndThoseInUse()
{
    QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("session.db"));
    Client owner;
    keep(owner, true);
    QVERIFY(owner.setStore(path));
    owner.publish(QStringLiteral("door"), "mine", 1);
    Client second;
    QVERIFY(!second.setStore(path));
    QVERIFY2(second.errorString().contains(QStringLiteral("in use")), qPrintable(second.errorString()));
    const QString text = dir.filePath(QStringLiteral("notes.txt"));
    QFile file(text);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray(4096, 'x')) == 4096);
    file.close();
    Client third;
    QVERIFY(!third.setStore(text));
    QVERIFY2(third.errorString().contains(QStringLiteral("damaged")), qPrintable(third.errorString()));
}

QTEST_GUILESS_MAIN(TestClient)
#include "tst_client.moc"
