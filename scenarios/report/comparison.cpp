#include "scenarios/report/comparison.h"

#include "scenarios/report/counts.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace hiatus::report {

namespace {

using ByVariant = std::map<std::string, const v1::Result *>;

/// With --repeat a variant came several times: the worst stands for all.
ByVariant worstByVariant(const v1::Report &report)
{
    ByVariant results;
    for (const v1::Result &result : report.result()) {
        const v1::Result *&kept = results[result.variant()];
        if (!kept || gravity(result.verdict()) > gravity(kept->verdict()))
            kept = &result;
    }
    return results;
}

bool isJudged(v1::Verdict verdict)
{
    return verdict == v1::PASS || verdict == v1::WARN || verdict == v1::FAIL || verdict == v1::ERROR;
}

std::string checkOf(const v1::Result &result)
{
    const v1::Finding *finding = leadingFinding(result);
    return finding ? citation(*finding) + finding->reason() + finding->field() : result.skipped_for();
}

void compareTwo(const ByVariant &before, const ByVariant &after, std::size_t column, std::vector<Change> &changes)
{
    std::map<std::tuple<v1::Verdict, v1::Verdict, bool, std::string>, Change> alike;
    for (const auto &[variant, now] : after) {
        const auto then = before.find(variant);
        if (then == before.end() || then->second->verdict() == now->verdict())
            continue;
        const v1::Result *worse = gravity(now->verdict()) > gravity(then->second->verdict()) ? now : then->second;
        const bool isExpected = now->has_expected() && isAsExpected(*now);
        Change &change = alike[{then->second->verdict(), now->verdict(), isExpected, checkOf(*worse)}];
        change.column = column;
        change.before = then->second->verdict();
        change.after = now->verdict();
        change.isExpected = isExpected;
        change.results.push_back(worse);
    }
    for (auto &[key, change] : alike)
        changes.push_back(std::move(change));
}

} // namespace

bool Change::isRegression() const
{
    return !isExpected && isJudged(before) && isJudged(after) && gravity(after) > gravity(before);
}

bool Change::isMended() const
{
    return isJudged(before) && isJudged(after) && gravity(after) < gravity(before);
}

bool Comparison::hasRegression() const
{
    return std::any_of(changes.begin(), changes.end(), [](const Change &change) { return change.isRegression(); });
}

Comparison compared(const Reports &reports)
{
    Comparison comparison;
    std::vector<ByVariant> all;
    std::map<std::string, std::size_t> times;
    for (const v1::Report *report : reports) {
        all.push_back(worstByVariant(*report));
        for (const auto &[variant, result] : all.back())
            ++times[variant];
    }
    for (const ByVariant &each : all) {
        comparison.only.push_back(static_cast<std::size_t>(
            std::count_if(each.begin(), each.end(), [&times](const auto &entry) { return times[entry.first] == 1; })));
    }
    comparison.common = static_cast<std::size_t>(std::count_if(
        times.begin(), times.end(), [&reports](const auto &entry) { return entry.second == reports.size(); }));
    for (std::size_t i = 1; i < all.size(); ++i)
        compareTwo(all[i - 1], all[i], i, comparison.changes);
    std::stable_sort(comparison.changes.begin(), comparison.changes.end(), [](const Change &a, const Change &b) {
        const auto order = [](const Change &change) {
            const int kind = change.isRegression() ? 0 : change.isMended() ? 1 : 2;
            return std::tuple(kind, change.column, -static_cast<std::ptrdiff_t>(change.results.size()));
        };
        return order(a) < order(b);
    });
    return comparison;
}

} // namespace hiatus::report
