#include "hiatus/v1/report.pb.h"
#include "scenarios/judge/monitors.h"
#include "scenarios/report/explain.h"
#include "scenarios/report/reasons.h"
#include "scenarios/requirements/catalogue.h"

#include <QTest>

using namespace hiatus::report;
namespace v1 = hiatus::v1;

class ExplainTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void everyOutcomeOfACheckHasASentence();
    void everyMonitorHasASentence();
    void aReasonIsExplainedInAnyCase();
    void aStatementIsShownForBothVersionsAndRoles();
    void aNumberShowsItsClauses();
    void aPrintedCitationNamesOneVersion();
    void theScenariosThatAssertItAreListed();
    void whatNobodyAssertsSaysWhy();
    void anUnknownWordNamesWhatIsNear();

private:
    QString explain(const char *what)
    {
        const auto text = explained(what, m_context, m_ledger);
        return QString::fromStdString(text ? *text : "error: " + text.error());
    }

    hiatus::requirements::Catalogue m_catalogue;
    Context m_context;
    Ledger m_ledger;
};

void ExplainTest::initTestCase()
{
    auto loaded = hiatus::requirements::Catalogue::load(HIATUS_SOURCE_DIR "/scenarios/requirements");
    QVERIFY(loaded.has_value());
    m_catalogue = std::move(*loaded);
    m_context.catalogue = &m_catalogue;
    v1::LedgerEntry &entry = *m_ledger.Add();
    entry.set_statement("MQTT-4.4.0-1#b");
    entry.set_version(v1::V5);
    entry.set_role(v1::SERVER);
    entry.add_scenario("resume/owed_pubrel");
    entry.add_scenario("resume/double_cut");
}

void ExplainTest::everyOutcomeOfACheckHasASentence()
{
    using Check = v1::CheckRecord;
    for (int value = Check::Outcome_MIN; value <= Check::Outcome_MAX; ++value) {
        if (!Check::Outcome_IsValid(value) || value == Check::OUTCOME_UNSPECIFIED || value == Check::MET)
            continue;
        const std::string &name = Check::Outcome_Name(static_cast<Check::Outcome>(value));
        QVERIFY2(!meaningOf(name).empty(), name.c_str());
    }
    QVERIFY(meaningOf("MET").empty());
}

void ExplainTest::everyMonitorHasASentence()
{
    QVERIFY(!hiatus::judge::monitorNames().empty());
    for (const auto &monitor : hiatus::judge::monitorNames())
        QVERIFY2(!meaningOf(monitor.reason).empty(), monitor.reason);
}

void ExplainTest::aReasonIsExplainedInAnyCase()
{
    QVERIFY(explain("SURPLUS").startsWith(QStringLiteral("SURPLUS\n")));
    QCOMPARE(explain("surplus"), explain("SURPLUS"));
    QVERIFY(explain("no_dup").contains(QStringLiteral("without the DUP flag")));
}

void ExplainTest::aStatementIsShownForBothVersionsAndRoles()
{
    const QString text = explain("MQTT-3.3.1-1");
    QVERIFY(text.contains(QStringLiteral("[3.1.1 MQTT-3.3.1-1]  MUST, server; broken: FAIL")));
    QVERIFY(text.contains(QStringLiteral("[3.1.1 MQTT-3.3.1-1]  MUST, client; broken: FAIL")));
    QVERIFY(text.contains(QStringLiteral("[5.0 MQTT-3.3.1-1]  MUST, server; broken: FAIL")));
    QVERIFY(text.contains(QStringLiteral("A redelivered PUBLISH has DUP 1.")));
}

void ExplainTest::aNumberShowsItsClauses()
{
    const QString text = explain("MQTT-4.4.0-1");
    QVERIFY(text.contains(QStringLiteral("[5.0 MQTT-4.4.0-1#a]")) &&
            text.contains(QStringLiteral("[5.0 MQTT-4.4.0-1#c]")));
    QVERIFY(!explain("MQTT-3.2.2-1").contains(QStringLiteral("MQTT-3.2.2-16"))); // a number is not a beginning
}

void ExplainTest::aPrintedCitationNamesOneVersion()
{
    const QString text = explain("[5.0 MQTT-4.4.0-1#b]");
    QVERIFY(text.contains(QStringLiteral("[5.0 MQTT-4.4.0-1#b]")) && !text.contains(QStringLiteral("[3.1.1 ")));
    QCOMPARE(explain("5.0 MQTT-4.4.0-1#b"), text);
}

void ExplainTest::theScenariosThatAssertItAreListed()
{
    const QString text = explain("[5.0 MQTT-4.4.0-1#b]");
    QCOMPARE(text.count(QStringLiteral("resume/double_cut")), 1); // the server's row only
    QVERIFY(text.contains(QStringLiteral("    asserted  resume/double_cut\n              resume/owed_pubrel\n")));
    QVERIFY(text.contains(QStringLiteral("    asserted  by no scenario\n")));
}

void ExplainTest::whatNobodyAssertsSaysWhy()
{
    QVERIFY(explain("A5-3").contains(QStringLiteral("a freedom: reported as a fact, never judged")));
    QVERIFY(explain("MQTT-3.2.2-6").contains(QStringLiteral("    asserted  by none: No input makes every broker")));
    QVERIFY(explain("U5-3.3.4-1").contains(QStringLiteral("    graded so Prose without a MUST")));
}

void ExplainTest::anUnknownWordNamesWhatIsNear()
{
    const QString text = explain("MQTT-4.4.0-9");
    QVERIFY(text.startsWith(QStringLiteral("error: MQTT-4.4.0-9 is no statement")));
    QVERIFY(text.contains(QStringLiteral("near: MQTT-4.4.0-1#a")));
    QVERIFY(!explain("zzz").contains(QStringLiteral("near")));
}

QTEST_APPLESS_MAIN(ExplainTest)
#include "tst_explain.moc"
