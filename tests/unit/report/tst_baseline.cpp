#include "sample.h"
#include "scenarios/report/baseline.h"
#include "scenarios/report/counts.h"

#include <QTest>

using namespace hiatus::report;
namespace v1 = hiatus::v1;

namespace {

QString qs(const std::string &text)
{
    return QString::fromStdString(text);
}

v1::Result failed(const std::string &variant, const std::string &reason = "MISSING",
                  const std::string &statement = "S-1")
{
    v1::Result result = sample::result(variant, v1::FAIL);
    *result.add_finding() = sample::finding(reason, statement);
    result.mutable_finding(0)->set_text("PUBREL \"m\" never came.");
    return result;
}

Results resultsOf(std::initializer_list<v1::Result> list)
{
    Results results;
    for (const v1::Result &result : list)
        *results.Add() = result;
    return results;
}

Baseline baselineOf(const std::string &text)
{
    auto parsed = parseBaseline("b.txtpb", text);
    return parsed ? *parsed : Baseline{"unreadable: " + parsed.error(), {}, {}};
}

std::string entry(const std::string &variant, const std::string &more = {})
{
    return "expected { variant: \"" + variant + "\" verdict: \"FAIL\" " + more + " why: \"issue 12\" }\n";
}

QStringList problemsOf(const std::string &text, Results results, const std::set<std::string> &known = {})
{
    QStringList problems;
    for (const std::string &problem : applyBaseline(baselineOf(text), results, known))
        problems << qs(problem);
    return problems;
}

} // namespace

class BaselineTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void globsTreatBracketsAsThemselves_data();
    void globsTreatBracketsAsThemselves();
    void aBadFileIsRefusedWithItsPlace_data();
    void aBadFileIsRefusedWithItsPlace();
    void aMissingFileIsNamed();
    void anExpectedFailureIsAsExpected();
    void anotherReasonIsASurprise();
    void reasonAndStatementMayBeGlobs();
    void anEntryThatIsNoLongerNeededIsStale();
    void anEntryForNoVariantIsUnmatched();
    void anEntryForAVariantNotSelectedIsLeftAlone();
    void inconclusiveProvesNothing();
    void aGlobIsStaleAsSoonAsOnePasses();
    void twoEntriesForOneResultOverlap();
    void aRaceMayComeOutMilder();
    void anEntryExpiresOnTheDayAfterItsDate();
    void updatingKeepsWhatIsNeededAsItWasWritten();
    void updatingNarrowsAGlobToWhatIsNeeded();
    void updatingRemembersTheOldWhy();
    void updatingFromNothingMakesAReadableFile();
    void updatingKnowsASetUpThatFailsAgainAndAgain();
    void updatingAfterARepeatedRunAddsOneEntry();
    void updatingWritesWhatItSawInTheRounds_data();
    void updatingWritesWhatItSawInTheRounds();
    void updatingRefusesTooWideGlobs();
    void updatingAfterNothingRanChangesNothing();
    void updatingRefusesLists();
    void anUpdatedBaselineHasNoProblems();
};

void BaselineTest::globsTreatBracketsAsThemselves_data()
{
    QTest::addColumn<QString>("glob");
    QTest::addColumn<QString>("id");
    QTest::addColumn<bool>("matches");
    QTest::newRow("exact") << "a/b[v5,rst]"
                           << "a/b[v5,rst]" << true;
    QTest::newRow("another axis value") << "a/b[v5,rst]"
                                        << "a/b[v5,fin]" << false;
    QTest::newRow("star within brackets") << "a/b[v5,*]"
                                          << "a/b[v5,fin,qos2]" << true;
    QTest::newRow("star in the middle") << "a/*,rst]"
                                        << "a/b[v5,rst]" << true;
    QTest::newRow("two stars that have to go back") << "*v5*rst]"
                                                    << "a/v5x[v5,fin,rst]" << true;
    QTest::newRow("question mark") << "a/b[v?]"
                                   << "a/b[v5]" << true;
    QTest::newRow("question mark is one character") << "a/b[v?]"
                                                    << "a/b[v51]" << false;
    QTest::newRow("star matches nothing too") << "a/b*"
                                              << "a/b" << true;
    QTest::newRow("prefix is not enough") << "a/b"
                                          << "a/b[v5]" << false;
    QTest::newRow("braces: one of these") << "a/{b,cd}_{x,}y[v5,{fin,rst},*]"
                                          << "a/cd_y[v5,rst,qos1]" << true;
    QTest::newRow("braces: none of these") << "a/{b,cd}[v5,{fin,rst}]"
                                           << "a/b[v5,takeover]" << false;
    QTest::newRow("braces: an alternative is whole") << "a/{b,bc}d"
                                                     << "a/bc" << false;
    QTest::newRow("braces: a star in one") << "{a/*,b}[v5]"
                                           << "a/c[v5]" << true;
    QTest::newRow("braces that are not closed") << "a/{b,c"
                                                << "a/c" << true;
    QTest::newRow("longer than the id") << "a/b[v5]x"
                                        << "a/b[v5]" << false;
}

void BaselineTest::globsTreatBracketsAsThemselves()
{
    QFETCH(QString, glob);
    QFETCH(QString, id);
    QFETCH(bool, matches);
    QCOMPARE(globMatches(glob.toStdString(), id.toStdString()), matches);
}

void BaselineTest::aBadFileIsRefusedWithItsPlace_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("error");
    QTest::newRow("unknown field") << "expected {\n  veredict: \"FAIL\"\n}"
                                   << "b.txtpb:2:11: error: ";
    QTest::newRow("no why") << "\nexpected { variant: \"a\" verdict: \"FAIL\" }"
                            << "b.txtpb:2:1: error: an entry must say why";
    QTest::newRow("blank why") << "expected { variant: \"a\" verdict: \"FAIL\" why: \" \" }"
                               << "b.txtpb:1:1: error: an entry must say why";
    QTest::newRow("no variant") << "expected { verdict: \"FAIL\" why: \"x\" }"
                                << "b.txtpb:1:1: error: an entry needs a variant";
    QTest::newRow("unknown verdict") << "expected { variant: \"a\" verdict: \"BROKEN\" why: \"x\" }"
                                     << "b.txtpb:1:1: error: verdict is \"BROKEN\"";
    QTest::newRow("expects a pass") << "expected { variant: \"a\" verdict: \"PASS\" why: \"x\" }"
                                    << "b.txtpb:1:1: error: verdict is \"PASS\"";
}

void BaselineTest::aBadFileIsRefusedWithItsPlace()
{
    QFETCH(QString, text);
    QFETCH(QString, error);
    const auto parsed = parseBaseline("b.txtpb", text.toStdString());
    QVERIFY(!parsed);
    QVERIFY2(qs(parsed.error()).startsWith(error), parsed.error().c_str());
}

void BaselineTest::aMissingFileIsNamed()
{
    const auto loaded = loadBaseline("/nowhere/b.txtpb");
    QVERIFY(!loaded);
    QCOMPARE(qs(loaded.error()), QStringLiteral("/nowhere/b.txtpb: error: cannot be opened"));
}

void BaselineTest::anExpectedFailureIsAsExpected()
{
    Results results = resultsOf({failed("a/b[v5]"), failed("a/c[v5]")});
    const auto problems =
        applyBaseline(baselineOf(entry("a/b[v5]", "reason: \"MISSING\" statement: \"S-1\"")), results, {});
    QVERIFY(problems.empty());
    QVERIFY(isAsExpected(results[0]));
    QVERIFY(!isAsExpected(results[1]));
}

void BaselineTest::anotherReasonIsASurprise()
{
    Results results = resultsOf({failed("a/b[v5]", "SURPLUS")});
    const auto problems = applyBaseline(baselineOf(entry("a/b[v5]", "reason: \"MISSING\"")), results, {});
    QVERIFY(!isAsExpected(results[0]));
    QCOMPARE(problems.size(), std::size_t(1));
    QCOMPARE(qs(problems[0]),
             QStringLiteral("b.txtpb:1:1: stale: a/b[v5] is FAIL for another reason, SURPLUS [5.0 S-1]; edit: write what comes now, and why, or if it is a race say `sometimes: true` (--baseline-update --repeat 3 does)"));
}

void BaselineTest::reasonAndStatementMayBeGlobs()
{
    const auto one = [](const char *reason) { return resultsOf({failed("a/b[v5]", reason)}); };
    const std::string text = entry("a/b[v5]", "reason: \"{MISSING,MONITOR_*}\" statement: \"S-?\"");
    QCOMPARE(problemsOf(text, one("MISSING")), QStringList());
    QCOMPARE(problemsOf(text, one("MONITOR_DUP")), QStringList());
    QCOMPARE(problemsOf(text, one("SURPLUS")).size(), 1);
}

void BaselineTest::anEntryThatIsNoLongerNeededIsStale()
{
    QCOMPARE(problemsOf("\n" + entry("a/b[v5]"), resultsOf({sample::result("a/b[v5]", v1::PASS)})),
             QStringList{QStringLiteral("b.txtpb:2:1: stale: a/b[v5] passes; edit: remove the entry, or if it is a race say `sometimes: true` (--baseline-update --repeat 3 does)")});
    QCOMPARE(problemsOf(entry("a/b[v5]"), resultsOf({sample::result("a/b[v5]", v1::WARN)})),
             QStringList{QStringLiteral("b.txtpb:1:1: stale: a/b[v5] is WARN, not FAIL; edit: write what comes now, and why, or if it is a race say `sometimes: true` (--baseline-update --repeat 3 does)")});
    QCOMPARE(problemsOf(entry("a/b[v5]") + entry("a/*"), resultsOf({failed("a/b[v5]")})),
             QStringList{QStringLiteral("b.txtpb:2:1: stale: an entry before it covers a/* already; edit: remove the entry")});
}

void BaselineTest::anEntryForNoVariantIsUnmatched()
{
    QCOMPARE(problemsOf(entry("a/x[v5]"), resultsOf({failed("a/b[v5]")})),
             QStringList{QStringLiteral("b.txtpb:1:1: unmatched: there is no variant a/x[v5]; edit: remove the entry")});
}

void BaselineTest::anEntryForAVariantNotSelectedIsLeftAlone()
{
    QCOMPARE(problemsOf(entry("a/x[v5]") + entry("a/y*"), resultsOf({failed("a/b[v5]")}), {"a/x[v5]", "a/y[v3]"}),
             QStringList());
}

void BaselineTest::inconclusiveProvesNothing()
{
    for (const v1::Verdict verdict : {v1::INCONCLUSIVE, v1::SKIP, v1::ERROR})
        QCOMPARE(problemsOf(entry("a/b[v5]"), resultsOf({sample::result("a/b[v5]", verdict)})), QStringList());
}

void BaselineTest::aGlobIsStaleAsSoonAsOnePasses()
{
    const Results results = resultsOf({failed("a/b[v3]"), failed("a/b[v5]"), sample::result("a/b[v5,x]", v1::PASS)});
    QCOMPARE(problemsOf(entry("a/b*"), results), QStringList{QStringLiteral("b.txtpb:1:1: stale: a/b[v5,x] passes; edit: narrow a/b* to what still is so")});
}

void BaselineTest::twoEntriesForOneResultOverlap()
{
    const Results results = resultsOf({failed("a/b[v3]"), failed("a/b[v5]")});
    QCOMPARE(problemsOf(entry("a/b[v3]") + entry("a/b*"), results),
             QStringList{QStringLiteral("b.txtpb:2:1: overlapping: it covers a/b[v3], as does the entry at b.txtpb:1:1; edit: narrow one of them")});
}

void BaselineTest::aRaceMayComeOutMilder()
{
    const std::string race = entry("a/*", "reason: \"MISSING\" statement: \"S-1\" sometimes: true");
    v1::Result warned = failed("a/b[v5,warned]", "MISSING", "S-2");
    warned.set_verdict(v1::WARN);
    Results results = resultsOf({failed("a/b[v5]"), sample::result("a/b[v5,x]", v1::PASS), warned});
    QVERIFY(applyBaseline(baselineOf(race), results, {}).empty());
    for (const auto &result : results)
        QVERIFY2(result.verdict() == v1::PASS || isAsExpected(result), result.variant().c_str());
    QCOMPARE(problemsOf(race, resultsOf({sample::result("a/b[v5]", v1::PASS)})), QStringList()); // it may not be seen at all
    warned.mutable_finding(0)->set_reason("SURPLUS");
    QCOMPARE(problemsOf(race, resultsOf({warned})).size(), 1); // another reason is no milder outcome
    QCOMPARE(problemsOf(race, resultsOf({failed("a/b[v5]", "SURPLUS")})).size(), 1);
    const auto updated = updateBaseline(baselineOf(race), results, {});
    QVERIFY(updated.has_value());
    QCOMPARE(updated->text, race);
}

void BaselineTest::anEntryExpiresOnTheDayAfterItsDate()
{
    const auto problemsOn = [](const std::string &today) {
        Results results = resultsOf({failed("a/b[v5]")});
        return applyBaseline(baselineOf(entry("a/b[v5]", "until: \"2027-03-31\"")), results, {}, today);
    };
    QVERIFY(problemsOn("2027-03-31").empty());
    QCOMPARE(problemsOn("2027-04-01").size(), std::size_t(1));
    QVERIFY(problemsOn("2027-04-01")[0].find("expired: expected until 2027-03-31") != std::string::npos);
    QVERIFY(!parseBaseline("b.txtpb", entry("a/b[v5]", "until: \"next year\"")));
}

void BaselineTest::updatingKeepsWhatIsNeededAsItWasWritten()
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

void BaselineTest::updatingNarrowsAGlobToWhatIsNeeded()
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

void BaselineTest::updatingRemembersTheOldWhy()
{
    const auto updated = updateBaseline(baselineOf(entry("a/b[v5]", "reason: \"MISSING\"")),
                                        resultsOf({failed("a/b[v5]", "SURPLUS")}), {});
    QVERIFY(updated.has_value());
    const Baseline now = baselineOf(updated->text);
    QCOMPARE(now.entries.size(), std::size_t(1));
    QCOMPARE(now.entries[0].expected.reason(), std::string("SURPLUS"));
    QCOMPARE(now.entries[0].expected.why(), std::string("unexplained: PUBREL \"m\" never came. (before: issue 12)"));
}

void BaselineTest::updatingFromNothingMakesAReadableFile()
{
    const auto updated = updateBaseline({}, resultsOf({failed("a/b[v5]")}), {});
    QVERIFY(updated.has_value());
    QVERIFY(qs(updated->text).startsWith(QStringLiteral("# proto-file: hiatus/v1/target.proto\n")));
    QCOMPARE(baselineOf(updated->text).entries.size(), std::size_t(1));
}

void BaselineTest::updatingKnowsASetUpThatFailsAgainAndAgain()
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

void BaselineTest::updatingAfterARepeatedRunAddsOneEntry()
{
    const Results twice = resultsOf({failed("a/b[v5]"), failed("a/b[v5]")});
    QCOMPARE(baselineOf(updateBaseline({}, twice, {})->text).entries.size(), std::size_t(1));
}

void BaselineTest::updatingWritesWhatItSawInTheRounds_data()
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

void BaselineTest::updatingWritesWhatItSawInTheRounds()
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

void BaselineTest::updatingRefusesTooWideGlobs()
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

void BaselineTest::updatingAfterNothingRanChangesNothing()
{
    const auto updated = updateBaseline(baselineOf(entry("a/b[v5]")), {}, {});
    QVERIFY(updated.has_value());
    QCOMPARE(qs(updated->text), qs(entry("a/b[v5]")));
}

void BaselineTest::updatingRefusesLists()
{
    const std::string list = "expected: [{ variant: \"a\" verdict: \"FAIL\" why: \"x\" },\n"
                             "           { variant: \"b\" verdict: \"FAIL\" why: \"x\" }]\n";
    const auto updated = updateBaseline(baselineOf(list), resultsOf({failed("a"), failed("b")}), {});
    QVERIFY(!updated);
    QVERIFY2(qs(updated.error()).contains(QStringLiteral("entries in a list cannot be updated")),
             updated.error().c_str());
}

void BaselineTest::anUpdatedBaselineHasNoProblems()
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

QTEST_APPLESS_MAIN(BaselineTest)
#include "tst_baseline.moc"
