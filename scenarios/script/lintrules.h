#pragma once
// The parts of lint, one file each; each appends what it finds.

#include "scenarios/script/lint.h"
#include "scenarios/script/verbs.h"

namespace hiatus::script {

struct LintContext
{
    const Script &script;
    const RequirementLookup &requirements;
    const CapabilityNames &capabilities;
    Problems &problems;

    void add(const Positions &positions, const std::string &path, std::string message) const
    {
        problems.push_back({positions.find(path), std::move(message)});
    }
    void add(const std::string &path, std::string message) const { add(script.positions, path, std::move(message)); }
};

/// A step as written, a fragment's with its parameters replaced.
struct WrittenStep
{
    const v1::Step &step;
    const Positions &positions;
    std::string path;
    bool fromFragment;
};

/// Visits all steps of the script and of the fragments it uses.
void forEachWrittenStep(const Script &script, const std::function<void(const WrittenStep &)> &visit);

/// Title, needs, surplus, axes, except.
void lintHead(const LintContext &context);
/// Lanes, and that steps are on lanes that can do them.
void lintLanes(const LintContext &context);
/// What every step must and must not say; labels, points, names of axes.
void lintSteps(const LintContext &context);
/// Field paths, ranges and expressions of set, bind, within, absent, of.
void lintFields(const LintContext &context);
/// Citations: known, of the right side, for each version that the step runs in.
void lintCites(const LintContext &context);
/// What only shows in the order of a variant's steps: connections, symbols, subscriptions, windows.
/// The plans that it read.
std::vector<Variant> lintPlans(const LintContext &context);

} // namespace hiatus::script
