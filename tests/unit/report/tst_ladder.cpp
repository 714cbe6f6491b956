#include "sample.h"
#include "scenarios/report/cells.h"
#include "scenarios/report/ladder.h"

#include <QTest>

#include <algorithm>
#include <sstream>

using hiatus::report::ladder;
using hiatus::report::LadderOptions;
using sample::Event;
namespace v1 = hiatus::v1;

namespace {

std::string drawn(const v1::Result &result, LadderOptions options = {})
{
    for (const v1::Finding &finding : result.finding())
        options.findings.push_back(&finding);
    return ladder(result.trace(), options);
}

std::vector<std::string> lines(const std::string &text)
{
    std::vector<std::string> all;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        all.push_back(line);
    return all;
}

/// The only line that contains `part`; says so if there is none or several.
std::string lineWith(const std::string &text, const std::string &part)
{
    std::string found;
    for (const std::string &line : lines(text)) {
        if (line.find(part) == std::string::npos)
            continue;
        if (!found.empty())
            return "several lines contain " + part;
        found = line;
    }
    return found.empty() ? "no line contains " + part : found;
}

v1::Result longRun(int packets)
{
    v1::Result result = sample::result("resume/long[v5]", v1::FAIL);
    v1::Trace &trace = *result.mutable_trace();
    sample::add(trace, Event::OPENED, 0, "sub", "");
    for (int i = 0; i < packets; ++i)
        sample::add(trace, Event::RECEIVED, i, "sub", "PUBLISH q1 id=" + std::to_string(i + 1));
    v1::Finding &finding = *result.add_finding();
    finding = sample::finding("SURPLUS", "MQTT-4.3.3-6");
    finding.add_event(static_cast<std::uint32_t>(packets / 2));
    return result;
}

} // namespace

class LadderTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aMissingPacketIsDrawnWhereItWasDue();
    void theEventOfAFindingIsMarkedAndExplained();
    void consequentFindingsAreNotDrawn();
    void aTakeoverLeavesTheOldLinkVisible();
    void packetsOfAnOldLinkCarryItsNumber();
    void applicationsHaveTheirOwnArrows();
    void aPacketWithoutTextIsDecoded();
    void bytesThatAreNoPacketAreShown();
    void longTracesAreFoldedAroundTheFinding();
    void anUnmarkedTraceKeepsItsEnd();
    void runsOfPingsBecomeOneRow();
    void ambientPacketsBelongToNoStep();
    void noLineIsWiderThanAsked_data();
    void noLineIsWiderThanAsked();
    void colourMarksOnlyWhatIsBroken();
    void controlCharactersCannotReachTheTerminal();
    void aTraceWithoutEventsDrawsNothing();
};

void LadderTest::aMissingPacketIsDrawnWhereItWasDue()
{
    const std::string expected = sample::golden(R"(
        ms  sub  pub                                                               target  owed_pubrel.txtpb
       0.0  o========= opened #1 =======================================================|  :8
            |--------- CONNECT clean=0 id=sub expiry=300 ------------------------------>|  :8
       1.2  |<-------- CONNACK session_present=0 code=0x00 Success ---------------------|  :8
            |    o==== opened ==========================================================|  :10
       2.0  |    |---- PUBLISH q2 id=1 door "open" ------------------------------------>|  :10
       2.5  |<-------- PUBLISH q2 id=12 door "open" {m=12} -----------------------------|  :11
            |--------- PUBREC id=12 --------------------------------------------------->|  :12
       3.0  |<-------- PUBREL id=12 ----------------------------------------------------|  :12
            x========= dropped by us: RST ==============================================x  :13
       3.5  o========= opened #2 =======================================================|  :14
            |--------- CONNECT clean=0 id=sub expiry=300 ------------------------------>|  :14
       4.0  |<-------- CONNACK session_present=1 code=0x00 Success ---------------------|  :14
   ~ 2.0 s  ~    ~                                                                      ~  :15
!!  2004.0  |< - - - - PUBREL id=12 (missing) - - - - - - - - - - - - - - - - - - - - - |  :15
!!          |    |     ^ MISSING: nothing within 2000 ms [5.0 MQTT-4.4.0-1#b]           |
            |--------- PINGREQ -------------------------------------------------------->|  :16
    2004.5  |<-------- PINGRESP --------------------------------------------------------|  :16
            | connected   . not connected   : dropped by us, not closed   o opened   x ended   ~ time passes
            {m=12} the script calls it m   !! broken here   - - due, but it did not come
)");
    LadderOptions options;
    options.width = 108;
    QCOMPARE(QString::fromStdString(drawn(sample::owedPubrel(), options)), QString::fromStdString(expected));
}

void LadderTest::theEventOfAFindingIsMarkedAndExplained()
{
    v1::Result result = sample::result("resume/dup[v5]", v1::FAIL);
    v1::Trace &trace = *result.mutable_trace();
    sample::add(trace, Event::OPENED, 0, "sub", "");
    const auto sent = sample::add(trace, Event::SENT, 1, "sub", "CONNECT clean=0");
    const auto wrong = sample::add(trace, Event::RECEIVED, 2, "sub", "PUBLISH q1 id=3 door \"open\"");
    v1::Finding &finding = *result.add_finding();
    finding = sample::finding("MISMATCH", "MQTT-3.3.1-1");
    finding.set_field("dup");
    finding.set_expected("1");
    finding.set_actual("0");
    finding.add_event(sent);
    finding.add_event(wrong);
    const std::string text = drawn(result);
    QCOMPARE(lineWith(text, "PUBLISH").substr(0, 10), std::string("!!     2.0"));
    QCOMPARE(lineWith(text, "CONNECT").substr(0, 2), std::string("! "));
    QVERIFY(lineWith(text, "MISMATCH").find("^ MISMATCH dup: expected 1, got 0 [5.0 MQTT-3.3.1-1]") !=
            std::string::npos);
}

void LadderTest::consequentFindingsAreNotDrawn()
{
    v1::Result result = sample::owedPubrel();
    QCOMPARE(drawn(result).find("STILL_OPEN"), std::string::npos);
    result.mutable_finding(1)->set_consequent(false);
    QVERIFY(drawn(result).find("STILL_OPEN (missing)") != std::string::npos);
}

void LadderTest::aTakeoverLeavesTheOldLinkVisible()
{
    v1::Result result = sample::result("takeover/x[v5]", v1::PASS);
    v1::Trace &trace = *result.mutable_trace();
    sample::add(trace, Event::OPENED, 0, "a", "", 1);
    sample::add(trace, Event::OPENED, 0, "b", "", 1);
    sample::add(trace, Event::DROPPED, 1, "a", "TAKEOVER", 1);
    sample::add(trace, Event::SENT, 2, "b", "PINGREQ", 1);
    sample::add(trace, Event::CLOSED, 3, "a", "closed", 1);
    sample::add(trace, Event::RECEIVED, 4, "b", "PINGRESP", 1);
    const std::string text = drawn(result);
    QCOMPARE(lineWith(text, "PINGREQ").substr(12, 6), std::string(":    |"));
    QCOMPARE(lineWith(text, "PINGRESP").substr(12, 6), std::string(".    |"));
    QCOMPARE(lineWith(text, "== closed ==").back(), 'x');
}

void LadderTest::packetsOfAnOldLinkCarryItsNumber()
{
    v1::Result result = sample::result("takeover/x[v5]", v1::PASS);
    v1::Trace &trace = *result.mutable_trace();
    sample::add(trace, Event::OPENED, 0, "a", "", 1);
    sample::add(trace, Event::DROPPED, 1, "a", "TAKEOVER", 1);
    sample::add(trace, Event::OPENED, 2, "a", "", 2);
    sample::add(trace, Event::RECEIVED, 3, "a", "DISCONNECT code=0x8e Session taken over", 1);
    sample::add(trace, Event::CLOSED, 3, "a", "closed", 1);
    sample::add(trace, Event::RECEIVED, 4, "a", "PINGRESP", 2);
    const std::string text = drawn(result);
    QVERIFY(lineWith(text, "DISCONNECT").find("#1: DISCONNECT code=0x8e") != std::string::npos);
    QVERIFY(lineWith(text, "PINGRESP").find("#") == std::string::npos);
    QCOMPARE(lineWith(text, "PINGRESP").at(12), '|'); // the end of the old link did not end the new one
}

void LadderTest::applicationsHaveTheirOwnArrows()
{
    v1::Trace trace;
    sample::add(trace, Event::APP_COMMAND, 0, "app", "save");
    sample::add(trace, Event::APP_EVENT, 1, "app", "delivered door \"open\"");
    const std::string text = ladder(trace, {});
    QVERIFY(lineWith(text, "save").find("|~~~~ save ~~~") != std::string::npos);
    QVERIFY(lineWith(text, "delivered").find("|<~~~ delivered door \"open\" ~~~") != std::string::npos);
}

void LadderTest::aPacketWithoutTextIsDecoded()
{
    v1::Trace trace;
    sample::add(trace, Event::RECEIVED, 0, "sub", "");
    trace.mutable_event(0)->mutable_packet()->mutable_pubrel()->set_packet_id(77);
    QVERIFY(lineWith(ladder(trace, {}), "PUBREL").find("id=77") != std::string::npos);
}

void LadderTest::bytesThatAreNoPacketAreShown()
{
    v1::Trace trace;
    sample::add(trace, Event::RAW_SENT, 0, "sub", "");
    trace.mutable_event(0)->set_bytes("\x60\x02");
    sample::add(trace, Event::MALFORMED, 1, "sub", "flags at byte 0: PUBREL flags are 0010");
    const std::string text = ladder(trace, {});
    QVERIFY(lineWith(text, "2 bytes").find(">|") != std::string::npos);
    QVERIFY(lineWith(text, "MALFORMED").find("|<--- MALFORMED flags at byte 0") != std::string::npos);
}

void LadderTest::longTracesAreFoldedAroundTheFinding()
{
    LadderOptions options;
    options.rows = 40;
    options.legend = false;
    const std::string text = drawn(longRun(1000), options);
    QVERIFY(lines(text).size() <= 44);
    QVERIFY(lineWith(text, "id=500 ").find("!!") == 0);
    QVERIFY(text.find("id=490 ") != std::string::npos);
    QVERIFY(text.find("id=505 ") != std::string::npos);
    QVERIFY(text.find("id=300 ") == std::string::npos);
    QVERIFY2(text.find("rows left out: ") != std::string::npos && text.find(" packets ...") != std::string::npos,
             text.c_str());
}

void LadderTest::anUnmarkedTraceKeepsItsEnd()
{
    v1::Result result = longRun(100);
    result.clear_finding();
    LadderOptions options;
    options.rows = 10;
    const std::string text = drawn(result, options);
    QVERIFY(text.find("id=100 ") != std::string::npos);
    QVERIFY(text.find("id=50 ") == std::string::npos);
}

void LadderTest::runsOfPingsBecomeOneRow()
{
    v1::Trace trace;
    sample::add(trace, Event::OPENED, 0, "sub", "");
    for (int i = 0; i < 20; ++i) {
        sample::add(trace, Event::SENT, 1000.0 * i, "sub", "PINGREQ");
        sample::add(trace, Event::RECEIVED, 1000.0 * i + 1, "sub", "PINGRESP");
    }
    sample::add(trace, Event::RECEIVED, 19'500, "sub", "PUBLISH q0 w \"gone\"");
    const std::string text = ladder(trace, {});
    QVERIFY2(lineWith(text, "PINGREQ").find("40 PINGREQ and PINGRESP in 19.0 s") != std::string::npos, text.c_str());
    QVERIFY(lineWith(text, "PUBLISH").find("19500.0") != std::string::npos);
}

void LadderTest::ambientPacketsBelongToNoStep()
{
    v1::Result result = sample::owedPubrel();
    v1::Trace &trace = *result.mutable_trace();
    trace.mutable_event(trace.event_size() - 1)->set_ambient(true); // PINGRESP
    const std::string text = drawn(result);
    QVERIFY(lineWith(text, "PINGREQ").find(":16") != std::string::npos);
    QVERIFY(lineWith(text, "PINGRESP").find(":16") == std::string::npos);
}

void LadderTest::noLineIsWiderThanAsked_data()
{
    QTest::addColumn<int>("width");
    QTest::newRow("80 columns") << 80;
    QTest::newRow("100 columns") << 100;
    QTest::newRow("120 columns") << 120;
}

void LadderTest::noLineIsWiderThanAsked()
{
    QFETCH(int, width);
    v1::Result result = sample::owedPubrel();
    result.mutable_finding(0)->set_actual(std::string(300, 'a') + " and then some words more than any line can hold");
    sample::add(*result.mutable_trace(), Event::RECEIVED, 2005, "sub", "PUBLISH q1 id=1 " + std::string(400, 'x'), 2);
    LadderOptions options;
    options.width = static_cast<std::size_t>(width);
    options.legend = false;
    for (const std::string &line : lines(drawn(result, options)))
        QVERIFY2(hiatus::report::decoded(line).size() <= options.width, line.c_str());
}

void LadderTest::colourMarksOnlyWhatIsBroken()
{
    LadderOptions options;
    options.colour = true;
    const std::string text = drawn(sample::owedPubrel(), options);
    QCOMPARE(std::count(text.begin(), text.end(), '\x1b'), 4); // two lines, begun and ended
    QCOMPARE(lineWith(text, "(missing)").substr(0, 5), std::string("\x1b[31m"));
    options.colour = false;
    QCOMPARE(drawn(sample::owedPubrel(), options).find('\x1b'), std::string::npos);
}

void LadderTest::controlCharactersCannotReachTheTerminal()
{
    v1::Trace trace;
    sample::add(trace, Event::RECEIVED, 0, "sub", "PUBLISH \x1b[2J\x07 caf\xc3\xa9 \xff end");
    const std::string text = ladder(trace, {});
    QCOMPARE(text.find('\x1b'), std::string::npos);
    QVERIFY(text.find("caf\xc3\xa9 \xef\xbf\xbd end") != std::string::npos);
}

void LadderTest::aTraceWithoutEventsDrawsNothing()
{
    QCOMPARE(ladder({}, {}), std::string());
    v1::Trace trace;
    sample::begin(trace, 0, 0, "a.txtpb:1:1");
    QCOMPARE(ladder(trace, {}), std::string());
}

QTEST_APPLESS_MAIN(LadderTest)
#include "tst_ladder.moc"
