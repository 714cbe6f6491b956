// hiatus probe: what a target is.

#include "scenarios/command/common.h"
#include "scenarios/command/probetable.h"
#include "scenarios/command/runoptions.h"
#include "scenarios/command/stop.h"

#include "proto/wire/redact.h"
#include "scenarios/report/jsonreport.h"
#include "scenarios/suite/networkoptions.h"
#include "scenarios/suite/networkrun.h"
#include "scenarios/suite/simulation.h"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <thread>

namespace hiatus::command {

namespace {

struct Options
{
    std::string target;
    bool isJson = false;
    bool isProfile = false;
};

/// In the in-process broker.
void probeSimulation(const suite::Library &library, Portrait &portrait)
{
    const auto variants = suite::probing(library);
    portrait.report.set_target("sim");
    portrait.report.set_world("virtual clock");
    for (const auto &result : suite::simulateAll(variants, library.catalogue, {}, std::max(1u, std::thread::hardware_concurrency())))
        suite::learn(portrait.found, result);
}

/// Over the network. The exit status; what is wrong is on standard error.
int probeNetwork(const Options &options, const suite::Library &library, Portrait &portrait)
{
    const auto handle = openTarget(options.target);
    if (!handle)
        return report::UsageError;
    const auto fail = [&](const std::string &why, int status) {
        std::cerr << "hiatus: " << wire::redacted(options.target) << ": " << handle->clean(why) << "\n";
        return status;
    };
    if (const auto network = suite::networkOptionsOf(handle->target()); !network)
        return fail(network.error(), report::UsageError);
    if (handle->process()) {
        if (const auto prepared = handle->process()->prepare(); !prepared)
            return fail(prepared.error(), report::TargetGone);
    }
    const Stop stop(std::chrono::seconds(0));
    suite::NetworkRunOptions run;
    run.target = handle->target();
    run.process = handle->process();
    run.seed = static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
    run.stop = &stop.isWanted();
    run.confirm = 0; // nobody is accused
    run.overture = suite::overture(library);
    auto variants = suite::probing(library);
    std::erase_if(variants, [&run](const auto *variant) { return std::find(run.overture.begin(), run.overture.end(), variant) != run.overture.end(); });
    const auto end = suite::runOnNetwork(variants, library.catalogue, run);
    if (stop.isInterrupted())
        return report::Interrupted;
    if (!end)
        return fail(end.error(), report::TargetGone);
    if (end->isTargetGone)
        return fail("it answered at first and is gone now", report::TargetGone);
    portrait.profile = run.target;
    portrait.found = end->found;
    for (const auto &result : end->results)
        suite::learn(portrait.found, result);
    portrait.report.set_target(run.target.has_name() ? run.target.name() : wire::redacted(options.target));
    portrait.report.set_world("network");
    const auto &capabilities = portrait.found.capabilities;
    const bool speaks = std::any_of(capabilities.begin(), capabilities.end(),
                                    [](const auto &found) { return found.present() && (found.name() == "v3" || found.name() == "v5"); });
    if (speaks)
        return report::AsExpected;
    return fail(portrait.found.refusal.empty() ? "it answers, but tells nothing" : "it refuses CONNECT: " + portrait.found.refusal, report::TargetGone);
}

void probe(const Options &options, Environment &environment)
{
    std::vector<std::string> patterns;
    const auto library = openLibrary(environment, {}, patterns);
    if (!library)
        return;
    Portrait portrait;
    portrait.report.set_catalog_version(HIATUS_VERSION);
    portrait.report.set_command(environment.commandLine);
    if (options.target == "sim")
        probeSimulation(*library, portrait);
    else
        environment.status = probeNetwork(options, *library, portrait);
    if (environment.status != report::AsExpected)
        return;
    suite::describe(portrait.report, portrait.profile, portrait.found);
    const std::string url = portrait.profile.has_url() && !portrait.profile.has_start() ? wire::redacted(portrait.profile.url()) : "mqtt://localhost:1883";
    std::cout << (options.isJson      ? report::toJson(portrait.report) + "\n"
                  : options.isProfile ? profileText(portrait, url)
                                      : tableOf(portrait, *library));
    for (const auto &sentence : suite::contradictions(portrait.profile, portrait.found)) {
        std::cerr << "hiatus: " << sentence << "\n";
        environment.status = report::Unexpected;
    }
}

} // namespace

void addProbe(CLI::App &app, Environment &environment)
{
    auto options = std::make_shared<Options>();
    auto *command = app.add_subcommand("probe", "Say what a target is: versions, capabilities, and what it does where the standard leaves it free");
    command->add_option("TARGET", options->target, "sim, a profile, or mqtt://[user[:password]@]host[:port], mqtts://, ws://, wss://")->required();
    auto *json = command->add_flag("--json", options->isJson, "the header of a JSON report: capability, target_fact, target_version");
    command->add_flag("--profile", options->isProfile, "a profile to begin with")->excludes(json);
    command->footer("Exit status: 0 it is told; 1 the profile says otherwise; 64 usage or profile; 69 nobody answers, or nobody is let in.");
    command->callback([options, &environment] { probe(*options, environment); });
}

} // namespace hiatus::command
