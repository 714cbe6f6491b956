#include <hiatus/client.h>
#include <hiatus/minibroker.h>
#include <hiatus/scenarios.h>

#include <QSignalSpy>
#include <QTest>

using hiatus::Client;
using hiatus::Minibroker;
using hiatus::minibroker::Fate;
using hiatus::minibroker::SeenPacket;

class TestSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void qos2SurvivesACutBetweenPubrecAndPubrel();
    void brokerKeepsToTheStandard_data();
    void brokerKeepsToTheStandard();
};

void TestSession::qos2SurvivesACutBetweenPubrecAndPubrel()
{
    bool wasCut = false;
    hiatus::MinibrokerOptions options;
    options.watcher = [&wasCut](const SeenPacket &seen) {
        if (wasCut || !seen.fromClient || !seen.packet->has_pubrel())
            return Fate::Pass;
        wasCut = true;
        return Fate::CutBefore; // the client has PUBREC, the broker never sees this PUBREL
    };
    Minibroker broker(options);
    QVERIFY(broker.start()); // a free port of 127.0.0.1

    Client client;
    client.setClientId(QStringLiteral("till-7"));
    client.setCleanSession(false);
    client.setSessionExpiryInterval(60);
    client.setAutomaticReconnect(true);
    QSignalSpy connected(&client, &Client::connected);
    QSignalSpy published(&client, &Client::published);
    QSignalSpy received(&client, &Client::messageReceived);
    QVERIFY(client.connectToHost(QStringLiteral("127.0.0.1"), broker.port()));
    QTRY_COMPARE(connected.count(), 1);
    client.subscribe(QStringLiteral("door"), 2);
    client.publish(QStringLiteral("door"), "open", 2);
    QTRY_COMPARE(published.count(), 1); // on the second connection
    QVERIFY(wasCut);
    QCOMPARE(connected.count(), 2);
    QVERIFY(client.sessionPresent());

    client.publish(QStringLiteral("door"), "shut", 2);
    QTRY_COMPARE(published.count(), 2);
    QTRY_COMPARE(received.count(), 2); // "open" once
    QCOMPARE(received.at(0).at(0).value<hiatus::Message>().payload, QByteArray("open"));
}

void TestSession::brokerKeepsToTheStandard_data()
{
    QTest::addColumn<std::string>("what");
    QTest::newRow("of the catalogue") << std::string("session_present/table");
    QTest::newRow("one of our own") << std::string(OWN_SCENARIOS "/door.txtpb");
}

void TestSession::brokerKeepsToTheStandard()
{
    QFETCH(std::string, what);
    Minibroker broker; // or whatever your suite has started
    QVERIFY(broker.start());
    const std::string url = "mqtt://127.0.0.1:" + std::to_string(broker.port());
    const auto outcome = hiatus::scenarios::run({.what = what, .target = url});
    QVERIFY2(outcome.passed, outcome.text.c_str());
}

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
