#include "sample.h"
#include "scenarios/report/counts.h"
#include "scenarios/report/exitstatus.h"

#include <QTest>

using namespace hiatus::report;
namespace v1 = hiatus::v1;
using Verdicts = QList<QPair<int, int>>; // verdict, expected (0: unset)

namespace {

Results resultsOf(const Verdicts &verdicts)
{
    Results results;
    for (const auto &[verdict, expected] : verdicts) {
        v1::Result &result = *results.Add();
        result = sample::result("a/b[v5]", static_cast<v1::Verdict>(verdict));
        if (expected != 0)
            result.set_expected(static_cast<v1::Verdict>(expected));
    }
    return results;
}

} // namespace

class ExitStatusTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theGravestDecides_data();
    void theGravestDecides();
    void strictTurnsAWarningIntoAFailure();
    void theRunItselfCanFail();
    void theLastLineCounts_data();
    void theLastLineCounts();
    void whatTheBaselineExpectsIsCountedApart();
};

void ExitStatusTest::theGravestDecides_data()
{
    QTest::addColumn<Verdicts>("verdicts");
    QTest::addColumn<int>("status");
    QTest::newRow("all pass") << Verdicts{{v1::PASS, 0}, {v1::PASS, 0}} << 0;
    QTest::newRow("pass and skip") << Verdicts{{v1::PASS, 0}, {v1::SKIP, 0}} << 0;
    QTest::newRow("a warning") << Verdicts{{v1::PASS, 0}, {v1::WARN, 0}} << 0;
    QTest::newRow("a failure") << Verdicts{{v1::PASS, 0}, {v1::FAIL, 0}} << 1;
    QTest::newRow("a failure that is expected") << Verdicts{{v1::FAIL, v1::FAIL}} << 0;
    QTest::newRow("a failure where a warning is expected") << Verdicts{{v1::FAIL, v1::WARN}} << 1;
    QTest::newRow("a skip where a failure is expected") << Verdicts{{v1::PASS, 0}, {v1::SKIP, v1::FAIL}} << 0;
    QTest::newRow("inconclusive") << Verdicts{{v1::PASS, 0}, {v1::INCONCLUSIVE, 0}} << 2;
    QTest::newRow("inconclusive where a failure is expected") << Verdicts{{v1::INCONCLUSIVE, v1::FAIL}} << 2;
    QTest::newRow("inconclusive that is expected") << Verdicts{{v1::INCONCLUSIVE, v1::INCONCLUSIVE}} << 0;
    QTest::newRow("nothing ran") << Verdicts{} << 3;
    QTest::newRow("all skipped") << Verdicts{{v1::SKIP, 0}, {v1::SKIP, 0}} << 3;
    QTest::newRow("harness error") << Verdicts{{v1::PASS, 0}, {v1::ERROR, 0}, {v1::INCONCLUSIVE, 0}} << 70;
    QTest::newRow("no verdict at all") << Verdicts{{v1::PASS, 0}, {v1::VERDICT_UNSPECIFIED, 0}} << 70;
    QTest::newRow("failure beside a harness error") << Verdicts{{v1::ERROR, 0}, {v1::FAIL, 0}} << 1;
}

void ExitStatusTest::theGravestDecides()
{
    QFETCH(Verdicts, verdicts);
    QFETCH(int, status);
    QCOMPARE(int(exitStatus(resultsOf(verdicts), {})), status);
}

void ExitStatusTest::strictTurnsAWarningIntoAFailure()
{
    RunEnd strict;
    strict.isStrict = true;
    QCOMPARE(exitStatus(resultsOf({{v1::WARN, 0}}), strict), Unexpected);
    QCOMPARE(exitStatus(resultsOf({{v1::WARN, v1::WARN}}), strict), AsExpected);
    QCOMPARE(exitStatus(resultsOf({{v1::PASS, 0}}), strict), AsExpected);
}

void ExitStatusTest::theRunItselfCanFail()
{
    const Results passed = resultsOf({{v1::PASS, 0}});
    const Results failed = resultsOf({{v1::FAIL, 0}});
    RunEnd end;
    end.baselineProblems = 1;
    QCOMPARE(exitStatus(passed, end), Unexpected);
    QCOMPARE(exitStatus(resultsOf({}), end), Unexpected);
    end.isTargetGone = true;
    QCOMPARE(exitStatus(passed, end), TargetGone);
    QCOMPARE(exitStatus(resultsOf({}), end), TargetGone);
    QCOMPARE(exitStatus(failed, end), Unexpected);
    end.isInterrupted = true;
    QCOMPARE(exitStatus(failed, end), Interrupted);
}

void ExitStatusTest::theLastLineCounts_data()
{
    QTest::addColumn<Verdicts>("verdicts");
    QTest::addColumn<QString>("line");
    QTest::newRow("zeros are said") << Verdicts{} << "0 passed, 0 failed, 0 skipped";
    QTest::newRow("the three") << Verdicts{{v1::PASS, 0}, {v1::PASS, 0}, {v1::FAIL, 0}, {v1::SKIP, 0}}
                               << "2 passed, 1 failed, 1 skipped";
    QTest::newRow("all kinds") << Verdicts{{v1::WARN, 0}, {v1::INCONCLUSIVE, 0}, {v1::ERROR, 0}, {v1::ERROR, 0}}
                               << "0 passed, 0 failed, 0 skipped, 1 warned, 1 inconclusive, 2 errors";
    QTest::newRow("expected failures stand elsewhere")
        << Verdicts{{v1::PASS, 0}, {v1::FAIL, v1::FAIL}} << "1 passed, 0 failed, 0 skipped";
    QTest::newRow("a pass that was to fail has passed")
        << Verdicts{{v1::PASS, v1::FAIL}} << "1 passed, 0 failed, 0 skipped";
}

void ExitStatusTest::theLastLineCounts()
{
    QFETCH(Verdicts, verdicts);
    QFETCH(QString, line);
    QCOMPARE(QString::fromStdString(summaryLine(count(resultsOf(verdicts)))), line);
}

void ExitStatusTest::whatTheBaselineExpectsIsCountedApart()
{
    const Results results =
        resultsOf({{v1::FAIL, v1::FAIL}, {v1::FAIL, v1::FAIL}, {v1::WARN, v1::WARN}, {v1::PASS, 0}});
    const Counts counts = count(results);
    QCOMPARE(expectedLine(counts), std::string("2 failed, 1 warned as the baseline expects"));
    QCOMPARE(counts.total(), std::size_t(4));
    QCOMPARE(expectedLine(count(resultsOf({{v1::PASS, 0}}))), std::string());
}

QTEST_APPLESS_MAIN(ExitStatusTest)
#include "tst_exitstatus.moc"
