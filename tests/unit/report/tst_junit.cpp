#include "sample.h"
#include "scenarios/report/junit.h"

#include <QTest>
#include <QXmlStreamReader>

using namespace hiatus::report;
namespace v1 = hiatus::v1;

namespace {

/// One element as a reader of JUnit files sees it.
struct Element
{
    QString path; ///< "testsuites/testsuite/testcase"
    QXmlStreamAttributes attributes;
    QString text;

    QString operator[](const char *name) const { return attributes.value(QLatin1String(name)).toString(); }
};

/// All elements in document order; none if the document is not well-formed.
QList<Element> elements(const std::string &xml)
{
    QXmlStreamReader reader(QByteArray::fromStdString(xml));
    QList<Element> all;
    QStringList names;
    QList<qsizetype> open;
    while (!reader.atEnd()) {
        reader.readNext();
        if (reader.isStartElement()) {
            names << reader.name().toString();
            open << all.size();
            all << Element{names.join(QLatin1Char('/')), reader.attributes(), {}};
        } else if (reader.isEndElement()) {
            names.removeLast();
            open.removeLast();
        } else if (reader.isCharacters() && !open.isEmpty()) {
            all[open.last()].text += reader.text();
        }
    }
    return reader.hasError() ? QList<Element>() : all;
}

QList<Element> named(const QList<Element> &all, const char *name)
{
    QList<Element> found;
    for (const Element &element : all) {
        if (element.path.section(QLatin1Char('/'), -1) == QLatin1String(name))
            found << element;
    }
    return found;
}

v1::Report sampleReport()
{
    v1::Report report;
    report.set_target("mosquitto 2.0");
    report.set_seed(7);
    *report.add_result() = sample::result("will/plain[v3]", v1::PASS);
    *report.add_result() = sample::owedPubrel();
    *report.add_result() = sample::result("resume/skipped[v5]", v1::SKIP);
    report.mutable_result(2)->set_skipped_for("shared");
    *report.add_result() = sample::result("resume/harness[v5]", v1::ERROR);
    report.mutable_result(3)->set_skipped_for("hard deadline");
    *report.add_result() = sample::result("resume/unclear[v5]", v1::INCONCLUSIVE);
    report.mutable_result(4)->set_skipped_for("set-up failed");
    *report.add_result() = sample::owedPubrel();
    report.mutable_result(5)->set_expected(v1::FAIL);
    *report.add_result() = sample::result("resume/warned[v5]", v1::WARN);
    return report;
}

} // namespace

class JunitTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aTopicIsASuiteAndItsTotalsAddUp();
    void aVariantIsATestcaseWithItsPlace();
    void outcomesAreToldApart();
    void theLadderStandsInTheOutput();
    void aWarningFailsOnlyWhenStrict();
    void theTargetIsAProperty();
    void oddTextStaysWellFormed();
    void anEmptyRunIsAValidFile();
    void theCommonSchemaIsKept();
};

void JunitTest::aTopicIsASuiteAndItsTotalsAddUp()
{
    const auto all = elements(toJunit(sampleReport(), {}));
    QCOMPARE(all.value(0).path, QStringLiteral("testsuites"));
    QCOMPARE(all[0]["tests"], QStringLiteral("7"));
    QCOMPARE(all[0]["failures"], QStringLiteral("1"));
    QCOMPARE(all[0]["errors"], QStringLiteral("2"));
    QCOMPARE(all[0]["skipped"], QStringLiteral("2"));
    const auto suites = named(all, "testsuite");
    QCOMPARE(suites.size(), 2);
    QCOMPARE(suites[0]["name"], QStringLiteral("resume"));
    QCOMPARE(suites[0]["tests"], QStringLiteral("6"));
    QCOMPARE(suites[1]["name"], QStringLiteral("will"));
    QCOMPARE(suites[1]["tests"], QStringLiteral("1"));
    QCOMPARE(suites[1]["failures"], QStringLiteral("0"));
}

void JunitTest::aVariantIsATestcaseWithItsPlace()
{
    Context context;
    context.scenarios["will/plain"] = {"title", "scenarios/catalog/will/plain.txtpb"};
    const auto cases = named(elements(toJunit(sampleReport(), context)), "testcase");
    QCOMPARE(cases.size(), 7);
    QCOMPARE(cases[0]["name"], QStringLiteral("resume/owed_pubrel[v5,rst]"));
    QCOMPARE(cases[0]["classname"], QStringLiteral("resume/owed_pubrel"));
    QCOMPARE(cases[0]["file"], QStringLiteral("scenarios/catalog/resume/owed_pubrel.txtpb"));
    QCOMPARE(cases[0]["line"], QStringLiteral("15"));
    QCOMPARE(cases[0]["time"], QStringLiteral("5.013"));
    QCOMPARE(cases[6]["file"], QStringLiteral("scenarios/catalog/will/plain.txtpb"));
}

void JunitTest::outcomesAreToldApart()
{
    const auto all = elements(toJunit(sampleReport(), {}));
    const auto failures = named(all, "failure");
    QCOMPARE(failures.size(), 1);
    QCOMPARE(failures[0]["type"], QStringLiteral("MISSING"));
    QVERIFY(failures[0]["message"].startsWith(QStringLiteral("[5.0 MQTT-4.4.0-1#b] Session m-7 was resumed")));
    QVERIFY(failures[0].text.contains(QStringLiteral("rerun     hiatus run 'resume/owed_pubrel[v5,rst]'")));
    const auto errors = named(all, "error");
    QCOMPARE(errors.size(), 2);
    QCOMPARE(errors[0]["type"], QStringLiteral("ERROR"));
    QCOMPARE(errors[0]["message"], QStringLiteral("hard deadline"));
    QCOMPARE(errors[1]["type"], QStringLiteral("INCONCLUSIVE"));
    const auto skipped = named(all, "skipped");
    QCOMPARE(skipped.size(), 2);
    QCOMPARE(skipped[0]["message"], QStringLiteral("missing: shared"));
    QCOMPARE(skipped[1]["message"], QStringLiteral("FAIL as the baseline expects"));
}

void JunitTest::theLadderStandsInTheOutput()
{
    const auto outputs = named(elements(toJunit(sampleReport(), {})), "system-out");
    QVERIFY(outputs.size() >= 2);
    QVERIFY(outputs[0].text.contains(QStringLiteral("|< - - - - PUBREL id=12 (missing) - -")));
}

void JunitTest::aWarningFailsOnlyWhenStrict()
{
    v1::Report report;
    *report.add_result() = sample::result("a/b[v5]", v1::WARN);
    QCOMPARE(named(elements(toJunit(report, {})), "failure").size(), 0);
    QVERIFY(named(elements(toJunit(report, {})), "system-out")[0].text.startsWith(QStringLiteral("WARN")));
    JunitOptions strict;
    strict.isStrict = true;
    QCOMPARE(named(elements(toJunit(report, {}, strict)), "failure").size(), 1);
}

void JunitTest::theTargetIsAProperty()
{
    const auto properties = named(elements(toJunit(sampleReport(), {})), "property");
    QCOMPARE(properties.value(0)["name"], QStringLiteral("target"));
    QCOMPARE(properties.value(0)["value"], QStringLiteral("mosquitto 2.0"));
    QCOMPARE(properties.value(1)["value"], QStringLiteral("7"));
}

void JunitTest::oddTextStaysWellFormed()
{
    v1::Report report = sampleReport();
    v1::Finding &finding = *report.mutable_result(1)->mutable_finding(0);
    finding.set_text("topic <a&b> \"q\" ]]> \x01\x1b[31m \xff\xfe \xef\xbf\xbf end");
    finding.set_actual(std::string("\0\x02", 2));
    sample::add(*report.mutable_result(1)->mutable_trace(), sample::Event::RECEIVED, 2005, "sub", "]]> \x03 <tag>", 2);
    const auto all = elements(toJunit(report, {}));
    QCOMPARE(named(all, "testcase").size(), 7);
    QVERIFY(named(all, "failure")[0]["message"].contains(QStringLiteral("topic <a&b> \"q\" ]]> ")));
    QVERIFY(named(all, "system-out")[0].text.contains(QStringLiteral("<tag>")));
}

void JunitTest::anEmptyRunIsAValidFile()
{
    const auto all = elements(toJunit({}, {}));
    QCOMPARE(all.size(), 1);
    QCOMPARE(all[0]["tests"], QStringLiteral("0"));
}

namespace {

/// The schema that Jenkins, GitLab and the others have in common (junit-10.xsd of the xUnit plugin): which elements may
/// stand in which, in which order, and with which attributes.
struct Rule
{
    QStringList children; ///< in the order of the schema
    QStringList needed;   ///< attributes
    QStringList allowed;
};

QHash<QString, Rule> schema()
{
    const auto words = [](const char *text) {
        return QString::fromLatin1(text).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    };
    return {
        {QStringLiteral("testsuites"),
         {words("testsuite"), {}, words("name time tests failures disabled errors skipped")}},
        {QStringLiteral("testsuite"),
         {words("properties testcase system-out system-err"), words("name tests"),
          words("failures errors time disabled skipped skips timestamp hostname id package file log url version")}},
        {QStringLiteral("properties"), {words("property"), {}, {}}},
        {QStringLiteral("property"), {{}, words("name value"), {}}},
        {QStringLiteral("testcase"),
         {words("skipped error failure rerunError rerunFailure system-out system-err"), words("name classname"),
          words("time group file line assertions status")}},
        {QStringLiteral("skipped"), {{}, {}, words("message type")}},
        {QStringLiteral("error"), {{}, {}, words("message type")}},
        {QStringLiteral("failure"), {{}, {}, words("message type")}},
        {QStringLiteral("system-out"), {{}, {}, {}}},
    };
}

/// What is wrong with the document; empty if nothing.
QString schemaFault(const QList<Element> &all)
{
    const auto rules = schema();
    QHash<QString, int> reached; // parent's path -> place in the order of its schema
    for (const Element &element : all) {
        const QString name = element.path.section(QLatin1Char('/'), -1);
        const QString parent = element.path.section(QLatin1Char('/'), -2, -2);
        if (!rules.contains(name))
            return name + QStringLiteral(" is no element");
        if (!parent.isEmpty()) {
            const auto place = rules[parent].children.indexOf(name);
            int &before = reached[element.path.section(QLatin1Char('/'), 0, -2)];
            if (place < 0 || place < before)
                return name + QStringLiteral(" may not stand here in ") + parent;
            before = static_cast<int>(place);
        }
        reached[element.path] = 0; // a new element of this path begins
        for (const QString &attribute : rules[name].needed) {
            if (!element.attributes.hasAttribute(attribute))
                return name + QStringLiteral(" lacks ") + attribute;
        }
        for (const auto &attribute : element.attributes) {
            const QString given = attribute.name().toString();
            if (!rules[name].needed.contains(given) && !rules[name].allowed.contains(given))
                return name + QStringLiteral(" has ") + given;
        }
        for (const char *number : {"tests", "failures", "errors", "skipped", "time", "line"}) {
            bool isNumber = true;
            if (element.attributes.hasAttribute(QLatin1String(number)))
                element[number].toDouble(&isNumber);
            if (!isNumber)
                return QLatin1String(number) + QStringLiteral(" is no number");
        }
    }
    return {};
}

} // namespace

void JunitTest::theCommonSchemaIsKept()
{
    QCOMPARE(schemaFault(elements(toJunit(sampleReport(), {}))), QString());
    // The check itself can fail.
    QVERIFY(!schemaFault(elements("<testsuites><testsuite name='a' tests='1'><testcase name='b' classname='c'>"
                                  "<system-out/><failure/></testcase></testsuite></testsuites>"))
                 .isEmpty());
    QVERIFY(!schemaFault(elements("<testsuites><testsuite name='a' tests='one'/></testsuites>")).isEmpty());
}

QTEST_APPLESS_MAIN(JunitTest)
#include "tst_junit.moc"
