// hiatus run

#include "scenarios/command/common.h"
#include "scenarios/command/page.h"
#include "scenarios/command/narrow.h"
#include "scenarios/command/runoptions.h"
#include "scenarios/command/stop.h"
#include "scenarios/command/writereports.h"

#include "client/deviation/makeclient.h"
#include "minibroker/deviation/alterations.h"
#include "proto/wire/redact.h"
#include "scenarios/report/baseline.h"
#include "scenarios/report/jsonreport.h"
#include "scenarios/report/terminal.h"
#include "scenarios/report/texts.h"
#include "scenarios/suite/ledger.h"
#include "scenarios/suite/repeats.h"
#include "scenarios/suite/simulation.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <set>
#include <thread>

namespace hiatus::command {

namespace {

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

std::string rerunCommand(const RunOptions &options, const v1::Result &result)
{
    std::string command = "hiatus run " + report::shellQuoted(result.variant());
    if (!options.client.empty())
        command += " --client " + report::shellQuoted(options.client);
    if (options.target != "sim")
        command += " --target " + report::shellQuoted(wire::redacted(options.target));
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
        report::fillTexts(result, version);
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

void simulateSelected(const RunOptions &options, suite::SimulationOptions simulation, const suite::Library &library,
                      const std::vector<const script::Variant *> &variants, const std::atomic<bool> &wantsStop, Ran &ran)
{
    const bool isOneByOne = !options.wait.empty() || !options.log.empty();
    const unsigned threads = options.jobs ? options.jobs : isOneByOne ? 1 : std::max(1u, std::thread::hardware_concurrency());
    std::atomic<bool> stop{false};
    const auto done = [&](std::size_t, const v1::Result &result) {
        const bool isBad = result.verdict() == v1::FAIL || result.verdict() == v1::ERROR;
        if (wantsStop || (options.isFailFast && isBad))
            stop = true;
    };
    suite::Repeats repeats;
    RunOptions round = options;
    for (unsigned n = 0; n < std::max(1u, options.repeat) && !stop; ++n) {
        round.seed = simulation.seed = options.seed + n; // another latency and segmentation each time
        auto results = suite::simulateAll(variants, library.catalogue, simulation, threads, done, &stop);
        for (std::size_t i = 0; i < results.size(); ++i) {
            if (results[i].verdict() == v1::VERDICT_UNSPECIFIED)
                continue;
            prepareResult(round, variants[i]->version, results[i]);
            repeats.add(std::move(results[i]));
        }
    }
    repeats.moveInto(ran.report);
    ran.rounds = repeats.rounds();
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
        const std::string scenario = pattern.substr(0, pattern.find('['));
        const bool isKnown = scenario != pattern && std::find(known.begin(), known.end(), scenario) != known.end();
        std::cerr << "hiatus: nothing is called " << pattern
                  << (isKnown ? "; hiatus run " + scenario + " --plan names its variants" : nearest(scenario, known) + " (hiatus list scenarios)") << "\n";
        environment.status = report::UsageError;
    }
    return variants;
}

/// Loads and applies a baseline; -1 if it cannot be read.
int applyBaseline(const RunOptions &options, const suite::Library &library, Ran &ran, std::vector<std::string> &problems)
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
    problems = report::applyBaseline(*baseline, *ran.report.mutable_result(), known, report::dateOfToday());
    if (!options.isBaselineUpdated)
        return 0;
    const auto update = report::updateBaseline(*baseline, ran.rounds, known);
    const auto written = update ? report::writeWhole(options.baseline, update->text) : tl::make_unexpected(update.error());
    if (!written) {
        std::cerr << "hiatus: " << written.error() << "\n";
        return -1;
    }
    std::cout << options.baseline << ": " << update->added << " entries added, " << update->removed << " removed\n";
    problems.clear();
    if (const auto renewed = report::parseBaseline(options.baseline, update->text))
        problems = report::applyBaseline(*renewed, *ran.report.mutable_result(), known, report::dateOfToday());
    return 0;
}

/// Nothing, or what is wrong with the options before anything is run.
std::string usageError(const RunOptions &options)
{
    for (const auto &spec : options.reports) {
        if (const std::string problem = wrongWith(spec); !problem.empty())
            return problem;
    }
    if (!options.baseline.empty() && (!options.isBaselineUpdated || std::filesystem::exists(options.baseline))) {
        if (const auto baseline = report::loadBaseline(options.baseline); !baseline)
            return baseline.error();
    }
    if (!options.version.empty() && versionFrom(options.version) == v1::VERSION_UNSPECIFIED)
        return "--version takes 3.1.1 or 5.0, not \"" + options.version + "\"";
    if (!options.role.empty() && roleFrom(options.role) == v1::ROLE_UNSPECIFIED)
        return "--role takes server, client or pair, not \"" + options.role + "\"";
    return {};
}

v1::Report newReport(const RunOptions &options, const Environment &environment)
{
    v1::Report report;
    report.set_command(environment.commandLine);
    report.set_world(options.target == "sim" && options.client.empty() ? "virtual clock" : "network");
    report.set_target(wire::redacted(options.client.empty() ? options.target : options.client));
    report.set_catalog_version(HIATUS_VERSION);
    report.set_seed(options.seed);
    if (!options.shard.empty())
        report.set_shard(options.shard);
    const auto sinceEpoch = std::chrono::system_clock::now().time_since_epoch();
    report.set_started(static_cast<double>(std::chrono::duration_cast<std::chrono::milliseconds>(sinceEpoch).count()));
    return report;
}

/// Says in the report, and to the reader, that not everything ran.
void tellPartial(v1::Report &report, const Stop &stop, const RunOptions &options, std::size_t wanted)
{
    const auto ran = static_cast<std::size_t>(report.result_size());
    const std::string why = !stop.why().empty() ? stop.why() : options.isFailFast ? "fail fast" : "";
    if (ran >= wanted || why.empty())
        return;
    report.set_partial(why);
    std::cout << "PARTIAL (" << why << "): " << ran << " of " << wanted << " variants ran\n";
}

void run(const RunOptions &options, Environment &environment)
{
    if (const std::string wrong = usageError(options); !wrong.empty()) {
        std::cerr << (wrong.find(": error: ") == std::string::npos ? "hiatus: " : "") << wrong << "\n";
        environment.status = report::UsageError;
        return;
    }
    std::vector<std::string> patterns;
    const auto library = openLibrary(environment, options.what, patterns);
    suite::SimulationOptions simulation;
    simulation.seed = options.seed;
    simulation.debug = [&options](const script::Variant &variant, run::RunOptions &debugged) { debug(options, variant, debugged); };
    if (!library)
        return;
    if (!sortAlterations(options, simulation)) {
        environment.status = report::UsageError;
        return;
    }
    const auto all = selected(options, *library, patterns, environment);
    if (environment.status != report::AsExpected)
        return;
    const auto cover = covered(options, patterns, all);
    const auto chosen = ordered(options, cover);
    if (!chosen) {
        std::cerr << "hiatus: " << chosen.error() << "\n";
        environment.status = report::UsageError;
        return;
    }
    const auto &variants = *chosen;
    if (options.isPlan)
        return tellPlan(variants, all.size() - cover.size());
    const Stop stop(std::chrono::duration<double>(options.timeLimit));
    Ran ran{newReport(options, environment), {}, false};
    v1::Report &report = ran.report;
    const auto began = std::chrono::steady_clock::now();
    if (options.target == "sim" && options.client.empty()) {
        simulateSelected(options, simulation, *library, variants, stop.isWanted(), ran);
    } else if (!runNetwork(options, *library, variants, stop.isWanted(), ran)) {
        environment.status = stop.isInterrupted() ? report::Interrupted : ran.isTargetGone ? report::TargetGone : report::UsageError;
        return;
    }
    report.set_duration(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
    collectFacts(report);
    const auto ledger = suite::ledger(*library);
    *report.mutable_ledger() = {ledger.begin(), ledger.end()};
    tellPartial(report, stop, options, variants.size());
    std::vector<std::string> problems;
    const report::Context context = contextOf(*library);
    if (applyBaseline(options, *library, ran, problems) < 0 || !writeReports({options.reports, options.isStrict, environment.root}, report, *library)) {
        environment.status = report::UsageError;
        return;
    }
    report::TerminalOptions terminal = terminalOptions();
    terminal.slowest = options.target == "sim" ? 0 : 3;
    terminal.describesTarget = true;
    if (options.isQuiet)
        terminal.detail = report::TerminalOptions::Detail::Quiet;
    else if (options.isVerbose)
        terminal.detail = report::TerminalOptions::Detail::Verbose;
    std::cout << report::told(report, problems, context, terminal);
    environment.status = report::exitStatus(report.result(), {options.isStrict, stop.isInterrupted(), ran.isTargetGone, problems.size(), report.has_partial()});
}

} // namespace

void addRun(CLI::App &app, Environment &environment)
{
    auto options = std::make_shared<RunOptions>();
    const CLI::Validator notNegative([](const std::string &text) { return text.rfind('-', 0) == 0 ? "a number from 0 on, not " + text : std::string(); }, "");
    auto *command = app.add_subcommand("run", "Run scenarios against a target and judge it");
    command->add_option("FILE|PATTERN", options->what, "scenario files, ids of scenarios or variants, or globs on them; none: the catalogue");
    command->add_option("--target", options->target, "sim (the in-process minibroker), a profile, or mqtt://[user[:password]@]host[:port], mqtts://, ws://, wss://; HIATUS_PASSWORD in the environment wins over the URL's password")->capture_default_str();
    command->add_option("--client", options->client, "the client under test: a profile that names its adapter; runs CLIENT scenarios")->excludes("--target");
    command->add_option("--role", options->role, "only scenarios that judge this role: server|client|pair");
    command->add_option("--version", options->version, "only this version: 3.1.1|5.0");
    command->add_option("--statement", options->statement, "only scenarios that cite this statement");
    command->add_flag("--plan", options->isPlan, "say what would run, and how long its spec timers take");
    command->add_flag("--full", options->isFull, "network: every variant, not a seeded pairwise cover of each scenario's axes");
    command->add_option("--rerun-failed", options->rerunFailed, "only what was not as expected in this JSON report");
    command->add_option("--shard", options->shard, "I/N: the I-th of N parts of the run; hiatus merge puts the reports together");
    command->add_option("--confirm", options->confirm, "network: how often a FAIL or WARN is run again alone, until it recurs")->check(notNegative)->capture_default_str();
    command->add_option("--time-limit", options->timeLimit, "end the run after so many seconds; what did not run makes it partial")->check(notNegative);
    command->add_option("--wait", options->wait, "stop before this step (line, FILE:LINE or label) until Enter is pressed");
    command->add_option("--log", options->log, "packets: every packet, drop and close on standard error as it happens")->check(CLI::IsMember({"packets"}));
    addRequirements(*command, environment);
    command->add_option("--jobs", options->jobs, "sim: threads; network: variants at work at once")->check(notNegative);
    command->add_option("--seed", options->seed, "of latency, segmentation, names and order")->check(notNegative)->capture_default_str();
    command->add_flag("--shuffle", options->isShuffled, "in an order made from the seed");
    command->add_option("--repeat", options->repeat, "run everything this often; what fails in some rounds only is called flaky")->check(notNegative)->capture_default_str();
    command->add_flag("--fail-fast", options->isFailFast, "stop at the first FAIL or ERROR");
    command->add_option("--time-scale", options->timeScale, "multiplies the deadlines of replies")->check(CLI::PositiveNumber)->capture_default_str();
    command->add_option("--baseline", options->baseline, "file of expected verdicts");
    command->add_flag("--baseline-update", options->isBaselineUpdated, "bring the baseline up to date with this run");
    command->add_flag("--strict", options->isStrict, "an unexpected WARN is an error too");
    command->add_option("--report", options->reports, "json:FILE, junit:FILE, html:DIR, pcapng:DIR (or a .pcapng file), github:- (annotations); may be given several times")->allow_extra_args(false);
    command->add_option("--trace", options->trace, "whose traces go into reports")->check(CLI::IsMember({"failed", "all", "none"}))->capture_default_str();
    command->add_flag("--quiet", options->isQuiet, "only what is unexpected, a line each");
    command->add_flag("--verbose", options->isVerbose, "a line for every result");
    command->add_option("--deviation", options->deviations, "sim: a named fault of broker or client (hiatus list deviations)")->allow_extra_args(false);
    command->add_option("--liberty", options->liberties, "sim: a named lawful choice (hiatus list liberties)")->allow_extra_args(false);
    command->callback([options, &environment] { run(*options, environment); });
}

} // namespace hiatus::command
