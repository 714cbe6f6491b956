// kill -9 of `minibroker --store` at random points under QoS 1 and 2 traffic: nothing acknowledged is lost, nothing of
// QoS 2 is doubled. Both clients live through it and resume.

#include "client/net/client.h"
#include "tests/loopback/brokerprocess.h"

#include <QRandomGenerator>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <memory>

using namespace hiatus;
using namespace hiatus::loopback;

namespace {

constexpr int UsualKills = 100; ///< in each version
constexpr int Window = 20; ///< messages on their way at once
constexpr int Patience = 60'000;

int kills()
{
    const int asked = qEnvironmentVariableIntValue("HIATUS_SOAK");
    return asked > 0 ? asked : UsualKills;
}

void makePersistent(Client &client, const QString &clientId, Client::Version version)
{
    client.setClientId(clientId);
    client.setVersion(version);
    client.setCleanSession(false);
    client.setSessionExpiryInterval(3'600);
}

/// Publishes numbered messages, QoS 1 and 2 in turn, and knows which were acknowledged.
class Publisher
{
public:
    explicit Publisher(Client::Version version)
    {
        makePersistent(m_client, QStringLiteral("soakpublisher"), version);
        QObject::connect(&m_client, &Client::published, &m_client, [this](qint64 id, int code) {
            m_open.remove(id);
            (code < 0x80 ? acknowledged : refused).insert(m_numbers[id]);
        });
        QObject::connect(&m_client, &Client::publishFailed, &m_client, [this](qint64 id, const QString &) {
            m_open.remove(id);
            refused.insert(m_numbers[id]);
        });
        QObject::connect(&m_client, &Client::connected, &m_client, [this](bool present) { sessionPresent = present; });
    }
    static int qosOf(int number) { return number % 2 == 0 ? 2 : 1; }
    void fill()
    {
        while (m_open.size() < Window) {
            const int number = ++m_last;
            const qint64 id = m_client.publish(QStringLiteral("soak"), QByteArray::number(number), qosOf(number));
            m_numbers[id] = number;
            m_open.insert(id);
        }
    }
    bool isDrained() const { return m_open.isEmpty(); }
    int published() const { return m_last; }
    Client &client() { return m_client; }

    QSet<int> acknowledged, refused;
    bool sessionPresent = false;

private:
    Client m_client;
    std::map<qint64, int> m_numbers;
    QSet<qint64> m_open;
    int m_last = 0;
};

/// Counts what the application was handed.
class Subscriber
{
public:
    explicit Subscriber(Client::Version version)
    {
        makePersistent(m_client, QStringLiteral("soaksubscriber"), version);
        QObject::connect(&m_client, &Client::messageReceived, &m_client,
                         [this](const Message &message) { ++copies[message.payload.toInt()]; });
        QObject::connect(&m_client, &Client::connected, &m_client, [this](bool present) { sessionPresent = present; });
    }
    Client &client() { return m_client; }

    std::map<int, int> copies;
    bool sessionPresent = false;

private:
    Client m_client;
};

bool isConnected(const Client &client)
{
    return client.state() == Client::State::Connected;
}

} // namespace

class TestSoak : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingAcknowledgedIsLostAndNothingExactlyOnceIsDoubled_data();
    void nothingAcknowledgedIsLostAndNothingExactlyOnceIsDoubled();

private:
    bool connectBoth();
    /// Traffic until so many more messages are acknowledged.
    bool runFor(int acknowledgements);

    BrokerProcess m_broker;
    std::unique_ptr<Publisher> m_publisher;
    std::unique_ptr<Subscriber> m_subscriber;
};

void TestSoak::nothingAcknowledgedIsLostAndNothingExactlyOnceIsDoubled_data()
{
    QTest::addColumn<Client::Version>("version");
    QTest::newRow("3.1.1") << Client::Version::Mqtt311;
    QTest::newRow("5.0") << Client::Version::Mqtt5;
}

bool TestSoak::connectBoth()
{
    for (Client *client : {&m_subscriber->client(), &m_publisher->client()}) {
        if (!QTest::qWaitFor([&] { return client->state() == Client::State::Disconnected; }, Patience))
            return false;
        client->connectToHost(QStringLiteral("127.0.0.1"), m_broker.port());
    }
    return QTest::qWaitFor([&] { return isConnected(m_subscriber->client()) && isConnected(m_publisher->client()); }, Patience);
}

bool TestSoak::runFor(int acknowledgements)
{
    const auto goal = m_publisher->acknowledged.size() + acknowledgements;
    return QTest::qWaitFor([&] {
        m_publisher->fill();
        return m_publisher->acknowledged.size() >= goal;
    }, Patience);
}

void TestSoak::nothingAcknowledgedIsLostAndNothingExactlyOnceIsDoubled()
{
    QFETCH(Client::Version, version);
    m_publisher = std::make_unique<Publisher>(version);
    m_subscriber = std::make_unique<Subscriber>(version);
    QTemporaryDir directory;
    const QStringList arguments{QStringLiteral("--store"), directory.filePath(QStringLiteral("store"))};
    QRandomGenerator random(20'260'101); // the same points each time, as far as two processes can
    QVERIFY(m_broker.start(arguments));
    QVERIFY(connectBoth());
    bool isSubscribed = false;
    QObject::connect(&m_subscriber->client(), &Client::subscribed, this, [&] { isSubscribed = true; });
    m_subscriber->client().subscribe(QStringLiteral("soak"), 2);
    QVERIFY(QTest::qWaitFor([&] { return isSubscribed; }, Patience));

    for (int kill = 0; kill < kills(); ++kill) {
        QVERIFY2(runFor(random.bounded(1, 60)), "traffic came to a halt");
        m_broker.kill();
        QVERIFY2(m_broker.start(arguments), "the store was refused after a kill");
        QVERIFY(connectBoth());
        QVERIFY2(m_publisher->sessionPresent && m_subscriber->sessionPresent, "a session was lost");
    }
    QVERIFY(QTest::qWaitFor([&] { return m_publisher->isDrained(); }, Patience));
    QVERIFY(m_publisher->refused.isEmpty());
    // What is lost is said by number below.
    static_cast<void>(QTest::qWaitFor([&] { return int(m_subscriber->copies.size()) == m_publisher->published(); }, Patience));
    for (int number = 1; number <= m_publisher->published(); ++number) {
        const int copies = m_subscriber->copies[number];
        QVERIFY2(copies >= 1, qPrintable(QStringLiteral("message %1 was lost").arg(number)));
        QVERIFY2(copies == 1 || Publisher::qosOf(number) == 1, qPrintable(QStringLiteral("message %1 came %2 times").arg(number).arg(copies)));
    }
    QVERIFY(m_publisher->published() >= kills());
    m_broker.kill();
}

QTEST_GUILESS_MAIN(TestSoak)
#include "tst_soak.moc"
