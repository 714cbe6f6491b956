// mqtt://, mqtts://, ws://, wss://: what lanes, client and minibroker do to a connection is the same over each, proved below
// TLS and WebSocket, at the sockets of a relay; and Qt's own WebSockets find nothing strange in ours.

#include "client/net/client.h"
#include "minibroker/net/minibroker.h"
#include "proto/wire/encoder.h"
#include "scenarios/world/networktls.h"
#include "tests/loopback/recorder.h"
#include "tests/loopback/relay.h"

#include <QFile>
#include <QSignalSpy>
#include <QSslKey>
#include <QTest>
#include <QWebSocket>
#include <QWebSocketHandshakeOptions>
#include <QWebSocketServer>

using namespace hiatus;
using namespace hiatus::loopback;
using world::Ending;

namespace {

const std::string Folder = TLS_FOLDER;
const std::string Connack("\x20\x02\x00\x00", 4);

QSslConfiguration serverTls()
{
    return *world::tlsConfiguration({.certificate = Folder + "/localhost.pem", .key = Folder + "/localhost.key", .isInsecure = true});
}

QSslConfiguration clientTls() { return *world::tlsConfiguration({.ca = Folder + "/localhost.pem"}); }

MinibrokerOptions everyPort()
{
    MinibrokerOptions options;
    options.tls = serverTls();
    options.tlsPort = options.webSocketPort = options.webSocketTlsPort = quint16(0);
    return options;
}

quint16 portOf(const Minibroker &broker, const QString &scheme)
{
    if (scheme == QStringLiteral("mqtt"))
        return broker.port();
    if (scheme == QStringLiteral("mqtts"))
        return broker.tlsPort();
    return scheme == QStringLiteral("ws") ? broker.webSocketPort() : broker.webSocketTlsPort();
}

std::string urlOf(const QString &scheme, quint16 port) { return scheme.toStdString() + "://localhost:" + std::to_string(port); }

world::NetworkOptions towards(const std::string &url)
{
    world::NetworkOptions options;
    options.target = *world::parseTarget(url);
    options.tls = clientTls();
    return options;
}

std::string connectBytes(const std::string &clientId)
{
    v1::Packet packet;
    packet.mutable_connect()->set_client_id(clientId);
    packet.mutable_connect()->set_clean(true);
    return wire::encode(packet, v1::V3);
}

void addSchemes()
{
    QTest::addColumn<QString>("scheme");
    for (const char *scheme : {"mqtt", "mqtts", "ws", "wss"})
        QTest::newRow(scheme) << QString::fromLatin1(scheme);
}

/// A lane with a connection to the broker, through a relay.
struct Lane
{
    Lane(const Minibroker &broker, const QString &scheme, const std::string &clientId = "lane")
        : relay(portOf(broker, scheme)), hub(towards(urlOf(scheme, relay.port()))), world(hub), told(world), link(world.connect(0))
    {
        world.write(link, connectBytes(clientId)); // waits for the handshakes
        isUp = until([&] { return told.bytesOf[link] == Connack; });
    }
    template <class Predicate>
    bool until(Predicate predicate)
    {
        return eventually([&] { return relay.turn(), predicate(); });
    }

    Relay relay;
    world::NetworkHub hub;
    world::NetworkWorld world;
    Recorder told;
    LinkId link;
    bool isUp = false;
};

} // namespace

class TestTransports : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void finIsFin_data() { addSchemes(); }
    void finIsFin();
    void rstIsRst_data() { addSchemes(); }
    void rstIsRst();
    void unreadLinkIsUnread_data() { addSchemes(); }
    void unreadLinkIsUnread();
    void brokersResetIsReset_data() { addSchemes(); }
    void brokersResetIsReset();
    void brokersCloseIsClose_data() { addSchemes(); }
    void brokersCloseIsClose();
    void clientLeavesInOrder_data() { addSchemes(); }
    void clientLeavesInOrder();
    void qtsWebSocketSpeaksWithTheMinibroker();
    void lanesAndClientSpeakWithQtsServer_data();
    void lanesAndClientSpeakWithQtsServer();
    void clientIsToldWhyAHandshakeFails_data();
    void clientIsToldWhyAHandshakeFails();
    void alpnIsChosen();

private:
    std::unique_ptr<Minibroker> m_broker;
    int m_seen = 0; ///< PINGRESPs that it sent
};

void TestTransports::init()
{
    m_seen = 0;
    auto options = everyPort();
    options.watcher = [this](const minibroker::SeenPacket &seen) {
        m_seen += seen.packet->has_pingresp() ? 1 : 0;
        return minibroker::Fate::Pass;
    };
    m_broker = std::make_unique<Minibroker>(options);
    QVERIFY(m_broker->start());
}

void TestTransports::finIsFin()
{
    QFETCH(QString, scheme);
    Lane lane(*m_broker, scheme);
    QVERIFY(lane.isUp);
    v1::Packet ping;
    ping.mutable_pingreq();
    lane.relay.hold(true);
    lane.world.write(lane.link, wire::encode(ping, v1::V3));
    const auto other = std::make_unique<Lane>(*m_broker, scheme, "other"); // a fence: the broker had its turns
    QVERIFY(other->isUp && other->until([&] { return lane.relay.turn(), m_seen > 0; }));
    lane.world.shutdown(lane.link);
    QVERIFY(lane.until([&] { return lane.relay.clientEnd() != Peer::Told::Nothing; }));
    QCOMPARE(lane.relay.clientEnd(), Peer::Told::End);
    lane.relay.hold(false);
    QVERIFY(lane.until([&] { return !lane.told.endings.empty(); }));
    QCOMPARE(lane.told.endings.front(), (std::pair{lane.link, Ending::Closed}));
    QCOMPARE(lane.told.bytesOf[lane.link], Connack + std::string("\xD0\x00", 2)); // reading went on
}

void TestTransports::rstIsRst()
{
    QFETCH(QString, scheme);
    Lane lane(*m_broker, scheme);
    QVERIFY(lane.isUp);
    lane.world.reset(lane.link);
    QVERIFY(lane.until([&] { return lane.relay.clientEnd() != Peer::Told::Nothing; }));
    QCOMPARE(lane.relay.clientEnd(), Peer::Told::Reset);
    QVERIFY(lane.until([&] { return !lane.told.endings.empty(); }));
    QCOMPARE(lane.told.endings.front(), (std::pair{lane.link, Ending::Reset}));
}

void TestTransports::unreadLinkIsUnread()
{
    QFETCH(QString, scheme);
    Lane lane(*m_broker, scheme);
    QVERIFY(lane.isUp);
    lane.world.stopReading(lane.link);
    v1::Packet ping;
    ping.mutable_pingreq();
    lane.world.write(lane.link, wire::encode(ping, v1::V3));
    QVERIFY(m_broker->cut("nobody") == false);
    const auto other = std::make_unique<Lane>(*m_broker, scheme, "other"); // a fence: everybody had a turn
    QVERIFY(other->isUp);
    lane.relay.turn();
    QCOMPARE(lane.told.bytesOf[lane.link], Connack);
    QVERIFY(lane.told.endings.empty());
    QCOMPARE(lane.relay.clientEnd(), Peer::Told::Nothing);
    lane.world.resumeReading(lane.link);
    QVERIFY(lane.until([&] { return lane.told.bytesOf[lane.link] == Connack + std::string("\xD0\x00", 2); }));
}

void TestTransports::brokersResetIsReset()
{
    QFETCH(QString, scheme);
    Lane lane(*m_broker, scheme);
    QVERIFY(lane.isUp);
    QVERIFY(m_broker->cut("lane"));
    QVERIFY(lane.until([&] { return lane.relay.serverEnd() != Peer::Told::Nothing; }));
    QCOMPARE(lane.relay.serverEnd(), Peer::Told::Reset);
}

void TestTransports::brokersCloseIsClose()
{
    QFETCH(QString, scheme);
    Lane lane(*m_broker, scheme);
    QVERIFY(lane.isUp);
    lane.world.write(lane.link, connectBytes("lane")); // a second CONNECT
    QVERIFY(lane.until([&] { return !lane.told.endings.empty(); }));
    QCOMPARE(lane.told.endings.front(), (std::pair{lane.link, Ending::Closed}));
    QVERIFY(lane.until([&] { return lane.relay.serverEnd() != Peer::Told::Nothing; }));
    QCOMPARE(lane.relay.serverEnd(), Peer::Told::End);
}

void TestTransports::clientLeavesInOrder()
{
    QFETCH(QString, scheme);
    Relay relay(portOf(*m_broker, scheme));
    Client client;
    client.setClientId(QStringLiteral("own"));
    int published = 0;
    connect(&client, &Client::connected, &client, [&] { client.publish(QStringLiteral("t"), QByteArray(100'000, 'x'), 1); });
    connect(&client, &Client::published, &client, [&] { ++published, client.disconnectFromHost(); });
    QVERIFY(client.connectToUrl(QUrl(QString::fromStdString(urlOf(scheme, relay.port()))), clientTls()));
    QVERIFY(eventually([&] { return relay.turn(), relay.clientEnd() != Peer::Told::Nothing; }));
    QCOMPARE(relay.clientEnd(), Peer::Told::End);
    QCOMPARE(published, 1);
}

void TestTransports::qtsWebSocketSpeaksWithTheMinibroker()
{
    for (const QString &scheme : {QStringLiteral("ws"), QStringLiteral("wss")}) {
        QWebSocket socket;
        socket.setSslConfiguration(clientTls());
        QByteArray bytes;
        connect(&socket, &QWebSocket::binaryMessageReceived, &socket, [&](const QByteArray &message) { bytes += message; });
        connect(&socket, &QWebSocket::connected, &socket, [&] { socket.sendBinaryMessage(QByteArray::fromStdString(connectBytes("qt"))); });
        QWebSocketHandshakeOptions options;
        options.setSubprotocols({QStringLiteral("mqtt")});
        socket.open(QUrl(QString::fromStdString(urlOf(scheme, portOf(*m_broker, scheme))) + QStringLiteral("/mqtt")), options);
        QVERIFY(eventually([&] { return bytes.size() == 4; }));
        QCOMPARE(bytes.toStdString(), Connack);
        bool isGone = false;
        connect(&socket, &QWebSocket::disconnected, &socket, [&] { isGone = true; });
        socket.sendBinaryMessage(QByteArray::fromStdString(connectBytes("qt"))); // the broker closes
        QVERIFY(eventually([&] { return isGone; }));
        QCOMPARE(socket.closeCode(), QWebSocketProtocol::CloseCodeNormal);
    }
}

void TestTransports::lanesAndClientSpeakWithQtsServer_data()
{
    QTest::addColumn<bool>("isLane");
    QTest::newRow("lane") << true;
    QTest::newRow("client") << false;
}

void TestTransports::lanesAndClientSpeakWithQtsServer()
{
    QFETCH(bool, isLane);
    QWebSocketServer server(QStringLiteral("qt"), QWebSocketServer::NonSecureMode);
    server.setSupportedSubprotocols({QStringLiteral("mqtt")});
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QWebSocket *accepted = nullptr;
    QByteArray bytes;
    connect(&server, &QWebSocketServer::newConnection, &server, [&] {
        accepted = server.nextPendingConnection();
        accepted->setParent(&server);
        connect(accepted, &QWebSocket::binaryMessageReceived, &server, [&](const QByteArray &message) { bytes += message; });
    });
    const std::string url = urlOf(QStringLiteral("ws"), server.serverPort());
    world::NetworkHub hub(towards(url));
    world::NetworkWorld world(hub);
    Recorder told(world);
    Client client;
    if (isLane)
        world.write(world.connect(0), connectBytes("lane"));
    else
        client.connectToUrl(QUrl(QString::fromStdString(url)));
    QVERIFY(eventually([&] { return accepted && !bytes.isEmpty(); }));
    QCOMPARE(bytes.at(0), char(0x10));
    accepted->ping("still there?");
    bool isAnswered = false;
    connect(accepted, &QWebSocket::pong, &server, [&] { isAnswered = true; });
    QVERIFY(eventually([&] { return isAnswered; }));
    accepted->close();
    QSignalSpy gone(&client, &Client::disconnected);
    QVERIFY(eventually([&] { return isLane ? !told.endings.empty() : !gone.isEmpty(); }));
}

void TestTransports::clientIsToldWhyAHandshakeFails_data()
{
    QTest::addColumn<QString>("scheme");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("why");
    QTest::newRow("path that is not served") << QStringLiteral("ws") << QStringLiteral("/other") << QStringLiteral("404");
    QTest::newRow("broker without WebSocket") << QStringLiteral("mqtt-as-ws") << QString() << QString();
}

void TestTransports::clientIsToldWhyAHandshakeFails()
{
    QFETCH(QString, scheme);
    QFETCH(QString, path);
    QFETCH(QString, why);
    const quint16 port = scheme == QStringLiteral("ws") ? m_broker->webSocketPort() : m_broker->port();
    Client client;
    QSignalSpy gone(&client, &Client::disconnected);
    QVERIFY(client.connectToUrl(QUrl(QString::fromStdString(urlOf(QStringLiteral("ws"), port)) + path)));
    QVERIFY(eventually([&] { return !gone.isEmpty(); }));
    const QString told = gone.front().front().toString();
    QVERIFY2(told.contains(why), qPrintable(told));
}

void TestTransports::alpnIsChosen()
{
    auto options = everyPort();
    options.tls->setAllowedNextProtocols({QByteArrayLiteral("mqtt")});
    Minibroker broker(options);
    QVERIFY(broker.start());
    QSslSocket socket;
    auto tls = clientTls();
    tls.setAllowedNextProtocols({QByteArrayLiteral("x-other"), QByteArrayLiteral("mqtt")});
    socket.setSslConfiguration(tls);
    socket.connectToHostEncrypted(QStringLiteral("localhost"), broker.tlsPort());
    QVERIFY(eventually([&] { return socket.isEncrypted(); }));
    QCOMPARE(socket.sslConfiguration().nextNegotiatedProtocol(), QByteArrayLiteral("mqtt"));
}

QTEST_GUILESS_MAIN(TestTransports)
#include "tst_transports.moc"
