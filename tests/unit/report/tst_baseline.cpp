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

QTEST_APPLESS_MAIN(BaselineTest)
#include "tst_baseline.moc"
