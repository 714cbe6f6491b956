#include "sample.h"
#include "scenarios/report/inflight.h"
#include "scenarios/report/matrix.h"
#include "scenarios/report/witness.h"
#include "scenarios/requirements/sections.h"

#include <QTest>

using namespace hiatus::report;
namespace v1 = hiatus::v1;

namespace {

v1::Report reportOf(std::initializer_list<v1::Result> results)
{
    v1::Report report;
    for (const v1::Result &result : results)
        *report.add_result() = result;
    for (const char *statement : {"MQTT-4.4.0-1#b", "MQTT-3.3.1-1"}) {
        auto *entry = report.add_ledger();
        entry->set_statement(statement);
        entry->set_version(v1::V5);
        entry->set_role(v1::SERVER);
        entry->add_scenario("resume/owed_pubrel");
    }
    return report;
}

const MatrixRow *rowOf(const std::vector<MatrixSection> &sections, const std::string &id)
{
    for (const MatrixSection &section : sections) {
        for (const MatrixRow &row : section.rows) {
            if (row.id == id)
                return &row;
        }
    }
    return nullptr;
}

v1::TraceEvent &addPacket(v1::Trace &trace, v1::TraceEvent::Kind kind, const std::string &lane)
{
    return *trace.mutable_event(static_cast<int>(sample::add(trace, kind, 1, lane, "", 1)));
}

} // namespace

class MatrixTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aBrokenStatementIsChargedAndAnotherIsNotAccused();
    void whatFailsElsewhereSaysNothing();
    void anUndecidedCaseAccusesNobody();
    void theBaselineIsRemembered();
    void whatDiffersIsMarked();
    void columnsHaveNamesOfTheirOwn();
    void theSessionsMessagesAreCounted();
    void theWitnessNamesThePacket();
    void sectionsHaveTitles();
};

void MatrixTest::aBrokenStatementIsChargedAndAnotherIsNotAccused()
{
    const v1::Report report = reportOf({sample::owedPubrel(), sample::result("resume/owed_pubrel[v5,fin]", v1::PASS)});
    const auto sections = statementMatrix({&report}, {});
    const MatrixRow *broken = rowOf(sections, "MQTT-4.4.0-1#b");
    QVERIFY(broken);
    QCOMPARE(broken->cells[0].verdict, v1::FAIL);
    QCOMPARE(broken->cells[0].worst.size(), std::size_t(1));
    QCOMPARE(broken->cells[0].results.size(), std::size_t(2));
    QCOMPARE(rowOf(sections, "MQTT-3.3.1-1")->cells[0].verdict, v1::PASS);
    QVERIFY(!rowOf(sections, "MQTT-4.3.3-5")); // consequent findings charge nothing
}

void MatrixTest::whatFailsElsewhereSaysNothing()
{
    const v1::Report report = reportOf({sample::owedPubrel()});
    QVERIFY(!rowOf(statementMatrix({&report}, {}), "MQTT-3.3.1-1"));
}

void MatrixTest::anUndecidedCaseAccusesNobody()
{
    v1::Result company = sample::owedPubrel();
    company.set_verdict(v1::INCONCLUSIVE); // seen only in company
    const v1::Report report = reportOf({company});
    QCOMPARE(rowOf(statementMatrix({&report}, {}), "MQTT-4.4.0-1#b")->cells[0].verdict, v1::INCONCLUSIVE);
}

void MatrixTest::theBaselineIsRemembered()
{
    v1::Result expected = sample::owedPubrel();
    expected.set_expected(v1::FAIL);
    const v1::Report report = reportOf({expected});
    const auto sections = statementMatrix({&report}, {});
    QVERIFY(rowOf(sections, "MQTT-4.4.0-1#b")->cells[0].isExpected);
    QVERIFY(rowOf(sections, "MQTT-4.4.0-1#b")->isFine());
}

void MatrixTest::whatDiffersIsMarked()
{
    const v1::Report good = reportOf({sample::result("resume/owed_pubrel[v5,rst]", v1::PASS)});
    const v1::Report bad = reportOf({sample::owedPubrel()});
    const auto rows = scenarioMatrix({&good, &good, &bad});
    const MatrixRow *row = rowOf(rows, "resume/owed_pubrel");
    QVERIFY(row);
    QVERIFY(!row->cells[0].isChanged && !row->cells[1].isChanged && row->cells[2].isChanged);
}

void MatrixTest::columnsHaveNamesOfTheirOwn()
{
    v1::Report one, two, three;
    one.set_target("broker");
    one.set_target_version("1.0");
    two = one;
    two.set_target_version("2.0");
    three = two;
    v1::Report wordy;
    wordy.set_target("mosquitto");
    wordy.set_target_version("mosquitto version 2.0.11");
    const std::vector<std::string> wanted{"broker 1.0", "broker 2.0", "broker 2.0 #2", "mosquitto 2.0.11"};
    QCOMPARE(columnNames({&one, &two, &three, &wordy}), wanted);
}

void MatrixTest::theSessionsMessagesAreCounted()
{
    v1::Trace trace;
    auto *publish = addPacket(trace, v1::TraceEvent::RECEIVED, "dev").mutable_packet()->mutable_publish();
    publish->set_qos(2);
    publish->set_packet_id(7);
    addPacket(trace, v1::TraceEvent::SENT, "dev").mutable_packet()->mutable_pubrec()->set_packet_id(7);
    addPacket(trace, v1::TraceEvent::SENT, "dev").mutable_packet()->mutable_pubcomp()->set_packet_id(7);
    const std::vector<std::string> wanted{"dev < 7", "", "dev -"};
    QCOMPARE(inFlight(trace), wanted);
}

void MatrixTest::theWitnessNamesThePacket()
{
    const v1::Result result = sample::owedPubrel();
    QCOMPARE(witnessOf(result.finding(0), result.trace(), v1::V5), result.finding(0).text()); // nothing came: no packet
    v1::Finding finding = sample::finding("SURPLUS", "MQTT-4.3.3-5");
    finding.set_text("Nobody had asked for it");
    finding.add_event(static_cast<std::uint32_t>(result.trace().event_size() - 1));
    QCOMPARE(QString::fromStdString(witnessOf(finding, result.trace(), v1::V5)),
             QStringLiteral("Nobody had asked for it. Seen at 2004.5 ms: PINGRESP to sub."));
}

void MatrixTest::sectionsHaveTitles()
{
    using namespace hiatus::requirements;
    QCOMPARE(sectionOf("MQTT-3.14.2-1#a"), std::string("3.14"));
    QCOMPARE(sectionOf("U5-4.9-2"), std::string("4.9"));
    QCOMPARE(sectionOf("D5-10"), std::string("derived"));
    QCOMPARE(sectionTitle(v1::V3, "4.8"), std::string_view("Handling errors"));
    QCOMPARE(sectionTitle(v1::V5, "4.8"), std::string_view("Subscriptions"));
}

QTEST_APPLESS_MAIN(MatrixTest)
#include "tst_matrix.moc"
