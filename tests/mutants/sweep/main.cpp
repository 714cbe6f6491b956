// sweep ROOT LAWFUL: every mutation of every packet against the server catalogue, each version by itself. A survivor that
// LAWFUL does not list, or a line there that a mutation contradicts, fails. `--all` prints the killers and what they cite.

#include "scenarios/suite/library.h"
#include "scenarios/suite/simulation.h"
#include "tests/mutants/sweep/mutatingbroker.h"

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

Outcome sweepOne(const sweep::Mutation &mutation, const std::vector<const script::Variant *> &variants, const requirements::Catalogue &catalogue,
                 std::size_t enough)
{
    Outcome outcome;
    std::atomic<std::size_t> touched{0};
    std::atomic<bool> stop{false};
    std::size_t kills = 0;
    suite::SimulationOptions options;
    options.around = [&](std::unique_ptr<broker::Broker> inner) {
        return std::make_unique<sweep::MutatingBroker>(std::move(inner), mutation, touched);
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

/// "name | version | why" a line; # begins a comment.
std::map<std::string, std::string> readLawful(const char *path)
{
    std::map<std::string, std::string> found;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        const auto end = line.rfind(" | ");
        if (!line.empty() && line[0] != '#' && end != std::string::npos)
            found[line.substr(0, end)] = line.substr(end + 3);
    }
    return found;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 3) {
        std::cerr << "usage: sweep ROOT LAWFUL [--all]\n";
        return 64;
    }
    std::vector<std::string> patterns;
    const auto library = suite::loadLibrary({argv[1], {}}, {}, patterns);
    if (!library) {
        std::cerr << library.error() << "\n";
        return 64;
    }
    const bool isTold = argc > 3;
    const auto lawful = readLawful(argv[2]);
    std::size_t killed = 0, allowed = 0, bad = 0;
    std::set<std::string> used;
    for (const auto version : {v1::V3, v1::V5}) {
        const auto variants = variantsOf(*library, version);
        for (const auto &mutation : sweep::allMutations()) {
            const std::string name = mutation.name + (version == v1::V3 ? " | 3.1.1" : " | 5.0");
            const Outcome outcome = sweepOne(mutation, variants, library->catalogue, isTold ? 40 : 1);
            const bool isLawful = lawful.count(name) > 0;
            if (isLawful)
                used.insert(name);
            if (outcome.touched == 0)
                continue;
            if (outcome.killer.empty() && isLawful) {
                ++allowed;
            } else if (outcome.killer.empty() || isLawful) {
                ++bad;
                std::cout << (isLawful ? "ACCUSED   " : "SURVIVES  ") << name << (isLawful ? " | " + outcome.killer : "") << std::endl;
            } else {
                ++killed;
            }
            if (isTold && !outcome.killer.empty()) {
                std::cout << "killed    " << name << "  by " << outcome.killer << ":";
                for (const auto &[statement, times] : outcome.statements)
                    std::cout << "  " << statement << " x" << times;
                std::cout << std::endl;
            }
        }
    }
    for (const auto &[name, why] : lawful) {
        if (!used.count(name)) {
            ++bad;
            std::cout << "UNKNOWN   " << name << " is in the table, and no mutation is called so\n";
        }
    }
    std::cout << killed << " mutations killed, " << allowed << " lawful ones left in peace, " << bad << " wrong\n";
    return bad == 0 ? 0 : 1;
}
