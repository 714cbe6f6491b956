#pragma once
// The suite under test: every deviation has to be killed by the statement meant, every liberty acquitted, one by one and
// in mixtures.

#include "scenarios/suite/simulation.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace hiatus::suite {

/// One cell of the kill matrix: what a scenario charges a deviation with, in one version.
struct KillCell
{
    std::string scenario;
    v1::Version version = v1::VERSION_UNSPECIFIED;
    std::set<std::string> statements; ///< cited by findings, of those that the deviation breaks
    std::string variant;              ///< the first that kills
};

/// One deviation against the suite.
struct Kill
{
    std::string deviation;
    v1::Role role = v1::SERVER;
    std::vector<KillCell> cells;
    std::vector<std::string> others; ///< variants that fail without citing what it breaks
    std::set<v1::Version> unseen;    ///< versions of which it breaks statements, and in which nobody kills it
    std::vector<std::string> alike;  ///< deviations that the same scenarios kill for the same statements
    bool isKilled() const { return !cells.empty() && unseen.empty(); }
};

/// One liberty, or a mixture of several, against the suite.
struct Acquittal
{
    std::string liberty;
    v1::Role role = v1::SERVER;
    bool isMixture = false;
    std::vector<std::string> accusers;     ///< variants that fail or warn under it, and do not without it
    std::vector<std::string> inconclusive; ///< variants that cannot tell any more
    bool isAcquitted() const { return accusers.empty(); }
};

struct MutantReport
{
    std::vector<std::string> notClean; ///< variants that do not pass on the clean target
    std::vector<Kill> kills;
    std::vector<Acquittal> acquittals;
    std::vector<std::string> idle; ///< scenarios (facts aside) that kill no deviation
};

struct MutantOptions
{
    unsigned threads = 2;
    std::uint64_t seed = 0;
    v1::Role role = v1::ROLE_UNSPECIFIED; ///< whose deviations and liberties; unspecified: both
    std::vector<std::string> names;       ///< only these; empty: all, and mixtures
    unsigned mixtures = 8;                ///< of liberties, made from the seed, per role
    bool isFull = false;                  ///< liberties: every variant, not a pairwise cover of each scenario's axes
    std::function<void(const std::string &line)> progress;
};

/// A deviation has to be killed in each version of which it breaks a statement. A variant is run against a deviation only where it cites a statement that the deviation breaks and that its scenario
/// has not yet charged it with in this version; monitors, and deviations that nobody would kill so, see the rest.
MutantReport runMutants(const std::vector<const script::Variant *> &variants, const requirements::Catalogue &catalogue,
                        const MutantOptions &options);

/// The rows of a report.
std::vector<v1::Mutant> mutantRows(const MutantReport &report);

} // namespace hiatus::suite
