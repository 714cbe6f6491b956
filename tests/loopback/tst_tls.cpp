// mqtts:// on both sides: minibroker's TLS port, and NetworkWorld's TLS links.

#include "proto/wire/encoder.h"
#include "scenarios/world/networktls.h"
#include "tests/loopback/brokerprocess.h"
#include "tests/loopback/packetclient.h"
#include "tests/loopback/recorder.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::loopback;
using world::Ending;

namespace {

const QString Folder = QStringLiteral(TLS_FOLDER);

world::NetworkOptions towards(quint16 port)
{
    world::NetworkOptions options;
    options.target = *world::parseTarget("mqtts://localhost:" + std::to_string(port));
    options.tls = *world::tlsConfiguration({.ca = (Folder + QStringLiteral("/localhost.pem")).toStdString()});
    return options;
}

std::string connectBytes()
{
    v1::Packet packet;
    *packet.mutable_connect() = connectOf("tls");
    return wire::encode(packet, v1::V3);
}

} // namespace

class TestTls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void plainAndTlsListenSideBySide();
    void connackComesThroughTls();
    void everyEndIsTold_data();
    void everyEndIsTold();
    void unknownCertificateIsRefused();
    void probeFindsTheBroker();

private:
    BrokerProcess m_broker;
};

void TestTls::initTestCase()
{
    QVERIFY(m_broker.start({QStringLiteral("--tls-port"), QStringLiteral("0"), QStringLiteral("--certificate"),
                            Folder + QStringLiteral("/localhost.pem"), QStringLiteral("--key"),
                            Folder + QStringLiteral("/localhost.key")}));
    QVERIFY(m_broker.tlsPort() != 0);
}

void TestTls::plainAndTlsListenSideBySide()
{
    PacketClient client(v1::V3);
    QVERIFY(client.open(m_broker.port()));
    QVERIFY(client.connect(connectOf("plain")).has_value());
}

void TestTls::connackComesThroughTls()
{
    world::NetworkHub hub(towards(m_broker.tlsPort()));
    world::NetworkWorld world(hub);
    Recorder told(world);
    const LinkId link = world.connect(0);
    world.write(link, connectBytes()); // waits for the handshake
    QVERIFY(eventually([&] { return told.bytesOf[link].size() == 4; }));
    QCOMPARE(told.bytesOf[link], std::string("\x20\x02\x00\x00", 4));
}

void TestTls::everyEndIsTold_data()
{
    QTest::addColumn<QString>("end");
    QTest::addColumn<int>("how");
    QTest::newRow("FIN") << QStringLiteral("fin") << int(Ending::Closed);
    QTest::newRow("RST") << QStringLiteral("rst") << int(Ending::Reset);
    QTest::newRow("closed by the broker") << QStringLiteral("broker") << int(Ending::Closed);
    QTest::newRow("closed by the broker while unread") << QStringLiteral("unread") << int(Ending::Closed);
}

void TestTls::everyEndIsTold()
{
    QFETCH(QString, end);
    QFETCH(int, how);
    world::NetworkHub hub(towards(m_broker.tlsPort()));
    world::NetworkWorld world(hub);
    Recorder told(world);
    const LinkId link = world.connect(0);
    QVERIFY(eventually([&] { return told.isOpen(link); }));
    world.write(link, connectBytes());
    QVERIFY(eventually([&] { return told.bytesOf[link].size() == 4; }));
    if (end == QStringLiteral("fin"))
        world.shutdown(link);
    else if (end == QStringLiteral("rst"))
        world.reset(link);
    else
        world.write(link, connectBytes()); // a second CONNECT
    if (end == QStringLiteral("unread")) {
        world.stopReading(link);
        const LinkId other = world.connect(0); // a fence: the broker and the loop have turned
        QVERIFY(eventually([&] { return told.isOpen(other); }));
        QVERIFY(told.endings.empty());
        world.resumeReading(link);
    }
    QVERIFY(eventually([&] { return !told.endings.empty(); }));
    QCOMPARE(told.endings.front(), (std::pair{link, Ending(how)}));
}

void TestTls::unknownCertificateIsRefused()
{
    auto options = towards(m_broker.tlsPort());
    options.tls = *world::tlsConfiguration({}); // the system's authorities do not know it
    world::NetworkHub hub(options);
    world::NetworkWorld world(hub);
    Recorder told(world);
    const LinkId link = world.connect(0);
    QVERIFY(eventually([&] { return !told.endings.empty(); }));
    QCOMPARE(told.endings.front(), (std::pair{link, Ending::Refused}));
    QVERIFY(told.openedLinks.empty());
}

void TestTls::probeFindsTheBroker()
{
    world::NetworkHub hub(towards(m_broker.tlsPort()));
    std::optional<tl::expected<world::Probed, std::string>> answer;
    hub.probe([&](auto result) { answer = std::move(result); });
    QVERIFY(eventually([&] { return answer.has_value(); }));
    QVERIFY2(answer->has_value(), *answer ? "" : answer->error().c_str());
}

QTEST_GUILESS_MAIN(TestTls)
#include "tst_tls.moc"
