#include "scenarios/suite/killing.h"

#include <algorithm>
#include <map>

namespace hiatus::suite {

namespace {

void collectCites(const std::vector<script::PlannedStep> &steps, std::set<std::string> &cites)
{
    for (const auto &step : steps) {
        for (const auto &cite : step.cites)
            cites.insert(cite.statement);
        for (const auto &block : step.blocks) {
            for (const auto &cite : block.should)
                cites.insert(cite.statement);
            collectCites(block.steps, cites);
        }
    }
}

class Killer
{
public:
    Killer(const Mutant &mutant, const requirements::Catalogue &catalogue, std::uint64_t seed)
        : m_mutant(mutant), m_catalogue(catalogue), m_options(optionsFor(mutant, seed)), m_kill{mutant.names.front(), mutant.role, {}, {}, {}, {}}
    {
        for (const auto &[version, statement] : mutant.breaks)
            m_broken[version].insert(statement);
    }

    Kill run(const std::vector<const Target *> &targets)
    {
        std::vector<const Target *> rest;
        for (const auto *target : targets) {
            if (isWorthwhile(*target))
                judge(*target);
            else
                rest.push_back(target);
        }
        seeTheRest(rest);
        for (const auto &[version, statements] : m_broken) {
            if (!isShown(version))
                m_kill.unseen.insert(version);
        }
        for (auto &[key, cell] : m_cells)
            m_kill.cells.push_back(std::move(cell));
        return std::move(m_kill);
    }

private:
    using CellKey = std::pair<std::string, v1::Version>;

    bool isShown(v1::Version version) const
    {
        return std::any_of(m_cells.begin(), m_cells.end(), [&](const auto &cell) { return cell.first.second == version; }) || !m_broken.count(version);
    }

    /// May it show something that its scenario has not shown yet?
    bool isWorthwhile(const Target &target)
    {
        const auto cell = m_cells.find({target.variant->scenario, target.variant->version});
        const auto broken = m_broken.find(target.variant->version);
        if (broken == m_broken.end())
            return false;
        return std::any_of(target.cites.begin(), target.cites.end(), [&](const auto &statement) {
            return broken->second.count(statement) && (cell == m_cells.end() || !cell->second.statements.count(statement));
        });
    }

    /// For what monitors and the decoder charge, a variant of each scenario is enough; a deviation that is still alive
    /// meets them all.
    void seeTheRest(const std::vector<const Target *> &rest)
    {
        auto unseen = m_broken;
        std::set<CellKey> met;
        for (const auto *target : rest) {
            for (const auto &[key, cell] : m_cells) {
                for (const auto &statement : cell.statements)
                    unseen[key.second].erase(statement);
            }
            const bool isNew = met.insert({target->variant->scenario, target->variant->version}).second;
            if (!isShown(target->variant->version) || (isNew && !unseen[target->variant->version].empty()))
                judge(*target);
        }
    }

    void judge(const Target &target)
    {
        const auto &variant = *target.variant;
        const auto result = simulate(variant, m_catalogue, m_options);
        std::map<v1::Version, std::set<std::string>> charged; // a lane may speak the other version
        if (result.verdict() == v1::FAIL || result.verdict() == v1::WARN) {
            for (const auto &finding : result.finding()) {
                const bool isRole = !finding.has_role() || finding.role() == m_mutant.role;
                if (isRole && !finding.setup() && m_mutant.breaks.count({finding.version(), finding.statement()}))
                    charged[finding.version()].insert(finding.statement());
            }
        }
        if (charged.empty()) {
            if (accuses(result))
                m_kill.others.push_back(variant.id);
            return;
        }
        for (const auto &[version, statements] : charged) {
            auto &cell = m_cells.try_emplace({variant.scenario, version}, KillCell{variant.scenario, version, {}, variant.id}).first->second;
            cell.statements.insert(statements.begin(), statements.end());
        }
    }

    const Mutant &m_mutant;
    const requirements::Catalogue &m_catalogue;
    SimulationOptions m_options;
    std::map<v1::Version, std::set<std::string>> m_broken;
    std::map<CellKey, KillCell> m_cells;
    Kill m_kill;
};

} // namespace

Target targetOf(const script::Variant *variant)
{
    Target target{variant, {}};
    collectCites(variant->steps, target.cites);
    for (const auto &cite : variant->surplus)
        target.cites.insert(cite.statement);
    return target;
}

SimulationOptions optionsFor(const Mutant &mutant, std::uint64_t seed)
{
    SimulationOptions options;
    options.seed = seed;
    (mutant.role == v1::SERVER ? options.brokerAlterations : options.clientAlterations) = mutant.names;
    return options;
}

bool accuses(const v1::Result &result)
{
    return result.verdict() == v1::FAIL || result.verdict() == v1::WARN || result.verdict() == v1::ERROR;
}

Kill killOf(const Mutant &mutant, const std::vector<const Target *> &targets, const requirements::Catalogue &catalogue,
            std::uint64_t seed)
{
    return Killer(mutant, catalogue, seed).run(targets);
}

} // namespace hiatus::suite
