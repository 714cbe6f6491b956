#include "scenarios/command/portrait.h"

#include "scenarios/command/stop.h"

#include "proto/wire/redact.h"
#include "scenarios/report/exitstatus.h"
#include "scenarios/suite/networkoptions.h"
#include "scenarios/suite/networkrun.h"
#include "scenarios/suite/simulation.h"
#include "scenarios/suite/targethandle.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace hiatus::command {

namespace {

Probed probeSimulation(const suite::Library &library, Portrait &portrait)
{
    const auto variants = suite::probing(library);
    portrait.report.set_target("sim");
    portrait.report.set_world("virtual clock");
    for (const auto &result : suite::simulateAll(variants, library.catalogue, {}, std::max(1u, std::thread::hardware_concurrency())))
        suite::learn(portrait.found, result);
    return {report::AsExpected, {}};
}

Probed probeNetwork(const std::string &target, const suite::Library &library, Portrait &portrait)
{
    const auto opened = suite::TargetHandle::open(target);
    if (!opened)
        return {report::UsageError, wire::redacted(opened.error())};
    const auto &handle = *opened;
    const auto fail = [&](const std::string &why, int status) {
        return Probed{status, wire::redacted(target) + ": " + handle->clean(why)};
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
        return {report::Interrupted, {}};
    if (!end)
        return fail(end.error(), report::TargetGone);
    if (end->isTargetGone)
        return fail("it answered at first and is gone now", report::TargetGone);
    portrait.profile = run.target;
    portrait.found = end->found;
    for (const auto &result : end->results)
        suite::learn(portrait.found, result);
    portrait.report.set_target(run.target.has_name() ? run.target.name() : wire::redacted(target));
    portrait.report.set_world("network");
    const auto &capabilities = portrait.found.capabilities;
    const bool speaks = std::any_of(capabilities.begin(), capabilities.end(),
                                    [](const auto &found) { return found.present() && (found.name() == "v3" || found.name() == "v5"); });
    if (speaks)
        return {report::AsExpected, {}};
    return fail(portrait.found.refusal.empty() ? "it answers, but tells nothing" : "it refuses CONNECT: " + portrait.found.refusal, report::TargetGone);
}

} // namespace

Probed probe(const std::string &target, const suite::Library &library, Portrait &portrait)
{
    portrait.report.set_catalog_version(HIATUS_VERSION);
    const Probed probed = target == "sim" ? probeSimulation(library, portrait) : probeNetwork(target, library, portrait);
    if (probed.status == report::AsExpected)
        suite::describe(portrait.report, portrait.profile, portrait.found);
    return probed;
}

} // namespace hiatus::command
