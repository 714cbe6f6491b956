// What was accused in company, and what is told of it after it ran alone.

#include "scenarios/suite/doubts.h"

#include <QTest>

using namespace hiatus;
using suite::Doubts;

namespace {

v1::Result resultOf(v1::Verdict verdict, const char *reason = "MISSING", const char *scenario = "topic/slug")
{
    v1::Result result;
    result.set_scenario(scenario);
    result.set_verdict(verdict);
    if (verdict == v1::FAIL || verdict == v1::WARN)
        result.add_finding()->set_reason(reason);
    return result;
}

/// What is told of the one that is due, after it came out like this alone.
std::vector<Doubts::Settled> runAlone(Doubts &doubts, v1::Verdict alone)
{
    const auto place = doubts.next();
    return place ? doubts.settle(*place, resultOf(alone)) : std::vector<Doubts::Settled>();
}

} // namespace

class TestDoubts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatNeedsNoSecondRun_data();
    void whatNeedsNoSecondRun();
    void companyAndAlone_data();
    void companyAndAlone();
    void aRunAloneThatSaysNothingIsTriedAgain();
    void silenceOfATargetThatAnsweredNobodyIsNoAccusation();
    void aFewStandForAllOfTheirScenario();
    void ifOneOfThemIsClearedTheOthersRunToo();
    void lateOnesAreAllMeasuredAlone();
    void whatIsLeftIsGivenUpAsItWasSeen();
};

void TestDoubts::whatNeedsNoSecondRun_data()
{
    QTest::addColumn<int>("verdict");
    QTest::addColumn<QByteArray>("reason");
    QTest::addColumn<bool>("isTaken");
    QTest::newRow("passed") << int(v1::PASS) << QByteArray() << false;
    QTest::newRow("skipped") << int(v1::SKIP) << QByteArray() << false;
    QTest::newRow("failed") << int(v1::FAIL) << QByteArray("MISSING") << true;
    QTest::newRow("warned") << int(v1::WARN) << QByteArray("SHOULD") << true;
    QTest::newRow("said nothing") << int(v1::INCONCLUSIVE) << QByteArray() << true;
    QTest::newRow("our own fault") << int(v1::ERROR) << QByteArray() << true;
    QTest::newRow("killed the target, alone already") << int(v1::FAIL) << QByteArray("TARGET_DIED") << false;
    QTest::newRow("as expected") << int(v1::FAIL) << QByteArray("EXPECTED") << false;
}

void TestDoubts::whatNeedsNoSecondRun()
{
    QFETCH(int, verdict);
    QFETCH(QByteArray, reason);
    QFETCH(bool, isTaken);
    Doubts doubts(1, [](const v1::Result &result) { return result.finding_size() && result.finding(0).reason() == "EXPECTED"; });
    v1::Result result = resultOf(v1::Verdict(verdict), reason.constData());
    QCOMPARE(doubts.takes(7, result), isTaken);
    QCOMPARE(doubts.isSettled(), !isTaken);
    QCOMPARE(doubts.next().value_or(0), isTaken ? std::size_t(7) : std::size_t(0));
}

void TestDoubts::companyAndAlone_data()
{
    QTest::addColumn<int>("company");
    QTest::addColumn<QByteArray>("reason");
    QTest::addColumn<int>("alone");
    QTest::addColumn<int>("told");
    QTest::addColumn<QByteArray>("confirmation");
    const auto row = [](const char *name, v1::Verdict company, const char *reason, v1::Verdict alone, v1::Verdict told, const char *confirmation) {
        QTest::newRow(name) << int(company) << QByteArray(reason) << int(alone) << int(told) << QByteArray(confirmation);
    };
    row("recurs", v1::FAIL, "MISSING", v1::FAIL, v1::FAIL, "confirmed alone");
    row("recurs for another reason", v1::FAIL, "SURPLUS", v1::FAIL, v1::FAIL, "confirmed alone, for another reason");
    row("does not recur", v1::FAIL, "MISSING", v1::PASS, v1::INCONCLUSIVE, "only in company");
    row("late", v1::WARN, "LATE", v1::PASS, v1::PASS, "in time alone, late in company");
    row("much too late", v1::FAIL, "TOO_LATE", v1::PASS, v1::PASS, "in time alone, late in company");
    row("our loop was late", v1::INCONCLUSIVE, "", v1::PASS, v1::PASS, "");
    row("our loop was late, and it fails", v1::INCONCLUSIVE, "", v1::FAIL, v1::FAIL, "");
    row("worse in company", v1::FAIL, "MISSING", v1::WARN, v1::WARN, "");
}

void TestDoubts::companyAndAlone()
{
    QFETCH(int, company);
    QFETCH(QByteArray, reason);
    QFETCH(int, alone);
    Doubts doubts(1, {});
    v1::Result first = resultOf(v1::Verdict(company), reason.constData());
    QVERIFY(doubts.takes(3, first));
    const auto told = runAlone(doubts, v1::Verdict(alone));
    QCOMPARE(told.size(), std::size_t(1));
    QCOMPARE(told[0].place, std::size_t(3));
    QTEST(int(told[0].result.verdict()), "told");
    QTEST(QByteArray::fromStdString(told[0].result.confirmation()), "confirmation");
    QVERIFY(doubts.isSettled());
}

void TestDoubts::aRunAloneThatSaysNothingIsTriedAgain()
{
    Doubts doubts(1, {});
    v1::Result first = resultOf(v1::FAIL);
    QVERIFY(doubts.takes(0, first));
    QVERIFY(runAlone(doubts, v1::INCONCLUSIVE).empty());
    QVERIFY(runAlone(doubts, v1::INCONCLUSIVE).empty());
    const auto told = runAlone(doubts, v1::INCONCLUSIVE); // and not for ever
    QCOMPARE(told.size(), std::size_t(1));
    QCOMPARE(told[0].result.verdict(), v1::INCONCLUSIVE);
}

void TestDoubts::silenceOfATargetThatAnsweredNobodyIsNoAccusation()
{
    const auto told = [](const char *actual, bool wasTargetDumb, v1::Verdict alone, const char *reason = "MISSING") {
        Doubts doubts(1, {});
        v1::Result first = resultOf(v1::FAIL);
        first.mutable_finding(0)->set_reason(reason);
        first.mutable_finding(0)->set_actual(actual);
        return doubts.takes(0, first, wasTargetDumb) ? runAlone(doubts, alone)[0].result.verdict() : v1::VERDICT_UNSPECIFIED;
    };
    QCOMPARE(told("nothing for 2002 ms", true, v1::PASS), v1::PASS);
    QCOMPARE(told("nothing for 2002 ms", true, v1::FAIL), v1::FAIL);
    QCOMPARE(told("nothing for 2002 ms", false, v1::PASS), v1::INCONCLUSIVE); // others were answered: why was this one not?
    QCOMPARE(told("PUBLISH q2 DUP id=1", true, v1::PASS), v1::INCONCLUSIVE);
    const char *ended = "the connection ended (Connection reset by peer)"; // it woke up, and the keep alive had run out
    QCOMPARE(told(ended, true, v1::PASS, "CLOSED"), v1::PASS);
    QCOMPARE(told(ended, false, v1::PASS, "CLOSED"), v1::INCONCLUSIVE);
}

void TestDoubts::aFewStandForAllOfTheirScenario()
{
    Doubts doubts(1, {});
    for (std::size_t place = 0; place < 6; ++place) {
        v1::Result result = resultOf(v1::FAIL);
        QVERIFY(doubts.takes(place, result));
    }
    for (int i = 0; i < 3; ++i)
        QCOMPARE(runAlone(doubts, v1::FAIL).size(), std::size_t(1));
    const auto told = runAlone(doubts, v1::FAIL);
    QCOMPARE(told.size(), std::size_t(3));
    QCOMPARE(told[2].place, std::size_t(5));
    QCOMPARE(told[2].result.verdict(), v1::FAIL);
    QVERIFY(told[2].result.confirmation().starts_with("seen in company; 4 others"));
    QVERIFY(doubts.isSettled());
    v1::Result afterwards = resultOf(v1::FAIL);
    QVERIFY(!doubts.takes(6, afterwards));
    QCOMPARE(afterwards.confirmation(), told[2].result.confirmation());
    v1::Result other = resultOf(v1::FAIL, "MISSING", "topic/other");
    QVERIFY(doubts.takes(7, other));
}

void TestDoubts::ifOneOfThemIsClearedTheOthersRunToo()
{
    Doubts doubts(1, {});
    for (std::size_t place = 0; place < 6; ++place) {
        v1::Result result = resultOf(v1::FAIL);
        QVERIFY(doubts.takes(place, result));
    }
    QCOMPARE(runAlone(doubts, v1::PASS).size(), std::size_t(1));
    for (int i = 0; i < 5; ++i) {
        const auto told = runAlone(doubts, v1::PASS);
        QCOMPARE(told.size(), std::size_t(1));
        QCOMPARE(told[0].result.confirmation(), std::string("only in company"));
    }
    QVERIFY(doubts.isSettled());
}

void TestDoubts::lateOnesAreAllMeasuredAlone()
{
    Doubts doubts(1, {});
    for (std::size_t place = 0; place < 6; ++place) {
        v1::Result result = resultOf(v1::WARN, "LATE");
        QVERIFY(doubts.takes(place, result));
    }
    for (int i = 0; i < 6; ++i)
        QCOMPARE(runAlone(doubts, v1::PASS).size(), std::size_t(1));
    QVERIFY(doubts.isSettled());
}

void TestDoubts::whatIsLeftIsGivenUpAsItWasSeen()
{
    Doubts doubts(1, {});
    for (std::size_t place = 0; place < 6; ++place) {
        v1::Result result = resultOf(v1::FAIL);
        QVERIFY(doubts.takes(place, result));
    }
    QCOMPARE(doubts.next().value_or(9), std::size_t(0));
    const auto told = doubts.giveUp();
    QCOMPARE(told.size(), std::size_t(6));
    for (const auto &one : told)
        QCOMPARE(one.result.verdict(), v1::FAIL);
    QVERIFY(doubts.isSettled());
}

QTEST_GUILESS_MAIN(TestDoubts)
#include "tst_doubts.moc"
