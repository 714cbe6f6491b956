#include "scenarios/suite/networkrun.h"

#include "scenarios/requirements/catalogue.h"
#include "scenarios/suite/needs.h"
#include "scenarios/suite/networkoptions.h"
#include "scenarios/suite/scheduler.h"

#include <QEventLoop>
#include <QTimer>

#include <algorithm>

namespace hiatus::suite {

namespace {

/// Starts the target, and runs the loop until it answers. What is wrong, its log's tail included; empty if nothing.
std::string startTarget(const NetworkRunOptions &options)
{
    std::string problem = "interrupted";
    bool isOver = false;
    QEventLoop loop;
    options.process->start([&](const std::string &said) {
        problem = said;
        isOver = true;
        loop.quit();
    });
    QTimer watch;
    QObject::connect(&watch, &QTimer::timeout, [&] {
        if (options.stop && *options.stop)
            loop.quit();
    });
    watch.start(50);
    if (!isOver)
        loop.exec();
    if (!isOver)
        options.process->forget();
    return problem;
}

/// Asks the target who it is; runs the loop until it has answered, or nobody wants to know any more.
tl::expected<world::Probed, std::string> probe(world::NetworkHub &hub, const std::atomic<bool> *stop)
{
    tl::expected<world::Probed, std::string> answer = tl::make_unexpected(std::string("no answer"));
    QEventLoop loop;
    hub.probe([&](tl::expected<world::Probed, std::string> found) {
        answer = std::move(found);
        loop.quit();
    });
    QTimer watch;
    QObject::connect(&watch, &QTimer::timeout, [&] {
        if (!stop || !*stop)
            return;
        answer = tl::make_unexpected(std::string("interrupted"));
        loop.quit();
    });
    watch.start(50);
    loop.exec();
    return answer;
}

/// Runs the overture, and once more if it says that a whole version is missing: that decides too much to rest on one answer.
Learnt askWhoItIs(const requirements::Catalogue &catalogue, const NetworkRunOptions &options, world::NetworkHub &hub, const run::Timing &timing)
{
    NetworkRunOptions asking = options;
    asking.confirm = 0;
    asking.isFailFast = false;
    asking.progress = {};
    asking.another = {};
    const auto ask = [&] {
        const NetworkPlan plan{options.overture, catalogue, asking, timing};
        Scheduler scheduler(plan, {options.target, options.process, hub});
        return learnt(scheduler.run());
    };
    Learnt found = ask();
    const bool isVersionMissing = std::any_of(found.capabilities.begin(), found.capabilities.end(), [](const v1::CapabilityFound &each) {
        return !each.present() && (each.name() == "v3" || each.name() == "v5");
    });
    return isVersionMissing ? ask() : found;
}

/// Runs what can be run, and says of the rest what is missing.
NetworkRunEnd runAll(const std::vector<const script::Variant *> &variants, const requirements::Catalogue &catalogue,
                     const NetworkRunOptions &options, world::NetworkHub &hub, const run::Timing &timing, const Learnt &found)
{
    NetworkRunEnd end;
    end.note = hub.shortage();
    end.results.resize(variants.size());
    std::vector<const script::Variant *> runnable;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < variants.size(); ++i) {
        const Missing missing = missingCapability(*variants[i], options.target, found);
        if (missing.capability.empty()) {
            runnable.push_back(variants[i]);
            places.push_back(i);
            continue;
        }
        end.results[i].set_scenario(variants[i]->scenario);
        end.results[i].set_variant(variants[i]->id);
        end.results[i].set_verdict(v1::SKIP);
        end.results[i].set_skipped_for(missing.capability);
        if (missing.isOverride)
            end.results[i].set_overridden(true);
    }
    const auto told = capabilityOf(options.target, found, "session-present", v1::V3);
    const NetworkPlan plan{runnable, catalogue, options, timing, told && !told->present()};
    Scheduler scheduler(plan, {options.target, options.process, hub});
    auto results = scheduler.run();
    end.isTargetGone = !scheduler.end().empty();
    if (end.isTargetGone)
        end.note = "the target died and does not come back: " + scheduler.end();
    else if (!scheduler.note().empty())
        end.note = scheduler.note();
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (isLetIn(*runnable[i], options.target, found))
            results[i].set_overridden(true);
        end.results[places[i]] = std::move(results[i]);
    }
    end.found = found;
    return end;
}

} // namespace

namespace {

/// Who names further nodes, and one of them does not answer, is told so; no scenario is to find it out.
std::string deadEndpoint(const world::NetworkOptions &network, const std::atomic<bool> *stop)
{
    for (const auto &endpoint : network.endpoints) {
        world::NetworkOptions own = network;
        own.endpoints.clear();
        own.target = endpoint;
        if (!endpoint.hasUser) {
            own.target.user = network.target.user;
            own.target.password = network.target.password;
            own.target.hasUser = network.target.hasUser;
            own.target.hasPassword = network.target.hasPassword;
        }
        world::NetworkHub hub(own);
        if (const auto found = probe(hub, stop); !found)
            return "endpoint: " + found.error();
    }
    return {};
}

} // namespace

tl::expected<NetworkRunEnd, std::string> runOnNetwork(const std::vector<const script::Variant *> &variants,
                                                      const requirements::Catalogue &catalogue, const NetworkRunOptions &options)
{
    const auto network = networkOptionsOf(options.target);
    if (!network)
        return tl::make_unexpected(network.error());
    world::NetworkHub hub(*network);
    if (auto *process = options.process) {
        process->setAnswers([&hub](const std::function<void(bool)> &does) { hub.probe([does](const auto &answer) { does(answer.has_value()); }); });
        const std::string problem = process->isRunning() ? std::string() : startTarget(options);
        if (!problem.empty())
            return tl::make_unexpected(problem);
    }
    const auto found = probe(hub, options.stop);
    if (!found)
        return tl::make_unexpected(found.error());
    if (const std::string dead = deadEndpoint(*network, options.stop); !dead.empty())
        return tl::make_unexpected(dead);

    const run::Timing timing = timingOf(options.target, found->latency);
    NetworkRunEnd end = runAll(variants, catalogue, options, hub, timing, askWhoItIs(catalogue, options, hub, timing));
    const bool wasGone = std::any_of(end.results.begin(), end.results.end(), [](const auto &result) { return result.trace().has_target_gone(); });
    end.isTargetGone = end.isTargetGone || (wasGone && !probe(hub, nullptr));
    return end;
}

tl::expected<NetworkRunEnd, std::string> runOnClient(const std::vector<const script::Variant *> &variants,
                                                     const requirements::Catalogue &catalogue, const NetworkRunOptions &options)
{
    world::NetworkOptions network;
    network.target.host = "127.0.0.1"; // nobody connects from here
    world::NetworkHub hub(network);
    NetworkRunEnd end = runAll(variants, catalogue, options, hub, timingOf(options.target, Milliseconds(0)), {});
    for (const auto &result : end.results) {
        if (result.trace().harness_error().find("cannot be started") != std::string::npos)
            return tl::make_unexpected(result.trace().harness_error());
    }
    return end;
}

} // namespace hiatus::suite
