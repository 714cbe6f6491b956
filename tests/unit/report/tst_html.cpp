#include "sample.h"
#include "scenarios/report/html.h"
#include "scenarios/requirements/catalogue.h"

#include <QTest>

using namespace hiatus::report;
namespace v1 = hiatus::v1;

namespace {

QString pageOf(const std::vector<const v1::Report *> &reports, const Context &context = {},
               const HtmlOptions &options = {})
{
    return QString::fromStdString(toHtml(reports, context, options));
}

v1::Report sampleReport(const std::string &target)
{
    v1::Report report;
    report.set_target(target);
    *report.add_result() = sample::result("will/plain[v3]", v1::PASS);
    *report.add_result() = sample::owedPubrel();
    *report.add_result() = sample::result("resume/owed_pubrel[v3,rst]", v1::PASS);
    auto *fact = report.add_fact();
    fact->set_name("qos0-offline");
    fact->set_value(target == "one" ? "queued" : "dropped");
    auto *entry = report.add_ledger();
    entry->set_statement("MQTT-4.4.0-1#b");
    entry->set_version(v1::V5);
    entry->set_role(v1::SERVER);
    entry->add_scenario("resume/owed_pubrel");
    return report;
}

} // namespace

class HtmlTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void thePageNeedsNothingBesideItself();
    void theVerdictComesFirst();
    void aFailingCaseIsToldWithItsLadder();
    void theMatrixLinksToTheCase();
    void everyLinkLeadsSomewhere();
    void severalReportsAreColumns();
    void statementsShowWhatWasBroken();
    void whatAPacketCarriedIsOnlyText();
    void tooManyCasesAreCounted();
};

void HtmlTest::thePageNeedsNothingBesideItself()
{
    const v1::Report report = sampleReport("one");
    const QString page = pageOf({&report});
    QVERIFY(page.startsWith(QStringLiteral("<!DOCTYPE html>")) && page.endsWith(QStringLiteral("</html>\n")));
    for (const char *outside : {"http://", "https://", "src=", "@import", "url("})
        QVERIFY2(!page.contains(QLatin1String(outside)), outside);
}

void HtmlTest::theVerdictComesFirst()
{
    v1::Report report = sampleReport("one");
    QVERIFY(pageOf({&report}).contains(
        QStringLiteral("<h1>one: 1 unexpected failure</h1>\n<p>2 passed, 1 failed, 0 skipped</p>")));
    report.mutable_result(1)->set_expected(v1::FAIL);
    const QString page = pageOf({&report});
    QVERIFY(page.contains(QStringLiteral("<h1>one: All as expected</h1>")));
    QVERIFY(page.contains(QStringLiteral("; 1 failed as the baseline expects</p>")));
    QVERIFY(page.contains(QStringLiteral("<span class=\"v FAIL expected\">F FAIL</span> resume/owed_pubrel[v5,rst]")));
}

void HtmlTest::aFailingCaseIsToldWithItsLadder()
{
    const auto catalogue = hiatus::requirements::Catalogue::load(HIATUS_SOURCE_DIR "/scenarios/requirements");
    QVERIFY(catalogue.has_value());
    Context context;
    context.catalogue = &*catalogue;
    context.scenarios["resume/owed_pubrel"].title = "After PUBREC the broker owes PUBREL";
    const v1::Report report = sampleReport("one");
    const QString page = pageOf({&report}, context);
    QVERIFY(page.contains(QStringLiteral("<p class=\"title\">After PUBREC the broker owes PUBREL</p>")));
    QVERIFY(page.contains(QStringLiteral("the broker resends each unacknowledged PUBREL with its identifier.")));
    QVERIFY(page.contains(QStringLiteral("<mark>!!  2004.0  |&lt; - - - - PUBREL id=12 (missing)")));
    QVERIFY(page.contains(QStringLiteral("<dt>expected</dt><dd>PUBREL id=12</dd>")));
    QVERIFY(page.contains(QStringLiteral("rerun: <code>hiatus run &#39;resume/owed_pubrel[v5,rst]&#39;")));
    QVERIFY(page.contains(QStringLiteral("<summary>what follows from it</summary>")));
}

void HtmlTest::theMatrixLinksToTheCase()
{
    const v1::Report report = sampleReport("one");
    const QString page = pageOf({&report});
    QVERIFY(
        page.contains(QStringLiteral("<span class=\"v FAIL\">F FAIL</span> 1/2 <a class=\"v FAIL\" href=\"#case1\"")));
    QVERIFY(page.contains(
        QStringLiteral("<details class=\"case\" id=\"case1\" data-id=\"resume/owed_pubrel[v5,rst]\" open>")));
    QVERIFY(page.contains(QStringLiteral("<span class=\"v PASS\">P PASS</span> 1/1</td>"))); // told by its letter alone
}

void HtmlTest::everyLinkLeadsSomewhere()
{
    const v1::Report one = sampleReport("one");
    const v1::Report two = sampleReport("two");
    const QString page = pageOf({&one, &two});
    qsizetype at = 0;
    int links = 0;
    while ((at = page.indexOf(QStringLiteral("href=\"#"), at)) >= 0) {
        at += 7;
        const QString anchor = page.mid(at, page.indexOf(QLatin1Char('"'), at) - at);
        QCOMPARE(page.count(QStringLiteral("id=\"%1\"").arg(anchor)), 1);
        ++links;
    }
    QCOMPARE(links, 2);
}

void HtmlTest::severalReportsAreColumns()
{
    const v1::Report one = sampleReport("one");
    v1::Report two = sampleReport("two");
    two.mutable_result()->DeleteSubrange(0, 1);
    const QString page = pageOf({&one, &two});
    QVERIFY(page.contains(QStringLiteral("<th scope=\"col\">one</th><th scope=\"col\">two</th>")));
    QVERIFY(page.contains(
        QStringLiteral("<tr class=\"differs\"><th scope=\"row\">qos0-offline</th><td>queued</td><td>dropped</td>")));
    QVERIFY(page.contains(QStringLiteral("1/1</td><td>not run</td>")));
}

void HtmlTest::statementsShowWhatWasBroken()
{
    v1::Report report = sampleReport("one");
    auto *other = report.add_ledger();
    *other = report.ledger(0);
    other->set_statement("MQTT-3.3.1-1");
    auto *never = report.add_ledger();
    never->set_statement("MQTT-3.2.2-6");
    never->set_version(v1::V3);
    never->set_untested("no trigger");
    const QString page = pageOf({&report});
    QVERIFY(
        page.contains(QStringLiteral("5.0 MQTT-4.4.0-1#b</th><td>server</td><td><span class=\"v FAIL\">FAIL</span>")));
    QVERIFY(
        page.contains(QStringLiteral("5.0 MQTT-3.3.1-1</th><td>server</td><td><span class=\"v PASS\">kept</span>")));
    QVERIFY(page.contains(QStringLiteral("<span class=\"v SKIP\">not asserted</span></td><td>no trigger</td>")));
}

void HtmlTest::whatAPacketCarriedIsOnlyText()
{
    v1::Report report = sampleReport("<img onerror=\"x\">");
    report.mutable_result(1)->mutable_finding(0)->set_actual("</dd><script>alert('1')</script>\x1b");
    report.mutable_result(1)->set_variant("a/b[\"><script>]");
    const QString page = pageOf({&report});
    QCOMPARE(page.count(QStringLiteral("<script>")), 1); // our own
    QVERIFY(!page.contains(QStringLiteral("<img")));
    QVERIFY(!page.contains(QLatin1Char('\x1b')));
    QVERIFY(page.contains(QStringLiteral("&lt;/dd&gt;&lt;script&gt;alert(&#39;1&#39;)")));
}

void HtmlTest::tooManyCasesAreCounted()
{
    v1::Report report;
    for (int i = 0; i < 30; ++i)
        *report.add_result() = sample::owedPubrel();
    HtmlOptions options;
    options.cases = 10;
    const QString page = pageOf({&report}, {}, options);
    QCOMPARE(page.count(QStringLiteral("<details class=\"case\"")), 10);
    QVERIFY(page.contains(QStringLiteral("20 cases more are left out here")));
    QVERIFY(!pageOf({&report}).contains(QStringLiteral("left out here")));
}

QTEST_APPLESS_MAIN(HtmlTest)
#include "tst_html.moc"
