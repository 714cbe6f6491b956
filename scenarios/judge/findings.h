#pragma once
// Broken checks of the script as findings: which statement each is charged to, and a sentence that says what happened.

#include "hiatus/v1/report.pb.h"
#include "scenarios/script/plan.h"

#include <vector>

namespace hiatus::judge {

/// Findings of the script's own checks, in the order of the trace; severities are not set yet.
std::vector<v1::Finding> findings(const script::Variant &variant, const v1::Trace &trace);

/// The steps of a plan by their index.
std::vector<const script::PlannedStep *> stepsByIndex(const script::Variant &variant);

} // namespace hiatus::judge
