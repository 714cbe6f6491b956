// sweep ROOT SPARED: every mutation of every packet against the server catalogue, each version by itself. A survivor that
// SPARED does not list fails, and so does a line there that stands for nothing. What SPARED lists is run only when one asks for
// it: `--all` prints the killers and what they cite; a third argument that is a glob takes the mutations of that name only.

#include "scenarios/script/cover.h"
#include "scenarios/suite/library.h"
#include "scenarios/suite/simulation.h"
#include "tests/mutants/sweep/mutatingbroker.h"

#include <fnmatch.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

using namespace hiatus;

namespace {

struct Outcome
{
    std::size_t touched = 0;
    std::map<std::string, std::size_t> statements; ///< how often each was cited by a first finding
    std::string killer;
};

std::vector<const script::Variant *> variantsOf(const suite::Library &library, v1::Version version)
{
    suite::Selection selection;
    selection.role = v1::SERVER;
    selection.version = version;
    std::vector<const script::Variant *> found;
    for (const auto *variant : suite::select(library, selection)) {
        if (!variant->fact)
            found.push_back(variant);
    }
    return found;
}

/// `variants` are those of one version, and there is one at least.
Outcome sweepOne(const sweep::Mutation &mutation, const std::vector<const script::Variant *> &variants, const requirements::Catalogue &catalogue,
                 std::size_t enough)
{
    Outcome outcome;
    std::atomic<std::size_t> touched{0};
    std::atomic<bool> stop{false};
    std::size_t kills = 0;
    suite::SimulationOptions options;
    options.around = [&](std::unique_ptr<broker::Broker> inner) {
        return std::make_unique<sweep::MutatingBroker>(std::move(inner), mutation, variants.front()->version, touched);
    };
    suite::simulateAll(variants, catalogue, options, 2, [&](std::size_t, const v1::Result &result) {
        if (result.verdict() != v1::FAIL && result.verdict() != v1::WARN)
            return;
        if (outcome.killer.empty())
            outcome.killer = result.variant();
        ++outcome.statements[result.finding(0).statement() + " " + result.finding(0).reason()];
        stop = stop || ++kills >= enough;
    }, &stop);
    outcome.touched = touched;
    return outcome;
}

/// What killed one mutation often kills the next: it is tried first.
void bringForward(std::vector<const script::Variant *> &cover, const std::string &killer)
{
    const auto at = std::find_if(cover.begin(), cover.end(), [&](const auto *variant) { return variant->id == killer; });
    if (at != cover.end())
        std::rotate(cover.begin(), at, at + 1);
}

/// A line of the table: what it spares, and whether it did.
struct Spared
{
    std::string mutation;
    std::string version;
    bool isUsed = false;
};

/// "MUTATION | VERSION | why" a line; # begins a comment.
std::vector<Spared> readSpared(const char *path)
{
    std::vector<Spared> found;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        const auto first = line.find(" | ");
        const auto second = first == std::string::npos ? first : line.find(" | ", first + 3);
        if (!line.empty() && line[0] != '#' && second != std::string::npos)
            found.push_back({line.substr(0, first), line.substr(first + 3, second - first - 3)});
    }
    return found;
}

/// The mutation's name without the occasion.
std::string anyTime(const std::string &mutation)
{
    return mutation.substr(0, mutation.find(", "));
}

bool isSpared(std::vector<Spared> &table, const std::string &mutation, const std::string &version)
{
    const auto matches = [](const std::string &pattern, const std::string &text) { return fnmatch(pattern.c_str(), text.c_str(), 0) == 0; };
    bool found = false;
    for (auto &row : table) {
        if (!matches(row.version, version) || !(matches(row.mutation, mutation) || matches(row.mutation, anyTime(mutation))))
            continue;
        row.isUsed = found = true;
    }
    return found;
}

class Sweep
{
public:
    /// `asked` is empty, "--all" or a glob over names of mutations.
    Sweep(const suite::Library &library, std::vector<Spared> table, const std::string &asked)
        : m_library(library), m_table(std::move(table)), m_isTold(!asked.empty()), m_only(asked.empty() || asked == "--all" ? "*" : asked)
    {
    }

    void run(v1::Version version)
    {
        const auto variants = variantsOf(m_library, version);
        auto cover = script::pairwise(variants); // nearly always enough, and a third of the time
        std::set<std::string> idle;              // touch nothing at any time, so nothing at a certain time either
        for (const auto &mutation : sweep::allMutations()) {
            if (fnmatch(m_only.c_str(), mutation.name.c_str(), 0) != 0 || !sweep::exists(mutation, version) || idle.count(anyTime(mutation.name)) > 0)
                continue;
            const std::string name = mutation.name + " | " + (version == v1::V3 ? "3.1.1" : "5.0");
            const bool mayPass = isSpared(m_table, mutation.name, version == v1::V3 ? "3.1.1" : "5.0");
            if (mayPass && !m_isTold) {
                ++m_spared;
                continue;
            }
            Outcome outcome = sweepOne(mutation, cover, m_library.catalogue, m_isTold ? 40 : 1);
            if (outcome.touched > 0 && outcome.killer.empty() && !mayPass)
                outcome = sweepOne(mutation, variants, m_library.catalogue, m_isTold ? 40 : 1);
            if (outcome.touched == 0 && mutation.when == sweep::When::Always)
                idle.insert(mutation.name);
            if (outcome.touched == 0)
                continue;
            if (!outcome.killer.empty())
                bringForward(cover, outcome.killer);
            count(name, outcome, mayPass);
        }
    }

    /// Says the sum; true if nothing is wrong.
    bool close()
    {
        for (const auto &row : m_table) {
            if (!row.isUsed && m_only == "*") {
                ++m_bad;
                std::cout << "UNKNOWN   " << row.mutation << " | " << row.version << ": no mutation is called so\n";
            }
        }
        std::cout << m_killed << " mutations killed, " << m_spared << " spared, " << m_bad << " wrong\n";
        return m_bad == 0;
    }

private:
    void count(const std::string &name, const Outcome &outcome, bool mayPass)
    {
        if (!outcome.killer.empty()) {
            ++m_killed;
        } else if (mayPass) {
            ++m_spared;
        } else {
            ++m_bad;
            std::cout << "SURVIVES  " << name << std::endl;
        }
        if (!m_isTold || outcome.killer.empty())
            return;
        std::cout << "killed    " << name << "  by " << outcome.killer << ":";
        for (const auto &[statement, times] : outcome.statements)
            std::cout << "  " << statement << " x" << times;
        std::cout << std::endl;
    }

    const suite::Library &m_library;
    std::vector<Spared> m_table;
    const bool m_isTold;
    const std::string m_only;
    std::size_t m_killed = 0, m_spared = 0, m_bad = 0;
};

} // namespace

int main(int argc, char **argv)
{
    if (argc < 3) {
        std::cerr << "usage: sweep ROOT SPARED [--all|MUTATION]\n";
        return 64;
    }
    std::vector<std::string> patterns;
    const auto library = suite::loadLibrary({argv[1], {}}, {}, patterns);
    if (!library) {
        std::cerr << library.error() << "\n";
        return 64;
    }
    Sweep sweep(*library, readSpared(argv[2]), argc > 3 ? argv[3] : "");
    for (const auto version : {v1::V3, v1::V5})
        sweep.run(version);
    return sweep.close() ? 0 : 1;
}
