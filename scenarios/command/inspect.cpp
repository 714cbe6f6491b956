// list, show, lint, explain: what there is and what it says.

#include "scenarios/command/common.h"

#include "client/deviation/deviations.h"
#include "client/liberty/liberties.h"
#include "minibroker/deviation/alterations.h"
#include "scenarios/judge/monitors.h"
#include "scenarios/report/explain.h"
#include "scenarios/script/show.h"
#include "scenarios/suite/ledger.h"

#include <iostream>
#include <set>

namespace hiatus::command {

namespace {

void listScenarios(const suite::Library &library)
{
    for (const auto &entry : library.entries)
        std::cout << entry->script.id << "  (" << entry->variants.size() << ")  " << entry->script.scenario.title() << "\n";
}

struct StatementFilter
{
    std::string state;
    std::string role;
    std::string version;
};

bool isListed(const v1::LedgerEntry &entry, const StatementFilter &filter)
{
    return (filter.state.empty() || report::ledgerStateName(entry.state()) == filter.state) &&
           (filter.role.empty() || roleFrom(filter.role) == entry.role()) &&
           (filter.version.empty() || versionFrom(filter.version) == entry.version());
}

/// The ledger: each statement and role, and what becomes of it.
void listStatements(const suite::Library &library, const StatementFilter &filter)
{
    std::vector<v1::LedgerEntry> listed;
    for (const auto &entry : suite::ledger(library)) {
        if (!isListed(entry, filter))
            continue;
        if (const auto *row = library.catalogue.find(entry.version(), entry.statement(), entry.role()))
            std::cout << report::statementLine(*row, entry) << "\n";
        listed.push_back(entry);
    }
    std::cout << suite::ledgerCounts(listed);
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

} // namespace

void addList(CLI::App &app, Environment &environment)
{
    auto *command = app.add_subcommand("list", "List scenarios, statements, deviations, liberties or facts");
    addRequirements(*command, environment);
    auto what = std::make_shared<std::string>();
    command->add_option("WHAT", *what, "scenarios|statements|deviations|liberties|facts")
        ->required()
        ->check(CLI::IsMember({"scenarios", "statements", "deviations", "liberties", "facts"}));
    auto filter = std::make_shared<StatementFilter>();
    command->add_option("--state", filter->state, "statements: only asserted|reasoned|freedom|open")
        ->check(CLI::IsMember({"asserted", "reasoned", "freedom", "open"}));
    command->add_flag_callback("--open", [filter] { filter->state = "open"; }, "statements: those that nothing asserts and no reason excuses");
    command->add_option("--role", filter->role, "statements: of server|client only");
    command->add_option("--version", filter->version, "statements: of 3.1.1|5.0 only");
    command->callback([&environment, what, filter] {
        std::vector<std::string> patterns;
        const auto library = openLibrary(environment, {}, patterns, true);
        if (!library)
            return;
        if (*what == "scenarios")
            listScenarios(*library);
        else if (*what == "statements")
            listStatements(*library, *filter);
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
    addRequirements(*command, environment);
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
        std::cerr << "hiatus: no scenario is called " << what->front() << nearest(what->front(), known) << " (hiatus list scenarios)\n";
        environment.status = report::UsageError;
    });
}

void addLint(CLI::App &app, Environment &environment)
{
    auto *command = app.add_subcommand("lint", "Check scenario files; every error with file:line:column");
    addRequirements(*command, environment);
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
    addRequirements(*command, environment);
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

} // namespace hiatus::command
