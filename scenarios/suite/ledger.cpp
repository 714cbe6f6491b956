#include "scenarios/suite/ledger.h"

#include "scenarios/requirements/dataroot.h"
#include "scenarios/requirements/textfile.h"
#include "scenarios/suite/mutants.h"

#include <fmt/format.h>
#include <google/protobuf/text_format.h>

#include <map>
#include <set>
#include <tuple>

namespace hiatus::suite {

namespace {

using Key = std::tuple<v1::Version, std::string, v1::Role>;

struct Proof
{
    std::set<std::string> scenarios;
    std::set<std::string> deviations;
};
using Proofs = std::map<Key, Proof>;

Key keyOf(const v1::LedgerEntry &entry)
{
    return {entry.version(), entry.statement(), entry.role()};
}

/// What the file says. One that is missing or unreadable proves nothing.
Proofs proofsOnFile(const Library &library)
{
    Proofs proofs;
    v1::Ledger file;
    const std::string path = ledgerFile(library.root);
    const auto text = readFile(path);
    if (!text || !parseText(path, *text, file))
        return proofs;
    for (const auto &entry : file.entry()) {
        auto &proof = proofs[keyOf(entry)];
        proof.scenarios.insert(entry.scenario().begin(), entry.scenario().end());
        proof.deviations.insert(entry.deviation().begin(), entry.deviation().end());
    }
    return proofs;
}

Proofs proofsOf(const MutantReport &report)
{
    Proofs proofs;
    for (const auto &kill : report.kills) {
        for (const auto &cell : kill.cells) {
            for (const auto &statement : cell.statements) {
                auto &proof = proofs[{cell.version, statement, kill.role}];
                proof.scenarios.insert(cell.scenario);
                proof.deviations.insert(kill.deviation);
            }
        }
    }
    return proofs;
}

v1::LedgerEntry entryFor(const v1::Requirement &row, v1::Role role, const Proofs &proofs, const std::set<std::string> &known)
{
    v1::LedgerEntry entry;
    entry.set_statement(row.id());
    entry.set_version(row.version());
    entry.set_role(role);
    const auto proof = proofs.find(keyOf(entry));
    if (proof != proofs.end()) {
        for (const auto &scenario : proof->second.scenarios) {
            if (known.count(scenario))
                entry.add_scenario(scenario);
        }
        for (const auto &deviation : proof->second.deviations)
            entry.add_deviation(deviation);
    }
    if (entry.scenario_size()) {
        entry.set_state(v1::LedgerEntry::ASSERTED);
        return entry;
    }
    entry.clear_deviation();
    if (!row.untested().empty())
        entry.set_untested(row.untested());
    const bool isFree = row.severity() == v1::SEVERITY_FACT;
    if (isFree)
        entry.set_state(v1::LedgerEntry::FREEDOM);
    else
        entry.set_state(row.untested().empty() ? v1::LedgerEntry::OPEN : v1::LedgerEntry::REASONED);
    return entry;
}

std::vector<v1::LedgerEntry> entries(const Library &library, const Proofs &proofs)
{
    std::set<std::string> known;
    for (const auto &entry : library.entries)
        known.insert(entry->script.id);
    std::vector<v1::LedgerEntry> rows;
    for (const auto &requirement : library.catalogue.all()) {
        for (const int role : requirement.role())
            rows.push_back(entryFor(requirement, static_cast<v1::Role>(role), proofs, known));
    }
    return rows;
}

} // namespace

std::vector<v1::LedgerEntry> ledger(const Library &library)
{
    return entries(library, proofsOnFile(library));
}

std::vector<v1::LedgerEntry> ledgerOf(const Library &library, const MutantReport &report)
{
    return entries(library, proofsOf(report));
}

bool isOpen(const v1::LedgerEntry &entry)
{
    return entry.state() == v1::LedgerEntry::OPEN;
}

std::vector<std::string> shrunk(const Library &library, const std::vector<v1::LedgerEntry> &proved)
{
    std::set<Key> asserted;
    for (const auto &entry : proved) {
        if (entry.state() == v1::LedgerEntry::ASSERTED)
            asserted.insert(keyOf(entry));
    }
    std::vector<std::string> lost;
    for (const auto &[key, proof] : proofsOnFile(library)) {
        if (!asserted.count(key))
            lost.push_back(fmt::format("{} {} {}", requirements::versionName(std::get<0>(key)), std::get<1>(key),
                                       requirements::roleName(std::get<2>(key))));
    }
    return lost;
}

std::string ledgerCounts(const std::vector<v1::LedgerEntry> &ledger)
{
    std::map<std::pair<v1::Role, v1::Version>, std::map<v1::LedgerEntry::State, int>> counts;
    for (const auto &entry : ledger)
        ++counts[{entry.role(), entry.version()}][entry.state()];
    std::string text;
    for (auto &[key, states] : counts)
        text += fmt::format("{} {}: {} asserted, {} with a reason, {} open\n", requirements::roleName(key.first),
                            requirements::versionName(key.second), states[v1::LedgerEntry::ASSERTED],
                            states[v1::LedgerEntry::REASONED], states[v1::LedgerEntry::OPEN]);
    return text;
}

std::string ledgerText(const std::vector<v1::LedgerEntry> &ledger)
{
    std::string text = "# proto-file: hiatus/v1/report.proto\n# proto-message: hiatus.v1.Ledger\n#\n"
                       "# What is asserted, as proved by `hiatus mutants`, which fails if a statement that stands here is "
                       "no longer.\n# Written by `hiatus mutants --ledger-update`.\n";
    google::protobuf::TextFormat::Printer printer;
    printer.SetSingleLineMode(true);
    for (auto entry : ledger) {
        if (entry.state() != v1::LedgerEntry::ASSERTED)
            continue;
        entry.clear_state();
        std::string line;
        printer.PrintToString(entry, &line);
        text += "entry { " + line + "}\n";
    }
    return text;
}

} // namespace hiatus::suite
