#include "scenarios/report/html/cases.h"

#include "scenarios/report/counts.h"
#include "scenarios/report/html/casesection.h"
#include "scenarios/report/html/pack.h"
#include "scenarios/report/jsonreport.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>
#include <tuple>

namespace hiatus::report::html {

namespace {

constexpr std::size_t groupBytes = 700; // of what stands above cases that are only named
constexpr std::size_t casesInPack = 16; // enough to find what they share, few enough to be opened at once

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

std::string traceOf(const Case &told)
{
    if (told.result->trace().event_size() == 0)
        return {};
    v1::Report report;
    *report.add_result() = *told.result;
    return toJson(report, JsonLayout::Compact);
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

namespace {

/// Cases in a row that are alike; as [begin, end).
struct Group
{
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// What is told for the bytes that there are: plainly one of each group, and then others; the rest packed; the rest of that named.
class Telling
{
public:
    Telling(const std::vector<Case> &all, const PageInput &input, const PageOptions &options)
        : m_all(all), m_input(input), m_options(options), m_names(columnNames(input.reports)), m_sections(all.size())
    {
        for (std::size_t i = 0; i < all.size(); ++i) {
            const bool isOneMore = i > 0 && all[i].alike == all[i - 1].alike && isAsExpected(*all[i].result) == isAsExpected(*all[i - 1].result);
            if (!isOneMore)
                m_groups.push_back({i, i});
            m_groups.back().end = i + 1;
        }
    }

    void write(Markup &out, std::vector<PageFile> &files)
    {
        spend(out.written().size() + m_groups.size() * groupBytes);
        for (const Group &group : m_groups) {
            for (std::size_t i = group.begin; i < group.end; ++i)
                spend(mention(i, group).size());
        }
        const auto order = byWorth();
        std::size_t plain = std::min(m_left, m_options.plain);
        std::vector<std::size_t> rest;
        for (const std::size_t i : order) {
            if (!tell(i, plain, files))
                rest.push_back(i);
        }
        sortForPacks(rest);
        for (std::size_t at = 0, size = casesInPack; at < rest.size() && size > 0;) {
            const auto begin = rest.begin() + static_cast<std::ptrdiff_t>(at);
            const std::size_t number = std::min(size, rest.size() - at);
            if (pack({begin, begin + static_cast<std::ptrdiff_t>(number)}))
                at += number;
            else
                size /= 2; // there may be room for fewer
        }
        for (const Group &group : m_groups)
            write(out, group);
        for (const std::string &each : m_packs)
            out.raw(each);
    }

private:
    CaseView viewOf(std::size_t i) const { return {&m_all[i], &m_input, &m_options, m_names.size() > 1 ? m_names[m_all[i].column] : std::string(), {}}; }
    std::string mention(std::size_t i, const Group &group) const { return caseMention(viewOf(i), *m_all[group.begin].result); }
    void spend(std::size_t bytes) { m_left -= std::min(m_left, bytes); }

    /// One of those that are alike first, so that what is left out is what is told already.
    std::vector<std::size_t> byWorth() const
    {
        std::vector<std::size_t> order;
        for (const Group &group : m_groups)
            order.push_back(group.begin);
        for (const Group &group : m_groups) {
            for (std::size_t i = group.begin + 1; i < group.end; ++i)
                order.push_back(i);
        }
        return order;
    }

    /// By variant, those that are one of a kind first: what several targets did in one variant packs well.
    void sortForPacks(std::vector<std::size_t> &cases) const
    {
        std::set<std::size_t> firsts;
        for (const Group &group : m_groups)
            firsts.insert(group.begin);
        const auto key = [&](std::size_t i) { return std::tuple(firsts.count(i) == 0, std::string_view(m_all[i].result->variant()), i); };
        std::sort(cases.begin(), cases.end(), [&key](std::size_t a, std::size_t b) { return key(a) < key(b); });
    }

    /// False: `left` has no room for it.
    bool tell(std::size_t i, std::size_t &left, std::vector<PageFile> &files)
    {
        if (left == 0)
            return false;
        CaseView view = viewOf(i);
        const std::string trace = traceOf(m_all[i]);
        if (!trace.empty())
            view.trace = fileName(m_all[i]);
        std::string section = caseSection(view);
        const std::size_t bytes = section.size() + trace.size();
        if (bytes > left) {
            left = 0; // what is gravest and first, not what is shortest
            return false;
        }
        left -= bytes;
        spend(bytes);
        m_sections[i] = std::move(section);
        if (!trace.empty())
            files.push_back({view.trace, trace});
        return true;
    }

    /// False: there is no room for it.
    bool pack(const std::vector<std::size_t> &cases)
    {
        std::vector<CaseParts> packed;
        std::vector<std::string> shells;
        std::size_t bytes = 0;
        for (const std::size_t i : cases) {
            shells.push_back(caseShell(viewOf(i), fmt::format("{} {}", m_packs.size(), packed.size())));
            packed.push_back(caseParts(viewOf(i)));
            for (std::string &part : traceParts(traceOf(m_all[i])))
                packed.back().push_back(std::move(part));
            bytes += shells.back().size();
        }
        std::string data = packOf(packed);
        bytes += data.size();
        if (bytes > m_left)
            return false;
        spend(bytes);
        for (std::size_t each = 0; each < cases.size(); ++each)
            m_sections[cases[each]] = std::move(shells[each]);
        m_packs.push_back(std::move(data));
        return true;
    }

    /// Those that are told, and the others as a list to open.
    void write(Markup &out, const Group &group) const
    {
        std::vector<std::size_t> others;
        for (std::size_t i = group.begin; i < group.end; ++i) {
            if (!m_sections[i].empty())
                out.raw(m_sections[i]);
            else if (i == group.begin)
                out.raw(caseLine(viewOf(i)));
            else
                others.push_back(i);
        }
        if (others.empty())
            return;
        const v1::Result &told = *m_all[group.begin].result;
        out.open("details", {{"class", "alike"}, {"data-k", kindsOf(told)}}).leaf("summary", fmt::format("{} more of {} like it", others.size(), told.scenario()));
        for (const std::size_t i : others)
            out.raw(mention(i, group));
        out.close().line();
    }

    const std::vector<Case> &m_all;
    const PageInput &m_input;
    const PageOptions &m_options;
    const std::vector<std::string> m_names;
    std::vector<Group> m_groups;
    std::vector<std::string> m_sections; ///< of the cases that are told
    std::vector<std::string> m_packs;
    std::size_t m_left = m_options.bytes;
};

} // namespace

void cases(Markup &out, const std::vector<Case> &all, const PageInput &input, const PageOptions &options,
           std::vector<PageFile> &files)
{
    Telling(all, input, options).write(out, files);
}

} // namespace hiatus::report::html
