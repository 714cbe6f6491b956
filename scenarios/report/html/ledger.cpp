#include "scenarios/report/html/parts.h"
#include "scenarios/requirements/catalogue.h"
#include "scenarios/requirements/sections.h"

#include <fmt/format.h>

#include <set>
#include <tuple>

namespace hiatus::report::html {

namespace {

void row(Markup &out, const v1::LedgerEntry &entry, const Context &context)
{
    const v1::Requirement *found =
        context.catalogue ? context.catalogue->find(entry.version(), entry.statement(), entry.role()) : nullptr;
    const bool isAsserted = entry.scenario_size() > 0;
    const std::string words = found ? found->text() : std::string();
    out.open("tr",
             {{"data-id", entry.statement() + ' ' + words},
              {"data-k", fmt::format("{} {}", entry.version() == v1::V3 ? "v3" : "v5", isAsserted ? "" : "untested")}});
    out.open("th", {{"scope", "row"}}).leaf("code", entry.statement()).text(' ' + requirements::roleName(entry.role()));
    out.leaf("span", words, {{"class", "words"}}).close();
    out.open("td");
    if (isAsserted) {
        out.open("span", {{"class", "asserted"}})
            .leaf("b", "✓ ")
            .text(counted(static_cast<std::size_t>(entry.scenario_size()), "scenario"))
            .close();
        out.leaf("span", fmt::format("{}", fmt::join(entry.scenario(), ", ")), {{"class", "words"}});
    } else {
        out.leaf("b", "— ").text(entry.untested().empty() ? "not asserted, and no reason given" : entry.untested());
    }
    out.close().close().line();
}

} // namespace

bool ledger(Markup &out, const PageInput &input)
{
    std::set<std::tuple<v1::Version, std::string, v1::Role>> seen;
    std::vector<const v1::LedgerEntry *> entries;
    std::size_t asserted = 0;
    for (const v1::Report *report : input.reports) {
        for (const v1::LedgerEntry &entry : report->ledger()) {
            if (!seen.insert({entry.version(), entry.statement(), entry.role()}).second)
                continue;
            entries.push_back(&entry);
            asserted += entry.scenario_size() > 0 ? 1U : 0U;
        }
    }
    if (entries.empty())
        return false;
    out.leaf("p", fmt::format("{} of {} statements are asserted by a scenario; each of the others says why not.",
                              asserted, entries.size()));
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
