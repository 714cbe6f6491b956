#include "scenarios/report/cells.h"
#include "scenarios/report/comparison.h"
#include "scenarios/report/summary.h"
#include "scenarios/requirements/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace hiatus::report {

namespace {

constexpr std::size_t variantsNamed = 3;
constexpr std::size_t changesTold = 40; // of a kind

/// "1  mosquitto 2.0.11  812 passed, …": the numbers are the columns of what follows.
std::string columnsText(const Reports &reports, const TerminalOptions &options)
{
    const auto names = columnNames(reports);
    std::string text;
    for (std::size_t i = 0; i < reports.size(); ++i) {
        const Counts counts = count(reports[i]->result());
        const std::string expected = expectedLine(counts);
        text += printable(fmt::format("{}  {}", i + 1, names[i])) + '\n';
        text += indented(summaryLine(counts) + (expected.empty() ? "" : "; " + expected), 3, options.width);
    }
    return text;
}

std::string statementOf(const v1::Finding &finding, const Context &context)
{
    const v1::Requirement *row =
        context.catalogue ? context.catalogue->find(finding.version(), finding.statement(), finding.role()) : nullptr;
    return row ? row->text() : finding.text();
}

std::string changeText(const Change &change, const Context &context, const TerminalOptions &options)
{
    const v1::Result &first = *change.results.front();
    std::string head =
        fmt::format("{} -> {} in {}", verdictName(change.before), verdictName(change.after), change.column + 1);
    head += ": " + counted(change.results.size(), "variant");
    const v1::Finding *finding = leadingFinding(first);
    if (finding)
        head += fmt::format(", {}{} {}", finding->reason(), finding->field().empty() ? "" : ' ' + finding->field(),
                            citation(*finding));
    else if (!first.skipped_for().empty())
        head += ", " + first.skipped_for();
    std::string text = indented(head + (change.isExpected ? ", as the baseline expects" : ""), 2, options.width);
    if (finding)
        text += indented(statementOf(*finding, context), 6, options.width);
    for (std::size_t i = 0; i < change.results.size() && i < variantsNamed; ++i)
        text += "      " + printable(change.results[i]->variant()) + '\n'; // never wrapped: it is to be copied
    if (change.results.size() > variantsNamed)
        text += fmt::format("      and {} more\n", change.results.size() - variantsNamed);
    return text;
}

std::string changesText(const Comparison &comparison, const char *title,
                        const std::function<bool(const Change &)> &isMeant, const Context &context,
                        const TerminalOptions &options)
{
    std::string text;
    std::size_t told = 0;
    std::size_t untold = 0;
    for (const Change &change : comparison.changes) {
        if (!isMeant(change))
            continue;
        if (++told > changesTold)
            ++untold;
        else
            text += changeText(change, context, options);
    }
    if (untold > 0)
        text += fmt::format("  and {} more: --html DIR has them all\n", counted(untold, "change"));
    return text.empty() ? text : '\n' + std::string(title) + '\n' + text;
}

std::string factsText(const Reports &reports, const TerminalOptions &options)
{
    std::string text;
    for (const auto &[name, values] : factMatrix(reports)) {
        if (std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) == values.end())
            continue;
        std::string line = name + ':';
        for (std::size_t i = 0; i < values.size(); ++i)
            line += fmt::format("{} {} {}", i == 0 ? "" : ",", i + 1, values[i].empty() ? "-" : values[i]);
        text += indented(printable(line), 2, options.width);
    }
    return text.empty() ? text : "\nfacts that differ\n" + text;
}

} // namespace

std::string comparisonText(const Reports &reports, const Context &context, const TerminalOptions &options)
{
    const Comparison comparison = compared(reports);
    const auto isOther = [](const Change &change) { return !change.isRegression() && !change.isMended(); };
    std::string text = columnsText(reports, options);
    text += changesText(comparison, "worse than in the report before", std::mem_fn(&Change::isRegression), context,
                        options);
    text +=
        changesText(comparison, "better than in the report before", std::mem_fn(&Change::isMended), context, options);
    text += changesText(comparison, "different", isOther, context, options);
    text += factsText(reports, options) + '\n';
    for (std::size_t i = 0; i < comparison.only.size(); ++i) {
        if (comparison.only[i] > 0)
            text += fmt::format("only in {}: {}\n", i + 1, counted(comparison.only[i], "variant"));
    }
    std::size_t worse = 0;
    std::size_t better = 0;
    for (const Change &change : comparison.changes) {
        worse += change.isRegression() ? change.results.size() : 0U;
        better += change.isMended() ? change.results.size() : 0U;
    }
    return text +
           fmt::format("{} compared, {} worse, {} better\n", counted(comparison.common, "variant"), worse, better);
}

} // namespace hiatus::report
