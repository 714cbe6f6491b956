#include "scenarios/report/html/cases.h"

#include "scenarios/report/counts.h"
#include "scenarios/report/html/casesection.h"
#include "scenarios/report/jsonreport.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <tuple>

namespace hiatus::report::html {

namespace {

constexpr std::size_t lineBytes = 400; // of a case that is only named

bool isTold(const v1::Result &result)
{
    const bool isPlain = result.verdict() == v1::PASS || result.verdict() == v1::SKIP;
    return !isPlain || result.trace().event_size() > 0;
}

std::string alikeKey(const v1::Result &result, std::size_t column)
{
    const v1::Finding *finding = leadingFinding(result);
    return fmt::format("{}\n{}\n{}\n{}", column, result.scenario(), verdictName(result.verdict()),
                       finding ? finding->reason() + ' ' + finding->field() + ' ' + finding->statement() : "");
}

/// A name that every file system and every address takes as it is.
std::string fileName(const Case &told)
{
    std::string name;
    for (const char c : told.anchor.substr(told.anchor.find('-') + 1))
        name += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ? c : '-';
    while (!name.empty() && name.back() == '-')
        name.pop_back();
    return "traces/" + name + ".json";
}

PageFile traceFile(const Case &told)
{
    v1::Report report;
    *report.add_result() = *told.result;
    return {fileName(told), toJson(report, JsonLayout::Compact)};
}

} // namespace

std::vector<Case> casesOf(const Reports &reports)
{
    std::vector<Case> all;
    for (std::size_t column = 0; column < reports.size(); ++column) {
        std::map<std::string, int> times;
        for (const v1::Result &result : reports[column]->result()) {
            if (!isTold(result))
                continue;
            std::string anchor = "case-" + result.variant() + (column > 0 ? fmt::format("-{}", column + 1) : "");
            if (const int time = ++times[result.variant()]; time > 1)
                anchor += fmt::format("~{}", time); // --repeat
            all.push_back({&result, column, std::move(anchor), alikeKey(result, column)});
        }
    }
    std::map<std::string, std::size_t> first;
    for (std::size_t i = 0; i < all.size(); ++i)
        first.try_emplace(all[i].alike, i);
    std::stable_sort(all.begin(), all.end(), [&first](const Case &a, const Case &b) {
        const auto order = [&first](const Case &each) {
            const v1::Result &result = *each.result;
            return std::tuple(isAsExpected(result), -gravity(result.verdict()), first.at(each.alike));
        };
        return order(a) < order(b);
    });
    return all;
}

Anchors anchorsOf(const std::vector<Case> &cases)
{
    Anchors anchors;
    for (const Case &each : cases)
        anchors[each.result] = each.anchor;
    return anchors;
}

void cases(Markup &out, const std::vector<Case> &all, const PageInput &input, const PageOptions &options,
           std::vector<PageFile> &files)
{
    const auto names = columnNames(input.reports);
    std::size_t left = options.bytes - std::min(options.bytes, out.written().size() + all.size() * lineBytes);
    std::vector<std::string> sections(all.size());
    const auto tell = [&](std::size_t i) {
        CaseView view{&all[i], &input, &options, names.size() > 1 ? names[all[i].column] : std::string(), {}};
        PageFile trace;
        if (all[i].result->trace().event_size() > 0) {
            trace = traceFile(all[i]);
            view.trace = trace.name;
        }
        std::string section = caseSection(view);
        if (section.size() + trace.content.size() > left)
            return;
        left -= section.size() + trace.content.size();
        sections[i] = std::move(section);
        if (!trace.name.empty())
            files.push_back(std::move(trace));
    };
    // One of those that are alike first, so that what is left out is what is told already.
    for (const bool isFirstRound : {true, false}) {
        for (std::size_t i = 0; i < all.size(); ++i) {
            const bool isFirst = i == 0 || all[i].alike != all[i - 1].alike;
            if (isFirst == isFirstRound)
                tell(i);
        }
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        CaseView view{&all[i], &input, &options, names.size() > 1 ? names[all[i].column] : std::string(), {}};
        out.raw(sections[i].empty() ? caseLine(view) : sections[i]);
    }
}

} // namespace hiatus::report::html
