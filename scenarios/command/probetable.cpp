#include "scenarios/command/probetable.h"

#include "scenarios/report/cells.h"
#include "scenarios/requirements/catalogue.h"
#include "scenarios/suite/needs.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>

namespace hiatus::command {

namespace {

constexpr v1::Version Both[] = {v1::V3, v1::V5};
constexpr std::size_t ScenariosNamed = 4;

using ByName = std::map<std::string, std::map<v1::Version, v1::CapabilityFound>>;

ByName byName(const v1::Report &report)
{
    ByName table;
    for (const auto &found : report.capability()) {
        for (const auto version : Both) {
            if (!found.has_version() || found.version() == version)
                table[found.name()][version] = found;
        }
    }
    return table;
}

std::string spoken(const ByName &table)
{
    std::string text;
    for (const auto &[name, version] : {std::pair{"v3", v1::V3}, std::pair{"v5", v1::V5}}) {
        const auto at = table.find(name);
        if (at != table.end() && at->second.count(version) && at->second.at(version).present())
            text += (text.empty() ? "" : ", ") + requirements::versionName(version);
    }
    return text.empty() ? "neither version" : text;
}

std::string capabilityRows(const ByName &table)
{
    std::string text = fmt::format("{:<26}{:<7}{:<7}{}\n", "capability", "3.1.1", "5.0", "known by");
    for (const auto &[name, versions] : table) {
        std::string cells;
        std::string how;
        for (const auto version : Both) {
            const auto at = versions.find(version);
            cells += fmt::format("{:<7}", at == versions.end() ? "?" : at->second.present() ? "yes" : "no");
            if (at != versions.end() && how.find(at->second.how()) == std::string::npos)
                how += (how.empty() ? "" : "; ") + at->second.how();
        }
        text += fmt::format("{:<26}{}{}\n", name, cells, report::printable(how));
    }
    return text;
}

/// "no"; "no (3.1.1), yes (5.0)" where they differ.
std::string valuesOf(const std::map<std::string, std::set<v1::Version>> &values)
{
    std::string text;
    for (const auto &[value, versions] : values) {
        text += (text.empty() ? "" : ", ") + report::printable(value);
        if (values.size() > 1 && versions.size() == 1)
            text += " (" + requirements::versionName(*versions.begin()) + ")";
    }
    return text;
}

std::string factRows(const suite::FactTable &facts)
{
    std::string text = fmt::format("{:<40}{}\n", "fact", "value");
    for (const auto &[name, values] : facts)
        text += fmt::format("{:<40}{}\n", name, valuesOf(values));
    return text;
}

/// For each missing capability the scenarios of which a variant, or all, would be skipped.
std::string skippedRows(const Portrait &portrait, const suite::Library &library)
{
    std::map<std::string, std::set<std::string>> scenarios;
    std::map<std::string, std::size_t> variants;
    for (const auto &entry : library.entries) {
        for (const auto &variant : entry->variants) {
            const auto missing = variant.role == v1::SERVER ? suite::missingCapability(variant, portrait.profile, portrait.found) : suite::Missing{};
            if (missing.capability.empty())
                continue;
            scenarios[missing.capability].insert(variant.scenario);
            ++variants[missing.capability];
        }
    }
    std::string text;
    for (const auto &[name, all] : scenarios) {
        std::string named;
        std::size_t left = ScenariosNamed;
        for (auto at = all.begin(); at != all.end() && left > 0; ++at, --left)
            named += (named.empty() ? "" : ", ") + *at;
        text += fmt::format("without {}: {} skipped, of {} scenarios: {}{}\n", name, variants[name], all.size(), named, all.size() > ScenariosNamed ? ", ..." : "");
    }
    return text;
}

/// "250 ms" of a fact; nothing if it is not told.
std::optional<int> millisecondsOf(const suite::FactTable &facts, const std::string &name)
{
    const auto at = facts.find(name);
    int value = 0;
    if (at == facts.end() || at->second.empty())
        return std::nullopt;
    const std::string &text = at->second.rbegin()->first;
    return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc() ? std::optional(value) : std::nullopt;
}

std::string quoted(const std::string &text)
{
    std::string out = "\"";
    for (const char c : report::printable(text))
        out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    return out + "\"";
}

} // namespace

std::string tableOf(const Portrait &portrait, const suite::Library &library)
{
    const ByName table = byName(portrait.report);
    std::string text = "target    " + report::printable(portrait.report.target());
    if (!portrait.report.target_version().empty())
        text += ", " + report::printable(portrait.report.target_version());
    text += "\nspeaks    " + spoken(table) + "\n\n" + capabilityRows(table) + "\n" + factRows(portrait.found.facts);
    if (portrait.report.world() != "network")
        return text; // in the in-process world nothing is missing
    if (const std::string skipped = skippedRows(portrait, library); !skipped.empty())
        text += "\n" + skipped;
    return text;
}

std::string profileText(const Portrait &portrait, const std::string &url)
{
    constexpr int DefaultGrain = 1'500;
    std::string text = "# proto-file: hiatus/v1/target.proto\n# proto-message: hiatus.v1.Target\n# By `hiatus probe`. What it found is found again before every run; what stands here wins.\n";
    text += "name: " + quoted(portrait.profile.has_name() ? portrait.profile.name() : portrait.report.target()) + "\nurl: " + quoted(url) + "\n";
    for (const auto &found : portrait.report.capability()) {
        if (found.present())
            continue;
        text += "capability { name: " + quoted(found.name()) + (found.has_version() ? " version: " + v1::Version_Name(found.version()) : "") +
                " present: false why: " + quoted(found.how()) + " }\n";
    }
    if (const auto late = millisecondsOf(portrait.found.facts, "session-ends-late-by"); late && *late > DefaultGrain)
        text += fmt::format("grain_ms: {}   # a session ended so late\n", (*late / 1'000 + 1) * 1'000);
    return text;
}

} // namespace hiatus::command
