#include "scenarios/report/html/parts.h"
#include "scenarios/requirements/catalogue.h"
#include "scenarios/requirements/sections.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <tuple>

namespace hiatus::report::html {

namespace {

/// A report of an older catalogue knows no states: a scenario is all that asserts.
v1::LedgerEntry::State stateOf(const v1::LedgerEntry &entry)
{
    if (entry.state() != v1::LedgerEntry::STATE_UNSPECIFIED)
        return entry.state();
    return entry.scenario_size() > 0 ? v1::LedgerEntry::ASSERTED : v1::LedgerEntry::OPEN;
}

void standing(Markup &out, const v1::LedgerEntry &entry)
{
    switch (stateOf(entry)) {
    case v1::LedgerEntry::ASSERTED:
        out.leaf("b", "✓ ").text("asserted by " + counted(static_cast<std::size_t>(entry.scenario_size()), "scenario"));
        out.leaf("span", fmt::format("{}", fmt::join(entry.scenario(), ", ")), {{"class", "words"}});
        if (entry.deviation_size() > 0)
            out.leaf("span", fmt::format("kills: {}", fmt::join(entry.deviation(), ", ")), {{"class", "words"}});
        break;
    case v1::LedgerEntry::FREEDOM:
        out.leaf("b", "○ ").text("left free: reported as a fact, never judged");
        break;
    case v1::LedgerEntry::REASONED:
        out.leaf("b", "— ").text(entry.untested());
        break;
    default:
        out.leaf("b", "? ").text(entry.untested().empty() ? "open: nothing asserts it yet" : entry.untested());
    }
}

void row(Markup &out, const v1::LedgerEntry &entry, const Context &context)
{
    const v1::Requirement *found =
        context.catalogue ? context.catalogue->find(entry.version(), entry.statement(), entry.role()) : nullptr;
    const std::string words = found ? found->text() : std::string();
    out.open("tr", {{"data-id", entry.statement()}, {"data-k", entry.version() == v1::V3 ? "v3" : "v5"}});
    out.open("th", {{"scope", "row"}}).leaf("code", entry.statement()).text(' ' + requirements::roleName(entry.role()));
    out.leaf("span", words, {{"class", "words"}}).close();
    out.open("td");
    standing(out, entry);
    out.close().close().line();
}

} // namespace

bool ledger(Markup &out, const PageInput &input)
{
    std::set<std::tuple<v1::Version, std::string, v1::Role>> seen;
    std::vector<const v1::LedgerEntry *> entries;
    std::map<v1::LedgerEntry::State, std::size_t> states;
    Reports all = input.proofs; // just proved: better than what a run remembers
    all.insert(all.end(), input.reports.begin(), input.reports.end());
    for (const v1::Report *report : all) {
        for (const v1::LedgerEntry &entry : report->ledger()) {
            if (!seen.insert({entry.version(), entry.statement(), entry.role()}).second)
                continue;
            entries.push_back(&entry);
            ++states[stateOf(entry)];
        }
    }
    if (entries.empty())
        return false;
    out.leaf("p", fmt::format("{} statements: {} asserted, {} left free, {} not asserted for a reason that is given, {} open. "
                              "A statement is asserted when a fault that breaks it is found by a check that cites it.",
                              entries.size(), states[v1::LedgerEntry::ASSERTED], states[v1::LedgerEntry::FREEDOM],
                              states[v1::LedgerEntry::REASONED], states[v1::LedgerEntry::OPEN]));
    out.open("div", {{"class", "wide"}}).open("table", {{"class", "ledger"}});
    std::string title;
    for (const v1::LedgerEntry *entry : entries) {
        const std::string section = requirements::sectionOf(entry->statement());
        const std::string next = fmt::format("{} {}{} {}", requirements::versionName(entry->version()),
                                             !section.empty() && section.front() <= '9' ? "§ " : "", section,
                                             requirements::sectionTitle(entry->version(), section));
        if (next != title) {
            if (!title.empty())
                out.close();
            out.open("tbody").open("tr", {{"class", "section"}});
            out.leaf("th", title = next, {{"scope", "colgroup"}, {"colspan", "2"}}).close().line();
        }
        row(out, *entry, input.context);
    }
    out.close().close().close().line();
    return true;
}

} // namespace hiatus::report::html
