// hiatus mutants: is the suite any good?

#include "scenarios/command/common.h"

#include "scenarios/report/jsonreport.h"
#include "scenarios/requirements/dataroot.h"
#include "scenarios/suite/ledger.h"
#include "scenarios/suite/mutants.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <thread>

namespace hiatus::command {

namespace {

struct Options
{
    std::string role;
    std::vector<std::string> names;
    std::uint64_t seed = 0;
    bool isVerbose = false;
    bool isLedgerUpdated = false;
    bool listsOpen = false;
    bool isFull = false;
    std::string report;
    std::vector<std::string> patterns;

    /// Everything against everything: only that says what the suite as a whole asserts.
    bool isWhole() const { return role.empty() && names.empty() && patterns.empty(); }
};

std::string joined(const std::vector<std::string> &names)
{
    std::string text;
    for (const auto &name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

std::string cellText(const suite::KillCell &cell)
{
    std::string statements;
    for (const auto &statement : cell.statements)
        statements += (statements.empty() ? "" : ", ") + statement;
    return fmt::format("            by {} [{}]\n", cell.variant, statements);
}

std::size_t tellKills(const suite::MutantReport &report, bool isVerbose)
{
    std::size_t killed = 0;
    for (const auto &kill : report.kills) {
        killed += kill.isKilled() ? 1 : 0;
        if (!kill.isKilled()) {
            std::cout << "survives    " << kill.deviation << (kill.cells.empty() ? "" : kill.unseen.count(v1::V3) ? " in 3.1.1" : " in 5.0") << (kill.others.empty() ? "" : " (fails elsewhere: " + kill.others.front() + ")") << "\n";
        } else if (isVerbose) {
            std::cout << "killed      " << kill.deviation << "\n";
            for (const auto &cell : kill.cells)
                std::cout << cellText(cell);
        }
    }
    for (const auto &kill : report.kills) {
        const bool isFirst = std::all_of(kill.alike.begin(), kill.alike.end(), [&](const auto &other) { return kill.deviation < other; });
        if (!kill.alike.empty() && isFirst)
            std::cout << "alike       " << kill.deviation << ", " << joined(kill.alike) << ": killed by the same scenarios for the same statements\n";
    }
    return killed;
}

std::size_t tellAcquittals(const suite::MutantReport &report, bool isVerbose)
{
    std::size_t acquitted = 0;
    for (const auto &acquittal : report.acquittals) {
        acquitted += acquittal.isAcquitted() ? 1 : 0;
        if (!acquittal.isAcquitted())
            std::cout << "accused     " << acquittal.liberty << " by " << acquittal.accusers.front() << " and " << acquittal.accusers.size() - 1 << " more\n";
        else if (isVerbose)
            std::cout << "acquitted   " << acquittal.liberty << " (" << acquittal.inconclusive.size() << " inconclusive)\n";
    }
    return acquitted;
}

/// Sums up; the lines before it are the details. Is all as it should be?
bool tellMutants(const suite::MutantReport &report, bool isVerbose)
{
    for (const auto &variant : report.notClean)
        std::cout << "not clean   " << variant << " does not pass on the clean target\n";
    const std::size_t killed = tellKills(report, isVerbose);
    const std::size_t acquitted = tellAcquittals(report, isVerbose);
    for (const auto &scenario : report.idle)
        std::cout << "idle        " << scenario << " kills nothing\n";
    const auto mixtures = std::count_if(report.acquittals.begin(), report.acquittals.end(), [](const auto &one) { return one.isMixture; });
    std::cout << killed << " of " << report.kills.size() << " deviations killed, " << acquitted << " of " << report.acquittals.size()
              << " liberties acquitted (" << mixtures << " of them mixtures), " << report.idle.size() << " idle scenarios, "
              << report.notClean.size() << " not clean\n";
    return killed == report.kills.size() && acquitted == report.acquittals.size() && report.idle.empty() && report.notClean.empty();
}

/// The ledger as it was just proved, beside what the file promises.
bool tellLedger(const Options &options, const suite::Library &library, const std::vector<v1::LedgerEntry> &ledger)
{
    if (options.listsOpen) {
        for (const auto &entry : ledger) {
            if (suite::isOpen(entry))
                std::cout << "open        " << requirements::versionName(entry.version()) << " " << entry.statement() << " "
                          << requirements::roleName(entry.role()) << "\n";
        }
    }
    std::cout << suite::ledgerCounts(ledger);
    const std::string path = ledgerFile(library.root);
    if (options.isLedgerUpdated) {
        const auto written = report::writeWhole(path, suite::ledgerText(ledger));
        if (!written)
            std::cerr << "hiatus: " << written.error() << "\n";
        return written.has_value();
    }
    const auto lost = suite::shrunk(library, ledger);
    for (const auto &statement : lost)
        std::cout << "shrunk      " << statement << " is asserted no longer (" << path << ")\n";
    return lost.empty();
}

bool writeReport(const Options &options, const suite::MutantReport &mutants, const std::vector<v1::LedgerEntry> &ledger)
{
    if (options.report.empty())
        return true;
    v1::Report report;
    report.set_target("sim");
    report.set_catalog_version(HIATUS_VERSION);
    report.set_seed(options.seed);
    for (auto &row : suite::mutantRows(mutants))
        *report.add_mutant() = std::move(row);
    *report.mutable_ledger() = {ledger.begin(), ledger.end()};
    const bool isJson = options.report.rfind("json:", 0) == 0;
    const auto written = isJson ? report::writeReport(report, options.report.substr(5))
                                : tl::make_unexpected("--report takes json:FILE, not \"" + options.report + "\"");
    if (!written)
        std::cerr << "hiatus: " << written.error() << "\n";
    return written.has_value();
}

void runMutants(const Options &options, Environment &environment)
{
    std::vector<std::string> patterns;
    const auto library = openLibrary(environment, options.patterns, patterns);
    if (!library)
        return;
    if (options.isLedgerUpdated && !options.isWhole()) {
        std::cerr << "hiatus: --ledger-update needs all scenarios and all deviations\n";
        environment.status = report::UsageError;
        return;
    }
    suite::Selection selection;
    selection.patterns = patterns;
    suite::MutantOptions run;
    run.threads = std::max(1u, std::thread::hardware_concurrency());
    run.seed = options.seed;
    run.role = roleFrom(options.role);
    run.names = options.names;
    if (isColourful())
        run.progress = [](const std::string &line) { std::cerr << line << "\n"; };
    const auto all = suite::select(*library, selection);
    run.isFull = options.isFull;
    const auto report = suite::runMutants(all, library->catalogue, run);
    bool isGood = tellMutants(report, options.isVerbose);
    const auto ledger = suite::ledgerOf(*library, report);
    if (options.isWhole())
        isGood = tellLedger(options, *library, ledger) && isGood;
    if (!writeReport(options, report, ledger)) {
        environment.status = report::UsageError;
        return;
    }
    environment.status = isGood ? report::AsExpected : report::Unexpected;
}

} // namespace

void addMutants(CLI::App &app, Environment &environment)
{
    auto options = std::make_shared<Options>();
    auto *command = app.add_subcommand("mutants", "Prove the suite: every deviation killed, every liberty acquitted, the ledger no smaller");
    command->add_option("PATTERN", options->patterns, "scenarios; none: all");
    command->add_option("--role", options->role, "server|client: whose");
    command->add_option("--only", options->names, "this deviation or liberty only; may be given several times")->allow_extra_args(false);
    command->add_option("--seed", options->seed, "of latency and segmentation, and of the mixtures");
    command->add_flag("--full", options->isFull, "every variant against every liberty, not a pairwise cover of each scenario's axes");
    command->add_flag("--open", options->listsOpen, "list the statements that nothing asserts and no reason excuses");
    command->add_flag("--ledger-update", options->isLedgerUpdated, "write what is asserted to scenarios/ledger/asserted.txtpb");
    command->add_option("--report", options->report, "json:FILE with the kill matrix and the ledger");
    command->add_flag("--verbose", options->isVerbose, "say who kills what, with the statements cited");
    command->callback([&environment, options] { runMutants(*options, environment); });
}

} // namespace hiatus::command
