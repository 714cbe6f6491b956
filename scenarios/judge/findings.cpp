#include "scenarios/judge/findings.h"

#include "proto/wire/text.h"
#include "scenarios/judge/blame.h"
#include "scenarios/script/verbs.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>

namespace hiatus::judge {

namespace {

using Record = v1::CheckRecord;
using script::PlannedCite;
using script::PlannedStep;

void collect(const std::vector<PlannedStep> &steps, std::vector<const PlannedStep *> &found)
{
    for (const auto &step : steps) {
        if (found.size() <= step.index)
            found.resize(step.index + 1);
        found[step.index] = &step;
        for (const auto &block : step.blocks)
            collect(block.steps, found);
    }
}

/// Cites for exactly this check.
std::vector<PlannedCite> citesOf(const std::vector<PlannedCite> &cites, std::string_view of)
{
    std::vector<PlannedCite> found;
    for (const auto &cite : cites) {
        if (cite.of == of)
            found.push_back(cite);
    }
    const bool hasOwn = std::any_of(found.begin(), found.end(), [](const auto &cite) { return !cite.fallback; });
    if (hasOwn)
        found.erase(std::remove_if(found.begin(), found.end(), [](const auto &cite) { return cite.fallback; }), found.end());
    return found;
}

/// The check's own cites, else those of the field that it is a part of ("user_property" of "user_property[1].value"),
/// else those of the step as a whole.
std::vector<PlannedCite> charged(const std::vector<PlannedCite> &cites, std::string_view of)
{
    auto found = citesOf(cites, of);
    while (found.empty() && of.find_last_of(".[") != std::string_view::npos) {
        of = of.substr(0, of.find_last_of(".["));
        found = citesOf(cites, of);
    }
    return found.empty() ? citesOf(cites, "") : found;
}

std::string lowered(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return result;
}

/// Did a packet of that name come in place of the missing one, with its identifier if that is known?
bool cameInstead(const Record &record, const std::string &name)
{
    const std::string expected = record.expected() + " ";
    const auto id = expected.find(" id=");
    const std::string wanted = id == std::string::npos ? std::string() : expected.substr(id, expected.find(' ', id + 1) - id + 1);
    std::string actual = lowered(record.actual());
    const auto closed = actual.find(" after ");
    if (closed != std::string::npos)
        actual.erase(0, closed + 7);
    for (std::size_t from = 0; from < actual.size();) {
        const std::size_t end = std::min(actual.find("; ", from), actual.size());
        const std::string packet = actual.substr(from, end - from) + " ";
        if (packet.rfind(name + " ", 0) == 0 && packet.find(wanted) != std::string::npos)
            return true;
        from = end + 2;
    }
    return false;
}

/// What is missing: "pubrel" of "PUBREL id=3".
std::string missingName(const Record &record)
{
    return lowered(record.expected().substr(0, record.expected().find(' ')));
}

std::vector<PlannedCite> citesFor(const PlannedStep &step, const Record &record, const script::Variant &variant)
{
    const auto &cites = step.cites;
    switch (record.outcome()) {
    case Record::MISSING:
    case Record::CLOSED: {
        if (step.step.has_fence()) {
            auto found = citesOf(cites, "sentinel");
            return found.empty() ? std::vector<PlannedCite>{{"sentinel", "MQTT-4.5.0-1", variant.versionOf(script::laneOf(step.step)), variant.role, true}} : found;
        }
        std::vector<PlannedCite> instead;
        for (const auto &cite : cites) {
            if (!cite.of.empty() && cameInstead(record, cite.of))
                instead.push_back(cite);
        }
        auto found = charged(cites, missingName(record));
        instead.insert(instead.end(), found.begin(), found.end());
        return instead;
    }
    case Record::SURPLUS: {
        auto found = charged(cites, "surplus");
        return found.empty() ? variant.surplus : found;
    }
    case Record::EARLY:
    case Record::LATE:
    case Record::TOO_LATE: return charged(cites, "due");
    default: return charged(cites, record.field());
    }
}

/// Of a pair, only the side at fault is charged, where the script has a citation for it.
std::vector<PlannedCite> ofRole(const std::vector<PlannedCite> &cites, v1::Role role)
{
    std::vector<PlannedCite> found;
    std::copy_if(cites.begin(), cites.end(), std::back_inserter(found), [role](const auto &cite) { return cite.role == role; });
    return found.empty() ? cites : found;
}

/// What a packet breaks that cannot be read: the statement on that fault, else the clause that makes chapters 2 and 3 binding.
PlannedCite formatCite(const Record &record, v1::Version version, v1::Role role)
{
    const std::string clause = std::string(version == v1::V3 ? "U311" : "U5") + (role == v1::CLIENT ? "-7.1.2-1" : "-7.1.1-1");
    return {{}, record.field().empty() ? clause : record.field(), version, role, false};
}

/// Lanes that could read nothing more: what did not come on them follows from that.
class Unreadable
{
public:
    /// To be asked of each record, in their order.
    bool explains(const Record &record, const PlannedStep *step, const v1::Trace &trace)
    {
        if (record.outcome() == Record::MALFORMED)
            m_lanes.insert(trace.event(static_cast<int>(record.event())).lane());
        if (!step)
            return false;
        const std::string lane = script::laneOf(step->step);
        if (record.outcome() == Record::MET && step->step.has_open())
            m_lanes.erase(lane);
        return (record.outcome() == Record::MISSING || record.outcome() == Record::CLOSED) && m_lanes.count(lane) > 0;
    }

private:
    std::set<std::string> m_lanes;
};

std::string quotedStep(const PlannedStep *step)
{
    if (!step)
        return "at the end";
    const auto *field = step->step.GetReflection()->GetOneofFieldDescriptor(step->step, v1::Step::descriptor()->oneof_decl(0));
    return field ? "at `" + field->name() + "`" : "at a step";
}

std::string witness(const Record &record, const PlannedStep *step)
{
    const std::string where = quotedStep(step);
    switch (record.outcome()) {
    case Record::MISSING: return record.expected() + " was due " + where + " and did not come: " + record.actual() + ".";
    case Record::CLOSED: return record.expected() + " was due " + where + ", but " + record.actual() + ".";
    case Record::MISMATCH: return record.field() + " is " + record.actual() + " where " + record.expected() + " was owed " + where + ".";
    case Record::SURPLUS: return record.actual() + " came although nothing was owed any more.";
    case Record::EARLY: return "It came too early: " + record.actual() + " (due " + record.expected() + ").";
    case Record::LATE:
    case Record::TOO_LATE: return "It came too late: " + record.actual() + " (due " + record.expected() + ").";
    case Record::STILL_OPEN: return "The connection had to be closed " + where + ", but " + record.actual() + ".";
    case Record::REFUSED: return record.expected() + " was due " + where + ", but: " + record.actual() + ".";
    case Record::NOT_LAWFUL: return "None of the lawful answers came " + where + ": " + record.actual() + ".";
    case Record::FORBIDDEN: return record.actual() + " came, which the script forbids from `never` on.";
    case Record::DUPLICATE: return record.expected() + " was owed, but: " + record.actual() + ".";
    case Record::DISORDER: return record.expected() + " was owed, but it came later: " + record.actual() + ".";
    case Record::NO_DUP: return record.expected() + " was owed, but: " + record.actual() + ".";
    case Record::SHOULD: return "The target does \"" + record.actual() + "\", which is lawful but advised against.";
    case Record::DOWNGRADED: return record.actual() + " in place of " + record.expected() + ": lawful, but the scenario needs it.";
    default: return record.actual();
    }
}

v1::Finding finding(const Record &record, const PlannedStep *step, const PlannedCite &cite)
{
    v1::Finding result;
    result.set_reason(Record::Outcome_Name(record.outcome()));
    if (!cite.statement.empty()) {
        result.set_statement(cite.statement);
        result.set_version(cite.version);
    }
    result.set_text(witness(record, step));
    if (record.has_field())
        result.set_field(record.field());
    result.set_expected(record.expected());
    result.set_actual(record.actual());
    if (step) {
        result.set_step(step->index);
        result.set_at(step->at.text());
    }
    if (record.has_event())
        result.add_event(record.event());
    result.set_setup(record.setup());
    if (cite.role != v1::ROLE_UNSPECIFIED)
        result.set_role(cite.role);
    return result;
}

} // namespace

std::vector<const PlannedStep *> stepsByIndex(const script::Variant &variant)
{
    std::vector<const PlannedStep *> found;
    collect(variant.steps, found);
    return found;
}

std::vector<v1::Finding> findings(const script::Variant &variant, const v1::Trace &trace)
{
    const auto steps = stepsByIndex(variant);
    std::vector<v1::Finding> found;
    Unreadable unreadable;
    for (const auto &record : trace.check()) {
        const PlannedStep *step = record.has_step() && record.step() < steps.size() ? steps[record.step()] : nullptr;
        const bool isConsequent = unreadable.explains(record, step, trace);
        if (record.outcome() == Record::MET)
            continue;
        std::vector<PlannedCite> cites;
        if (record.outcome() == Record::MALFORMED) {
            const std::string &lane = trace.event(static_cast<int>(record.event())).lane();
            cites.push_back(formatCite(record, variant.versionOf(lane), variant.role));
        } else if (record.outcome() == Record::SHOULD && step) {
            for (const auto &block : step->blocks) {
                if (block.name == record.field())
                    cites = block.should;
            }
        } else {
            cites = step ? citesFor(*step, record, variant) : variant.surplus;
        }
        const auto fault = step ? blame(variant, *step, record, trace) : std::nullopt;
        if (fault && fault->role == v1::ROLE_UNSPECIFIED)
            continue;
        if (fault)
            cites = ofRole(cites, fault->role);
        if (cites.empty())
            cites.emplace_back();
        for (const auto &cite : cites) {
            found.push_back(finding(record, step, cite));
            if (isConsequent)
                found.back().set_consequent(true);
            if (!fault)
                continue;
            found.back().set_text(found.back().text() + " At fault: the " + (fault->role == v1::CLIENT ? "client" : "broker") + "; " + fault->why + ".");
        }
    }
    return found;
}

} // namespace hiatus::judge
