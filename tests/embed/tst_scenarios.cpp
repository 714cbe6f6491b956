// hiatus::scenarios::run: what a test of somebody else's gets from it.

#include <hiatus/minibroker.h>
#include <hiatus/scenarios.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace hiatus;

class TestScenarios : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void passesInProcess();
    void tellsWhichStatementWasBrokenAndShowsThePackets();
    void runsAgainstABrokerInTheSameThread_data();
    void runsAgainstABrokerInTheSameThread();
    void runsAFileOfItsOwn();
    void saysWhyNothingRan_data();
    void saysWhyNothingRan();
};

namespace {

bool contains(const scenarios::Outcome &outcome, const char *text)
{
    return outcome.text.find(text) != std::string::npos;
}

std::string urlOf(const Minibroker &broker)
{
    return "mqtt://127.0.0.1:" + std::to_string(broker.port());
}

} // namespace

void TestScenarios::passesInProcess()
{
    const auto outcome = scenarios::run({.what = "session_present/table"});
    QVERIFY2(outcome.passed, outcome.text.c_str());
    QVERIFY(outcome.report.result_size() > 1);
}

void TestScenarios::tellsWhichStatementWasBrokenAndShowsThePackets()
{
    const auto outcome = scenarios::run({.what = "queue/qos1_resume[v5,rst,once]", .alterations = {"resend-without-dup"}});
    QVERIFY(!outcome.passed);
    QVERIFY2(contains(outcome, "MQTT-3.3.1-1") && contains(outcome, "PUBLISH"), outcome.text.c_str());
    QVERIFY(!scenarios::run({.what = "client/publish_owed", .alterations = {"no-resend-on-reconnect"}}).passed);
}

void TestScenarios::runsAgainstABrokerInTheSameThread_data()
{
    QTest::addColumn<std::string>("deviation");
    QTest::newRow("as it should be") << std::string();
    QTest::newRow("at fault") << std::string("sp-always-zero");
}

void TestScenarios::runsAgainstABrokerInTheSameThread()
{
    QFETCH(std::string, deviation);
    MinibrokerOptions options;
    if (!deviation.empty())
        options.alterations = {deviation};
    Minibroker broker(options);
    QVERIFY(broker.start());
    const auto outcome = scenarios::run({.what = "session_present/table", .target = urlOf(broker)});
    QVERIFY2(outcome.passed == deviation.empty(), outcome.text.c_str());
    QVERIFY2(deviation.empty() || contains(outcome, "MQTT-3.2.2-"), outcome.text.c_str());
}

void TestScenarios::runsAFileOfItsOwn()
{
    QTemporaryDir dir;
    QFile file(dir.filePath(QStringLiteral("own.txtpb")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("title: \"A new client has no session\"\nlane { name: \"dev\" }\n"
               "step { open { on: \"dev\" session_present: false } }\n");
    file.close();
    const auto outcome = scenarios::run({.what = file.fileName().toStdString()});
    QVERIFY2(outcome.passed, outcome.text.c_str());
    QCOMPARE(outcome.report.result_size(), 2); // both versions
}

void TestScenarios::saysWhyNothingRan_data()
{
    QTest::addColumn<std::string>("what");
    QTest::addColumn<std::string>("target");
    QTest::addColumn<std::string>("alteration");
    QTest::addColumn<QString>("why");
    QTest::newRow("no such scenario") << std::string("no/such") << std::string("sim") << std::string() << QStringLiteral("no scenario is called");
    QTest::newRow("no such file") << std::string("/nowhere/own.txtpb") << std::string("sim") << std::string() << QStringLiteral("/nowhere/own.txtpb");
    QTest::newRow("no such alteration") << std::string("session_present/table") << std::string("sim") << std::string("nonsense") << QStringLiteral("nonsense");
    QTest::newRow("no such profile") << std::string("session_present/table") << std::string("/nowhere/profile") << std::string() << QStringLiteral("/nowhere/profile");
    QTest::newRow("nobody there") << std::string("session_present/table") << std::string("mqtt://127.0.0.1:1") << std::string() << QStringLiteral("127.0.0.1");
}

void TestScenarios::saysWhyNothingRan()
{
    QFETCH(std::string, what);
    QFETCH(std::string, target);
    QFETCH(std::string, alteration);
    QFETCH(QString, why);
    scenarios::Request request{.what = what, .target = target};
    if (!alteration.empty())
        request.alterations = {alteration};
    const auto outcome = scenarios::run(request);
    QVERIFY(!outcome.passed);
    QVERIFY2(QString::fromStdString(outcome.text).contains(why), outcome.text.c_str());
}

QTEST_GUILESS_MAIN(TestScenarios)
#include "tst_scenarios.moc"
