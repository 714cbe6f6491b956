#include "sample.h"
#include "scenarios/report/terminal.h"
#include "scenarios/requirements/catalogue.h"

#include <QTest>

#include <algorithm>

using namespace hiatus::report;
namespace v1 = hiatus::v1;

namespace {

QString qs(const std::string &text)
{
    return QString::fromStdString(text);
}

std::string lastLine(const std::string &text)
{
    const std::string trimmed = text.substr(0, text.find_last_not_of('\n') + 1);
    return trimmed.substr(trimmed.rfind('\n') + 1);
}

TerminalOptions with(TerminalOptions::Detail detail)
{
    TerminalOptions options;
    options.detail = detail;
    return options;
}

/// Many failures, each with a long trace.
v1::Report disaster(int failures)
{
    v1::Report report;
    for (int i = 0; i < failures; ++i) {
        v1::Result &result = *report.add_result();
        result = sample::owedPubrel();
        for (int j = 0; j < 200; ++j)
            sample::add(*result.mutable_trace(), sample::Event::RECEIVED, 3000 + j, "sub", std::string(200, 'x'), 2);
    }
    return report;
}

} // namespace

class TerminalTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void aFailureSaysAllThatIsNeededToActOnIt();
    void aRunEndsWithItsSummary();
    void expectedFailuresAreSaidBeforeTheSummary();
    void quietTellsOneLineEach();
    void verboseTellsEveryResult();
    void aDisasterStaysReadable();
    void whatIsAlikeIsToldOnceAndSummedUpByStatement();
    void sixtyColumnsAreEnough();
    void theTargetAndTheSlowestAreNamed();
    void anOddPayloadCannotFloodTheLog();
    void colourNeedsATerminal();
    void aSetupFailureSaysSo();
    void aHarnessErrorSaysWhatWentWrong();
    void manyFindingsAreCounted();
    void whatTheVerdictRestsOnIsToldFirst();
    void theStandardOfTheVersionIsQuoted();

private:
    hiatus::requirements::Catalogue m_catalogue;
    Context m_context;
};

void TerminalTest::initTestCase()
{
    auto loaded = hiatus::requirements::Catalogue::load(HIATUS_SOURCE_DIR "/scenarios/requirements");
    QVERIFY(loaded.has_value());
    m_catalogue = std::move(*loaded);
    m_context.catalogue = &m_catalogue;
    m_context.scenarios["resume/owed_pubrel"].title = "After PUBREC the broker owes PUBREL under the same id";
}

void TerminalTest::aFailureSaysAllThatIsNeededToActOnIt()
{
    TerminalOptions options;
    options.width = 108;
    options.ladderRows = 6;
    options.legend = false;
    const std::string expected = sample::golden(R"(
FAIL  resume/owed_pubrel[v5,rst]  5.0 s
      After PUBREC the broker owes PUBREL under the same id
  1. MISSING  [5.0 MQTT-4.4.0-1#b]  MUST, server  FAIL
      On Clean Start 0 with session present the broker resends each unacknowledged PUBREL with its
      identifier.
      Session m-7 was resumed, but PUBREL id=12, not answered before the cut, was not sent again.
      expected  PUBREL id=12
      actual    nothing within 2000 ms
      script    scenarios/catalog/resume/owed_pubrel.txtpb:15:8
  and 1 finding that follows from it: STILL_OPEN [5.0 MQTT-4.3.3-5]

        ms  sub  pub                                                               target  owed_pubrel.txtpb
            |    |     ... 8 rows left out: 6 packets, 2 connections opened ...         |
       3.0  x========= dropped by us: RST ==============================================x  :13
       3.5  o========= opened #2 =======================================================|  :14
            |--------- CONNECT clean=0 id=sub expiry=300 ------------------------------>|  :14
       4.0  |<-------- CONNACK session_present=1 code=0x00 Success ---------------------|  :14
   ~ 2.0 s  ~    ~                                                                      ~  :15
!!  2004.0  |< - - - - PUBREL id=12 (missing) - - - - - - - - - - - - - - - - - - - - - |  :15
!!          |    |     ^ MISSING: nothing within 2000 ms [5.0 MQTT-4.4.0-1#b]           |
            |    |     ... 2 rows left out: 2 packets ...                               |

      run       confirmed alone
      rerun     hiatus run 'resume/owed_pubrel[v5,rst]' --target mqtt://localhost:1883 --seed 7
)");
    QCOMPARE(qs(block(sample::owedPubrel(), m_context, options)), qs(expected));
}

void TerminalTest::aRunEndsWithItsSummary()
{
    v1::Report report;
    *report.add_result() = sample::result("a/b[v5]", v1::PASS);
    *report.add_result() = sample::owedPubrel();
    for (int i = 0; i < 3; ++i) {
        *report.add_result() = sample::result("a/c[v5]", v1::SKIP);
        report.mutable_result(2 + i)->set_skipped_for(i == 0 ? "restart" : "shared");
    }
    auto *fact = report.add_fact();
    fact->set_name("qos0-offline");
    fact->set_value("queued");
    const std::string text = told(report, {"b.txtpb:3:1: stale: a/b[v5] passes"}, m_context, {});
    QCOMPARE(lastLine(text), std::string("1 passed, 1 failed, 3 skipped"));
    QVERIFY(text.find("skipped for want of shared (2), restart (1)\n") != std::string::npos);
    QVERIFY(text.find("fact qos0-offline=queued\n") != std::string::npos);
    QVERIFY(text.find("b.txtpb:3:1: stale: a/b[v5] passes\n") != std::string::npos);
    QVERIFY(text.find("PASS") == std::string::npos);
}

void TerminalTest::expectedFailuresAreSaidBeforeTheSummary()
{
    v1::Report report;
    *report.add_result() = sample::owedPubrel();
    report.mutable_result(0)->set_expected(v1::FAIL);
    QCOMPARE(told(report, {}, m_context, {}),
             std::string("1 failed as the baseline expects\n0 passed, 0 failed, 0 skipped\n"));
}

void TerminalTest::quietTellsOneLineEach()
{
    v1::Report report;
    *report.add_result() = sample::owedPubrel();
    *report.add_result() = sample::result("a/b[v5]", v1::PASS);
    QCOMPARE(qs(told(report, {}, m_context, with(TerminalOptions::Detail::Quiet))),
             QStringLiteral("FAIL        resume/owed_pubrel[v5,rst]  5.0 s  MISSING [5.0 MQTT-4.4.0-1#b]\n"
                            "1 passed, 1 failed, 0 skipped\n"));
}

void TerminalTest::verboseTellsEveryResult()
{
    v1::Report report;
    *report.add_result() = sample::result("facts/b[v5]", v1::PASS);
    auto *fact = report.mutable_result(0)->add_fact();
    fact->set_name("order");
    fact->set_value("resends first");
    *report.add_result() = sample::result("a/c[v5]", v1::SKIP);
    report.mutable_result(1)->set_skipped_for("shared");
    const std::string text = told(report, {}, m_context, with(TerminalOptions::Detail::Verbose));
    QVERIFY2(
        text.rfind("PASS        facts/b[v5]  12 ms  order=resends first\nSKIP        a/c[v5]  12 ms  shared\n", 0) == 0,
        text.c_str());
}

void TerminalTest::aDisasterStaysReadable()
{
    const std::string text = told(disaster(1000), {}, m_context, {});
    const auto lines = std::count(text.begin(), text.end(), '\n');
    QVERIFY2(lines < 1600, std::to_string(lines).c_str());
    QVERIFY(text.find("... and 939 more: --report json:FILE has them all") != std::string::npos);
    QCOMPARE(lastLine(text), std::string("0 passed, 1000 failed, 0 skipped"));
    const std::size_t legend = text.find("~ time passes");
    QVERIFY(legend != std::string::npos && text.find("~ time passes", legend + 1) == std::string::npos);
}

void TerminalTest::whatIsAlikeIsToldOnceAndSummedUpByStatement()
{
    const std::string text = told(disaster(5), {}, m_context, {});
    QCOMPARE(qs(text).count(QStringLiteral("  1. MISSING")), 1);
    QVERIFY(text.find("broken statements\n  FAIL  [5.0 MQTT-4.4.0-1#b]  5 variants\n"
                      "      On Clean Start 0 with session present the broker resends each") != std::string::npos);
    QVERIFY(text.find("      resume/owed_pubrel (5)\n") != std::string::npos);
    QVERIFY(told(disaster(2), {}, m_context, {}).find("broken statements") ==
            std::string::npos); // few speak for themselves
}

void TerminalTest::sixtyColumnsAreEnough()
{
    TerminalOptions options;
    options.width = 60;
    const QStringList lines = qs(told(disaster(5), {}, m_context, options)).split(QLatin1Char('\n'));
    for (const QString &line : lines) {
        const bool isToBeCopied = line.contains(QStringLiteral("rerun")) || line.contains(QStringLiteral("script    ")) || line.startsWith(QStringLiteral("FAIL  "));
        QVERIFY2(isToBeCopied || line.size() <= 60, qPrintable(line));
    }
    QVERIFY(lines.join(QLatin1Char('\n')).contains(QStringLiteral("PUBREL id=12 (miss")));
}

void TerminalTest::theTargetAndTheSlowestAreNamed()
{
    v1::Report report;
    report.set_target("mosquitto");
    report.set_target_version("2.0.11");
    auto *found = report.add_capability();
    found->set_name("shared");
    found->set_version(v1::V3);
    found->set_present(false);
    *report.add_result() = sample::result("a/quick[v5]", v1::PASS);
    *report.add_result() = sample::owedPubrel();
    TerminalOptions options;
    options.slowest = 1;
    options.describesTarget = true;
    const std::string text = told(report, {}, m_context, options);
    QVERIFY(text.find("slowest: resume/owed_pubrel[v5,rst] 5.0 s\n") != std::string::npos);
    QVERIFY(text.find("target: mosquitto 2.0.11; lacks shared (3.1.1)\n") != std::string::npos);
}

void TerminalTest::anOddPayloadCannotFloodTheLog()
{
    v1::Result result = sample::owedPubrel();
    result.mutable_finding(0)->set_actual("\x1b[2J" + std::string(100'000, 'y'));
    const std::string text = block(result, m_context, {});
    QVERIFY(text.size() < 8000);
    QCOMPARE(text.find('\x1b'), std::string::npos);
}

void TerminalTest::colourNeedsATerminal()
{
    QCOMPARE(block(sample::owedPubrel(), m_context, {}).find('\x1b'), std::string::npos);
    TerminalOptions options;
    options.colour = true;
    const std::string text = block(sample::owedPubrel(), m_context, options);
    QCOMPARE(text.rfind("\x1b[1;31mFAIL\x1b[0m", 0), std::size_t(0)); // the word stays
}

void TerminalTest::aSetupFailureSaysSo()
{
    v1::Result result = sample::owedPubrel();
    result.set_verdict(v1::INCONCLUSIVE);
    result.set_skipped_for("set-up failed");
    result.mutable_finding(0)->set_setup(true);
    const std::string text = block(result, m_context, {});
    QCOMPARE(text.rfind("INCONCLUSIVE  resume/owed_pubrel[v5,rst]", 0), std::size_t(0));
    QVERIFY(text.find("      because   set-up failed\n") != std::string::npos);
    QVERIFY(text.find("MUST, server  in set-up\n") != std::string::npos);
}

void TerminalTest::aHarnessErrorSaysWhatWentWrong()
{
    v1::Result result = sample::result("a/b[v5]", v1::ERROR);
    result.mutable_trace()->set_harness_error("hard deadline passed in a.txtpb:3:1");
    const std::string text = block(result, m_context, {});
    QVERIFY(text.find("      harness   hard deadline passed in a.txtpb:3:1\n") != std::string::npos);
}

void TerminalTest::manyFindingsAreCounted()
{
    v1::Result result = sample::owedPubrel();
    for (int i = 0; i < 10; ++i)
        *result.add_finding() = sample::finding("SURPLUS", "MQTT-4.3.3-6");
    const std::string text = block(result, m_context, {});
    QVERIFY(text.find("  4. SURPLUS") != std::string::npos && text.find("  5. SURPLUS") == std::string::npos);
    QVERIFY(text.find("  and 7 findings more: ") != std::string::npos);
}

void TerminalTest::whatTheVerdictRestsOnIsToldFirst()
{
    v1::Result result = sample::owedPubrel();
    const v1::Finding failed = result.finding(0);
    result.clear_finding();
    for (int i = 0; i < 5; ++i)
        *result.add_finding() = sample::finding("MONITOR_RECEIVE_MAXIMUM", "D5-10", v1::V5, v1::SEVERITY_WARN);
    *result.add_finding() = failed;
    const std::string text = block(result, m_context, {});
    QVERIFY(text.find("  1. " + failed.reason()) != std::string::npos && text.find("  2. MONITOR") != std::string::npos);
    QVERIFY(resultLine(result, {}).find(failed.statement()) != std::string::npos);
    result.set_verdict(v1::WARN);
    QVERIFY(resultLine(result, {}).find("D5-10") != std::string::npos);
}

void TerminalTest::theStandardOfTheVersionIsQuoted()
{
    v1::Result result = sample::owedPubrel();
    result.mutable_finding(0)->set_statement("MQTT-3.2.2-2");
    const std::string five = block(result, m_context, {});
    QVERIFY(five.find("Clean Start 1 accepted: session present 0") != std::string::npos);
    result.mutable_finding(0)->set_version(v1::V3);
    const std::string three = block(result, m_context, {});
    QVERIFY(three.find("CleanSession 0 accepted and session stored") != std::string::npos);
    QVERIFY(three.find("[3.1.1 MQTT-3.2.2-2]") != std::string::npos);
    const std::string without = block(result, {}, {}); // no catalogue: the reason explains itself
    QVERIFY(without.find("did not come within its deadline") != std::string::npos);
}

QTEST_APPLESS_MAIN(TerminalTest)
#include "tst_terminal.moc"
