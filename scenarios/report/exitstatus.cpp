#include "scenarios/report/exitstatus.h"

#include "scenarios/report/counts.h"

namespace hiatus::report {

ExitStatus exitStatus(const Results &results, const RunEnd &end)
{
    const Counts counts = count(results);
    if (end.isInterrupted)
        return Interrupted;
    if (counts.failed > 0 || (end.isStrict && counts.warned > 0))
        return Unexpected;
    if (counts.errors > 0)
        return HarnessError;
    if (end.isTargetGone)
        return TargetGone;
    if (end.baselineProblems > 0)
        return Unexpected;
    if (counts.inconclusive > 0 || end.isPartial)
        return Inconclusive;
    return counts.total() == counts.skipped ? NothingRan : AsExpected;
}

} // namespace hiatus::report
