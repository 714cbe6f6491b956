#include "scenarios/report/html.h"

#include "scenarios/report/counts.h"
#include "scenarios/report/htmlparts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace hiatus::report {

namespace {

using html::escaped;

constexpr std::size_t linksPerCell = 24;

/// From harmless to grave.
int gravity(v1::Verdict verdict)
{
    switch (verdict) {
    case v1::SKIP:
        return 0;
    case v1::PASS:
        return 1;
    case v1::INCONCLUSIVE:
        return 2;
    case v1::WARN:
        return 3;
    case v1::FAIL:
        return 4;
    default:
        return 5;
    }
}

class Page
{
public:
    Page(const std::vector<const v1::Report *> &reports, const Context &context, const HtmlOptions &options);
    std::string text() const;

private:
    using Cell = std::vector<const v1::Result *>;

    bool isTold(const v1::Result &result) const;
    std::string header(const v1::Report &report) const;
    std::string heading() const;
    std::string matrix() const;
    std::string cellText(const Cell &cell) const;
    std::string cases() const;
    std::string statements() const;
    std::string columns() const;

    const std::vector<const v1::Report *> &m_reports;
    const Context &m_context;
    const HtmlOptions &m_options;
    std::map<std::string, std::vector<Cell>> m_rows; ///< scenario -> a cell per report
    std::vector<const v1::Result *> m_told;
    std::map<const v1::Result *, std::string> m_anchors;
    std::size_t m_untold = 0;
};

Page::Page(const std::vector<const v1::Report *> &reports, const Context &context, const HtmlOptions &options)
    : m_reports(reports), m_context(context), m_options(options)
{
    for (std::size_t i = 0; i < reports.size(); ++i) {
        for (const v1::Result &result : reports[i]->result()) {
            auto &cells = m_rows[result.scenario()];
            cells.resize(reports.size());
            cells[i].push_back(&result);
            if (isTold(result))
                m_told.push_back(&result);
        }
    }
    std::stable_sort(m_told.begin(), m_told.end(), [](const v1::Result *a, const v1::Result *b) {
        if (isAsExpected(*a) != isAsExpected(*b))
            return isAsExpected(*b);
        return gravity(a->verdict()) > gravity(b->verdict());
    });
    if (m_told.size() > options.cases) {
        m_untold = m_told.size() - options.cases;
        m_told.resize(options.cases);
    }
    for (const v1::Result *result : m_told)
        m_anchors[result] = fmt::format("case{}", m_anchors.size() + 1);
}

bool Page::isTold(const v1::Result &result) const
{
    const bool isPlain = result.verdict() == v1::PASS || result.verdict() == v1::SKIP;
    return !isPlain || result.trace().event_size() > 0;
}

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

std::string Page::header(const v1::Report &report) const
{
    const Counts counts = count(report.result());
    const std::string expected = expectedLine(counts);
    std::string text = fmt::format("<h1>{}: {}</h1>\n<p>{}{}</p>\n<div class=\"bar\" aria-hidden=\"true\">\n",
                                   escaped(report.target().empty() ? "target" : report.target()), sentenceOf(counts),
                                   summaryLine(counts), expected.empty() ? "" : "; " + expected);
    const std::pair<v1::Verdict, std::size_t> shares[] = {{v1::PASS, counts.passed},
                                                          {v1::FAIL, counts.failed + counts.errors},
                                                          {v1::WARN, counts.warned + counts.inconclusive},
                                                          {v1::SKIP, counts.skipped}};
    for (const auto &[verdict, number] : shares)
        text += fmt::format("<span class=\"{}\" style=\"flex:{}\"></span>\n", verdictName(verdict), number);
    text += "</div>\n<dl>\n";
    const std::pair<const char *, std::string> facts[] = {
        {"target version", report.target_version()},
        {"catalogue", report.catalog_version()},
        {"seed", report.has_seed() ? std::to_string(report.seed()) : ""},
        {"took", report.has_duration() ? duration(report.duration()) : ""},
        {"command", report.command()},
    };
    for (const auto &[name, value] : facts) {
        if (!value.empty())
            text += fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, escaped(value));
    }
    return text + "</dl>\n";
}

std::string Page::heading() const
{
    std::string text;
    for (const v1::Report *report : m_reports)
        text += header(*report);
    return text + html::legend() +
           "<div id=\"filter\"><label>show <input id=\"text\" type=\"search\" placeholder=\"part of a name\"></label>"
           "<label><input id=\"bad\" type=\"checkbox\"> only what is not fine</label></div>\n";
}

std::string Page::columns() const
{
    std::string text = "<thead><tr><th scope=\"col\"></th>";
    for (const v1::Report *report : m_reports)
        text += "<th scope=\"col\">" + escaped(report->target().empty() ? "target" : report->target()) + "</th>";
    return text + "</tr></thead>\n";
}

/// The worst letter with how many share it, then a link for each that is told in full.
std::string Page::cellText(const Cell &cell) const
{
    if (cell.empty())
        return "<td>not run</td>";
    const auto worse = [](const v1::Result *a, const v1::Result *b) {
        return gravity(a->verdict()) < gravity(b->verdict());
    };
    const v1::Result &worst = **std::max_element(cell.begin(), cell.end(), worse);
    const auto sharing = std::count_if(
        cell.begin(), cell.end(), [&worst](const v1::Result *result) { return result->verdict() == worst.verdict(); });
    std::string text = fmt::format("<td>{} {}/{}", html::badge(worst), sharing, cell.size());
    std::size_t links = 0;
    for (const v1::Result *result : cell) {
        const auto anchor = m_anchors.find(result);
        if (anchor == m_anchors.end() || ++links > linksPerCell)
            continue;
        text += fmt::format(" <a class=\"v {}{}\" href=\"#{}\" title=\"{}\">{}</a>", verdictName(result->verdict()),
                            isAsExpected(*result) && result->has_expected() ? " expected" : "", anchor->second,
                            escaped(result->variant()), html::letter(result->verdict()));
    }
    return text + (links > linksPerCell ? fmt::format(" +{}</td>", links - linksPerCell) : "</td>");
}

std::string Page::matrix() const
{
    std::string text = "<h2>Scenarios</h2>\n<div class=\"wide\"><table>\n" + columns();
    for (const auto &[scenario, cells] : m_rows) {
        const bool isFine = std::all_of(cells.begin(), cells.end(), [](const Cell &cell) {
            return std::all_of(cell.begin(), cell.end(),
                               [](const v1::Result *result) { return isAsExpected(*result); });
        });
        const auto info = m_context.scenarios.find(scenario);
        text += fmt::format("<tr data-id=\"{0}\" data-fine=\"{1}\"><th scope=\"row\">{0}<br><small>{2}</small></th>",
                            escaped(scenario), isFine ? 1 : 0,
                            info == m_context.scenarios.end() ? "" : escaped(info->second.title));
        for (const Cell &cell : cells)
            text += cellText(cell);
        text += "</tr>\n";
    }
    return text + "</table></div>\n";
}

std::string Page::cases() const
{
    if (m_told.empty())
        return {};
    std::string text = "<h2>Cases</h2>\n";
    if (m_untold > 0)
        text += fmt::format("<p class=\"banner\">{} more are left out here; the JSON report has them all.</p>\n",
                            counted(m_untold, "case"));
    for (const v1::Result *result : m_told)
        text += html::caseSection(*result, m_anchors.at(result), m_context, m_options.ladderRows);
    return text;
}

std::string Page::statements() const
{
    std::string text;
    for (const v1::Report *report : m_reports) {
        const std::string rows = html::statementsTable(*report, m_context);
        if (!rows.empty())
            text += fmt::format("<h2>Statements: {}</h2>\n<div class=\"wide\"><table>\n{}</table></div>\n",
                                escaped(report->target()), rows);
    }
    return text;
}

std::string Page::text() const
{
    std::string text = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                       "<title>hiatus: MQTT session state</title>\n<style>";
    text += html::style();
    text += "</style>\n</head>\n<body>\n" + heading() + matrix();
    const std::string facts = html::factsTable(m_reports);
    if (!facts.empty())
        text +=
            "<h2>Facts and capabilities</h2>\n<div class=\"wide\"><table>\n" + columns() + facts + "</table></div>\n";
    text += cases() + statements() + "<script>";
    text += html::script();
    return text + "</script>\n</body>\n</html>\n";
}

} // namespace

std::string toHtml(const std::vector<const v1::Report *> &reports, const Context &context, const HtmlOptions &options)
{
    return Page(reports, context, options).text();
}

} // namespace hiatus::report
