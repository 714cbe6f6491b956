#pragma once
// The suite under test: every deviation has to be killed by the statement meant, every liberty acquitted.

#include "scenarios/suite/simulation.h"

#include <map>
#include <string>
#include <vector>

namespace hiatus::suite {

/// One deviation against the suite.
struct Kill
{
    std::string deviation;
    v1::Role role = v1::SERVER;
    std::vector<std::string> killers; ///< variants with a finding of the breached row's severity that cites what it breaks
    std::vector<std::string> others;  ///< variants that fail without citing it
    bool isKilled() const { return !killers.empty(); }
};

/// One liberty against the suite.
struct Acquittal
{
    std::string liberty;
    v1::Role role = v1::SERVER;
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
    std::vector<std::string> names;       ///< only these; empty: all
    std::function<void(const std::string &line)> progress;
};

MutantReport runMutants(const std::vector<const script::Variant *> &variants, const requirements::Catalogue &catalogue,
                        const MutantOptions &options);

} // namespace hiatus::suite
