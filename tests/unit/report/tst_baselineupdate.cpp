// --baseline-update: what is written, kept and taken out.

#include "baselines.h"
#include "scenarios/report/counts.h"

#include <QTest>

using namespace hiatus::report;
using namespace sample;
namespace v1 = hiatus::v1;

namespace {

QString qs(const std::string &text)
{
    return QString::fromStdString(text);
}

} // namespace

class BaselineUpdateTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsWhatIsNeededAsItWasWritten();
    void narrowsAGlobToWhatIsNeeded();
    void remembersTheOldWhy();
    void fromNothingMakesAReadableFile();
    void knowsASetUpThatFailsAgainAndAgain();
    void afterARepeatedRunAddsOneEntry();
    void writesWhatItSawInTheRounds_data();
    void writesWhatItSawInTheRounds();
    void refusesTooWideGlobs();
    void afterNothingRanChangesNothing();
    void refusesLists();
    void anUpdatedBaselineHasNoProblems();
};

void BaselineUpdateTest::keepsWhatIsNeededAsItWasWritten()
{
    const std::string text = "# proto-file: x\n# proto-message: y\n\n"
                             "# a comment of the user's\n\n"
                             "# about b\n" +
                             entry("a/b[v5]") + "# about c,\n# which was repaired\n" + entry("a/c[v5]") +
                             "\texpected {   # odd   spacing\n\t variant: \"a/d[v5]\" verdict: \"FAIL\" why: \"ä\" }\n";
    const auto updated = updateBaseline(baselineOf(text),
                                        resultsOf({failed("a/b[v5]"), sample::result("a/c[v5]", v1::PASS),
                                                   failed("a/d[v5]"), failed("a/e[v5]", "SURPLUS", "S-2")}),
                                        {});
    QVERIFY2(updated.has_value(), updated ? "" : updated.error().c_str());
    const std::string expected =
        "# proto-file: x\n# proto-message: y\n\n"
        "# a comment of the user's\n\n"
        "# about b\n" +
        entry("a/b[v5]") +
        "\texpected {   # odd   spacing\n\t variant: \"a/d[v5]\" verdict: \"FAIL\" why: \"ä\" }\n"
        "\nexpected {\n  variant: \"a/e[v5]\"\n  verdict: \"FAIL\"\n  reason: \"SURPLUS\"\n"
        "  statement: \"S-2\"\n  why: \"unexplained: PUBREL \\\"m\\\" never came.\"\n}\n";
    QCOMPARE(qs(updated->text), qs(expected));
    QCOMPARE(updated->added, std::size_t(1));
    QCOMPARE(updated->removed, std::size_t(1));
}

void BaselineUpdateTest::narrowsAGlobToWhatIsNeeded()
{
    const auto updated =
        updateBaseline(baselineOf(entry("a/*")),
                       resultsOf({failed("a/b[v3]"), failed("a/b[v5]"), sample::result("a/c[v5]", v1::PASS)}), {});
    QVERIFY(updated.has_value());
    const Baseline narrowed = baselineOf(updated->text);
    QCOMPARE(narrowed.entries.size(), std::size_t(2));
    QCOMPARE(narrowed.entries[1].expected.variant(), std::string("a/b[v5]"));
    QCOMPARE(narrowed.entries[1].expected.why(), std::string("issue 12"));
}

void BaselineUpdateTest::remembersTheOldWhy()
{
    const auto updated = updateBaseline(baselineOf(entry("a/b[v5]", "reason: \"MISSING\"")),
                                        resultsOf({failed("a/b[v5]", "SURPLUS")}), {});
    QVERIFY(updated.has_value());
    const Baseline now = baselineOf(updated->text);
    QCOMPARE(now.entries.size(), std::size_t(1));
    QCOMPARE(now.entries[0].expected.reason(), std::string("SURPLUS"));
    QCOMPARE(now.entries[0].expected.why(), std::string("unexplained: PUBREL \"m\" never came. (before: issue 12)"));
}

void BaselineUpdateTest::fromNothingMakesAReadableFile()
{
    const auto updated = updateBaseline({}, resultsOf({failed("a/b[v5]")}), {});
    QVERIFY(updated.has_value());
    QVERIFY(qs(updated->text).startsWith(QStringLiteral("# proto-file: hiatus/v1/target.proto\n")));
    QCOMPARE(baselineOf(updated->text).entries.size(), std::size_t(1));
}

void BaselineUpdateTest::knowsASetUpThatFailsAgainAndAgain()
{
    v1::Result broken = failed("a/b[v5]");
    broken.set_verdict(v1::INCONCLUSIVE);
    broken.mutable_finding(0)->set_setup(true);
    broken.mutable_finding(0)->set_reason("MISMATCH");
    v1::Result late = broken;
    late.set_variant("a/c[v5]");
    late.mutable_finding(0)->set_reason("MISSING"); // may come next time
    v1::Result silent = late;
    silent.set_variant("a/e[v5]");
    silent.set_confirmation("confirmed alone"); // it was waited for again
    v1::Result ours = broken;
    ours.set_variant("a/d[v5]");
    ours.mutable_finding(0)->set_setup(false); // our own loop was late
    v1::Result slow = silent;
    slow.set_variant("a/f[v5]");
    slow.set_skipped_for("the harness itself was 490 ms late");
    const auto updated = updateBaseline({}, resultsOf({broken, late, silent, ours, slow}), {});
    QCOMPARE(updated->added, std::size_t(2));
    QVERIFY(updated->text.find("a/e[v5]") != std::string::npos);
    QVERIFY(updated->text.find("verdict: \"INCONCLUSIVE\"") != std::string::npos);
    auto results = resultsOf({broken, silent});
    QVERIFY(applyBaseline(baselineOf(updated->text), results, {}, {}).empty());
    QCOMPARE(results[0].expected(), v1::INCONCLUSIVE);
}

void BaselineUpdateTest::afterARepeatedRunAddsOneEntry()
{
    const Results twice = resultsOf({failed("a/b[v5]"), failed("a/b[v5]")});
    QCOMPARE(baselineOf(updateBaseline({}, twice, {})->text).entries.size(), std::size_t(1));
}

void BaselineUpdateTest::writesWhatItSawInTheRounds_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QList<v1::Result>>("rounds");
    QTest::addColumn<QString>("expected"); // the fields beside variant, verdict and why
    const v1::Result missing = failed("a/b[v5]"), surplus = failed("a/b[v5]", "SURPLUS", "S-2"), passed = sample::result("a/b[v5]", v1::PASS);
    v1::Result lonely = failed("a/b[v5]"), otherwise = failed("a/b[v5]");
    lonely.set_verdict(v1::INCONCLUSIVE);
    lonely.set_confirmation("only in company");
    otherwise.set_confirmation("confirmed alone, for another reason");
    v1::Result nothing = passed;
    nothing.set_verdict(v1::INCONCLUSIVE);
    const QString always = QStringLiteral("MISSING S-1"), race = QStringLiteral("MISSING S-1 sometimes");
    QTest::newRow("always") << QString() << QList{missing, missing} << always;
    QTest::newRow("at times") << QString() << QList{missing, passed, missing} << race;
    QTest::newRow("first well") << QString() << QList{passed, missing} << race;
    QTest::newRow("nothing claimed at times") << QString() << QList{missing, nothing} << race;
    QTest::newRow("only in company") << QString() << QList{lonely} << race;
    QTest::newRow("for several reasons") << QString() << QList{missing, surplus} << QString();
    QTest::newRow("for several reasons, in company and alone") << QString() << QList{otherwise} << QString();
    QTest::newRow("for several reasons, at times") << QString() << QList{missing, surplus, passed} << QStringLiteral("sometimes");
    QTest::newRow("known, and a race") << qs(entry("a/b[v5]", "link: \"tracker/12\"")) << QList{missing, passed} << QStringLiteral("MISSING S-1 sometimes tracker/12");
    QTest::newRow("a known race for one more reason") << qs(entry("a/b[v5]", "reason: \"MISSING\" sometimes: true")) << QList{surplus, missing} << QStringLiteral("sometimes");
    QTest::newRow("a known race for another reason") << qs(entry("a/b[v5]", "reason: \"MISSING\" sometimes: true")) << QList{surplus} << QStringLiteral("sometimes");
}

void BaselineUpdateTest::writesWhatItSawInTheRounds()
{
    QFETCH(QString, before);
    QFETCH(QList<v1::Result>, rounds);
    QFETCH(QString, expected);
    Results results;
    for (const v1::Result &round : rounds)
        *results.Add() = round;
    const Baseline old = before.isEmpty() ? Baseline() : baselineOf(before.toStdString());
    const auto updated = updateBaseline(old, results, {});
    const Baseline now = baselineOf(updated->text);
    QCOMPARE(now.entries.size(), std::size_t(1));
    const v1::Expected &written = now.entries[0].expected;
    QCOMPARE(qs(written.verdict()), QStringLiteral("FAIL"));
    QStringList fields{qs(written.reason()), qs(written.statement()), written.sometimes() ? QStringLiteral("sometimes") : QString(), qs(written.link())};
    fields.removeAll(QString());
    QCOMPARE(fields.join(QLatin1Char(' ')), expected);
    QVERIFY(before.isEmpty() || written.why() == "issue 12");
    for (const v1::Result &round : rounds) { // whichever comes next time, the gate stays as it is
        Results one = resultsOf({round});
        const auto problems = applyBaseline(now, one, {});
        QVERIFY2(problems.empty(), problems.empty() ? "" : problems[0].c_str());
        QVERIFY(round.verdict() == v1::PASS || isAsExpected(one[0]));
    }
}

void BaselineUpdateTest::refusesTooWideGlobs()
{
    Results results;
    for (int i = 0; i < 51; ++i)
        *results.Add() = failed("a/b[" + std::to_string(i) + "]");
    const auto updated = updateBaseline(baselineOf(entry("a/*")), results, {});
    QVERIFY(!updated);
    QCOMPARE(qs(updated.error()),
             QStringLiteral("b.txtpb:1:1: error: a/* matches 51 variants, more than 50: narrow it"));
    QVERIFY(updateBaseline(baselineOf(entry("a/*")), results, {}, 51).has_value());
}

void BaselineUpdateTest::afterNothingRanChangesNothing()
{
    const auto updated = updateBaseline(baselineOf(entry("a/b[v5]")), {}, {});
    QVERIFY(updated.has_value());
    QCOMPARE(qs(updated->text), qs(entry("a/b[v5]")));
}

void BaselineUpdateTest::refusesLists()
{
    const std::string list = "expected: [{ variant: \"a\" verdict: \"FAIL\" why: \"x\" },\n"
                             "           { variant: \"b\" verdict: \"FAIL\" why: \"x\" }]\n";
    const auto updated = updateBaseline(baselineOf(list), resultsOf({failed("a"), failed("b")}), {});
    QVERIFY(!updated);
    QVERIFY2(qs(updated.error()).contains(QStringLiteral("entries in a list cannot be updated")),
             updated.error().c_str());
}

void BaselineUpdateTest::anUpdatedBaselineHasNoProblems()
{
    Results results = resultsOf({failed("a/b[v3]"), failed("a/b[v5]", "SURPLUS"), sample::result("a/c[v5]", v1::PASS),
                                 sample::result("a/d[v5]", v1::WARN), sample::result("a/e[v5]", v1::INCONCLUSIVE)});
    const std::string before =
        entry("a/*", "reason: \"MISSING\"") + "\n" + entry("gone/x[v5]") + "# kept\n" + entry("a/e[v5]");
    const auto updated = updateBaseline(baselineOf(before), results, {});
    QVERIFY2(updated.has_value(), updated ? "" : updated.error().c_str());
    const Baseline now = baselineOf(updated->text);
    QVERIFY2(now.path == "b.txtpb", now.path.c_str());
    const auto problems = applyBaseline(now, results, {});
    QVERIFY2(problems.empty(), problems.empty() ? "" : problems[0].c_str());
    QVERIFY(isAsExpected(results[0]) && isAsExpected(results[1]) && isAsExpected(results[3]));
    QVERIFY(updated->text.find("# kept\nexpected { variant: \"a/e[v5]\"") != std::string::npos);
}

QTEST_APPLESS_MAIN(BaselineUpdateTest)
#include "tst_baselineupdate.moc"
