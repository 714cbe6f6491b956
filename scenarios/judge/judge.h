#pragma once
// From a trace to a verdict: a pure function of the variant, the trace and the statement catalogue. No world, no clock;
// a trace read back from a file gives the same result as the live one.

#include "hiatus/v1/report.pb.h"
#include "scenarios/requirements/catalogue.h"
#include "scenarios/script/plan.h"

namespace hiatus::judge {

struct JudgeOptions
{
    /// Our own loop later than this while the variant ran: a FAIL or WARN is not to be trusted.
    double latenessLimit = 250;
};

/// Verdict, findings and facts; the trace itself is not copied into the result.
/// - A finding's severity is that of the statement it cites; FACT never becomes a finding.
/// - Set-up that failed makes the variant INCONCLUSIVE, unless a monitor saw a statement broken.
v1::Result judge(const script::Variant &variant, const v1::Trace &trace, const requirements::Catalogue &catalogue,
                 const JudgeOptions &options = {});

} // namespace hiatus::judge
