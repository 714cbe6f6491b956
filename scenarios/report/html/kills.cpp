#include "scenarios/report/html/parts.h"
#include "scenarios/requirements/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

namespace hiatus::report::html {

namespace {

constexpr std::size_t shownAtOnce = 4; // scenarios

using Mutants = std::vector<const v1::Mutant *>;

/// A deviation has to be killed, a liberty acquitted.
bool isProved(const v1::Mutant &mutant)
{
    return mutant.liberty() ? mutant.accused_by_size() == 0 : mutant.kill_size() > 0;
}

void kills(Markup &out, const v1::Mutant &mutant)
{
    std::map<std::string, std::string> charges; ///< scenario -> versions and statements
    for (const v1::Mutant::Kill &kill : mutant.kill())
        charges[kill.scenario()] += fmt::format(" [{} {}]", requirements::versionName(kill.version()), fmt::join(kill.statement(), ", "));
    std::map<std::string, std::vector<std::string>> alike; ///< the other way round
    for (const auto &[scenario, statements] : charges)
        alike[statements].push_back(scenario);
    const std::string said = "killed by " + counted(charges.size(), "scenario");
    const bool isFolded = charges.size() > shownAtOnce;
    if (isFolded)
        out.open("details").open("summary").leaf("b", "✓ ").text(said).close();
    else
        out.leaf("b", "✓ ").text(said);
    out.open("span", {{"class", "words"}});
    for (const auto &[statements, scenarios] : alike)
        out.leaf("code", fmt::format("{}", fmt::join(scenarios, ", "))).text(statements + ' ');
    out.close();
    if (isFolded)
        out.close();
    if (mutant.alike_size() > 0)
        out.leaf("span", fmt::format("killed by the same scenarios: {}", fmt::join(mutant.alike(), ", ")), {{"class", "words"}});
}

void verdictOn(Markup &out, const v1::Mutant &mutant)
{
    if (!mutant.liberty() && isProved(mutant))
        kills(out, mutant);
    else if (isProved(mutant))
        out.leaf("b", "✓ ").text("acquitted");
    else
        out.leaf("b", "!! ").text(mutant.liberty() ? fmt::format("accused by {}", fmt::join(mutant.accused_by(), ", "))
                                                   : std::string("survives"));
}

void rows(Markup &out, const Mutants &mutants, const char *title)
{
    if (mutants.empty())
        return;
    const auto proved = std::count_if(mutants.begin(), mutants.end(), [](const auto *mutant) { return isProved(*mutant); });
    out.open("tbody").open("tr", {{"class", "section"}});
    out.leaf("th", fmt::format("{}: {} of {}", title, proved, mutants.size()), {{"scope", "colgroup"}, {"colspan", "2"}});
    out.close().line();
    for (const v1::Mutant *mutant : mutants) {
        out.open("tr", {{"data-id", mutant->name()}, {"data-k", isProved(*mutant) ? "" : "unexpected FAIL"}});
        out.open("th", {{"scope", "row"}}).leaf("code", mutant->name());
        out.text(' ' + requirements::roleName(mutant->role())).close();
        out.open("td");
        verdictOn(out, *mutant);
        out.close().close().line();
    }
    out.close();
}

} // namespace

bool mutants(Markup &out, const PageInput &input)
{
    Mutants deviations;
    Mutants liberties;
    for (const v1::Report *report : input.proofs) {
        for (const v1::Mutant &mutant : report->mutant())
            (mutant.liberty() ? liberties : deviations).push_back(&mutant);
    }
    if (deviations.empty() && liberties.empty())
        return false;
    out.leaf("p", "The suite under test. A deviation is a named fault: the scenarios have to find it, by the statement that it "
                  "breaks. A liberty is a named lawful choice: no scenario may accuse it.");
    out.open("div", {{"class", "wide"}}).open("table", {{"class", "ledger kills"}});
    rows(out, deviations, "deviations killed");
    rows(out, liberties, "liberties acquitted");
    out.close().close().line();
    return true;
}

} // namespace hiatus::report::html
