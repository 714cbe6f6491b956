#include "scenarios/suite/doubts.h"

#include "scenarios/report/names.h"

#include <algorithm>
#include <utility>

namespace hiatus::suite {

namespace {

constexpr std::size_t mostOfOneScenario = 4;
constexpr unsigned mostInVain = 3; // runs alone that say nothing of the target

bool isMurder(const v1::Result &result) { return result.finding_size() > 0 && result.finding(0).reason() == "TARGET_DIED"; }

/// Nothing is claimed, and the harness or the machine may be why.
bool saysNothing(const v1::Result &result) { return result.verdict() == v1::INCONCLUSIVE || result.verdict() == v1::ERROR; }

bool isDoubtful(const v1::Result &result)
{
    return (result.verdict() == v1::FAIL || result.verdict() == v1::WARN || saysNothing(result)) && !isMurder(result);
}

void standFor(v1::Result &result)
{
    result.set_confirmation("seen in company; " + std::to_string(mostOfOneScenario) + " others of its scenario were confirmed alone");
}

/// Nothing is wrong but what did not come before its deadline, or before the connection ended: a target that wakes up late finds
/// keep alives run out whose PINGREQs it has not read.
bool isSilenceOnly(const v1::Result &result)
{
    return std::all_of(result.finding().begin(), result.finding().end(), [](const v1::Finding &finding) {
        const bool isSilent = finding.reason() == "MISSING" && finding.actual().starts_with("nothing for ");
        return finding.consequent() || isSilent || finding.reason() == "CLOSED";
    });
}

bool isForOneReason(const v1::Result &one, const v1::Result &other)
{
    const v1::Finding *first = report::leadingFinding(one);
    const v1::Finding *second = report::leadingFinding(other);
    return !first == !second && (!first || (first->reason() == second->reason() && first->statement() == second->statement()));
}

/// What is reported of a variant that was seen in company and alone.
v1::Result settled(v1::Result company, v1::Result alone, bool wasTargetDumb)
{
    if (alone.verdict() == company.verdict()) {
        alone.set_confirmation(std::string(isForOneReason(company, alone) ? report::ConfirmedAlone : report::ConfirmedOtherwise));
    } else if (alone.verdict() == v1::PASS && isLateOnly(company)) {
        alone.set_confirmation("in time alone, late in company");
    } else if (alone.verdict() == v1::PASS && wasTargetDumb && isSilenceOnly(company)) {
        alone.set_confirmation("in time alone; in company the target answered nobody for a while");
    } else if (alone.verdict() == v1::PASS && !saysNothing(company)) {
        company.set_skipped_for("passes alone; seen only in company: " + (company.finding_size() ? company.finding(0).text() : std::string()));
        company.set_confirmation(std::string(report::OnlyInCompany));
        company.set_verdict(v1::INCONCLUSIVE);
        return company;
    }
    return alone;
}

} // namespace

bool isLateOnly(const v1::Result &result)
{
    const bool isJudged = result.verdict() == v1::WARN || result.verdict() == v1::FAIL;
    return isJudged && std::all_of(result.finding().begin(), result.finding().end(), [](const v1::Finding &finding) {
               return finding.consequent() || finding.reason() == "LATE" || finding.reason() == "TOO_LATE";
           });
}

Doubts::Doubts(unsigned confirm, std::function<bool(const v1::Result &)> isExpected)
    : m_confirm(confirm), m_isExpected(std::move(isExpected))
{
}

bool Doubts::takes(std::size_t place, v1::Result &result, bool wasTargetDumb)
{
    if (m_confirm == 0 || !isDoubtful(result) || (m_isExpected && m_isExpected(result)))
        return false;
    if (!isLateOnly(result)) {
        Kind &kind = m_kinds[result.scenario()];
        if (kind.named == mostOfOneScenario && !kind.isCleared) {
            if (kind.standIns.empty()) {
                standFor(result);
                return false;
            }
            kind.others.push_back(place);
            m_held[place] = {result, wasTargetDumb, 0};
            return true;
        }
        ++kind.named;
        kind.standIns.insert(place);
    }
    m_doubts[place] = {result, wasTargetDumb, 0};
    m_due.push_back(place);
    return true;
}

std::optional<std::size_t> Doubts::next()
{
    if (m_due.empty())
        return std::nullopt;
    const std::size_t place = m_due.front();
    m_due.pop_front();
    ++m_doubts[place].runs;
    return place;
}

std::vector<Doubts::Settled> Doubts::settle(std::size_t place, v1::Result alone)
{
    Doubt &doubt = m_doubts[place];
    const bool isOtherwise = alone.verdict() != doubt.company.verdict();
    if ((isOtherwise && doubt.runs < (saysNothing(alone) ? std::max(m_confirm, mostInVain) : m_confirm)) ||
        (saysNothing(alone) && doubt.wasTargetDumb && doubt.runs < mostInVain)) {
        m_due.push_back(place);
        return {};
    }
    Kind &kind = m_kinds[doubt.company.scenario()];
    std::vector<Settled> all;
    all.push_back({place, settled(std::move(doubt.company), std::move(alone), doubt.wasTargetDumb)});
    m_doubts.erase(place);
    if (kind.standIns.erase(place) > 0) {
        kind.isCleared = kind.isCleared || isOtherwise;
        if (kind.isCleared || kind.standIns.empty()) {
            for (Settled &other : standInsAreDone(kind))
                all.push_back(std::move(other));
        }
    }
    return all;
}

std::vector<Doubts::Settled> Doubts::standInsAreDone(Kind &kind)
{
    std::vector<Settled> all;
    for (const std::size_t place : std::exchange(kind.others, {})) {
        Doubt held = std::move(m_held[place]);
        m_held.erase(place);
        if (kind.isCleared) {
            m_doubts[place] = std::move(held);
            m_due.push_back(place);
        } else {
            standFor(held.company);
            all.push_back({place, std::move(held.company)});
        }
    }
    return all;
}

std::vector<Doubts::Settled> Doubts::giveUp()
{
    std::vector<Settled> all;
    for (auto &[place, doubt] : m_doubts)
        all.push_back({place, std::move(doubt.company)});
    for (auto &[place, held] : m_held)
        all.push_back({place, std::move(held.company)});
    m_doubts.clear();
    m_held.clear();
    m_due.clear();
    return all;
}

} // namespace hiatus::suite
