#include "scenarios/report/summary.h"

#include "scenarios/report/cells.h"
#include "scenarios/requirements/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace hiatus::report {

namespace {

constexpr std::size_t factsShown = 60;
constexpr std::size_t scenariosShown = 6;

std::string checkOf(const v1::Result &result)
{
    const v1::Finding *finding = leadingFinding(result);
    return finding ? finding->reason() + ' ' + finding->field() + ' ' + citation(*finding) : result.skipped_for();
}

struct Broken
{
    const v1::Finding *finding = nullptr;
    std::size_t variants = 0;
    std::map<std::string, std::size_t> scenarios;
};

std::string scenariosOf(const Broken &broken)
{
    std::vector<std::pair<std::string, std::size_t>> scenarios(broken.scenarios.begin(), broken.scenarios.end());
    std::stable_sort(scenarios.begin(), scenarios.end(),
                     [](const auto &a, const auto &b) { return a.second > b.second; });
    std::string text;
    for (std::size_t i = 0; i < scenarios.size() && i < scenariosShown; ++i)
        text += fmt::format("{}{} ({})", i == 0 ? "" : ", ", scenarios[i].first, scenarios[i].second);
    return scenarios.size() > scenariosShown ? text + fmt::format(", {} more", scenarios.size() - scenariosShown)
                                             : text;
}

} // namespace

std::string indented(const std::string &text, std::size_t indent, std::size_t width)
{
    std::string lines;
    for (const std::string &line : wrapped(text, std::max(width, indent + 20) - indent))
        lines += std::string(indent, ' ') + line + '\n';
    return lines;
}

std::vector<std::vector<const v1::Result *>> alike(const std::vector<const v1::Result *> &results)
{
    std::map<std::tuple<std::string, v1::Verdict, std::string>, std::size_t> places;
    std::vector<std::vector<const v1::Result *>> groups;
    for (const v1::Result *result : results) {
        const auto [place, isNew] =
            places.try_emplace({result->scenario(), result->verdict(), checkOf(*result)}, groups.size());
        if (isNew)
            groups.emplace_back();
        groups[place->second].push_back(result);
    }
    return groups;
}

std::string brokenStatements(const std::vector<const v1::Result *> &results, const Context &context,
                             const TerminalOptions &options)
{
    std::map<std::string, Broken> byStatement;
    for (const v1::Result *result : results) {
        const v1::Finding *finding = leadingFinding(*result);
        if (!finding || citation(*finding).empty() || finding->setup())
            continue;
        Broken &broken = byStatement[citation(*finding) + requirements::roleName(finding->role())];
        broken.finding = finding;
        ++broken.variants;
        ++broken.scenarios[result->scenario()];
    }
    std::vector<const Broken *> order;
    for (const auto &[key, broken] : byStatement)
        order.push_back(&broken);
    std::stable_sort(order.begin(), order.end(),
                     [](const Broken *a, const Broken *b) { return a->variants > b->variants; });
    std::string text;
    for (const Broken *broken : order) {
        const v1::Finding &finding = *broken->finding;
        const v1::Requirement *row =
            context.catalogue ? context.catalogue->find(finding.version(), finding.statement(), finding.role())
                              : nullptr;
        text += indented(fmt::format("{}  {}  {}", severityName(finding.severity()), citation(finding),
                                     counted(broken->variants, "variant")),
                         2, options.width);
        text += row ? indented(row->text(), 6, options.width) : "";
        text += indented(scenariosOf(*broken), 6, options.width);
    }
    return text.empty() ? text : "broken statements\n" + text;
}

std::string factLines(const v1::Report &report, const TerminalOptions &options)
{
    std::string text;
    for (int i = 0; i < report.fact_size() && i < static_cast<int>(factsShown); ++i)
        text += indented(fmt::format("fact {}={}", report.fact(i).name(), report.fact(i).value()), 0, options.width);
    if (report.fact_size() > static_cast<int>(factsShown))
        text += fmt::format("... and {} more facts\n", static_cast<std::size_t>(report.fact_size()) - factsShown);
    return text;
}

std::string skipLines(const Results &results, const TerminalOptions &options)
{
    std::string text;
    for (const auto &[capability, number] : skippedFor(results))
        text += fmt::format("{}{} ({})", text.empty() ? "skipped for want of " : ", ",
                            capability.empty() ? "something" : printable(capability), number);
    return text.empty() ? text : indented(text, 0, options.width);
}

std::string slowestLines(const Results &results, std::size_t number, const TerminalOptions &options)
{
    std::vector<const v1::Result *> order;
    for (const v1::Result &result : results)
        order.push_back(&result);
    number = std::min(number, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(number), order.end(),
                      [](const v1::Result *a, const v1::Result *b) { return a->duration() > b->duration(); });
    std::string text;
    for (std::size_t i = 0; i < number; ++i)
        text +=
            fmt::format("{}{} {}", i == 0 ? "slowest: " : ", ", order[i]->variant(), duration(order[i]->duration()));
    return text.empty() ? text : indented(text, 0, options.width);
}

std::string headerLines(const v1::Report &report, const TerminalOptions &options)
{
    std::string text = "hiatus " + report.catalog_version() + (report.world().empty() ? "" : ", " + report.world());
    if (!report.command().empty())
        text += ": " + report.command();
    return indented(printable(text), 0, options.width) + targetLines(report, options);
}

std::string targetLines(const v1::Report &report, const TerminalOptions &options)
{
    std::string text = "target: " + (report.target().empty() ? "unnamed" : printable(report.target()));
    if (!report.target_version().empty() && report.target_version() != report.target())
        text += " " + printable(report.target_version());
    bool isFirst = true;
    for (const v1::CapabilityFound &found : report.capability()) {
        if (found.present())
            continue;
        text += (isFirst ? "; lacks " : ", ") + found.name() +
                (found.has_version() ? " (" + requirements::versionName(found.version()) + ')' : "");
        isFirst = false;
    }
    return indented(text, 0, options.width);
}

} // namespace hiatus::report
