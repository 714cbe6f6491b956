#pragma once
// `--report junit:FILE`: JUnit XML that CI systems read the same way: one testsuite per topic, one testcase per
// variant.

#include "scenarios/report/names.h"

#include <string>

namespace hiatus::report {

struct JunitOptions
{
    bool isStrict = false; ///< an unexpected WARN is a failure too
    std::size_t ladderRows = 200;
};

/// FAIL is a failure, ERROR and INCONCLUSIVE are errors (they must not read as a pass), SKIP and what the baseline
/// expects are skipped, WARN passes and says so in system-out. The ladder stands in system-out. Well-formed whatever a
/// packet carried.
std::string toJunit(const v1::Report &report, const Context &context, const JunitOptions &options = {});

} // namespace hiatus::report
