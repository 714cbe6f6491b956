#include "scenarios/suite/mutants.h"

#include "client/deviation/deviations.h"
#include "client/liberty/liberties.h"
#include "minibroker/deviation/alterations.h"
#include "scenarios/script/cover.h"
#include "scenarios/suite/killing.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <random>
#include <thread>
#include <tuple>

namespace hiatus::suite {

namespace {

template <typename Rows>
void addRows(std::vector<Mutant> &mutants, const Rows &rows, v1::Role role, bool isDeviation)
{
    for (const auto &row : rows) {
        Mutant mutant{{row.name}, role, isDeviation, {}};
        for (const auto &statement : row.breaks) {
            if constexpr (requires { statement.statement; })
                mutant.breaks.insert({statement.version, statement.statement});
            else
                mutant.breaks.insert({statement.version, statement.id});
        }
        mutants.push_back(std::move(mutant));
    }
}

/// Every third liberty or so, each mixture another choice.
template <typename Rows>
void addMixtures(std::vector<Mutant> &mutants, const Rows &liberties, v1::Role role, const MutantOptions &options)
{
    for (unsigned i = 0; i < options.mixtures; ++i) {
        std::mt19937_64 random(options.seed * 1000 + i);
        Mutant mixture{{}, role, false, {}};
        for (const auto &row : liberties) {
            if (random() % 3 == 0)
                mixture.names.push_back(row.name);
        }
        if (mixture.names.size() > 1)
            mutants.push_back(std::move(mixture));
    }
}

std::vector<Mutant> allMutants(const MutantOptions &options)
{
    std::vector<Mutant> mutants;
    addRows(mutants, broker::deviations(), v1::SERVER, true);
    addRows(mutants, client::deviations(), v1::CLIENT, true);
    addRows(mutants, broker::liberties(), v1::SERVER, false);
    addRows(mutants, client::liberties(), v1::CLIENT, false);
    if (options.names.empty()) {
        addMixtures(mutants, broker::liberties(), v1::SERVER, options);
        addMixtures(mutants, client::liberties(), v1::CLIENT, options);
    }
    std::erase_if(mutants, [&](const Mutant &mutant) {
        const bool isNamed = options.names.empty() || std::find(options.names.begin(), options.names.end(), mutant.names.front()) != options.names.end();
        return !isNamed || (options.role != v1::ROLE_UNSPECIFIED && options.role != mutant.role);
    });
    return mutants;
}

std::string joined(const std::vector<std::string> &names)
{
    std::string text;
    for (const auto &name : names)
        text += (text.empty() ? "" : " + ") + name;
    return text;
}

/// Works through `count` pieces on several threads.
void inParallel(unsigned threads, std::size_t count, const std::function<void(std::size_t)> &work)
{
    std::atomic<std::size_t> next{0};
    const auto loop = [&] {
        for (std::size_t i = next++; i < count; i = next++)
            work(i);
    };
    std::vector<std::thread> workers;
    for (unsigned i = 1; i < threads; ++i)
        workers.emplace_back(loop);
    loop();
    for (auto &worker : workers)
        worker.join();
}

class Trial
{
public:
    Trial(const std::vector<const script::Variant *> &variants, const requirements::Catalogue &catalogue, const MutantOptions &options)
        : m_catalogue(catalogue), m_options(options)
    {
        SimulationOptions clean;
        clean.seed = options.seed;
        const auto results = simulateAll(variants, catalogue, clean, options.threads);
        const auto cover = options.isFull ? variants : script::pairwise(variants, options.seed);
        m_cover = {cover.begin(), cover.end()};
        for (std::size_t i = 0; i < variants.size(); ++i) {
            if (results[i].verdict() == v1::PASS)
                m_targets.push_back(targetOf(variants[i]));
            else
                m_report.notClean.push_back(variants[i]->id);
        }
    }

    MutantReport run()
    {
        const auto mutants = allMutants(m_options);
        std::vector<Kill> kills(mutants.size());
        std::vector<Acquittal> acquittals(mutants.size());
        inParallel(m_options.threads, mutants.size(), [&](std::size_t i) {
            const auto targets = fitting(mutants[i].role);
            if (mutants[i].isDeviation)
                kills[i] = killOf(mutants[i], targets, m_catalogue, m_options.seed);
            else
                acquittals[i] = acquit(mutants[i], targets);
            tell(mutants[i], mutants[i].isDeviation ? kills[i].isKilled() : acquittals[i].isAcquitted());
        });
        for (std::size_t i = 0; i < mutants.size(); ++i) {
            if (mutants[i].isDeviation)
                m_report.kills.push_back(std::move(kills[i]));
            else
                m_report.acquittals.push_back(std::move(acquittals[i]));
        }
        findAlike();
        findIdle();
        return std::move(m_report);
    }

private:
    /// A server's mutant shows in SERVER and PAIR scenarios, a client's in CLIENT and PAIR ones.
    std::vector<const Target *> fitting(v1::Role role) const
    {
        std::vector<const Target *> found;
        for (const auto &target : m_targets) {
            if (target.variant->role == role || target.variant->role == v1::PAIR)
                found.push_back(&target);
        }
        return found;
    }

    Acquittal acquit(const Mutant &mutant, const std::vector<const Target *> &targets) const
    {
        Acquittal acquittal{joined(mutant.names), mutant.role, mutant.names.size() > 1, {}, {}};
        const auto options = optionsFor(mutant, m_options.seed);
        for (const auto *target : targets) {
            if (!m_cover.count(target->variant))
                continue;
            const auto result = simulate(*target->variant, m_catalogue, options);
            if (accuses(result))
                acquittal.accusers.push_back(target->variant->id);
            else if (result.verdict() == v1::INCONCLUSIVE)
                acquittal.inconclusive.push_back(target->variant->id);
        }
        return acquittal;
    }

    void tell(const Mutant &mutant, bool isGood)
    {
        if (!m_options.progress)
            return;
        const std::lock_guard lock(m_telling);
        m_options.progress(std::string(isGood ? "ok   " : "BAD  ") + (mutant.isDeviation ? "deviation " : "liberty   ") + joined(mutant.names));
    }

    void findAlike()
    {
        using Row = std::set<std::tuple<std::string, v1::Version, std::set<std::string>>>;
        std::map<std::pair<v1::Role, Row>, std::vector<Kill *>> byRow;
        for (auto &kill : m_report.kills) {
            Row row;
            for (const auto &cell : kill.cells)
                row.insert({cell.scenario, cell.version, cell.statements});
            if (!row.empty())
                byRow[{kill.role, row}].push_back(&kill);
        }
        for (const auto &[row, kills] : byRow) {
            for (auto *kill : kills) {
                for (const auto *other : kills) {
                    if (other != kill)
                        kill->alike.push_back(other->deviation);
                }
            }
        }
    }

    /// A scenario is idle only where all that could be killed by it was tried.
    void findIdle()
    {
        if (!m_options.names.empty())
            return;
        std::set<std::string> killers;
        for (const auto &kill : m_report.kills) {
            for (const auto &cell : kill.cells)
                killers.insert(cell.scenario);
        }
        std::set<std::string> idle;
        for (const auto &target : m_targets) {
            const bool isTried = m_options.role == v1::ROLE_UNSPECIFIED || m_options.role == target.variant->role;
            if (isTried && !target.variant->fact && !killers.count(target.variant->scenario))
                idle.insert(target.variant->scenario);
        }
        m_report.idle.assign(idle.begin(), idle.end());
    }

    const requirements::Catalogue &m_catalogue;
    const MutantOptions &m_options;
    std::vector<Target> m_targets;
    std::set<const script::Variant *> m_cover; ///< against these a liberty is tried
    std::mutex m_telling;
    MutantReport m_report;
};

} // namespace

MutantReport runMutants(const std::vector<const script::Variant *> &variants, const requirements::Catalogue &catalogue,
                        const MutantOptions &options)
{
    return Trial(variants, catalogue, options).run();
}

std::vector<v1::Mutant> mutantRows(const MutantReport &report)
{
    std::vector<v1::Mutant> rows;
    for (const auto &kill : report.kills) {
        v1::Mutant row;
        row.set_name(kill.deviation);
        row.set_role(kill.role);
        row.set_liberty(false);
        for (const auto &cell : kill.cells) {
            auto *entry = row.add_kill();
            entry->set_scenario(cell.scenario);
            entry->set_version(cell.version);
            entry->set_variant(cell.variant);
            for (const auto &statement : cell.statements)
                entry->add_statement(statement);
        }
        *row.mutable_accused_by() = {kill.others.begin(), kill.others.end()};
        *row.mutable_alike() = {kill.alike.begin(), kill.alike.end()};
        rows.push_back(std::move(row));
    }
    for (const auto &acquittal : report.acquittals) {
        v1::Mutant row;
        row.set_name(acquittal.liberty);
        row.set_role(acquittal.role);
        row.set_liberty(true);
        *row.mutable_accused_by() = {acquittal.accusers.begin(), acquittal.accusers.end()};
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace hiatus::suite
