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

namespace {

/// What limits it, for people to read: the run finds it out again.
std::string foundRows(const Portrait &portrait)
{
    constexpr std::string_view Limits[] = {"expiry-granted-for-never", "maximum-packet-size", "maximum-qos", "receive-maximum",
                                           "server-keep-alive", "session-ends-late-by", "round-trip-worst", "topic-alias-maximum"};
    std::string text = "# Found by asking it, and asked again before every run; what stands below wins.\n#   speaks " + spoken(byName(portrait.report)) +
                       (portrait.report.target_version().empty() ? "" : "; says that it is " + report::printable(portrait.report.target_version())) + "\n";
    for (const auto &name : Limits) {
        if (const auto at = portrait.found.facts.find(std::string(name)); at != portrait.found.facts.end())
            text += fmt::format("#   {}: {}\n", name, valuesOf(at->second));
    }
    return text;
}

/// How late its timers and how slow its replies are, where the defaults would not do.
std::string timingRows(const suite::FactTable &facts)
{
    constexpr int DefaultGrain = 1'500, DefaultReply = 2'000;
    std::string text;
    if (const auto late = millisecondsOf(facts, "session-ends-late-by"); late && *late > DefaultGrain)
        text += fmt::format("grain_ms: {}   # a session ended {} ms late\n", (*late / 1'000 + 1) * 1'000, *late);
    if (const auto slow = millisecondsOf(facts, "round-trip-worst"); slow && *slow * 4 > DefaultReply)
        text += fmt::format("reply_ms: {}   # the slowest reply took {} ms\n", (*slow * 4 / 1'000 + 1) * 1'000, *slow);
    return text;
}

constexpr auto FurtherFields = R"(
# What else a profile may say; proto/hiatus/v1/target.proto has all of it.
# ca_file: "ca.pem"            # mqtts://, wss://: who signed its certificate
# reply_ms: 4000               # for a slow one: how long a reply, a delivery or a close may take
# late_limit_ms: 15000         # later than this after a timer's grain is a FAIL
# connections: 200             # open at most; jobs: 8 for variants at work at most
# topic_root: "test/hiatus"    # all topics of a run are below it
# capability { name: "shared" present: false why: "not in this edition" }
)";

} // namespace

std::string profileText(const ProfileHead &head, const Portrait *portrait)
{
    std::string text = "# proto-file: hiatus/v1/target.proto\n# proto-message: hiatus.v1.Target\n";
    text += portrait ? foundRows(*portrait) : "# Nobody answered when this was written: nothing was found out about it.\n";
    text += "name: " + quoted(head.name) + "\nurl: " + quoted(head.url) + "\n";
    if (!portrait)
        return text + FurtherFields;
    for (const auto &found : portrait->report.capability()) {
        if (found.present())
            continue;
        text += "capability { name: " + quoted(found.name()) + (found.has_version() ? " version: " + v1::Version_Name(found.version()) : "") +
                " present: false why: " + quoted(found.how()) + " }\n";
    }
    return text + timingRows(portrait->found.facts) + FurtherFields;
}

} // namespace hiatus::command
