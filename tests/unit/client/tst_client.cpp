// hiatus::Client over real sockets, against a scripted server: a connection and what goes over it.

#include "client/net/client.h"
#include "hiatus/v1/session.pb.h"
#include "proto/session/savedsession.h"
#include "tests/unit/client/keeper.h"
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
    void acknowledgesWhenTheApplicationSays();
    void saysWhyItCouldNotConnect();
    void closesOnMalformedBytes();
    void publishesFromWithinASlot();
    void sendsDisconnectBeforeItCloses();
    void sendsDisconnectEvenIfItIsDeletedAtOnceWithUnreadBytes();
};

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

QTEST_GUILESS_MAIN(TestClient)
#include "tst_client.moc"
