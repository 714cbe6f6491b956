#include "scenarios/report/junit.h"

#include "scenarios/report/cells.h"
#include "scenarios/report/counts.h"
#include "scenarios/report/ladder.h"
#include "scenarios/report/terminal.h"
#include "scenarios/requirements/catalogue.h"

#include <fmt/format.h>

#include <QXmlStreamWriter>

#include <map>
#include <vector>

namespace hiatus::report {

namespace {

enum class Outcome { Passed, Failure, Error, Skipped };

struct Suite
{
    std::vector<const v1::Result *> results;
    int failures = 0;
    int errors = 0;
    int skipped = 0;
    double milliseconds = 0;
};

QString qs(const std::string &text)
{
    return QString::fromStdString(printable(text, true));
}

QString number(double value)
{
    return QString::fromStdString(fmt::format("{:.3f}", value));
}

/// "file", "line" of "file:line:column"; empty if it has no such shape.
std::pair<std::string, std::string> fileAndLine(const std::string &place)
{
    const std::size_t column = place.rfind(':');
    const std::size_t line = column == std::string::npos || column == 0 ? column : place.rfind(':', column - 1);
    if (line == std::string::npos)
        return {};
    return {place.substr(0, line), place.substr(line + 1, column - line - 1)};
}

/// "shared (3.1.1), topic-alias (5.0)".
std::string lackedBy(const v1::Report &report)
{
    std::string text;
    for (const v1::CapabilityFound &found : report.capability()) {
        if (!found.present())
            text += (text.empty() ? "" : ", ") + found.name() + (found.has_version() ? " (" + requirements::versionName(found.version()) + ')' : "");
    }
    return text;
}

class Writer
{
public:
    Writer(const v1::Report &report, const Context &context, const JunitOptions &options);
    std::string written();

private:
    Outcome outcomeOf(const v1::Result &result) const;
    void totals(const Suite &suite, std::size_t tests);
    void suite(const std::string &topic, const Suite &suite);
    void properties();
    void testcase(const v1::Result &result);
    void where(const v1::Result &result);
    void outcome(const v1::Result &result);
    void skipped(const v1::Result &result);
    void output(const v1::Result &result);

    const v1::Report &m_report;
    const Context &m_context;
    const JunitOptions &m_options;
    std::map<std::string, Suite> m_suites;
    Suite m_all;
    QString m_xml;
    QXmlStreamWriter m_out;
};

Writer::Writer(const v1::Report &report, const Context &context, const JunitOptions &options)
    : m_report(report), m_context(context), m_options(options), m_out(&m_xml)
{
    for (const v1::Result &result : report.result()) {
        const Outcome outcome = outcomeOf(result);
        for (Suite *suite : {&m_suites[topicOf(result.scenario())], &m_all}) {
            suite->results.push_back(&result);
            suite->failures += outcome == Outcome::Failure ? 1 : 0;
            suite->errors += outcome == Outcome::Error ? 1 : 0;
            suite->skipped += outcome == Outcome::Skipped ? 1 : 0;
            suite->milliseconds += result.duration();
        }
    }
}

Outcome Writer::outcomeOf(const v1::Result &result) const
{
    if (result.verdict() == v1::PASS)
        return Outcome::Passed;
    if (isAsExpected(result))
        return Outcome::Skipped;
    if (result.verdict() == v1::WARN)
        return m_options.isStrict ? Outcome::Failure : Outcome::Passed;
    return result.verdict() == v1::FAIL ? Outcome::Failure : Outcome::Error;
}

void Writer::totals(const Suite &suite, std::size_t tests)
{
    m_out.writeAttribute(QStringLiteral("tests"), QString::number(tests));
    m_out.writeAttribute(QStringLiteral("failures"), QString::number(suite.failures));
    m_out.writeAttribute(QStringLiteral("errors"), QString::number(suite.errors));
    m_out.writeAttribute(QStringLiteral("skipped"), QString::number(suite.skipped));
    m_out.writeAttribute(QStringLiteral("time"), number(suite.milliseconds / 1000));
}

void Writer::properties()
{
    m_out.writeStartElement(QStringLiteral("properties"));
    const std::vector<std::pair<const char *, std::string>> all{
        {"target", m_report.target()},
        {"target_version", m_report.target_version()},
        {"catalog_version", m_report.catalog_version()},
        {"seed", m_report.has_seed() ? std::to_string(m_report.seed()) : std::string()},
        {"command", m_report.command()},
        {"world", m_report.world()},
        {"lacks", lackedBy(m_report)},
        {"partial", m_report.partial()},
        {"shard", m_report.shard()},
    };
    for (const auto &[name, value] : all) {
        if (value.empty())
            continue;
        m_out.writeEmptyElement(QStringLiteral("property"));
        m_out.writeAttribute(QStringLiteral("name"), QString::fromLatin1(name));
        m_out.writeAttribute(QStringLiteral("value"), qs(value));
    }
    m_out.writeEndElement();
}

void Writer::where(const v1::Result &result)
{
    const v1::Finding *finding = leadingFinding(result);
    auto [file, line] = fileAndLine(finding ? finding->at() : std::string());
    const auto info = m_context.scenarios.find(result.scenario());
    if (file.empty() && info != m_context.scenarios.end())
        file = info->second.file;
    if (!file.empty())
        m_out.writeAttribute(QStringLiteral("file"), qs(file));
    if (!line.empty())
        m_out.writeAttribute(QStringLiteral("line"), qs(line));
}

void Writer::skipped(const v1::Result &result)
{
    const std::string message = result.verdict() == v1::SKIP
                                    ? "missing: " + result.skipped_for()
                                    : verdictName(result.verdict()) + " as the baseline expects";
    m_out.writeEmptyElement(QStringLiteral("skipped"));
    m_out.writeAttribute(QStringLiteral("message"), qs(message));
}

void Writer::outcome(const v1::Result &result)
{
    const Outcome outcome = outcomeOf(result);
    if (outcome == Outcome::Skipped)
        skipped(result);
    if (outcome != Outcome::Failure && outcome != Outcome::Error)
        return;
    const v1::Finding *finding = leadingFinding(result);
    std::string message = result.skipped_for();
    if (finding)
        message = citation(*finding) + (finding->text().empty() ? "" : ' ' + finding->text());
    TerminalOptions plain;
    plain.ladderRows = 1; // the ladder stands in system-out
    v1::Result words = result;
    words.mutable_trace()->clear_event();
    m_out.writeStartElement(outcome == Outcome::Failure ? QStringLiteral("failure") : QStringLiteral("error"));
    m_out.writeAttribute(
        QStringLiteral("type"),
        qs(finding && outcome == Outcome::Failure ? finding->reason() : verdictName(result.verdict())));
    m_out.writeAttribute(QStringLiteral("message"), qs(message));
    m_out.writeCharacters(QString::fromStdString(block(words, m_context, plain)));
    m_out.writeEndElement();
}

void Writer::output(const v1::Result &result)
{
    if (result.verdict() == v1::PASS || result.verdict() == v1::SKIP)
        return;
    LadderOptions drawing;
    drawing.rows = m_options.ladderRows;
    drawing.version = versionOf(result);
    for (const v1::Finding &finding : result.finding())
        drawing.findings.push_back(&finding);
    m_out.writeTextElement(QStringLiteral("system-out"),
                           QString::fromStdString(resultLine(result, {}) + "\n\n" + ladder(result.trace(), drawing)));
}

void Writer::testcase(const v1::Result &result)
{
    m_out.writeStartElement(QStringLiteral("testcase"));
    m_out.writeAttribute(QStringLiteral("name"), qs(result.variant()));
    m_out.writeAttribute(QStringLiteral("classname"), qs(result.scenario()));
    where(result);
    m_out.writeAttribute(QStringLiteral("time"), number(result.duration() / 1000));
    outcome(result);
    output(result);
    m_out.writeEndElement();
}

void Writer::suite(const std::string &topic, const Suite &suite)
{
    m_out.writeStartElement(QStringLiteral("testsuite"));
    m_out.writeAttribute(QStringLiteral("name"), qs(topic.empty() ? "scenarios" : topic));
    totals(suite, suite.results.size());
    properties();
    for (const v1::Result *result : suite.results)
        testcase(*result);
    m_out.writeEndElement();
}

std::string Writer::written()
{
    m_out.setAutoFormatting(true);
    m_out.setAutoFormattingIndent(1);
    m_out.writeStartDocument();
    m_out.writeStartElement(QStringLiteral("testsuites"));
    m_out.writeAttribute(QStringLiteral("name"), QStringLiteral("hiatus"));
    totals(m_all, m_all.results.size());
    for (const auto &[topic, results] : m_suites)
        suite(topic, results);
    m_out.writeEndDocument();
    return m_xml.toStdString();
}

} // namespace

std::string toJunit(const v1::Report &report, const Context &context, const JunitOptions &options)
{
    return Writer(report, context, options).written();
}

} // namespace hiatus::report
