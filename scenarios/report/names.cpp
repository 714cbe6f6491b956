#include "scenarios/report/names.h"

#include "scenarios/requirements/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace hiatus::report {

std::string verdictName(v1::Verdict verdict)
{
    return verdict == v1::VERDICT_UNSPECIFIED ? "NONE" : v1::Verdict_Name(verdict);
}

std::string severityName(v1::Severity severity)
{
    if (severity == v1::SEVERITY_FAIL)
        return "FAIL";
    return severity == v1::SEVERITY_WARN ? "WARN" : "fact";
}

std::string topicOf(std::string_view scenario)
{
    const std::size_t slash = scenario.find('/');
    return std::string(scenario.substr(0, slash == std::string_view::npos ? 0 : slash));
}

std::string duration(double milliseconds)
{
    if (milliseconds < 1000)
        return fmt::format("{:.0f} ms", std::max(0.0, milliseconds));
    if (milliseconds < 60'000)
        return fmt::format("{:.1f} s", milliseconds / 1000);
    const auto seconds = static_cast<long long>(milliseconds / 1000);
    return fmt::format("{} min {} s", seconds / 60, seconds % 60);
}

std::string counted(std::size_t number, std::string_view noun)
{
    return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string citation(const v1::Finding &finding)
{
    if (finding.statement().empty())
        return {};
    return fmt::format("[{} {}]", requirements::versionName(finding.version()), finding.statement());
}

namespace {

bool carriesVerdict(const v1::Finding &finding, v1::Verdict verdict)
{
    switch (verdict) {
    case v1::FAIL: return finding.severity() == v1::SEVERITY_FAIL && !finding.setup();
    case v1::WARN: return finding.severity() == v1::SEVERITY_WARN && !finding.setup();
    case v1::INCONCLUSIVE: return finding.setup();
    default: return true;
    }
}

} // namespace

std::vector<const v1::Finding *> findingsByWeight(const v1::Result &result)
{
    std::vector<const v1::Finding *> findings;
    for (const v1::Finding &finding : result.finding())
        findings.push_back(&finding);
    const auto weight = [&](const v1::Finding *finding) { return finding->consequent() ? 2 : carriesVerdict(*finding, result.verdict()) ? 0 : 1; };
    std::stable_sort(findings.begin(), findings.end(), [&](const auto *one, const auto *other) { return weight(one) < weight(other); });
    return findings;
}

const v1::Finding *leadingFinding(const v1::Result &result)
{
    const auto findings = findingsByWeight(result);
    return findings.empty() ? nullptr : findings.front();
}

v1::Version versionOf(const v1::Result &result)
{
    const std::string &id = result.variant();
    for (const auto &[axis, version] : {std::pair("v3", v1::V3), std::pair("v5", v1::V5)}) {
        const std::size_t at = id.find(axis, id.find('['));
        const bool isValue = at != std::string::npos && at > 0 && (id[at - 1] == '[' || id[at - 1] == ',') &&
                             at + 2 < id.size() && (id[at + 2] == ',' || id[at + 2] == ']');
        if (isValue)
            return version;
    }
    return result.finding().empty() ? v1::VERSION_UNSPECIFIED : result.finding(0).version();
}

v1::Version versionOf(const v1::TraceEvent &event, v1::Version ofVariant)
{
    return event.has_version() ? event.version() : ofVariant;
}

std::string shellQuoted(const std::string &word)
{
    static constexpr std::string_view plain = "%+,-./:=@_";
    const bool isPlain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || plain.find(c) != std::string_view::npos;
    });
    if (isPlain)
        return word;
    std::string quoted = "'";
    for (const char c : word)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + '\'';
}

} // namespace hiatus::report
