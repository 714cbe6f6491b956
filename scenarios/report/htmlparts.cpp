#include "scenarios/report/htmlparts.h"

#include "scenarios/report/cells.h"
#include "scenarios/report/counts.h"
#include "scenarios/report/ladder.h"
#include "scenarios/report/reasons.h"
#include "scenarios/requirements/catalogue.h"

#include <fmt/format.h>

#include <set>
#include <tuple>
#include <utility>

namespace hiatus::report::html {

namespace {

std::string pair(const char *name, const std::string &value)
{
    return value.empty() ? std::string() : fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, escaped(value));
}

std::string findingSection(const v1::Finding &finding, const Context &context)
{
    const v1::Requirement *row =
        context.catalogue ? context.catalogue->find(finding.version(), finding.statement(), finding.role()) : nullptr;
    std::string text = fmt::format("<div class=\"finding\"><h4><code>{}</code> {} {}</h4>\n", escaped(finding.reason()),
                                   escaped(finding.field()), escaped(citation(finding)));
    if (row)
        text += fmt::format("<blockquote>{} <small>{}, {}</small></blockquote>\n", escaped(row->text()),
                            escaped(row->level()), requirements::roleName(finding.role()));
    else
        text += fmt::format("<p>{}</p>\n", escaped(meaningOf(finding.reason())));
    text += "<p>" + escaped(finding.text()) + "</p>\n<dl>\n";
    text += pair("expected", finding.expected()) + pair("actual", finding.actual()) + pair("script", finding.at());
    return text + "</dl></div>\n";
}

std::string ladderPart(const v1::Result &result, std::size_t rows)
{
    LadderOptions drawing;
    drawing.rows = rows;
    drawing.version = versionOf(result);
    for (const v1::Finding &finding : result.finding())
        drawing.findings.push_back(&finding);
    const std::string drawn = escaped(ladder(result.trace(), drawing));
    std::string lines;
    for (std::size_t from = 0; from < drawn.size();) {
        const std::size_t end = drawn.find('\n', from) + 1;
        const std::string line = drawn.substr(from, end - from);
        lines += line.rfind("!!", 0) == 0 ? "<mark>" + line.substr(0, line.size() - 1) + "</mark>\n" : line;
        from = end;
    }
    return lines.empty() ? lines : "<pre class=\"ladder\">" + lines + "</pre>\n";
}

} // namespace

std::string escaped(std::string_view text)
{
    std::string result;
    for (const char c : printable(text, true)) {
        if (c == '&')
            result += "&amp;";
        else if (c == '<')
            result += "&lt;";
        else if (c == '>')
            result += "&gt;";
        else if (c == '"')
            result += "&quot;";
        else if (c == '\'')
            result += "&#39;";
        else
            result += c;
    }
    return result;
}

char letter(v1::Verdict verdict)
{
    switch (verdict) {
    case v1::PASS:
        return 'P';
    case v1::FAIL:
        return 'F';
    case v1::WARN:
        return 'W';
    case v1::INCONCLUSIVE:
        return '?';
    case v1::SKIP:
        return 'S';
    default:
        return 'E';
    }
}

std::string legend()
{
    static const std::pair<v1::Verdict, const char *> all[] = {
        {v1::PASS, "kept every statement it was asked about"},
        {v1::FAIL, "broke a statement that binds"},
        {v1::WARN, "did not follow a SHOULD, or an inference of ours"},
        {v1::INCONCLUSIVE, "set-up failed, the target was dead, or our own loop was late"},
        {v1::SKIP, "a capability is missing"},
        {v1::ERROR, "Hiatus is at fault"},
    };
    std::string text = "<ul class=\"legend\">\n";
    for (const auto &[verdict, meaning] : all)
        text += fmt::format("<li><span class=\"v {0}\">{1} {0}</span> {2}</li>\n", verdictName(verdict),
                            letter(verdict), meaning);
    return text + "<li><span class=\"v FAIL expected\">F FAIL</span> hatched: as the baseline expects</li>\n</ul>\n";
}

std::string badge(const v1::Result &result)
{
    const bool isForeseen = isAsExpected(result) && result.has_expected();
    return fmt::format("<span class=\"v {0}{1}\">{2} {0}</span>", verdictName(result.verdict()),
                       isForeseen ? " expected" : "", letter(result.verdict()));
}

std::string caseSection(const v1::Result &result, const std::string &anchor, const Context &context,
                        std::size_t ladderRows)
{
    const bool isOpen = !isAsExpected(result);
    std::string text =
        fmt::format("<details class=\"case\" id=\"{}\" data-id=\"{}\"{}>\n<summary>{} {} <small>{}</small></summary>\n",
                    anchor, escaped(result.variant()), isOpen ? " open" : "", badge(result), escaped(result.variant()),
                    duration(result.duration()));
    const auto info = context.scenarios.find(result.scenario());
    if (info != context.scenarios.end())
        text += "<p class=\"title\">" + escaped(info->second.title) + "</p>\n";
    text += "<dl>\n" + pair("because", result.skipped_for()) + pair("harness", result.trace().harness_error()) +
            pair("target", result.trace().target_gone()) + pair("run", result.confirmation());
    for (const v1::Fact &fact : result.fact())
        text += pair("fact", fact.name() + '=' + fact.value());
    text += "</dl>\n";
    std::string consequent;
    for (const v1::Finding &finding : result.finding())
        (finding.consequent() ? consequent : text) += findingSection(finding, context);
    if (!consequent.empty())
        text += "<details><summary>what follows from it</summary>\n" + consequent + "</details>\n";
    text += ladderPart(result, ladderRows);
    if (!result.rerun().empty())
        text += "<p>rerun: <code>" + escaped(result.rerun()) + "</code></p>\n";
    return text + "</details>\n";
}

std::string factsTable(const std::vector<const v1::Report *> &reports)
{
    std::map<std::string, std::vector<std::string>> rows;
    const auto add = [&](const std::string &name, std::size_t column, const std::string &value) {
        auto &cells = rows[name];
        cells.resize(reports.size());
        cells[column] += (cells[column].empty() ? "" : ", ") + value;
    };
    for (std::size_t i = 0; i < reports.size(); ++i) {
        for (const v1::Fact &fact : reports[i]->fact())
            add(fact.name(), i, fact.value());
        for (const v1::CapabilityFound &found : reports[i]->capability())
            add("capability " + found.name() +
                    (found.has_version() ? ' ' + requirements::versionName(found.version()) : std::string()),
                i, found.present() ? "yes" : "no");
    }
    std::string text;
    for (const auto &[name, cells] : rows) {
        const bool differs = std::set<std::string>(cells.begin(), cells.end()).size() > 1;
        text += fmt::format("<tr{}><th scope=\"row\">{}</th>", differs ? " class=\"differs\"" : "", escaped(name));
        for (const std::string &cell : cells)
            text += "<td>" + escaped(cell) + "</td>";
        text += "</tr>\n";
    }
    return text;
}

std::string statementsTable(const v1::Report &report, const Context &context)
{
    using Key = std::tuple<int, std::string>;
    std::map<Key, v1::Severity> charged;
    for (const v1::Result &result : report.result()) {
        for (const v1::Finding &finding : result.finding()) {
            v1::Severity &worst =
                charged.try_emplace({finding.version(), finding.statement()}, v1::SEVERITY_FACT).first->second;
            if (!finding.setup() && (finding.severity() == v1::SEVERITY_FAIL || worst == v1::SEVERITY_FACT))
                worst = finding.severity();
        }
    }
    std::string text;
    for (const v1::LedgerEntry &entry : report.ledger()) {
        const v1::Requirement *row =
            context.catalogue ? context.catalogue->find(entry.version(), entry.statement(), entry.role()) : nullptr;
        const auto found = charged.find({entry.version(), entry.statement()});
        const bool isBroken = found != charged.end() && found->second != v1::SEVERITY_FACT;
        const bool isAsserted = entry.scenario_size() > 0;
        const std::string verdict = isBroken ? severityName(found->second) : isAsserted ? "PASS" : "SKIP";
        const std::string words = isBroken ? severityName(found->second) : isAsserted ? "kept" : "not asserted";
        text += fmt::format(
            "<tr><th scope=\"row\">{} {}</th><td>{}</td><td><span class=\"v {}\">{}</span></td><td>{}</td></tr>\n",
            requirements::versionName(entry.version()), escaped(entry.statement()),
            requirements::roleName(entry.role()), verdict, words,
            escaped(row ? row->text() : entry.untested()) +
                (row && !entry.untested().empty() ? "<br><small>" + escaped(entry.untested()) + "</small>" : ""));
    }
    return text;
}

} // namespace hiatus::report::html
