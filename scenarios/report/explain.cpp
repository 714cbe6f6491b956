#include "scenarios/report/explain.h"

#include "scenarios/report/cells.h"
#include "scenarios/report/reasons.h"
#include "scenarios/requirements/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <vector>

namespace hiatus::report {

namespace {

constexpr std::size_t width = 118;
constexpr std::size_t nearAtMost = 8;

struct Asked
{
    std::string id;
    v1::Version version = v1::VERSION_UNSPECIFIED;
};

/// "[5.0 MQTT-4.4.0-1#b]", "5.0 MQTT-4.4.0-1#b" or "MQTT-4.4.0-1#b".
Asked askedFor(std::string_view what)
{
    std::string text(what);
    text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c == '[' || c == ']'; }), text.end());
    Asked asked;
    for (const v1::Version version : {v1::V3, v1::V5}) {
        const std::string prefix = requirements::versionName(version) + ' ';
        if (text.rfind(prefix, 0) == 0) {
            asked.version = version;
            text.erase(0, prefix.size());
        }
    }
    asked.id = text;
    return asked;
}

/// The id, or the number that it is a clause of.
bool isAsked(const std::string &id, const std::string &asked)
{
    return id == asked || (id.rfind(asked + '#', 0) == 0);
}

std::string severitySentence(const v1::Requirement &row)
{
    switch (row.severity()) {
    case v1::SEVERITY_FAIL:
        return "broken: FAIL";
    case v1::SEVERITY_WARN:
        return "broken: WARN";
    default:
        return "a freedom: reported as a fact, never judged";
    }
}

std::string rolesOf(const v1::Requirement &row)
{
    std::string roles;
    for (const int role : row.role())
        roles += (roles.empty() ? "" : " and ") + requirements::roleName(static_cast<v1::Role>(role));
    return roles;
}

std::string paragraph(const std::string &label, const std::string &text)
{
    std::string lines;
    if (text.empty())
        return lines;
    for (const std::string &line : wrapped(text, width - 14))
        lines += fmt::format("    {:<10}{}\n", lines.empty() ? label : "", line);
    return lines;
}

std::vector<std::string> assertedBy(const v1::Requirement &row, const Ledger &ledger)
{
    std::vector<std::string> scenarios;
    for (const v1::LedgerEntry &entry : ledger) {
        if (entry.statement() != row.id() || entry.version() != row.version())
            continue;
        if (entry.role() == v1::SERVER || entry.role() == v1::CLIENT) {
            if (!requirements::isAbout(row, entry.role()))
                continue;
        }
        scenarios.insert(scenarios.end(), entry.scenario().begin(), entry.scenario().end());
    }
    std::sort(scenarios.begin(), scenarios.end());
    scenarios.erase(std::unique(scenarios.begin(), scenarios.end()), scenarios.end());
    return scenarios;
}

std::string rowText(const v1::Requirement &row, const Ledger &ledger)
{
    std::string text = fmt::format("[{} {}]  {}, {}; {}\n", requirements::versionName(row.version()), row.id(),
                                   row.level(), rolesOf(row), severitySentence(row));
    for (const std::string &line : wrapped(row.text(), width - 4))
        text += "    " + line + '\n';
    text +=
        paragraph("graded so", row.why()) + paragraph("seen by", row.observable()) + paragraph("needs", row.needs());
    if (row.basis() != "standard")
        text += paragraph("basis", row.basis() == "derived" ? "follows from several statements; the reasoning is ours"
                                                            : "our inference; no numbered text");
    const auto scenarios = assertedBy(row, ledger);
    for (std::size_t i = 0; i < scenarios.size(); ++i)
        text += paragraph(i == 0 ? "asserted" : "", scenarios[i]);
    if (scenarios.empty())
        text += paragraph("asserted", row.untested().empty() ? "by no scenario" : "by none: " + row.untested());
    return text;
}

std::string upperCased(std::string_view text)
{
    std::string upper(text);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); });
    return upper;
}

/// Ids and reasons that share the longest beginning with what was asked.
std::string nearTo(const std::string &asked, const requirements::Catalogue *catalogue)
{
    std::vector<std::string> names;
    for (const Reason &reason : reasons())
        names.emplace_back(reason.name);
    if (catalogue) {
        for (const v1::Requirement &row : catalogue->all())
            names.push_back(row.id());
    }
    const auto shared = [&asked](const std::string &name) {
        const auto ends = std::mismatch(asked.begin(), asked.end(), name.begin(), name.end());
        return ends.first - asked.begin();
    };
    std::stable_sort(names.begin(), names.end(),
                     [&shared](const std::string &a, const std::string &b) { return shared(a) > shared(b); });
    names.erase(std::unique(names.begin(), names.end()), names.end());
    std::string near;
    for (std::size_t i = 0; i < names.size() && i < nearAtMost && shared(names[i]) > 0; ++i)
        near += (near.empty() ? "; near: " : ", ") + names[i];
    return near;
}

} // namespace

tl::expected<std::string, std::string> explained(std::string_view what, const Context &context, const Ledger &ledger)
{
    const std::string reason = upperCased(what);
    if (!meaningOf(reason).empty())
        return reason + '\n' + paragraph("", std::string(meaningOf(reason)));

    const Asked asked = askedFor(what);
    std::string text;
    static const std::vector<v1::Requirement> none;
    for (const v1::Requirement &row : context.catalogue ? context.catalogue->all() : none) {
        const bool isOther = asked.version != v1::VERSION_UNSPECIFIED && asked.version != row.version();
        if (!isOther && isAsked(row.id(), asked.id))
            text += (text.empty() ? "" : "\n") + rowText(row, ledger);
    }
    if (!text.empty())
        return printable(text, true);
    return tl::unexpected(printable(asked.id) + " is no statement of the catalogue and no reason code" +
                          nearTo(asked.id, context.catalogue));
}

std::string ledgerStateName(v1::LedgerEntry::State state)
{
    switch (state) {
    case v1::LedgerEntry::ASSERTED:
        return "asserted";
    case v1::LedgerEntry::REASONED:
        return "reasoned";
    case v1::LedgerEntry::FREEDOM:
        return "freedom";
    default:
        return "open";
    }
}

std::string statementLine(const v1::Requirement &row, const v1::LedgerEntry &entry)
{
    std::string line = fmt::format("{:<5} {:<18} {:<7} {:<14} {:<4}  {:<8}  {}", requirements::versionName(row.version()), row.id(),
                                   requirements::roleName(entry.role()), row.level(), severityName(row.severity()),
                                   ledgerStateName(entry.state()), row.text());
    for (int i = 0; i < entry.scenario_size(); ++i)
        line += (i == 0 ? "\n      by " : ", ") + entry.scenario(i);
    if (!entry.untested().empty())
        line += "\n      not asserted: " + entry.untested();
    return line;
}

} // namespace hiatus::report
