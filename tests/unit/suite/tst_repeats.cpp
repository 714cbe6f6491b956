// Rounds of the same variants as one result each.

#include "scenarios/suite/repeats.h"

#include <QTest>

using namespace hiatus;

class TestRepeats : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void worstIsKeptAndFlakesAreCounted_data();
    void worstIsKeptAndFlakesAreCounted();
    void variantsKeepTheirOrder();
};

void TestRepeats::worstIsKeptAndFlakesAreCounted_data()
{
    QTest::addColumn<QList<int>>("rounds");
    QTest::addColumn<int>("worst");
    QTest::addColumn<QByteArray>("flaky");
    QTest::newRow("once") << QList<int>{v1::FAIL} << int(v1::FAIL) << QByteArray();
    QTest::newRow("always well") << QList<int>{v1::PASS, v1::PASS, v1::PASS} << int(v1::PASS) << QByteArray();
    QTest::newRow("always bad") << QList<int>{v1::FAIL, v1::FAIL} << int(v1::FAIL) << QByteArray();
    QTest::newRow("one of five") << QList<int>{v1::PASS, v1::PASS, v1::FAIL, v1::PASS, v1::PASS} << int(v1::FAIL) << QByteArray("1/5");
    QTest::newRow("first and last") << QList<int>{v1::WARN, v1::PASS, v1::INCONCLUSIVE} << int(v1::WARN) << QByteArray("2/3");
    QTest::newRow("a failure outweighs our own error") << QList<int>{v1::ERROR, v1::FAIL, v1::PASS} << int(v1::FAIL) << QByteArray("2/3");
    QTest::newRow("skipped") << QList<int>{v1::SKIP, v1::SKIP} << int(v1::SKIP) << QByteArray();
}

void TestRepeats::worstIsKeptAndFlakesAreCounted()
{
    QFETCH(QList<int>, rounds);
    QFETCH(int, worst);
    QFETCH(QByteArray, flaky);
    suite::Repeats repeats;
    for (const int verdict : rounds) {
        v1::Result result;
        result.set_variant("topic/slug[v5]");
        result.set_verdict(static_cast<v1::Verdict>(verdict));
        repeats.add(result);
    }
    v1::Report report;
    repeats.moveInto(report);
    QCOMPARE(report.result_size(), 1);
    QCOMPARE(int(report.result(0).verdict()), worst);
    QCOMPARE(report.result(0).flaky(), flaky.toStdString());
}

void TestRepeats::variantsKeepTheirOrder()
{
    suite::Repeats repeats;
    for (const char *variant : {"b", "a", "c", "b", "a", "c"}) {
        v1::Result result;
        result.set_variant(variant);
        result.set_verdict(v1::PASS);
        repeats.add(result);
    }
    v1::Report report;
    repeats.moveInto(report);
    QCOMPARE(report.result_size(), 3);
    QCOMPARE(report.result(0).variant(), std::string("b"));
    QCOMPARE(report.result(2).variant(), std::string("c"));
    QCOMPARE(repeats.rounds().size(), 6);
    QCOMPARE(repeats.rounds()[4].variant(), std::string("a"));
}

QTEST_GUILESS_MAIN(TestRepeats)
#include "tst_repeats.moc"
