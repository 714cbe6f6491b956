#pragma once
// A script as a ladder that a reviewer reads: one column for each lane and one for the target, at most 120 wide, ASCII.

#include "scenarios/script/plan.h"
#include "scenarios/script/script.h"

#include <string>

namespace hiatus::script {

/// The script as written, with its axes, conditions and points.
std::string ladder(const Script &script);

/// One variant as it runs.
std::string ladder(const Variant &variant);

} // namespace hiatus::script
