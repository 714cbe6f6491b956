#include "scenarios/report/counts.h"
#include "scenarios/report/html/parts.h"
#include "scenarios/report/html/verdicts.h"

#include <QDateTime>

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace hiatus::report::html {

namespace {

std::string sentenceOf(const Counts &counts)
{
    if (counts.total() == 0)
        return "Nothing ran";
    std::string text;
    const auto add = [&text](std::size_t number, std::string_view noun) {
        if (number > 0)
            text += (text.empty() ? "" : ", ") + counted(number, noun);
    };
    add(counts.failed, "unexpected failure");
    add(counts.warned, "warning");
    add(counts.errors, "error of the harness");
    add(counts.inconclusive, "undecided case");
    return text.empty() ? "All as expected" : text;
}

std::string timeOf(const v1::Report &report)
{
    if (!report.has_started())
        return {};
    return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(report.started()), Qt::UTC)
        .toString(QStringLiteral("yyyy-MM-dd HH:mm 'UTC'"))
        .toStdString();
}

void bar(Markup &out, const Counts &counts)
{
    std::size_t foreseen = 0;
    for (const auto &[verdict, number] : counts.expected)
        foreseen += number;
    const std::pair<const char *, std::size_t> shares[] = {
        {"PASS", counts.passed},
        {"FAIL", counts.failed + counts.errors},
        {"WARN", counts.warned + counts.inconclusive},
        {"FAIL expected", foreseen},
        {"SKIP", counts.skipped},
    };
    out.open("div", {{"class", "bar"}, {"aria-hidden", "true"}});
    for (const auto &[classes, number] : shares) {
        if (number > 0)
            out.leaf("span", "", {{"class", classes}, {"style", fmt::format("flex-grow:{}", number)}});
    }
    out.close().line();
}

using Terms = std::vector<std::pair<const char *, std::string>>;

void rows(Markup &out, const Terms &terms)
{
    out.open("dl", {{"class", "about"}});
    for (const auto &[term, value] : terms) {
        if (!value.empty())
            out.leaf("dt", term).leaf("dd", value);
    }
    out.close();
}

/// One of many says only how it ended, and the rest when it is asked.
void card(Markup &out, const v1::Report &report, const std::string &name, bool isOneOfMany)
{
    const Counts counts = count(report.result());
    const std::string expected = expectedLine(counts);
    out.open("section", {{"class", "card"}});
    out.open("h1").leaf("span", name, {{"class", "target"}}).text(' ' + sentenceOf(counts)).close();
    out.leaf("p", summaryLine(counts) + (expected.empty() ? "" : "; " + expected), {{"class", "counts"}});
    if (!report.partial().empty())
        out.leaf("p", "Partial: " + report.partial() + ". Not everything ran.", {{"class", "banner"}});
    bar(out, counts);
    Terms terms{{"version", report.target_version()},
                {"run", timeOf(report)},
                {"took", report.has_duration() ? duration(report.duration()) : ""},
                {"shard", report.shard()}};
    if (!isOneOfMany) {
        rows(out, terms);
        terms.clear();
    }
    out.open("details", {{"class", "more"}}).leaf("summary", "what was run, and what was left out");
    terms.insert(terms.end(), {{"command", report.command()},
                               {"catalogue", report.catalog_version()},
                               {"seed", report.has_seed() ? std::to_string(report.seed()) : ""},
                               {"world", report.world()}});
    for (const auto &[capability, number] : skippedFor(report.result()))
        terms.emplace_back("lacks", fmt::format("{} ({} skipped)", capability, number));
    rows(out, terms);
    out.close().close().line();
}

} // namespace

void header(Markup &out, const PageInput &input)
{
    const auto names = columnNames(input.reports);
    out.open("header", {{"class", names.size() > 4 ? "cards many" : "cards"}});
    for (std::size_t i = 0; i < input.reports.size(); ++i)
        card(out, *input.reports[i], names[i], names.size() > 4);
    out.close().line();
}

} // namespace hiatus::report::html
