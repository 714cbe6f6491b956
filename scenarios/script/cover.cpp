#include "scenarios/script/cover.h"

#include <algorithm>
#include <array>
#include <compare>
#include <map>
#include <queue>
#include <random>
#include <set>
#include <string>

namespace hiatus::script {

namespace {

using Triple = std::array<std::size_t, 3>; ///< of axis values; a pair has one of them twice, a value by itself thrice

/// What a variant would add. Triples only decide between variants that add as many pairs: more variety for no more variants.
struct Gain
{
    std::size_t pairs = 0;
    std::size_t triples = 0;
    auto operator<=>(const Gain &) const = default;
};

/// What is to be covered of one scenario.
class Cover
{
public:
    explicit Cover(const std::vector<const Variant *> &variants)
    {
        for (const auto *variant : variants) {
            std::vector<std::size_t> values;
            for (const auto &[axis, value] : variant->axes)
                values.push_back(m_numbers.emplace(std::pair(axis, value), m_numbers.size()).first->second);
            m_values.push_back(std::move(values));
        }
    }

    Gain gainOf(std::size_t variant) const
    {
        Gain gain;
        each(variant, [&](const Triple &triple) {
            const bool isPair = triple[1] == triple[2];
            (isPair ? gain.pairs : gain.triples) += m_covered.count(triple) ? 0 : 1;
        });
        return gain;
    }

    void take(std::size_t variant)
    {
        each(variant, [&](const Triple &triple) { m_covered.insert(triple); });
    }

private:
    template <class Visit> void each(std::size_t variant, Visit visit) const
    {
        const auto &values = m_values[variant];
        for (std::size_t i = 0; i < values.size(); ++i)
            for (std::size_t k = i; k < values.size(); ++k)
                for (std::size_t l = k; l < values.size(); ++l)
                    if (i != k || k == l) // (a, a, b) is said by (a, b, b)
                        visit(Triple{values[i], values[k], values[l]});
    }

    std::map<std::pair<std::string, std::string>, std::size_t> m_numbers;
    std::vector<std::vector<std::size_t>> m_values; ///< of each variant
    std::set<Triple> m_covered;
};

/// Greedy: always the variant that brings most. Gains only ever shrink, so an old one is an upper bound.
std::set<const Variant *> chosen(const std::vector<const Variant *> &variants, std::mt19937_64 &random)
{
    struct Candidate
    {
        Gain gain;
        std::uint64_t draw;
        std::size_t variant;
        bool operator<(const Candidate &other) const { return std::pair(gain, draw) < std::pair(other.gain, other.draw); }
    };
    Cover cover(variants);
    std::priority_queue<Candidate> candidates;
    for (std::size_t i = 0; i < variants.size(); ++i)
        candidates.push({cover.gainOf(i), random(), i});
    std::set<const Variant *> found;
    while (!candidates.empty()) {
        auto best = candidates.top();
        candidates.pop();
        const auto gain = cover.gainOf(best.variant);
        if (gain == best.gain && (gain.pairs > 0 || found.empty())) {
            cover.take(best.variant);
            found.insert(variants[best.variant]);
        } else if (gain.pairs > 0) {
            best.gain = gain;
            candidates.push(best);
        }
    }
    return found;
}

} // namespace

std::vector<const Variant *> pairwise(const std::vector<const Variant *> &variants, std::uint64_t seed)
{
    std::map<std::pair<std::string, v1::Version>, std::vector<const Variant *>> scenarios;
    for (const auto *variant : variants)
        scenarios[{variant->scenario, variant->version}].push_back(variant);
    std::set<const Variant *> left;
    for (const auto &[name, ofVersion] : scenarios) {
        std::mt19937_64 random(seed);
        left.merge(chosen(ofVersion, random));
    }
    std::vector<const Variant *> cover;
    std::copy_if(variants.begin(), variants.end(), std::back_inserter(cover),
                 [&](const auto *variant) { return left.count(variant) > 0; });
    return cover;
}

} // namespace hiatus::script
