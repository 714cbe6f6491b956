// WebSocket without a socket: both ends against each other, and each against what the RFC forbids.

#include "proto/wire/websocket.h"

#include <QCryptographicHash>
#include <QTest>

using hiatus::wire::WebSocket;

namespace {

std::string sha1(std::string_view text)
{
    return QCryptographicHash::hash(QByteArrayView(text.data(), qsizetype(text.size())), QCryptographicHash::Sha1).toBase64().toStdString();
}

WebSocket clientOf(const std::string &path = "/mqtt") { return WebSocket({WebSocket::Side::Client, "host:1", path, 7, sha1}); }
WebSocket serverOf(const std::string &path = "/mqtt") { return WebSocket({WebSocket::Side::Server, {}, path, 0, sha1}); }

struct Joined
{
    WebSocket client = clientOf();
    WebSocket server = serverOf();
    Joined()
    {
        server.feed(client.takeReplies());
        client.feed(server.takeReplies());
    }
};

std::string request(const std::string &changed, const std::string &into)
{
    std::string text = "GET /mqtt HTTP/1.1\r\nHost: h\r\nupgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqttv3.1, mqtt\r\n\r\n";
    if (!changed.empty())
        text.replace(text.find(changed), changed.size(), into);
    return text;
}

} // namespace

class TestWebSocket : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acceptsTheSampleOfTheRfc();
    void bytesPassBothWays_data();
    void bytesPassBothWays();
    void everyByteMayComeAlone();
    void clientFramesAreMasked();
    void pingIsAnswered();
    void closeIsAnsweredOnce();
    void requestThatIsNoneIsRefused_data();
    void requestThatIsNoneIsRefused();
    void responseThatIsNoneIsToldWhy_data();
    void responseThatIsNoneIsToldWhy();
    void forbiddenFramesEndIt_data();
    void forbiddenFramesEndIt();
    void fragmentsAreAStream();
    void endlessHeadIsBounded();
};

void TestWebSocket::acceptsTheSampleOfTheRfc()
{
    WebSocket server = serverOf();
    server.feed(request({}, {}));
    QVERIFY(server.isOpen());
    const std::string reply = server.takeReplies();
    QVERIFY(reply.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") != std::string::npos);
    QVERIFY(reply.find("Sec-WebSocket-Protocol: mqtt\r\n") != std::string::npos);
}

void TestWebSocket::bytesPassBothWays_data()
{
    QTest::addColumn<int>("size");
    for (const int size : {0, 1, 125, 126, 127, 65535, 65536, 300000})
        QTest::newRow(qPrintable(QString::number(size))) << size;
}

void TestWebSocket::bytesPassBothWays()
{
    QFETCH(int, size);
    Joined pair;
    std::string bytes;
    for (int i = 0; i < size; ++i)
        bytes += char(i * 7);
    pair.server.feed(pair.client.frame(bytes));
    QVERIFY(pair.server.takeBytes() == bytes);
    pair.client.feed(pair.server.frame(bytes));
    QVERIFY(pair.client.takeBytes() == bytes);
    QVERIFY(pair.client.isOpen() && pair.server.isOpen());
}

void TestWebSocket::everyByteMayComeAlone()
{
    WebSocket client = clientOf();
    WebSocket server = serverOf();
    const auto drip = [](WebSocket &to, const std::string &bytes) {
        for (const char byte : bytes)
            to.feed({&byte, 1});
    };
    drip(server, client.takeReplies());
    drip(client, server.takeReplies());
    QVERIFY(client.isOpen() && server.isOpen());
    const std::string bytes(300, 'x');
    drip(server, client.frame(bytes) + client.frame("end"));
    QCOMPARE(server.takeBytes(), bytes + "end");
}

void TestWebSocket::clientFramesAreMasked()
{
    Joined pair;
    QVERIFY(pair.client.frame("plain text").find("plain text") == std::string::npos);
    QVERIFY(pair.server.frame("plain text").find("plain text") != std::string::npos);
}

void TestWebSocket::pingIsAnswered()
{
    Joined pair;
    pair.client.feed("\x89\x02hi");
    pair.server.feed(pair.client.takeReplies()); // a pong, which is swallowed
    QVERIFY(pair.server.isOpen());
    QCOMPARE(pair.server.takeBytes(), std::string());
}

void TestWebSocket::closeIsAnsweredOnce()
{
    Joined pair;
    pair.client.feed(std::string("\x88\x05\x03\xF0", 4) + "bye");
    QVERIFY(pair.client.isOver());
    QCOMPARE(pair.client.why(), std::string("closed by the peer's WebSocket with 1008: bye"));
    const std::string answer = pair.client.takeReplies();
    QVERIFY(!answer.empty());
    QVERIFY(pair.client.closing().empty());
    pair.server.feed(answer);
    QVERIFY(pair.server.isOver());
}

void TestWebSocket::requestThatIsNoneIsRefused_data()
{
    QTest::addColumn<QByteArray>("changed");
    QTest::addColumn<QByteArray>("into");
    QTest::addColumn<QByteArray>("status");
    QTest::newRow("another method") << QByteArray("GET ") << QByteArray("PUT ") << QByteArray("405");
    QTest::newRow("another path") << QByteArray("/mqtt ") << QByteArray("/other ") << QByteArray("404");
    QTest::newRow("no upgrade") << QByteArray("upgrade: WebSocket\r\n") << QByteArray() << QByteArray("426");
    QTest::newRow("another version") << QByteArray("Version: 13") << QByteArray("Version: 8") << QByteArray("426");
    QTest::newRow("another subprotocol") << QByteArray("mqttv3.1, mqtt") << QByteArray("chat") << QByteArray("400");
    QTest::newRow("no subprotocol") << QByteArray("Sec-WebSocket-Protocol: mqttv3.1, mqtt\r\n") << QByteArray() << QByteArray("400");
}

void TestWebSocket::requestThatIsNoneIsRefused()
{
    QFETCH(QByteArray, changed);
    QFETCH(QByteArray, into);
    QFETCH(QByteArray, status);
    WebSocket server = serverOf();
    server.feed(request(changed.toStdString(), into.toStdString()));
    QVERIFY(server.isOver());
    QVERIFY(server.takeReplies().starts_with("HTTP/1.1 " + status.toStdString()));
}

void TestWebSocket::responseThatIsNoneIsToldWhy_data()
{
    QTest::addColumn<QByteArray>("response");
    QTest::addColumn<QByteArray>("why");
    QTest::newRow("not found") << QByteArray("HTTP/1.1 404 Not Found\r\n\r\n") << QByteArray("refuses the WebSocket handshake at /mqtt: HTTP/1.1 404 Not Found");
    QTest::newRow("a page") << QByteArray("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>") << QByteArray("refuses the WebSocket handshake at /mqtt: HTTP/1.1 200 OK");
    QTest::newRow("no HTTP") << QByteArray("SSH-2.0-OpenSSH") << QByteArray("answers the WebSocket handshake with what is no HTTP");
    QTest::newRow("a wrong key") << QByteArray("HTTP/1.1 101 Ok\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: nonsense\r\n\r\n")
                                 << QByteArray("answers the WebSocket handshake at /mqtt with what is no answer to it");
}

void TestWebSocket::responseThatIsNoneIsToldWhy()
{
    QFETCH(QByteArray, response);
    QFETCH(QByteArray, why);
    WebSocket client = clientOf();
    client.feed(response.toStdString());
    QVERIFY(client.isOver());
    QCOMPARE(client.why(), why.toStdString());
}

void TestWebSocket::forbiddenFramesEndIt_data()
{
    QTest::addColumn<QByteArray>("frame");
    QTest::newRow("masked by a server") << QByteArray("\x82\x81\x01\x02\x03\x04x", 7);
    QTest::newRow("text") << QByteArray("\x81\x01x", 3);
    QTest::newRow("continuation of nothing") << QByteArray("\x80\x01x", 3);
    QTest::newRow("message inside another") << QByteArray("\x02\x01x\x82\x01y", 6);
    QTest::newRow("reserved bit") << QByteArray("\xC2\x01x", 3);
    QTest::newRow("unknown opcode") << QByteArray("\x83\x01x", 3);
    QTest::newRow("long ping") << QByteArray("\x89\x7E\x00\x80", 4);
    QTest::newRow("fragmented ping") << QByteArray("\x09\x00", 2);
}

void TestWebSocket::forbiddenFramesEndIt()
{
    QFETCH(QByteArray, frame);
    Joined pair;
    pair.client.feed(frame.toStdString());
    QVERIFY(pair.client.isOver());
    QVERIFY(!pair.client.why().empty());
}

void TestWebSocket::fragmentsAreAStream()
{
    Joined pair;
    pair.client.feed(std::string("\x02\x01x\x89\x00\x00\x01y\x80\x01z", 11));
    QCOMPARE(pair.client.takeBytes(), std::string("xyz"));
    QVERIFY(pair.client.isOpen());
}

void TestWebSocket::endlessHeadIsBounded()
{
    WebSocket server = serverOf();
    server.feed("GET /mqtt HTTP/1.1\r\nX: " + std::string(20'000, 'x'));
    QVERIFY(server.isOver());
}

QTEST_GUILESS_MAIN(TestWebSocket)
#include "tst_websocket.moc"
