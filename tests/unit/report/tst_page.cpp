#include "sample.h"
#include "scenarios/report/html/page.h"
#include "scenarios/requirements/catalogue.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>
#include <QXmlStreamReader>

using namespace hiatus::report;
namespace v1 = hiatus::v1;

namespace {

QString pageOf(const PageInput &input, const PageOptions &options = {})
{
    return QString::fromStdString(toPage(input, options).front().content);
}

QString pageOf(const Reports &reports)
{
    PageInput input;
    input.reports = reports;
    return pageOf(input);
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

/// A report of failures that break the same check.
v1::Report manyAlike(int number)
{
    v1::Report report;
    for (int i = 0; i < number; ++i) {
        *report.add_result() = sample::owedPubrel();
        report.mutable_result(i)->set_variant("resume/owed_pubrel[v5,n=" + std::to_string(i) + "]");
    }
    return report;
}

/// What the page's script finds in the packs.
QList<QJsonArray> packsOf(const QString &page)
{
    static const QRegularExpression pack(QStringLiteral("<script type=\"text/plain\" class=\"pack\">([^<]*)</script>"));
    QList<QJsonArray> packs;
    for (auto found = pack.globalMatch(page); found.hasNext();) {
        const QByteArray deflated = QByteArray::fromBase64(found.next().captured(1).toLatin1());
        packs.append(QJsonDocument::fromJson(qUncompress(QByteArray(4, '\0') + deflated)).array()); // the length is only a hint
    }
    return packs;
}

/// The page without its style and scripts, which are no markup.
QString markupOf(QString page)
{
    static const QRegularExpression code(QStringLiteral("<(script|style)[^>]*>.*?</\\1>"),
                                         QRegularExpression::DotMatchesEverythingOption);
    return page.remove(code).remove(QStringLiteral("<!DOCTYPE html>"));
}

} // namespace

class PageTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void thePageNeedsNothingBesideItself();
    void everyElementCloses();
    void theVerdictComesFirst();
    void aFailingCaseIsToldWithItsLadder();
    void theReferenceBrokerStandsBeside();
    void theScriptsLineIsMarked();
    void everyLinkLeadsSomewhere();
    void severalReportsAreColumns();
    void whatAPacketCarriedIsOnlyText();
    void whatIsPackedSaysTheSame();
    void thePageStaysSmall();
};

void PageTest::thePageNeedsNothingBesideItself()
{
    const v1::Report report = sampleReport("one");
    const QString page = pageOf({&report});
    QVERIFY(page.startsWith(QStringLiteral("<!DOCTYPE html>")) && page.endsWith(QStringLiteral("</html>\n")));
    for (const char *outside : {"http://", "https://", "src=", "@import", "url("})
        QVERIFY2(!page.contains(QLatin1String(outside)), outside);
}

void PageTest::everyElementCloses()
{
    const v1::Report one = sampleReport("one");
    const v1::Report two = sampleReport("two");
    QXmlStreamReader reader(markupOf(pageOf({&one, &two})));
    while (!reader.atEnd())
        reader.readNext();
    QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
}

void PageTest::theVerdictComesFirst()
{
    v1::Report report = sampleReport("one");
    QVERIFY(
        pageOf({&report}).contains(QStringLiteral("<h1><span class=\"target\">one</span> 1 unexpected failure</h1>")));
    report.mutable_result(1)->set_expected(v1::FAIL);
    const QString page = pageOf({&report});
    QVERIFY(page.contains(QStringLiteral("</span> All as expected</h1>")));
    QVERIFY(page.contains(QStringLiteral("2 passed, 0 failed, 0 skipped; 1 failed as the baseline expects</p>")));
    QVERIFY(page.contains(QStringLiteral("<a class=\"v FAIL expected\" href=\"#case-resume/owed_pubrel[v5,rst]\"")));
}

void PageTest::aFailingCaseIsToldWithItsLadder()
{
    const auto catalogue = hiatus::requirements::Catalogue::load(HIATUS_SOURCE_DIR "/scenarios/requirements");
    QVERIFY(catalogue.has_value());
    const v1::Report report = sampleReport("one");
    PageInput input;
    input.reports = {&report};
    input.context.catalogue = &*catalogue;
    input.context.scenarios["resume/owed_pubrel"].title = "After PUBREC the broker owes PUBREL";
    const QString page = pageOf(input);
    QVERIFY(page.contains(QStringLiteral("<p class=\"title\">After PUBREC the broker owes PUBREL</p>")));
    QVERIFY(page.contains(QStringLiteral("the broker resends each unacknowledged PUBREL with its identifier.<footer>"
                                         "MQTT 5.0 § 4.4 Message delivery retry · MQTT-4.4.0-1#b · MUST, server")));
    QVERIFY(page.contains(QStringLiteral("<path class=\"miss\"")));
    QVERIFY(page.contains(QStringLiteral("PUBREL id=12 (missing)")));
    QVERIFY(page.contains(QStringLiteral("<ins>PUBREL id=12</ins>")));
    QVERIFY(page.contains(
        QStringLiteral("run it again: <code class=\"copy\">hiatus run &#39;resume/owed_pubrel[v5,rst]&#39;")));
    QVERIFY(page.contains(QStringLiteral("<summary>1 finding that follow from it</summary>")));
    const auto files = toPage(input);
    QCOMPARE(files.size(), std::size_t(2));
    QVERIFY(page.contains(QStringLiteral("href=\"%1\"").arg(QString::fromStdString(files[1].name))));
    QVERIFY(files[1].content.find("PUBREC id=12") != std::string::npos);
}

void PageTest::theReferenceBrokerStandsBeside()
{
    const v1::Report report = sampleReport("one");
    PageInput input;
    input.reports = {&report};
    QCOMPARE(variantsToCompare(input.reports), std::vector<std::string>{"resume/owed_pubrel[v5,rst]"});
    QVERIFY(!pageOf(input).contains(QStringLiteral("on the reference broker</figcaption>")));
    input.references["resume/owed_pubrel[v5,rst]"] = sample::owedPubrel();
    QVERIFY(pageOf(input).contains(QStringLiteral("on the reference broker</figcaption>")));
}

void PageTest::theScriptsLineIsMarked()
{
    v1::Report report = sampleReport("one");
    report.mutable_result(1)->mutable_finding(0)->set_at("/elsewhere/scenarios/catalog/resume/owed_pubrel.txtpb:2:8");
    PageInput input;
    input.reports = {&report};
    input.sources["scenarios/catalog/resume/owed_pubrel.txtpb"] = "first <line>\nsecond\nthird\n";
    const QString page = pageOf(input);
    QVERIFY(page.contains(QStringLiteral("<span data-n=\"1\">first &lt;line&gt;</span>")));
    QVERIFY(page.contains(QStringLiteral("<mark data-n=\"2\">second</mark>")));
}

void PageTest::everyLinkLeadsSomewhere()
{
    const v1::Report one = sampleReport("one");
    v1::Report two = sampleReport("two");
    *two.add_result() = sample::owedPubrel(); // --repeat: the same variant again
    const QString page = pageOf({&one, &two});
    qsizetype at = 0;
    int links = 0;
    while ((at = page.indexOf(QStringLiteral("href=\"#"), at)) >= 0) {
        at += 7;
        const QString anchor = page.mid(at, page.indexOf(QLatin1Char('"'), at) - at);
        QVERIFY2(page.count(QStringLiteral(" id=\"%1\"").arg(anchor)) == 1, qPrintable(anchor));
        ++links;
    }
    QVERIFY(links > 5);
}

void PageTest::severalReportsAreColumns()
{
    const v1::Report one = sampleReport("one");
    v1::Report two = sampleReport("two");
    two.mutable_result()->DeleteSubrange(0, 1);
    const QString page = pageOf({&one, &two});
    QVERIFY(page.contains(QStringLiteral("<th scope=\"col\">one</th><th scope=\"col\">two</th>")));
    QVERIFY(page.contains(QStringLiteral("<th scope=\"row\">qos0-offline</th><td data-of=\"one\">queued</td><td data-of=\"two\">dropped</td>")));
    QVERIFY(page.contains(QStringLiteral("<span class=\"v NONE\" title=\"did not run\">·</span>")));
}

void PageTest::whatAPacketCarriedIsOnlyText()
{
    v1::Report report = sampleReport("<img onerror=\"x\">");
    report.mutable_result(1)->mutable_finding(0)->set_actual("</dd><script>alert('1')</script>\x1b");
    report.mutable_result(1)->set_variant("a/b[\"><script>]");
    const QString page = pageOf({&report});
    QCOMPARE(page.count(QStringLiteral("<script>")), 2); // our own
    QVERIFY(!page.contains(QStringLiteral("<img")));
    QVERIFY(!page.contains(QLatin1Char('\x1b')));
    QVERIFY(page.contains(QStringLiteral("&lt;/dd&gt;&lt;script&gt;alert(&#39;1&#39;)")));
}

void PageTest::whatIsPackedSaysTheSame()
{
    const v1::Report report = manyAlike(40);
    PageInput input;
    input.reports = {&report};
    PageOptions options;
    options.plain = 1; // nothing
    const auto files = toPage(input, options);
    QCOMPARE(files.size(), std::size_t(1)); // the traces are packed too
    const QString page = QString::fromStdString(files.front().content);
    QCOMPARE(page.count(QStringLiteral("<details class=\"case packed\"")), 40);
    QCOMPARE(page.count(QStringLiteral("data-in=\"1 2\"")), 1);
    QCOMPARE(page.count(QStringLiteral("run it again: <code class=\"copy\">")), 40);
    const auto packs = packsOf(page);
    QCOMPARE(packs.size(), 3);
    int ladders = 0;
    for (const QJsonArray &pack : packs) {
        for (const auto &part : pack)
            ladders += part.toString().contains(QStringLiteral("<path class=\"miss\"")) ? 1 : 0;
    }
    QCOMPARE(ladders, 40);
    const int inFirst = 16;
    QVERIFY(packs[0].first().toString().contains(QStringLiteral("<ins>PUBREL id=12</ins>")));
    QCOMPARE(packs[0].size() % inFirst, 0);
    const auto part = [&](int fromEnd) { return QJsonDocument::fromJson(packs[0][packs[0].size() - fromEnd * inFirst + 3].toString().toUtf8()); };
    const QString variant = part(5)[QStringLiteral("result")][0][QStringLiteral("variant")].toString();
    QVERIFY(page.contains(QStringLiteral("data-id=\"%1 \" data-k=\"unexpected FAIL\" data-in=\"0 3\"").arg(variant)));
    const auto events = sample::owedPubrel().trace().event_size();
    QCOMPARE(part(4)[QStringLiteral("kind")].toArray().size(), events);
    QVERIFY(part(1).array().size() <= events);
}

void PageTest::thePageStaysSmall()
{
    const v1::Report report = manyAlike(300);
    PageInput input;
    input.reports = {&report};
    PageOptions options;
    options.plain = 100'000;
    for (const std::size_t allowed : {std::size_t(1'000'000), std::size_t(300'000)}) {
        options.bytes = allowed;
        std::size_t bytes = 0;
        for (const PageFile &file : toPage(input, options))
            bytes += file.content.size();
        QVERIFY2(bytes < allowed + 100'000, qPrintable(QString::number(bytes)));
        const QString page = pageOf(input, options);
        const auto told = page.count(QStringLiteral("<details class=\"case"));
        const auto named = page.count(QStringLiteral("<div class=\"brief\""));
        QVERIFY(told > 10);
        QCOMPARE(told + named, 300); // those that are not told are named
        QCOMPARE(named > 0, allowed < 500'000);
    }
}

QTEST_APPLESS_MAIN(PageTest)
#include "tst_page.moc"
