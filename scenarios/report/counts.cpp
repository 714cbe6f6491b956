#include "scenarios/report/counts.h"

#include <fmt/format.h>

#include <algorithm>

namespace hiatus::report {

bool isAsExpected(const v1::Result &result)
{
    if (result.verdict() == v1::SKIP)
        return true;
    return result.verdict() == (result.has_expected() ? result.expected() : v1::PASS);
}

std::size_t Counts::total() const
{
    std::size_t sum = passed + failed + warned + inconclusive + skipped + errors;
    for (const auto &[verdict, number] : expected)
        sum += number;
    return sum;
}

Counts count(const Results &results)
{
    Counts counts;
    for (const v1::Result &result : results) {
        const bool isForeseen = isAsExpected(result) && result.verdict() != v1::PASS && result.verdict() != v1::SKIP;
        if (isForeseen)
            ++counts.expected[result.verdict()];
        else if (result.verdict() == v1::PASS)
            ++counts.passed;
        else if (result.verdict() == v1::FAIL)
            ++counts.failed;
        else if (result.verdict() == v1::WARN)
            ++counts.warned;
        else if (result.verdict() == v1::INCONCLUSIVE)
            ++counts.inconclusive;
        else if (result.verdict() == v1::SKIP)
            ++counts.skipped;
        else
            ++counts.errors; // ERROR, and a result that nobody gave a verdict
    }
    return counts;
}

std::string summaryLine(const Counts &counts)
{
    std::string line = fmt::format("{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.skipped);
    if (counts.warned > 0)
        line += fmt::format(", {} warned", counts.warned);
    if (counts.inconclusive > 0)
        line += fmt::format(", {} inconclusive", counts.inconclusive);
    if (counts.errors > 0)
        line += ", " + counted(counts.errors, "error");
    return line;
}

std::string expectedLine(const Counts &counts)
{
    std::string line;
    for (const auto &[verdict, number] : counts.expected) {
        line += line.empty() ? "" : ", ";
        if (verdict == v1::FAIL)
            line += fmt::format("{} failed", number);
        else if (verdict == v1::WARN)
            line += fmt::format("{} warned", number);
        else if (verdict == v1::INCONCLUSIVE)
            line += fmt::format("{} inconclusive", number);
        else
            line += counted(number, "error");
    }
    return line.empty() ? line : line + " as the baseline expects";
}

std::vector<std::pair<std::string, std::size_t>> skippedFor(const Results &results)
{
    std::map<std::string, std::size_t> byName;
    for (const v1::Result &result : results) {
        if (result.verdict() == v1::SKIP)
            ++byName[result.skipped_for()];
    }
    std::vector<std::pair<std::string, std::size_t>> sorted(byName.begin(), byName.end());
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto &a, const auto &b) { return a.second > b.second; });
    return sorted;
}

} // namespace hiatus::report
