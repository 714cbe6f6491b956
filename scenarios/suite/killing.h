#pragma once
// One deviation against the variants that may kill it.

#include "scenarios/suite/mutants.h"

namespace hiatus::suite {

/// A deviation, a liberty or a mixture of liberties, of either side.
struct Mutant
{
    std::vector<std::string> names;
    v1::Role role = v1::SERVER;
    bool isDeviation = false;
    std::set<std::pair<v1::Version, std::string>> breaks;
};

/// A variant, and every statement that its steps cite, by fallback too.
struct Target
{
    const script::Variant *variant = nullptr;
    std::set<std::string> cites;
};
Target targetOf(const script::Variant *variant);

SimulationOptions optionsFor(const Mutant &mutant, std::uint64_t seed);

bool accuses(const v1::Result &result);

/// Runs the targets, which are in the order of the library, one after the other.
Kill killOf(const Mutant &mutant, const std::vector<const Target *> &targets, const requirements::Catalogue &catalogue,
            std::uint64_t seed);

} // namespace hiatus::suite
