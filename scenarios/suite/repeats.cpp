#include "scenarios/suite/repeats.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hiatus::suite {

namespace {

int gravity(v1::Verdict verdict)
{
    static constexpr std::array order{v1::PASS, v1::SKIP, v1::INCONCLUSIVE, v1::WARN, v1::ERROR, v1::FAIL};
    return static_cast<int>(std::find(order.begin(), order.end(), verdict) - order.begin());
}

} // namespace

void Repeats::add(v1::Result result)
{
    v1::Result &round = *m_rounds.Add();
    round.set_scenario(result.scenario());
    round.set_variant(result.variant());
    round.set_verdict(result.verdict());
    round.set_confirmation(result.confirmation());
    round.set_skipped_for(result.skipped_for());
    *round.mutable_finding() = result.finding();
    const auto [place, isNew] = m_places.try_emplace(result.variant(), m_kept.size());
    if (isNew)
        m_kept.emplace_back();
    Kept &kept = m_kept[place->second];
    ++kept.rounds;
    kept.bad += result.verdict() != v1::PASS && result.verdict() != v1::SKIP ? 1 : 0;
    if (isNew || gravity(result.verdict()) > gravity(kept.worst.verdict()))
        kept.worst = std::move(result);
}

void Repeats::moveInto(v1::Report &report)
{
    for (Kept &kept : m_kept) {
        if (kept.bad > 0 && kept.bad < kept.rounds)
            kept.worst.set_flaky(std::to_string(kept.bad) + "/" + std::to_string(kept.rounds));
        *report.add_result() = std::move(kept.worst);
    }
    m_kept.clear();
    m_places.clear();
}

} // namespace hiatus::suite
