// hiatus run

#include "scenarios/command/common.h"
#include "scenarios/command/page.h"
#include "scenarios/command/runoptions.h"

#include "client/deviation/makeclient.h"
#include "minibroker/deviation/alterations.h"
#include "proto/wire/text.h"
#include "scenarios/report/baseline.h"
#include "scenarios/report/jsonreport.h"
#include "scenarios/report/junit.h"
#include "scenarios/report/terminal.h"
#include "scenarios/script/cover.h"
#include "scenarios/suite/ledger.h"
#include "scenarios/suite/simulation.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <random>
#include <set>
#include <thread>

namespace hiatus::command {

namespace {

std::atomic<bool> interrupted{false};

void interrupt(int) { interrupted = true; }

/// Sorts the names into those of the broker and those of the client. False: an unknown one, told on standard error.
bool sortAlterations(const RunOptions &options, suite::SimulationOptions &simulation)
{
    std::vector<std::string> names = options.deviations;
    names.insert(names.end(), options.liberties.begin(), options.liberties.end());
    for (const auto &name : names) {
        if (broker::findAlteration(name)) {
            simulation.brokerAlterations.push_back(name);
        } else if (client::findAlteration(name)) {
            simulation.clientAlterations.push_back(name);
        } else {
            std::vector<std::string> known;
            for (const auto &row : broker::deviations())
                known.push_back(row.name);
            for (const auto &row : broker::liberties())
                known.push_back(row.name);
            std::cerr << "hiatus: no deviation or liberty is called " << name << nearest(name, known)
                      << " (hiatus list deviations, hiatus list liberties)\n";
            return false;
        }
    }
    return true;
}

void fillTexts(v1::Result &result, v1::Version version)
{
    for (auto &event : *result.mutable_trace()->mutable_event()) {
        if (event.has_packet() && event.text().empty())
            event.set_text(wire::text(event.packet(), version));
    }
}

std::string rerunCommand(const RunOptions &options, const v1::Result &result)
{
    std::string command = "hiatus run " + report::shellQuoted(result.variant());
    if (options.target != "sim")
        command += " --target " + report::shellQuoted(options.target);
    for (const auto &name : options.deviations)
        command += " --deviation " + name;
    for (const auto &name : options.liberties)
        command += " --liberty " + name;
    if (options.seed)
        command += " --seed " + std::to_string(options.seed);
    return command;
}

bool wantsTrace(const RunOptions &options, const v1::Result &result)
{
    return options.trace == "all" || (options.trace == "failed" && result.verdict() != v1::PASS);
}

} // namespace

void prepareResult(const RunOptions &options, v1::Version version, v1::Result &result)
{
    result.set_rerun(rerunCommand(options, result));
    if (wantsTrace(options, result))
        fillTexts(result, version);
    else
        result.clear_trace();
}

namespace {

void collectFacts(v1::Report &report)
{
    std::set<std::pair<std::string, std::string>> facts;
    for (const auto &result : report.result()) {
        for (const auto &fact : result.fact())
            facts.insert({fact.name(), fact.value()});
    }
    for (const auto &[name, value] : facts) {
        auto *fact = report.add_fact();
        fact->set_name(name);
        fact->set_value(value);
    }
}

bool writeReports(const RunOptions &options, const v1::Report &report, const suite::Library &library, const report::Context &context)
{
    for (const auto &spec : options.reports) {
        const auto colon = spec.find(':');
        const std::string kind = spec.substr(0, colon);
        const std::string path = colon == std::string::npos ? std::string() : spec.substr(colon + 1);
        tl::expected<void, std::string> written;
        if (kind == "json" && !path.empty())
            written = report::writeReport(report, path);
        else if (kind == "junit" && !path.empty())
            written = report::writeWhole(path, report::toJunit(report, context, {options.isStrict}));
        else if (kind == "html" && !path.empty())
            written = writePage(path, {{&report}, {}}, library);
        else
            written = tl::make_unexpected("--report takes json:FILE, junit:FILE or html:DIR, not \"" + spec + "\"");
        if (!written) {
            std::cerr << "hiatus: " << written.error() << "\n";
            return false;
        }
    }
    return true;
}

void simulateSelected(const RunOptions &options, const suite::SimulationOptions &simulation, const suite::Library &library,
                      const std::vector<const script::Variant *> &variants, v1::Report &report)
{
    const unsigned threads = options.jobs ? options.jobs : std::max(1u, std::thread::hardware_concurrency());
    std::atomic<bool> stop{false};
    const auto done = [&](std::size_t, const v1::Result &result) {
        const bool isBad = result.verdict() == v1::FAIL || result.verdict() == v1::ERROR;
        if (interrupted || (options.isFailFast && isBad))
            stop = true;
    };
    for (unsigned round = 0; round < std::max(1u, options.repeat) && !stop; ++round) {
        auto results = suite::simulateAll(variants, library.catalogue, simulation, threads, done, &stop);
        for (std::size_t i = 0; i < results.size(); ++i) {
            if (results[i].verdict() == v1::VERDICT_UNSPECIFIED)
                continue;
            prepareResult(options, variants[i]->version, results[i]);
            *report.add_result() = std::move(results[i]);
        }
    }
}

void tellPlan(const std::vector<const script::Variant *> &variants, std::size_t leftOut)
{
    double longest = 0;
    for (const auto *variant : variants) {
        std::cout << variant->id << "  " << variant->plannedSeconds << " s\n";
        longest = std::max(longest, variant->plannedSeconds);
    }
    std::cout << variants.size() << " variants; the longest waits " << longest << " s for spec timers\n";
    if (leftOut > 0)
        std::cout << leftOut << " left out: these cover every two values of different axes; --full runs all\n";
}

std::vector<const script::Variant *> selected(const RunOptions &options, const suite::Library &library,
                                              const std::vector<std::string> &patterns, Environment &environment)
{
    suite::Selection selection{patterns, roleFrom(options.role), versionFrom(options.version), options.statement};
    std::vector<std::string> unmatched;
    auto variants = suite::select(library, selection, &unmatched);
    std::vector<std::string> known;
    for (const auto &entry : library.entries)
        known.push_back(entry->script.id);
    for (const auto &pattern : unmatched) {
        std::cerr << "hiatus: nothing is called " << pattern << nearest(pattern.substr(0, pattern.find('[')), known) << "\n";
        environment.status = report::UsageError;
    }
    if (options.isShuffled) {
        std::mt19937_64 random(options.seed);
        std::shuffle(variants.begin(), variants.end(), random);
    }
    return variants;
}

/// Loads and applies a baseline; -1 if it cannot be read.
int applyBaseline(const RunOptions &options, const suite::Library &library, v1::Report &report, std::vector<std::string> &problems)
{
    if (options.baseline.empty())
        return 0;
    const bool isNew = options.isBaselineUpdated && !std::filesystem::exists(options.baseline);
    const auto baseline = isNew ? tl::expected<report::Baseline, std::string>(report::Baseline{options.baseline, {}, {}})
                                : report::loadBaseline(options.baseline);
    if (!baseline) {
        std::cerr << baseline.error() << "\n";
        return -1;
    }
    std::set<std::string> known;
    for (const auto &entry : library.entries) {
        for (const auto &variant : entry->variants)
            known.insert(variant.id);
    }
    problems = report::applyBaseline(*baseline, *report.mutable_result(), known);
    if (!options.isBaselineUpdated)
        return 0;
    const auto update = report::updateBaseline(*baseline, report.result(), known);
    const auto written = update ? report::writeWhole(options.baseline, update->text) : tl::make_unexpected(update.error());
    if (!written) {
        std::cerr << "hiatus: " << written.error() << "\n";
        return -1;
    }
    std::cout << options.baseline << ": " << update->added << " entries added, " << update->removed << " removed\n";
    problems.clear();
    if (const auto renewed = report::parseBaseline(options.baseline, update->text))
        problems = report::applyBaseline(*renewed, *report.mutable_result(), known);
    return 0;
}

/// The virtual clock has time for the whole product of the axes; a network run takes a cover, and what was asked for by name.
std::vector<const script::Variant *> covered(const RunOptions &options, const std::vector<std::string> &patterns,
                                             const std::vector<const script::Variant *> &variants)
{
    if (options.target == "sim" || options.isFull)
        return variants;
    std::vector<const script::Variant *> scenarios;
    const auto isNamed = [&](const script::Variant *variant) {
        return std::any_of(patterns.begin(), patterns.end(), [&](const std::string &pattern) {
            return pattern.find('[') != std::string::npos && report::globMatches(pattern, variant->id);
        });
    };
    std::copy_if(variants.begin(), variants.end(), std::back_inserter(scenarios),
                 [&](const auto *variant) { return !isNamed(variant); });
    const auto cover = script::pairwise(scenarios, options.seed);
    const std::set<const script::Variant *> kept(cover.begin(), cover.end());
    std::vector<const script::Variant *> left;
    std::copy_if(variants.begin(), variants.end(), std::back_inserter(left),
                 [&](const auto *variant) { return kept.count(variant) > 0 || isNamed(variant); });
    return left;
}

void run(const RunOptions &options, Environment &environment)
{
    std::vector<std::string> patterns;
    const auto library = openLibrary(environment, options.what, patterns);
    suite::SimulationOptions simulation;
    simulation.seed = options.seed;
    if (!library)
        return;
    if (!sortAlterations(options, simulation)) {
        environment.status = report::UsageError;
        return;
    }
    const auto all = selected(options, *library, patterns, environment);
    if (environment.status != report::AsExpected)
        return;
    const auto variants = covered(options, patterns, all);
    if (options.isPlan)
        return tellPlan(variants, all.size() - variants.size());
    std::signal(SIGINT, interrupt);
    v1::Report report;
    report.set_target(options.target);
    report.set_catalog_version(HIATUS_VERSION);
    report.set_seed(options.seed);
    report.set_started(static_cast<double>(std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count()));
    const auto began = std::chrono::steady_clock::now();
    bool isTargetGone = false;
    if (options.target == "sim") {
        simulateSelected(options, simulation, *library, variants, report);
    } else if (!runNetwork(options, *library, variants, report, interrupted, isTargetGone)) {
        environment.status = isTargetGone ? report::TargetGone : report::UsageError;
        return;
    }
    report.set_duration(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
    collectFacts(report);
    const auto ledger = suite::ledger(*library);
    *report.mutable_ledger() = {ledger.begin(), ledger.end()};
    std::vector<std::string> problems;
    const report::Context context = contextOf(*library);
    if (applyBaseline(options, *library, report, problems) < 0 || !writeReports(options, report, *library, context)) {
        environment.status = report::UsageError;
        return;
    }
    report::TerminalOptions terminal = terminalOptions();
    terminal.slowest = options.target == "sim" ? 0 : 3;
    terminal.describesTarget = options.target != "sim";
    if (options.isQuiet)
        terminal.detail = report::TerminalOptions::Detail::Quiet;
    else if (options.isVerbose)
        terminal.detail = report::TerminalOptions::Detail::Verbose;
    std::cout << report::told(report, problems, context, terminal);
    environment.status = report::exitStatus(report.result(), {options.isStrict, interrupted, isTargetGone, problems.size()});
}

} // namespace

void addRun(CLI::App &app, Environment &environment)
{
    auto options = std::make_shared<RunOptions>();
    auto *command = app.add_subcommand("run", "Run scenarios against a target and judge it");
    command->add_option("FILE|PATTERN", options->what, "scenario files, ids of scenarios or variants, or globs on them; none: the catalogue");
    command->add_option("--target", options->target, "sim (the in-process minibroker) or mqtt://[user:password@]host[:port]")->capture_default_str();
    command->add_option("--role", options->role, "only scenarios that judge this role: server|client|pair");
    command->add_option("--version", options->version, "only this version: 3.1.1|5.0");
    command->add_option("--statement", options->statement, "only scenarios that cite this statement");
    command->add_flag("--plan", options->isPlan, "say what would run, and how long its spec timers take");
    command->add_flag("--full", options->isFull, "network: every variant, not a seeded pairwise cover of each scenario's axes");
    command->add_option("--jobs", options->jobs, "sim: threads; network: variants at work at once");
    command->add_option("--seed", options->seed, "of latency, segmentation, names and order")->capture_default_str();
    command->add_flag("--shuffle", options->isShuffled, "in an order made from the seed");
    command->add_option("--repeat", options->repeat, "run everything this often")->capture_default_str();
    command->add_flag("--fail-fast", options->isFailFast, "stop at the first FAIL or ERROR");
    command->add_option("--time-scale", options->timeScale, "multiplies the deadlines of replies")->capture_default_str();
    command->add_option("--baseline", options->baseline, "file of expected verdicts");
    command->add_flag("--baseline-update", options->isBaselineUpdated, "bring the baseline up to date with this run");
    command->add_flag("--strict", options->isStrict, "an unexpected WARN is an error too");
    command->add_option("--report", options->reports, "json:FILE, junit:FILE or html:DIR; may be given several times")->allow_extra_args(false);
    command->add_option("--trace", options->trace, "whose traces go into reports")->check(CLI::IsMember({"failed", "all", "none"}))->capture_default_str();
    command->add_flag("--quiet", options->isQuiet, "only what is unexpected, a line each");
    command->add_flag("--verbose", options->isVerbose, "a line for every result");
    command->add_option("--deviation", options->deviations, "sim: a named fault of broker or client (hiatus list deviations)")->allow_extra_args(false);
    command->add_option("--liberty", options->liberties, "sim: a named lawful choice (hiatus list liberties)")->allow_extra_args(false);
    command->callback([options, &environment] { run(*options, environment); });
}

} // namespace hiatus::command
