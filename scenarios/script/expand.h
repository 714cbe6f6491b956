#pragma once
// From a script to what runs: the product of the axes, and for each binding the plan (plan.h says what is in it).

#include "scenarios/script/axes.h"
#include "scenarios/script/script.h"

namespace hiatus::script {

/// All variants, in the order of the axes. Takes any script that loads; what lint would refuse is planned as well as
/// can be. `problems`: what could not be filled in, where it stands.
std::vector<Variant> expand(const Script &script, Problems *problems = nullptr);

/// Where a planned step was written: PlannedStep.at with the path, so that its fields can be found too.
struct Origin
{
    const Positions *positions = nullptr; ///< lives as long as the script
    std::string path;
};

/// One variant. `origins`: one for each step, by PlannedStep.index.
Variant plan(const Script &script, const Binding &binding, Problems *problems = nullptr,
             std::vector<Origin> *origins = nullptr);

/// The spec timers that the variant waits for, in seconds, at their written values; granted() counts as what the lane
/// asked for. Overlapping waits count once.
double plannedSeconds(const Variant &variant);

} // namespace hiatus::script
