// hiatus::Client over real sockets, against a scripted server: sessions that outlive a connection, a string and a store.

#include "client/net/client.h"
#include "hiatus/v1/session.pb.h"
#include "proto/session/savedsession.h"
#include "tests/unit/client/keeper.h"
#include "tests/unit/client/scriptedserver.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace hiatus;

class TestKeptSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void resumesAfterReconnectingByItself_data() { addVersions(); }
    void resumesAfterReconnectingByItself();
    void resumesFromASavedString_data() { addVersions(); }
    void resumesFromASavedString();
    void refusesSavedSessionsWithDistinctErrors();
    void tellsWhatALostSessionCost();
    void resumesFromItsStore_data() { addVersions(); }
    void resumesFromItsStore();
    void keepsOfflineMessagesInItsStore();
    void refusesForeignStoresAndThoseInUse();
};

void TestKeptSession::resumesAfterReconnectingByItself()
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

void TestKeptSession::resumesFromASavedString()
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

void TestKeptSession::refusesSavedSessionsWithDistinctErrors()
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

void TestKeptSession::tellsWhatALostSessionCost()
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

void TestKeptSession::resumesFromItsStore()
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

void TestKeptSession::keepsOfflineMessagesInItsStore()
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

void TestKeptSession::refusesForeignStoresAndThoseInUse()
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

QTEST_GUILESS_MAIN(TestKeptSession)
#include "tst_keptsession.moc"
