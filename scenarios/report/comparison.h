#pragma once
// `hiatus compare REPORT…`: what differs between reports, each against the one before it.

#include "scenarios/report/matrix.h"
#include "scenarios/report/terminal.h"

#include <cstddef>
#include <string>
#include <vector>

namespace hiatus::report {

/// Variants whose verdict changed alike: from the same, to the same, by the same check.
struct Change
{
    std::size_t column = 0; ///< of the later report
    v1::Verdict before = v1::VERDICT_UNSPECIFIED;
    v1::Verdict after = v1::VERDICT_UNSPECIFIED;
    bool isExpected = false;                 ///< the later report's baseline foresees it
    std::vector<const v1::Result *> results; ///< of the report in which they are worse; their finding says why

    /// Among PASS, WARN and FAIL, or an ERROR: worse than before and not foreseen.
    bool isRegression() const;
    bool isMended() const;
};

struct Comparison
{
    std::vector<Change> changes;   ///< regressions first, then what was mended, then the rest; many variants first
    std::vector<std::size_t> only; ///< per report: variants that no other report has
    std::size_t common = 0;        ///< variants that all have

    bool hasRegression() const;
};

Comparison compared(const Reports &reports);

/// The whole of it for a terminal: counts side by side, changes grouped by statement, facts that differ; the last line
/// says how many regressed.
std::string comparisonText(const Reports &reports, const Context &context, const TerminalOptions &options);

} // namespace hiatus::report
