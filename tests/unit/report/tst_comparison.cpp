#include "sample.h"
#include "scenarios/report/comparison.h"

#include <QTest>

using namespace hiatus::report;
namespace v1 = hiatus::v1;

namespace {

v1::Report reportOf(std::initializer_list<v1::Result> results)
{
    v1::Report report;
    report.set_target("broker");
    for (const v1::Result &result : results)
        *report.add_result() = result;
    return report;
}

v1::Result owed(v1::Verdict verdict)
{
    v1::Result result = sample::owedPubrel();
    result.set_verdict(verdict);
    if (verdict == v1::PASS)
        result.clear_finding();
    return result;
}

} // namespace

class ComparisonTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aNewFailureIsARegression();
    void whatWasMendedIsNone();
    void whatTheBaselineExpectsIsNone();
    void aSkipIsADifferenceAndNoRegression();
    void nothingInCommonIsSaid();
    void factsThatDifferAreNamed();
};

void ComparisonTest::aNewFailureIsARegression()
{
    const v1::Report before = reportOf({owed(v1::PASS)});
    const v1::Report after = reportOf({owed(v1::FAIL)});
    QVERIFY(compared({&before, &after}).hasRegression());
    const QString text = QString::fromStdString(comparisonText({&before, &after}, {}, {}));
    QVERIFY(text.contains(QStringLiteral(
        "worse than in the report before\n  PASS -> FAIL in 2: 1 variant, MISSING [5.0 MQTT-4.4.0-1#b]\n")));
    QVERIFY(text.contains(QStringLiteral("      resume/owed_pubrel[v5,rst]\n")));
    QVERIFY(text.endsWith(QStringLiteral("1 variant compared, 1 worse, 0 better\n")));
}

void ComparisonTest::whatWasMendedIsNone()
{
    const v1::Report before = reportOf({owed(v1::FAIL)});
    const v1::Report after = reportOf({owed(v1::PASS)});
    QVERIFY(!compared({&before, &after}).hasRegression());
    QVERIFY(compared({&before, &after}).changes.front().isMended());
}

void ComparisonTest::whatTheBaselineExpectsIsNone()
{
    const v1::Report before = reportOf({owed(v1::PASS)});
    v1::Report after = reportOf({owed(v1::FAIL)});
    after.mutable_result(0)->set_expected(v1::FAIL);
    QVERIFY(!compared({&before, &after}).hasRegression());
    QCOMPARE(compared({&before, &after}).changes.size(), std::size_t(1)); // it is told all the same
}

void ComparisonTest::aSkipIsADifferenceAndNoRegression()
{
    const v1::Report before = reportOf({owed(v1::SKIP)});
    const v1::Report after = reportOf({owed(v1::FAIL)});
    const Comparison comparison = compared({&before, &after});
    QCOMPARE(comparison.changes.size(), std::size_t(1));
    QVERIFY(!comparison.hasRegression());
}

void ComparisonTest::nothingInCommonIsSaid()
{
    const v1::Report before = reportOf({sample::result("a/b[v5]", v1::PASS)});
    const v1::Report after = reportOf({sample::result("a/c[v5]", v1::PASS)});
    const Comparison comparison = compared({&before, &after});
    QCOMPARE(comparison.common, std::size_t(0));
    QCOMPARE(comparison.only, (std::vector<std::size_t>{1, 1}));
}

void ComparisonTest::factsThatDifferAreNamed()
{
    v1::Report before = reportOf({owed(v1::PASS)});
    v1::Report after = before;
    for (v1::Report *report : {&before, &after}) {
        auto *fact = report->add_fact();
        fact->set_name("qos0-offline");
        fact->set_value(report == &before ? "queued" : "dropped");
        *report->add_fact() = *fact;
        report->mutable_fact(1)->set_name("same");
        report->mutable_fact(1)->set_value("here and there");
    }
    const QString text = QString::fromStdString(comparisonText({&before, &after}, {}, {}));
    QVERIFY(text.contains(QStringLiteral("facts that differ\n  qos0-offline: 1 queued, 2 dropped\n")));
    QVERIFY(!text.contains(QStringLiteral("same")));
}

QTEST_APPLESS_MAIN(ComparisonTest)
#include "tst_comparison.moc"
