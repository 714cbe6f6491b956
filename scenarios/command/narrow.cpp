#include "scenarios/command/narrow.h"

#include "scenarios/report/baseline.h"
#include "scenarios/report/counts.h"
#include "scenarios/report/jsonreport.h"
#include "scenarios/script/cover.h"

#include <algorithm>
#include <charconv>
#include <random>
#include <set>

namespace hiatus::command {

namespace {

using Variants = std::vector<const script::Variant *>;

struct Shard
{
    unsigned number = 1;
    unsigned of = 1;
};

tl::expected<Shard, std::string> parseShard(const std::string &text)
{
    Shard shard;
    const char *end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, shard.number);
    const bool isSlash = first.ec == std::errc() && first.ptr != end && *first.ptr == '/';
    const auto second = isSlash ? std::from_chars(first.ptr + 1, end, shard.of) : first;
    if (!isSlash || second.ec != std::errc() || second.ptr != end || shard.number < 1 || shard.number > shard.of)
        return tl::make_unexpected("--shard takes I/N with I from 1 to N, not \"" + text + "\"");
    return shard;
}

/// The longest waits are dealt out first, so that every part takes about as long as the others.
Variants dealt(const Variants &variants, const Shard &shard)
{
    Variants order = variants;
    std::stable_sort(order.begin(), order.end(), [](const auto *a, const auto *b) { return a->plannedSeconds > b->plannedSeconds; });
    std::set<const script::Variant *> ours;
    for (std::size_t i = shard.number - 1; i < order.size(); i += shard.of)
        ours.insert(order[i]);
    Variants kept;
    std::copy_if(variants.begin(), variants.end(), std::back_inserter(kept), [&](const auto *variant) { return ours.count(variant) > 0; });
    return kept;
}

tl::expected<Variants, std::string> failedIn(const std::string &path, const Variants &variants)
{
    const auto report = report::readReport(path);
    if (!report)
        return tl::make_unexpected(report.error());
    std::set<std::string> failed;
    for (const auto &result : report->result()) {
        if (!report::isAsExpected(result))
            failed.insert(result.variant());
    }
    Variants kept;
    std::copy_if(variants.begin(), variants.end(), std::back_inserter(kept), [&](const auto *variant) { return failed.count(variant->id) > 0; });
    return kept;
}

tl::expected<Variants, std::string> narrowed(const RunOptions &options, Variants variants)
{
    if (!options.rerunFailed.empty()) {
        auto failed = failedIn(options.rerunFailed, variants);
        if (!failed)
            return failed;
        variants = std::move(*failed);
    }
    if (options.shard.empty())
        return variants;
    const auto shard = parseShard(options.shard);
    if (!shard)
        return tl::make_unexpected(shard.error());
    return dealt(variants, *shard);
}

} // namespace

std::vector<const script::Variant *> covered(const RunOptions &options, const std::vector<std::string> &patterns,
                                             const std::vector<const script::Variant *> &variants)
{
    const bool isSimulated = options.target == "sim" && options.client.empty();
    if (isSimulated || options.isFull || !options.rerunFailed.empty())
        return variants;
    std::vector<const script::Variant *> scenarios;
    const auto isNamed = [&](const script::Variant *variant) {
        return std::any_of(patterns.begin(), patterns.end(), [&](const std::string &pattern) {
            return pattern.find('[') != std::string::npos && report::globMatches(pattern, variant->id);
        });
    };
    std::copy_if(variants.begin(), variants.end(), std::back_inserter(scenarios),
                 [&](const auto *variant) { return !isNamed(variant); });
    const auto cover = script::pairwise(scenarios, options.seed);
    const std::set<const script::Variant *> kept(cover.begin(), cover.end());
    std::vector<const script::Variant *> left;
    std::copy_if(variants.begin(), variants.end(), std::back_inserter(left),
                 [&](const auto *variant) { return kept.count(variant) > 0 || isNamed(variant); });
    return left;
}

tl::expected<Variants, std::string> ordered(const RunOptions &options, Variants variants)
{
    auto kept = narrowed(options, std::move(variants));
    if (kept && options.isShuffled) {
        std::mt19937_64 random(options.seed);
        std::shuffle(kept->begin(), kept->end(), random);
    }
    return kept;
}

} // namespace hiatus::command
