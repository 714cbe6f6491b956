#include "scenarios/suite/mutants.h"

#include "client/deviation/deviations.h"
#include "client/liberty/liberties.h"
#include "minibroker/deviation/alterations.h"

#include <algorithm>
#include <set>

namespace hiatus::suite {

namespace {

/// A deviation or liberty of either side, in one shape.
struct Mutant
{
    std::string name;
    v1::Role role;
    bool isDeviation;
    std::set<std::pair<v1::Version, std::string>> breaks;
};

std::vector<Mutant> allMutants()
{
    std::vector<Mutant> mutants;
    const auto addBroker = [&](const auto &rows, bool isDeviation) {
        for (const auto &row : rows) {
            Mutant mutant{row.name, v1::SERVER, isDeviation, {}};
            for (const auto &statement : row.breaks)
                mutant.breaks.insert({statement.version, statement.statement});
            mutants.push_back(mutant);
        }
    };
    const auto addClient = [&](const auto &rows, bool isDeviation) {
        for (const auto &row : rows) {
            Mutant mutant{row.name, v1::CLIENT, isDeviation, {}};
            for (const auto &statement : row.breaks)
                mutant.breaks.insert({statement.version, statement.id});
            mutants.push_back(mutant);
        }
    };
    addBroker(broker::deviations(), true);
    addClient(client::deviations(), true);
    addBroker(broker::liberties(), false);
    addClient(client::liberties(), false);
    return mutants;
}

/// A server's mutant shows in SERVER and PAIR scenarios, a client's in CLIENT and PAIR ones.
std::vector<const script::Variant *> fitting(const std::vector<const script::Variant *> &variants, v1::Role role)
{
    std::vector<const script::Variant *> found;
    std::copy_if(variants.begin(), variants.end(), std::back_inserter(found),
                 [&](const auto *variant) { return variant->role == role || variant->role == v1::PAIR; });
    return found;
}

bool kills(const v1::Result &result, const Mutant &mutant)
{
    if (result.verdict() != v1::FAIL && result.verdict() != v1::WARN)
        return false;
    return std::any_of(result.finding().begin(), result.finding().end(), [&](const v1::Finding &finding) {
        const bool isRole = !finding.has_role() || finding.role() == mutant.role;
        return isRole && !finding.setup() && mutant.breaks.count({finding.version(), finding.statement()});
    });
}

bool accuses(const v1::Result &result)
{
    return result.verdict() == v1::FAIL || result.verdict() == v1::WARN || result.verdict() == v1::ERROR;
}

SimulationOptions optionsFor(const Mutant &mutant, std::uint64_t seed)
{
    SimulationOptions options;
    options.seed = seed;
    (mutant.role == v1::SERVER ? options.brokerAlterations : options.clientAlterations) = {mutant.name};
    return options;
}

} // namespace

MutantReport runMutants(const std::vector<const script::Variant *> &variants, const requirements::Catalogue &catalogue,
                        const MutantOptions &options)
{
    MutantReport report;
    SimulationOptions clean;
    clean.seed = options.seed;
    std::set<std::string> passing;
    std::vector<const script::Variant *> usable;
    const auto cleanResults = simulateAll(variants, catalogue, clean, options.threads);
    for (std::size_t i = 0; i < variants.size(); ++i) {
        if (cleanResults[i].verdict() == v1::PASS)
            usable.push_back(variants[i]);
        else
            report.notClean.push_back(variants[i]->id);
    }
    std::set<std::string> killers;
    for (const auto &mutant : allMutants()) {
        const bool isNamed = options.names.empty() || std::find(options.names.begin(), options.names.end(), mutant.name) != options.names.end();
        if (!isNamed || (options.role != v1::ROLE_UNSPECIFIED && options.role != mutant.role))
            continue;
        const auto targets = fitting(usable, mutant.role);
        const auto results = simulateAll(targets, catalogue, optionsFor(mutant, options.seed), options.threads);
        Kill kill{mutant.name, mutant.role, {}, {}};
        Acquittal acquittal{mutant.name, mutant.role, {}, {}};
        for (std::size_t i = 0; i < targets.size(); ++i) {
            if (kills(results[i], mutant)) {
                kill.killers.push_back(targets[i]->id);
                if (mutant.isDeviation)
                    killers.insert(targets[i]->scenario);
            } else if (accuses(results[i])) {
                kill.others.push_back(targets[i]->id);
            }
            if (accuses(results[i]))
                acquittal.accusers.push_back(targets[i]->id);
            else if (results[i].verdict() == v1::INCONCLUSIVE)
                acquittal.inconclusive.push_back(targets[i]->id);
        }
        if (options.progress) {
            const bool isGood = mutant.isDeviation ? kill.isKilled() : acquittal.isAcquitted();
            options.progress(std::string(isGood ? "ok   " : "BAD  ") + (mutant.isDeviation ? "deviation " : "liberty   ") + mutant.name);
        }
        if (mutant.isDeviation)
            report.kills.push_back(std::move(kill));
        else
            report.acquittals.push_back(std::move(acquittal));
    }
    std::set<std::string> scenarios;
    for (const auto *variant : usable) {
        if (!variant->fact && !killers.count(variant->scenario))
            scenarios.insert(variant->scenario);
    }
    report.idle.assign(scenarios.begin(), scenarios.end());
    return report;
}

} // namespace hiatus::suite
