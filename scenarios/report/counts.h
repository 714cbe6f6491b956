#pragma once
// How many results there are of each kind, and the last line of a run.

#include "scenarios/report/names.h"

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace hiatus::report {

/// The result is what the baseline says of it; without a baseline entry, PASS. A SKIP never surprises.
bool isAsExpected(const v1::Result &result);

/// By verdict, without those that the baseline expects to be other than PASS: they stand under `expected`.
struct Counts
{
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::size_t warned = 0;
    std::size_t inconclusive = 0;
    std::size_t skipped = 0;
    std::size_t errors = 0;
    std::map<v1::Verdict, std::size_t> expected;

    std::size_t total() const;
};

Counts count(const Results &results);

/// "812 passed, 3 failed, 40 skipped"; ", 2 warned", ", 1 inconclusive" and ", 1 error" follow where there are any.
std::string summaryLine(const Counts &counts);

/// "3 failed as the baseline expects"; empty if it expects nothing that came.
std::string expectedLine(const Counts &counts);

/// Capability -> how many variants were skipped for it, most first.
std::vector<std::pair<std::string, std::size_t>> skippedFor(const Results &results);

} // namespace hiatus::report
