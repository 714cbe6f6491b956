// list, show, lint, explain, mutants: what there is, what it says, and whether it is any good.

#include "scenarios/command/common.h"

#include "client/deviation/deviations.h"
#include "client/liberty/liberties.h"
#include "minibroker/deviation/alterations.h"
#include "scenarios/judge/monitors.h"
#include "scenarios/report/explain.h"
#include "scenarios/script/show.h"
#include "scenarios/script/cover.h"
#include "scenarios/suite/mutants.h"

#include <iostream>
#include <set>
#include <thread>

namespace hiatus::command {

namespace {

void listScenarios(const suite::Library &library)
{
    for (const auto &entry : library.entries)
        std::cout << entry->script.id << "  (" << entry->variants.size() << ")  " << entry->script.scenario.title() << "\n";
}

void listStatements(const suite::Library &library)
{
    for (const auto &row : library.catalogue.all())
        std::cout << report::statementLine(row) << "\n";
}

template <typename Rows>
void listAlterations(const char *side, const Rows &rows)
{
    for (const auto &row : rows)
        std::cout << side << "  " << row.name << "  " << row.sentence << (row.seen.empty() ? "" : "  [seen: " + row.seen + "]") << "\n";
}

void collectFacts(const std::vector<script::PlannedStep> &steps, std::set<std::string> &facts)
{
    for (const auto &step : steps) {
        if (step.step.one_of().has_fact())
            facts.insert(step.step.one_of().fact());
        if (step.step.has_fact())
            facts.insert(step.step.fact().name());
        for (const auto *expect : {&step.step.expect(), &step.step.take()}) {
            if (expect->has_fact())
                facts.insert(expect->fact());
        }
        for (const auto &block : step.blocks)
            collectFacts(block.steps, facts);
    }
}

void listFacts(const suite::Library &library)
{
    std::set<std::string> facts;
    for (const auto &entry : library.entries) {
        for (const auto &variant : entry->variants)
            collectFacts(variant.steps, facts);
    }
    for (const auto &fact : facts)
        std::cout << fact << "\n";
}

/// Sums up; the lines before it are the details.
bool tellMutants(const suite::MutantReport &report, bool isVerbose)
{
    for (const auto &variant : report.notClean)
        std::cout << "not clean   " << variant << " does not pass on the clean target\n";
    std::size_t killed = 0;
    for (const auto &kill : report.kills) {
        killed += kill.isKilled() ? 1 : 0;
        if (!kill.isKilled())
            std::cout << "survives    " << kill.deviation << (kill.others.empty() ? "" : " (fails elsewhere: " + kill.others.front() + ")") << "\n";
        else if (isVerbose)
            std::cout << "killed      " << kill.deviation << " by " << kill.killers.front() << " and " << kill.killers.size() - 1 << " more\n";
    }
    std::size_t acquitted = 0;
    for (const auto &acquittal : report.acquittals) {
        acquitted += acquittal.isAcquitted() ? 1 : 0;
        if (!acquittal.isAcquitted())
            std::cout << "accused     " << acquittal.liberty << " by " << acquittal.accusers.front() << " and " << acquittal.accusers.size() - 1 << " more\n";
        else if (isVerbose)
            std::cout << "acquitted   " << acquittal.liberty << " (" << acquittal.inconclusive.size() << " inconclusive)\n";
    }
    for (const auto &scenario : report.idle)
        std::cout << "idle        " << scenario << " kills nothing\n";
    std::cout << killed << " of " << report.kills.size() << " deviations killed, " << acquitted << " of " << report.acquittals.size()
              << " liberties acquitted, " << report.idle.size() << " idle scenarios, " << report.notClean.size() << " not clean\n";
    return killed == report.kills.size() && acquitted == report.acquittals.size() && report.idle.empty() && report.notClean.empty();
}

} // namespace

void addList(CLI::App &app, Environment &environment)
{
    auto *command = app.add_subcommand("list", "List scenarios, statements, deviations, liberties or facts");
    auto what = std::make_shared<std::string>();
    command->add_option("WHAT", *what, "scenarios|statements|deviations|liberties|facts")
        ->required()
        ->check(CLI::IsMember({"scenarios", "statements", "deviations", "liberties", "facts"}));
    command->callback([&environment, what] {
        std::vector<std::string> patterns;
        const auto library = openLibrary(environment, {}, patterns, true);
        if (!library)
            return;
        if (*what == "scenarios")
            listScenarios(*library);
        else if (*what == "statements")
            listStatements(*library);
        else if (*what == "facts")
            listFacts(*library);
        else if (*what == "deviations") {
            listAlterations("broker", broker::deviations());
            listAlterations("client", client::deviations());
        } else {
            listAlterations("broker", broker::liberties());
            listAlterations("client", client::liberties());
        }
    });
}

void addShow(CLI::App &app, Environment &environment)
{
    auto *command = app.add_subcommand("show", "Print a scenario (or one variant of it) as a ladder");
    auto what = std::make_shared<std::vector<std::string>>();
    command->add_option("SCENARIO", *what, "id of a scenario or a variant, or a file")->required();
    command->callback([&environment, what] {
        std::vector<std::string> patterns;
        const auto library = openLibrary(environment, *what, patterns, true);
        if (!library)
            return;
        for (const auto &line : library->unreadable)
            std::cerr << line << "\n";
        bool isFound = false;
        for (const auto &entry : library->entries) {
            const bool isFile = patterns.empty() || std::find(patterns.begin(), patterns.end(), entry->script.id) != patterns.end();
            if (isFile)
                std::cout << script::ladder(entry->script);
            isFound = isFound || isFile;
            for (const auto &variant : entry->variants) {
                if (std::find(patterns.begin(), patterns.end(), variant.id) == patterns.end())
                    continue;
                std::cout << script::ladder(variant);
                isFound = true;
            }
        }
        if (isFound)
            return;
        std::vector<std::string> known;
        for (const auto &entry : library->entries)
            known.push_back(entry->script.id);
        std::cerr << "hiatus: no scenario is called " << what->front() << nearest(what->front(), known) << "\n";
        environment.status = report::UsageError;
    });
}

void addLint(CLI::App &app, Environment &environment)
{
    auto *command = app.add_subcommand("lint", "Check scenario files; every error with file:line:column");
    auto files = std::make_shared<std::vector<std::string>>();
    command->add_option("FILE", *files, "scenario files; none: the catalogue");
    command->callback([&environment, files] {
        std::vector<std::string> patterns;
        const auto library = openLibrary(environment, *files, patterns);
        if (!library)
            return;
        for (const auto &pattern : patterns) {
            const bool isKnown = std::any_of(library->entries.begin(), library->entries.end(), [&](const auto &entry) { return entry->script.id == pattern; });
            if (!isKnown) {
                std::cerr << "hiatus: there is no file " << pattern << "\n";
                environment.status = report::UsageError;
                return;
            }
        }
        std::size_t variants = 0;
        for (const auto &entry : library->entries)
            variants += entry->variants.size();
        std::cout << library->entries.size() << " scenarios, " << variants << " variants, no errors\n";
    });
}

void addExplain(CLI::App &app, Environment &environment)
{
    auto *command = app.add_subcommand("explain", "Say what a statement asks, or what a reason code means");
    auto what = std::make_shared<std::string>();
    command->add_option("STATEMENT|REASON", *what, "e.g. MQTT-4.4.0-1#b, MISSING")->required();
    command->callback([&environment, what] {
        std::vector<std::string> patterns;
        const auto library = openLibrary(environment, {}, patterns, true);
        if (!library)
            return;
        report::Ledger ledger;
        for (auto &row : suite::ledger(*library))
            *ledger.Add() = row;
        const auto text = report::explained(*what, contextOf(*library), ledger);
        if (text) {
            std::cout << *text;
            return;
        }
        std::cerr << "hiatus: " << text.error() << "\n";
        environment.status = report::UsageError;
    });
}

void addMutants(CLI::App &app, Environment &environment)
{
    struct Options
    {
        std::string role;
        std::vector<std::string> names;
        std::uint64_t seed = 0;
        bool isVerbose = false;
        bool isFull = false;
        std::vector<std::string> patterns;
    };
    auto options = std::make_shared<Options>();
    auto *command = app.add_subcommand("mutants", "Prove the suite: every deviation killed, every liberty acquitted");
    command->add_option("PATTERN", options->patterns, "scenarios; none: all");
    command->add_option("--role", options->role, "server|client: whose");
    command->add_option("--only", options->names, "this deviation or liberty only; may be given several times")->allow_extra_args(false);
    command->add_option("--seed", options->seed, "of latency and segmentation");
    command->add_flag("--verbose", options->isVerbose, "say who kills what");
    command->add_flag("--full", options->isFull, "every variant, not a pairwise cover of each scenario's axes");
    command->callback([&environment, options] {
        std::vector<std::string> patterns;
        const auto library = openLibrary(environment, options->patterns, patterns);
        if (!library)
            return;
        suite::Selection selection;
        selection.patterns = patterns;
        suite::MutantOptions run;
        run.threads = std::max(1u, std::thread::hardware_concurrency());
        run.seed = options->seed;
        run.role = roleFrom(options->role);
        run.names = options->names;
        if (isColourful())
            run.progress = [](const std::string &line) { std::cerr << line << "\n"; };
        const auto all = suite::select(*library, selection);
        const auto variants = options->isFull ? all : script::pairwise(all, options->seed);
        const auto report = suite::runMutants(variants, library->catalogue, run);
        environment.status = tellMutants(report, options->isVerbose) ? report::AsExpected : report::Unexpected;
    });
}

} // namespace hiatus::command
