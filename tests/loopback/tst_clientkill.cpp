// kill -9 of a client with a store at many points under QoS 1 and 2 traffic in both directions: what publish() had taken
// arrives, QoS 2 once; what was sent to it reaches its application.

#include "client/net/client.h"
#include "minibroker/net/minibroker.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <memory>

using namespace hiatus;

namespace {

constexpr int UsualKills = 25;
constexpr int Patience = 60'000;

int kills()
{
    const int asked = qEnvironmentVariableIntValue("HIATUS_SOAK");
    return asked > 0 ? asked : UsualKills;
}

/// The process that is killed, and what it had said by then.
class Victim
{
public:
    explicit Victim(QStringList arguments)
    {
        QObject::connect(&m_process, &QProcess::readyReadStandardOutput, &m_process, [this] { read(); });
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QStringLiteral(STORE_CLIENT), arguments);
    }
    ~Victim() { kill(); }
    /// SIGKILL; what it had written before is read.
    void kill()
    {
        m_process.kill();
        m_process.waitForFinished(Patience);
        read();
    }
    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }

    QSet<QString> accepted, got;
    int lines = 0;
    bool isConnected = false;
    bool isSubscribed = false;
    bool sessionPresent = false;

private:
    void read()
    {
        while (m_process.canReadLine()) {
            const QStringList words = QString::fromUtf8(m_process.readLine()).trimmed().split(QLatin1Char(' '));
            ++lines;
            if (words[0] == QStringLiteral("accepted"))
                accepted << words.value(1);
            else if (words[0] == QStringLiteral("got"))
                got << words.value(1);
            else if (words[0] == QStringLiteral("subscribed"))
                isSubscribed = true;
            else
                note(words.value(1) == QStringLiteral("1"));
        }
    }

    void note(bool present)
    {
        isConnected = true;
        sessionPresent = present;
    }

    QProcess m_process;
};

bool isConnected(const Client &client)
{
    return client.state() == Client::State::Connected;
}

} // namespace

class TestClientKill : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingTakenIsLostAndNothingExactlyOnceIsDoubled();

private:
    /// The other end: takes what comes up, sends something down.
    void makePeer(quint16 port);
    void sendDown();

    std::unique_ptr<Client> m_peer;
    std::map<QString, int> m_copies;
    QSet<QString> m_sentDown;
    bool m_isSubscribed = false;
};

void TestClientKill::makePeer(quint16 port)
{
    m_peer = std::make_unique<Client>();
    m_peer->setClientId(QStringLiteral("peer"));
    connect(m_peer.get(), &Client::messageReceived, this,
            [this](const Message &message) { ++m_copies[QString::fromUtf8(message.payload)]; });
    connect(m_peer.get(), &Client::subscribed, this, [this] { m_isSubscribed = true; });
    connect(m_peer.get(), &Client::connected, this, [this] { m_peer->subscribe(QStringLiteral("up"), 2); });
    m_peer->connectToHost(QStringLiteral("127.0.0.1"), port);
}

void TestClientKill::sendDown()
{
    const QString name = QStringLiteral("down/%1").arg(m_sentDown.size() + 1);
    if (m_peer->publish(QStringLiteral("down"), name.toUtf8(), m_sentDown.size() % 2 == 0 ? 2 : 1) > 0)
        m_sentDown << name;
}

void TestClientKill::nothingTakenIsLostAndNothingExactlyOnceIsDoubled()
{
    Minibroker broker;
    QVERIFY(broker.start());
    makePeer(broker.port());
    QVERIFY(QTest::qWaitFor([this] { return isConnected(*m_peer) && m_isSubscribed; }, Patience));
    QTemporaryDir directory;
    const QStringList base{QString::number(broker.port()), directory.filePath(QStringLiteral("session.db"))};
    QRandomGenerator random(20'261'125); // the same points each time, as far as two processes can
    QSet<QString> accepted, got;
    bool wasConnected = false, wasSubscribed = false;
    for (int round = 1; round <= kills(); ++round) {
        Victim victim(base + QStringList{QString::number(round)});
        const int last = random.bounded(1, 60); // sometimes before it is connected again
        QVERIFY2(QTest::qWaitFor([&] {
            wasSubscribed = wasSubscribed || victim.isSubscribed;
            if (wasSubscribed)
                sendDown();
            return victim.lines >= last || !victim.isRunning();
        }, Patience), "traffic came to a halt");
        QVERIFY2(victim.isRunning(), "the store was refused after a kill");
        victim.kill();
        QVERIFY2(!wasConnected || !victim.isConnected || victim.sessionPresent, "the session was lost");
        wasConnected = wasConnected || victim.isConnected;
        accepted |= victim.accepted;
        got |= victim.got;
    }
    Victim last(base + QStringList{QStringLiteral("-")});
    const auto isAllThere = [&] {
        return std::all_of(accepted.begin(), accepted.end(), [this](const QString &name) { return m_copies.count(name) > 0; }) &&
               (got | last.got).contains(m_sentDown);
    };
    static_cast<void>(QTest::qWaitFor(isAllThere, Patience)); // what is lost is said by name below
    got |= last.got;
    for (const QString &name : accepted)
        QVERIFY2(m_copies.count(name) > 0, qPrintable(name + QStringLiteral(" was taken, and never arrived")));
    for (const auto &[name, copies] : m_copies) {
        const bool isExactlyOnce = name.section(QLatin1Char('/'), 1).toInt() % 2 == 0;
        QVERIFY2(copies == 1 || !isExactlyOnce, qPrintable(QStringLiteral("%1 came %2 times").arg(name).arg(copies)));
    }
    for (const QString &name : m_sentDown)
        QVERIFY2(got.contains(name), qPrintable(name + QStringLiteral(" never reached the application")));
    QVERIFY(accepted.size() > kills() && got.size() > kills());
}

QTEST_GUILESS_MAIN(TestClientKill)
#include "tst_clientkill.moc"
