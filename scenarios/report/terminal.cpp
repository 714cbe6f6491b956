#include "scenarios/report/terminal.h"

#include "scenarios/report/cells.h"
#include "scenarios/report/ladder.h"
#include "scenarios/report/reasons.h"
#include "scenarios/report/summary.h"
#include "scenarios/requirements/catalogue.h"

#include <fmt/format.h>

#include <algorithm>

namespace hiatus::report {

namespace {

constexpr std::size_t findingsShown = 4;
constexpr std::size_t fewResults = 3;   // need no summary by statement
constexpr std::size_t valueWidth = 400; // of a witness, an expected or an actual value

std::string coloured(const std::string &text, v1::Verdict verdict, bool colour)
{
    if (!colour)
        return text;
    const char *code = "36"; // SKIP
    if (verdict == v1::PASS)
        code = "32";
    else if (verdict == v1::FAIL || verdict == v1::ERROR)
        code = "1;31";
    else if (verdict == v1::WARN || verdict == v1::INCONCLUSIVE)
        code = "33";
    return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

/// "  name      value", the value clipped so that one odd payload cannot flood a log.
std::string labelled(const char *name, const std::string &value, std::size_t width)
{
    if (value.empty())
        return {};
    const std::string shown = encoded(clipped(decoded(value), valueWidth));
    std::string lines;
    for (const std::string &line : wrapped(shown, width - 16))
        lines += fmt::format("      {:<10}{}\n", lines.empty() ? name : "", line);
    return lines;
}

std::string expectation(const v1::Result &result)
{
    const std::string flaky = result.flaky().empty() ? "" : " (flaky " + result.flaky() + ")";
    if (!result.has_expected())
        return flaky;
    if (isAsExpected(result))
        return flaky + (result.verdict() == v1::PASS ? "" : " (as the baseline expects)");
    return flaky + fmt::format(" (the baseline expects {})", verdictName(result.expected()));
}

std::string findingText(const v1::Finding &finding, std::size_t number, const Context &context, std::size_t width)
{
    std::string head = fmt::format("  {}. {}", number, finding.reason());
    if (!finding.field().empty())
        head += ' ' + finding.field();
    const v1::Requirement *row =
        context.catalogue ? context.catalogue->find(finding.version(), finding.statement(), finding.role()) : nullptr;
    const std::string cited = citation(finding);
    if (!cited.empty())
        head += "  " + cited;
    if (row)
        head += fmt::format("  {}, {}", row->level(), requirements::roleName(finding.role()));
    head += finding.setup() ? "  in set-up" : "  " + severityName(finding.severity());
    std::string text = printable(head) + '\n';
    if (row)
        text += indented(row->text(), 6, width);
    else if (!meaningOf(finding.reason()).empty())
        text += indented(std::string(meaningOf(finding.reason())), 6, width);
    if (!finding.text().empty())
        text += indented(encoded(clipped(decoded(finding.text()), valueWidth)), 6, width);
    text += labelled("expected", finding.expected(), width) + labelled("actual", finding.actual(), width);
    return finding.at().empty() ? text : text + "      script    " + printable(finding.at()) + '\n'; // never wrapped: editors jump to it
}

/// Findings that follow from others, or are too many, in a sentence.
std::string foldedLine(const std::vector<const v1::Finding *> &findings, std::size_t width)
{
    std::string line = fmt::format("and {} that follow{} from it: ", counted(findings.size(), "finding"),
                                   findings.size() == 1 ? "s" : "");
    for (std::size_t i = 0; i < findings.size() && i < 6; ++i) {
        const std::string cited = citation(*findings[i]);
        line += (i == 0 ? "" : "; ") + findings[i]->reason() + (cited.empty() ? "" : ' ' + cited);
    }
    return indented(line + (findings.size() > 6 ? "; ..." : ""), 2, width);
}

std::string findingsText(const v1::Result &result, const Context &context, const TerminalOptions &options)
{
    std::string text;
    std::vector<const v1::Finding *> consequent;
    std::size_t own = 0;
    for (const v1::Finding *finding : findingsByWeight(result)) {
        if (finding->consequent())
            consequent.push_back(finding);
        else if (++own <= findingsShown)
            text += findingText(*finding, own, context, options.width);
    }
    if (own > findingsShown)
        text +=
            fmt::format("  and {} more: --report json:FILE has them all\n", counted(own - findingsShown, "finding"));
    return consequent.empty() ? text : text + foldedLine(consequent, options.width);
}

std::string ladderText(const v1::Result &result, const TerminalOptions &options)
{
    LadderOptions drawing;
    drawing.width = options.width;
    drawing.rows = options.ladderRows;
    drawing.colour = options.colour;
    drawing.legend = options.legend;
    drawing.version = versionOf(result);
    for (const v1::Finding &finding : result.finding())
        drawing.findings.push_back(&finding);
    const std::string drawn = ladder(result.trace(), drawing);
    return drawn.empty() ? drawn : '\n' + drawn + '\n';
}

bool isTold(const v1::Result &result, const TerminalOptions &options)
{
    if (result.verdict() == v1::PASS || result.verdict() == v1::SKIP)
        return false;
    return !isAsExpected(result) || options.detail == TerminalOptions::Detail::Verbose;
}

/// Of those that are alike the first is told in full, the others by a line each.
std::string toldResults(const std::vector<const v1::Result *> &results, const Context &context, TerminalOptions options)
{
    std::string text;
    std::size_t blocks = 0;
    std::vector<const v1::Result *> others;
    const bool isQuiet = options.detail == TerminalOptions::Detail::Quiet;
    for (const auto &group : alike(results)) {
        const bool isTold = !isQuiet && blocks < options.blocks;
        if (isTold) {
            options.legend = ++blocks == 1;
            text += block(*group.front(), context, options) + '\n';
        }
        others.insert(others.end(), group.begin() + (isTold ? 1 : 0), group.end());
    }
    for (std::size_t i = 0; i < others.size() && i < options.lines; ++i)
        text += resultLine(*others[i], options) + '\n';
    if (others.size() > options.lines)
        text += fmt::format("... and {} more: --report json:FILE has them all\n", others.size() - options.lines);
    return others.empty() || isQuiet ? text : text + '\n';
}

/// The last lines, indented.
std::string tail(const std::string &log, const TerminalOptions &options)
{
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < log.size();) {
        const std::size_t end = std::min(log.find('\n', at), log.size());
        lines.push_back("        " + printable(log.substr(at, std::min(end - at, options.width))) + '\n');
        at = end + 1;
    }
    std::string text;
    for (std::size_t i = lines.size() > options.ladderRows ? lines.size() - options.ladderRows : 0; i < lines.size(); ++i)
        text += lines[i];
    return text;
}

} // namespace

std::string resultLine(const v1::Result &result, const TerminalOptions &options)
{
    std::string line = coloured(fmt::format("{:<11} ", verdictName(result.verdict())), result.verdict(), options.colour);
    line += printable(result.variant()) + "  " + duration(result.duration()) + expectation(result);
    if (const v1::Finding *finding = leadingFinding(result))
        line += printable("  " + finding->reason() + ' ' + citation(*finding));
    else if (!result.skipped_for().empty())
        line += printable("  " + result.skipped_for());
    for (const v1::Fact &fact : result.fact())
        line += printable(fmt::format("  {}={}", fact.name(), fact.value()));
    return line;
}

std::string block(const v1::Result &result, const Context &context, const TerminalOptions &options)
{
    std::string text = coloured(verdictName(result.verdict()), result.verdict(), options.colour) + "  " +
                       printable(result.variant()) + "  " + duration(result.duration()) + expectation(result) + '\n';
    const auto info = context.scenarios.find(result.scenario());
    if (info != context.scenarios.end() && !info->second.title.empty())
        text += indented(info->second.title, 6, options.width);
    if (!result.skipped_for().empty())
        text += labelled("because", result.skipped_for(), options.width);
    if (!result.trace().harness_error().empty())
        text += labelled("harness", result.trace().harness_error(), options.width);
    if (!result.trace().target_gone().empty())
        text += labelled("target", result.trace().target_gone(), options.width);
    text += findingsText(result, context, options) + ladderText(result, options);
    text += labelled("run", result.confirmation(), options.width);
    if (result.overridden())
        text += labelled("profile", "a capability that the target's profile overrides decided what ran", options.width);
    if (!result.target_log().empty())
        text += "      the target's log meanwhile:\n" + tail(result.target_log(), options);
    if (!result.rerun().empty())
        text += "      rerun     " + printable(result.rerun()) + '\n'; // never wrapped: it is to be copied
    return text;
}

std::string told(const v1::Report &report, const std::vector<std::string> &baselineProblems, const Context &context,
                 const TerminalOptions &options)
{
    std::string text;
    if (options.describesTarget && options.detail != TerminalOptions::Detail::Quiet)
        text += headerLines(report, options) + '\n';
    if (options.detail == TerminalOptions::Detail::Verbose) {
        for (const v1::Result &result : report.result())
            text += resultLine(result, options) + '\n';
        text += '\n';
    }
    std::vector<const v1::Result *> results;
    for (const v1::Result &result : report.result()) {
        if (isTold(result, options))
            results.push_back(&result);
    }
    text += toldResults(results, context, options);
    if (options.detail != TerminalOptions::Detail::Quiet) {
        if (results.size() > fewResults)
            text += brokenStatements(results, context, options) + '\n';
        text += factLines(report, options) + skipLines(report.result(), options);
        text += slowestLines(report.result(), options.slowest, options);
    }
    for (const std::string &problem : baselineProblems)
        text += printable(problem) + '\n';
    const Counts counts = count(report.result());
    const std::string expected = expectedLine(counts);
    return text + (expected.empty() ? "" : expected + '\n') + summaryLine(counts) + '\n';
}

} // namespace hiatus::report
