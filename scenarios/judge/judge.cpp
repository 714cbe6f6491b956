#include "scenarios/judge/judge.h"

#include "scenarios/judge/findings.h"
#include "scenarios/judge/monitors.h"

#include <algorithm>
#include <set>

namespace hiatus::judge {

namespace {

void addFact(v1::Result &result, const std::string &name, const std::string &value)
{
    auto *fact = result.add_fact();
    fact->set_name(name);
    fact->set_value(value);
}

/// Findings of a monitor that the script has charged already are not said twice; others on the same packet follow from it.
void addMonitored(std::vector<v1::Finding> &findings, std::vector<v1::Finding> monitored)
{
    std::set<std::pair<std::uint32_t, std::string>> charged;
    std::set<std::uint32_t> events;
    for (const auto &finding : findings) {
        for (const auto event : finding.event()) {
            charged.insert({event, finding.statement()});
            events.insert(event);
        }
    }
    for (auto &finding : monitored) {
        const std::uint32_t event = finding.event_size() ? finding.event(0) : 0;
        if (charged.count({event, finding.statement()}))
            continue;
        finding.set_consequent(events.count(event) > 0);
        findings.push_back(std::move(finding));
    }
}

v1::Severity severityOf(const v1::Finding &finding, const script::Variant &variant, const requirements::Catalogue &catalogue)
{
    if (finding.reason() == "LATE")
        return v1::SEVERITY_WARN; // beyond the grain, within the late limit
    if (finding.statement().empty())
        return v1::SEVERITY_WARN;
    const v1::Role role = finding.has_role() ? finding.role() : variant.role;
    return catalogue.severity(finding.version(), finding.statement(), role);
}

bool isTrouble(const v1::Trace &trace) { return trace.has_harness_error() || trace.has_target_gone(); }

bool isMonitored(const v1::Finding &finding) { return finding.reason().rfind("MONITOR_", 0) == 0; }

/// What the script finds once its set-up has failed follows from that; only a monitor still accuses.
void foldAfterSetup(v1::Result &result)
{
    bool isBroken = false;
    for (auto &finding : *result.mutable_finding()) {
        if (isBroken && !isMonitored(finding))
            finding.set_consequent(true);
        isBroken = isBroken || finding.setup();
    }
}

v1::Verdict verdictOf(const v1::Result &result, const v1::Trace &trace)
{
    const auto &findings = result.finding();
    const auto first = std::find_if(findings.begin(), findings.end(), [](const auto &finding) { return finding.setup(); });
    const auto has = [&](v1::Severity severity) {
        const auto accuses = [&](const auto &finding) { return finding.severity() == severity && !finding.setup(); };
        return std::any_of(findings.begin(), first, accuses) ||
               std::any_of(first, findings.end(), [&](const auto &finding) { return accuses(finding) && isMonitored(finding); });
    };
    const bool isSetupBroken = std::any_of(findings.begin(), findings.end(), [](const auto &finding) { return finding.setup(); });
    if (trace.has_harness_error())
        return v1::ERROR;
    if (has(v1::SEVERITY_FAIL))
        return v1::FAIL;
    if (isSetupBroken || trace.has_target_gone())
        return v1::INCONCLUSIVE;
    if (has(v1::SEVERITY_WARN))
        return v1::WARN;
    return trace.complete() ? v1::PASS : v1::INCONCLUSIVE;
}

/// What passes only because CONNACK was taken for one that says "session present" is not passed.
bool isLetGo(const v1::Trace &trace)
{
    return std::any_of(trace.check().begin(), trace.check().end(), [](const v1::CheckRecord &record) {
        return record.outcome() == v1::CheckRecord::MET && record.field() == "session_present" && record.has_actual();
    });
}

std::string whyOf(const v1::Result &result, const v1::Trace &trace)
{
    if (trace.has_harness_error())
        return trace.harness_error();
    if (trace.has_target_gone())
        return "the target is gone: " + trace.target_gone();
    for (const auto &finding : result.finding()) {
        if (finding.setup())
            return "set-up failed: " + finding.text();
    }
    return {};
}

} // namespace

v1::Result judge(const script::Variant &variant, const v1::Trace &trace, const requirements::Catalogue &catalogue,
                 const JudgeOptions &options)
{
    v1::Result result;
    result.set_scenario(variant.scenario);
    result.set_variant(variant.id);
    for (const auto &fact : trace.fact())
        addFact(result, fact.name(), fact.value());

    std::vector<v1::Finding> all = findings(variant, trace);
    if (!isTrouble(trace))
        addMonitored(all, monitor(variant, trace));
    for (auto &finding : all) {
        finding.set_severity(severityOf(finding, variant, catalogue));
        if (finding.severity() == v1::SEVERITY_FACT)
            addFact(result, finding.statement(), "not done: " + finding.text());
        else
            *result.add_finding() = std::move(finding);
    }

    constexpr std::string_view unsupported = "unsupported: ";
    if (trace.harness_error().rfind(unsupported, 0) == 0) {
        result.clear_finding();
        result.set_verdict(v1::SKIP);
        result.set_skipped_for(trace.harness_error().substr(unsupported.size()));
        return result;
    }

    foldAfterSetup(result);
    result.set_verdict(verdictOf(result, trace));
    const bool isAccusation = result.verdict() == v1::FAIL || result.verdict() == v1::WARN;
    if (isAccusation && trace.late_ms() > options.latenessLimit) {
        result.set_verdict(v1::INCONCLUSIVE);
        result.set_skipped_for("the harness itself was " + std::to_string(static_cast<int>(trace.late_ms())) + " ms late");
    } else if (result.verdict() == v1::INCONCLUSIVE || result.verdict() == v1::ERROR) {
        result.set_skipped_for(whyOf(result, trace));
    } else if (result.verdict() == v1::PASS && isLetGo(trace)) {
        result.set_verdict(v1::SKIP);
        result.set_skipped_for("session-present");
    }
    return result;
}

} // namespace hiatus::judge
