#include "scenarios/script/lint.h"

#include "scenarios/script/axes.h"
#include "scenarios/script/expand.h"
#include "scenarios/script/fragments.h"
#include "scenarios/script/lintrules.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace hiatus::script {

namespace {

void sortUnique(Problems &problems)
{
    const auto key = [](const Problem &problem) {
        return std::tie(problem.at.file, problem.at.line, problem.at.column, problem.message);
    };
    std::stable_sort(problems.begin(), problems.end(), [&key](const Problem &a, const Problem &b) { return key(a) < key(b); });
    problems.erase(std::unique(problems.begin(), problems.end(),
                               [&key](const Problem &a, const Problem &b) { return key(a) == key(b); }),
                   problems.end());
}

bool mayAssert(const WrittenStep &written)
{
    const v1::Step &step = written.step;
    if (!writtenOn(step).cites.empty())
        return true;
    if (step.has_all_of())
        return true;
    return (step.has_open() && step.open().has_session_present())
           || (step.has_app() && step.app().connect().has_session_present());
}

void lintAsserts(const LintContext &context)
{
    bool asserts = false;
    bool facts = false;
    forEachWrittenStep(context.script, [&](const WrittenStep &written) {
        asserts = asserts || (!written.fromFragment && mayAssert(written));
        const bool tells = written.step.has_fact() || written.step.has_one_of()
                           || written.step.expect().has_fact() || written.step.take().has_fact();
        facts = facts || tells;
    });
    if (context.script.scenario.fact() && !facts)
        context.add("fact", "a fact scenario reports no fact");
    if (!context.script.scenario.fact() && !asserts)
        context.add("title", "the scenario asserts nothing: no check has a citation and no open says session_present");
}

} // namespace

const CapabilityNames &knownCapabilities()
{
    static const CapabilityNames names{
        "qos1",        "qos2",           "retain",          "wildcard", "shared", "subscription-identifiers", "persistent-sessions", "saved-sessions", "stored-sessions", "offline-publish", "manual-acknowledge", "authentication", "v3", "v5",
        "topic-alias", "session-expiry", "empty-client-id", "restart",  "endpoints", "accounts", "queue-limit", "drops-oldest", "drops-newest", "two-in-flight", "many-messages", "short-intervals", "quick-takeovers", "any-client-id",
        "session-present",
    };
    return names;
}

void forEachWrittenStep(const Script &script, const std::function<void(const WrittenStep &)> &visit)
{
    const std::function<void(const Steps &, const Positions &, int)> walk = [&](const Steps &steps, const Positions &positions,
                                                                                int depth) {
        forEachStep(steps, "step", [&](const v1::Step &step, const std::string &path) {
            visit({step, positions, path, depth > 0});
            const auto found = step.has_use() ? script.fragments.find(step.use().fragment()) : script.fragments.end();
            if (found == script.fragments.end() || depth >= 3)
                return;
            const v1::Fragment fragment = substituted(found->second.fragment, step.use());
            walk(fragment.step(), found->second.positions, depth + 1);
        });
    };
    walk(script.scenario.step(), script.positions, 0);
}

Examined examine(const Script &script, const RequirementLookup &requirements, const CapabilityNames &capabilities)
{
    Examined examined;
    const LintContext context{script, requirements, capabilities, examined.problems};
    lintHead(context);
    lintLanes(context);
    lintSteps(context);
    lintFields(context);
    lintCites(context);
    lintAsserts(context);
    examined.variants = productOf(script.scenario.axes()) <= MaxVariants ? lintPlans(context) : expand(script);
    sortUnique(examined.problems);
    return examined;
}

Problems lint(const Script &script, const RequirementLookup &requirements, const CapabilityNames &capabilities)
{
    return examine(script, requirements, capabilities).problems;
}

} // namespace hiatus::script
