#include "scenarios/suite/simulation.h"

#include "client/deviation/makeclient.h"
#include "minibroker/deviation/alterations.h"
#include "proto/wire/text.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/world/simulatedworld.h"

#include <algorithm>
#include <mutex>
#include <thread>

namespace hiatus::suite {

namespace {

/// A simulated variant does nothing for ever only if an engine or a script is at fault.
constexpr std::size_t mostEvents = 400'000;

/// Whom the simulated broker does not know; scenarios that need "authentication" connect under this name.
constexpr std::string_view stranger = "stranger";

/// What the simulated target declares to scenarios that ask for it: a queue of so many messages, two accounts.
constexpr std::size_t shortQueue = 6;

/// Identifiers of the simulated broker where a scenario waits for them to come round.
constexpr std::uint16_t fewIdentifiers = 50;
const std::vector<run::Account> accounts{{}, {"other", "another secret"}};

bool needs(const script::Variant &variant, std::string_view capability)
{
    return std::find(variant.needs.begin(), variant.needs.end(), capability) != variant.needs.end();
}

world::SimulatedOptions worldOptions(const script::Variant &variant, const SimulationOptions &options)
{
    world::SimulatedOptions result;
    result.seed = options.seed;
    result.makeBroker = [&options, &variant](const v1::BrokerState &state, v1::Halt after, Time now) {
        const auto restart = after == v1::KILL ? broker::Reason::Crashed : broker::Reason::Restarted;
        broker::BrokerOptions settings;
        settings.authenticate = [](std::string_view user, std::string_view) { return user != stranger; };
        if (needs(variant, "queue-limit"))
            settings.queueLimit = shortQueue;
        if (needs(variant, "many-messages"))
            settings.packetIdentifiers = fewIdentifiers;
        if (needs(variant, "drops-newest"))
            settings.queuePolicy = broker::QueuePolicy::DropNewest;
        auto made = broker::makeBroker(settings, options.brokerAlterations, broker::Kept(state, restart), now);
        if (!made)
            made = broker::makeBroker(settings, options.brokerAlterations);
        world::HostedBroker hosted;
        if (!made)
            return hosted;
        hosted.snapshot = [engine = made->engine](Time at) { return engine->snapshot(at); };
        hosted.broker = options.around ? options.around(std::move(made->broker)) : std::move(made->broker);
        return hosted;
    };
    result.makeClient = [&options, version = variant.version](const v1::Setup &setup, bool ours) {
        client::ClientOptions client;
        client.version = version;
        client.manualAcknowledge = setup.manual_acknowledge();
        client.automaticReconnect = setup.automatic_reconnect();
        client.resubscribe = true;
        return client::makeClient(client, ours ? std::vector<std::string>{} : options.clientAlterations);
    };
    return result;
}

/// A capability that the variant needs and one of the rows has given up; empty if there is none.
template <typename Find>
std::string lacking(const script::Variant &variant, const std::vector<std::string> &names, Find find)
{
    for (const auto &name : names) {
        const auto *row = find(name);
        for (const auto &capability : row ? row->lacks : std::vector<std::string>{}) {
            if (needs(variant, capability))
                return capability;
        }
    }
    return {};
}

/// Of the side under test, or of both.
std::string lacking(const script::Variant &variant, const SimulationOptions &options)
{
    std::string missing;
    if (variant.role != v1::CLIENT)
        missing = lacking(variant, options.brokerAlterations, [](const auto &name) { return broker::findAlteration(name); });
    if (variant.role != v1::SERVER && missing.empty())
        missing = lacking(variant, options.clientAlterations, [](const auto &name) { return client::findAlteration(name); });
    return missing;
}

} // namespace

v1::Result simulate(const script::Variant &variant, const requirements::Catalogue &catalogue, const SimulationOptions &options)
{
    if (const std::string missing = lacking(variant, options); !missing.empty()) {
        v1::Result skipped;
        skipped.set_scenario(variant.scenario);
        skipped.set_variant(variant.id);
        skipped.set_verdict(v1::SKIP);
        skipped.set_skipped_for(missing);
        return skipped;
    }
    world::SimulatedWorld world(worldOptions(variant, options));
    run::RunOptions runOptions;
    runOptions.timing = run::Timing::ofVirtualClock();
    runOptions.seed = options.seed;
    runOptions.accounts = accounts;
    runOptions.declared["queue_limit"] = std::to_string(shortQueue);
    if (options.debug)
        options.debug(variant, runOptions);
    run::Run run(variant, world, runOptions);
    const Time began = world.now();
    run.start({});
    std::size_t events = 0;
    while (!run.isFinished() && world.step()) {
        if (++events > mostEvents)
            run.abandon("the simulated world does not come to rest");
    }
    if (!run.isFinished())
        run.abandon("nothing is left to happen, and the script has not ended");
    v1::Result result = judge::judge(variant, run.trace(), catalogue);
    result.set_duration(static_cast<double>((world.now() - began).count()));
    *result.mutable_trace() = run.takeTrace();
    return result;
}

std::vector<v1::Result> simulateAll(const std::vector<const script::Variant *> &variants,
                                    const requirements::Catalogue &catalogue, const SimulationOptions &options, unsigned threads,
                                    const std::function<void(std::size_t, const v1::Result &)> &done, const std::atomic<bool> *stop)
{
    std::vector<v1::Result> results(variants.size());
    std::atomic<std::size_t> next{0};
    std::mutex telling;
    const auto work = [&] {
        while (!(stop && *stop)) {
            const std::size_t index = next++;
            if (index >= variants.size())
                return;
            results[index] = simulate(*variants[index], catalogue, options);
            if (done) {
                const std::lock_guard lock(telling);
                done(index, results[index]);
            }
        }
    };
    std::vector<std::thread> workers;
    for (unsigned i = 1; i < threads; ++i)
        workers.emplace_back(work);
    work();
    for (auto &worker : workers)
        worker.join();
    return results;
}

} // namespace hiatus::suite
