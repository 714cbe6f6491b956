#pragma once
// What a run tells the shell. Never a count.

#include "scenarios/report/names.h"

#include <cstddef>

namespace hiatus::report {

enum ExitStatus {
    AsExpected = 0,    ///< every result is what the baseline, or PASS, says
    Unexpected = 1,    ///< an unexpected FAIL (with `strict` also WARN), or a stale or unmatched baseline entry
    Inconclusive = 2,  ///< nothing worse than INCONCLUSIVE
    NothingRan = 3,    ///< no result, or all SKIP
    UsageError = 64,   ///< command line, script, profile or baseline not usable
    TargetGone = 69,   ///< the target could not be reached, or is gone
    HarnessError = 70, ///< Hiatus is at fault
    Interrupted = 130,
};

struct RunEnd
{
    bool isStrict = false;
    bool isInterrupted = false;
    bool isTargetGone = false;
    std::size_t baselineProblems = 0; ///< stale and unmatched entries
    bool isPartial = false;           ///< not everything ran
};

/// The gravest that applies: interrupted, an unexpected FAIL, a harness error, the target gone, baseline problems,
/// inconclusive or partial, nothing ran. A proven FAIL stays one, whatever else went wrong in the run.
ExitStatus exitStatus(const Results &results, const RunEnd &end);

} // namespace hiatus::report
