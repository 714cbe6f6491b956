#include "scenarios/suite/networkrun.h"

#include "scenarios/requirements/catalogue.h"
#include "scenarios/suite/scheduler.h"
#include "scenarios/world/networktls.h"

#include <QEventLoop>
#include <QTimer>

#include <algorithm>
#include <cstdlib>

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

/// What the variant asks for and the profile says is missing, or no network target has; empty if nothing.
std::string missingCapability(const script::Variant &variant, const v1::Target &target)
{
    const bool isClient = target.client().argument_size() > 0;
    if (variant.role != (isClient ? v1::CLIENT : v1::SERVER))
        return isClient ? "broker-under-test" : "client-under-test";
    const std::pair<const char *, bool> declared[] = {
        {"graceful-stop", target.has_start() && target.durability() >= v1::Target::GRACEFUL},
        {"kill", target.has_start() && target.durability() >= v1::Target::KILL},
        {"endpoints", target.endpoint_size() > 0},
        {"accounts", target.account_size() > 1},
        {"queue-limit", target.has_queue_limit()},
    };
    for (const auto &[name, isThere] : declared) {
        if (!isThere && std::find(variant.needs.begin(), variant.needs.end(), name) != variant.needs.end())
            return name;
    }
    for (const auto &capability : target.capability()) {
        const bool isVersion = !capability.has_version() || capability.version() == variant.version;
        const bool isNeeded = std::find(variant.needs.begin(), variant.needs.end(), capability.name()) != variant.needs.end() ||
                              capability.name() == (variant.version == v1::V3 ? "v3" : "v5");
        if (isVersion && isNeeded && !capability.present())
            return capability.name();
    }
    // Nobody can tell from outside whether a user name is known; who says nothing lets everybody in.
    const auto isAuthentication = [](const v1::Capability &capability) { return capability.name() == "authentication"; };
    const bool isAsked = std::find(variant.needs.begin(), variant.needs.end(), "authentication") != variant.needs.end();
    if (isAsked && std::none_of(target.capability().begin(), target.capability().end(), isAuthentication))
        return "authentication";
    return {};
}

/// Runs what can be run, and says of the rest what is missing.
NetworkRunEnd runAll(const std::vector<const script::Variant *> &variants, const requirements::Catalogue &catalogue,
                     const NetworkRunOptions &options, world::NetworkHub &hub, const run::Timing &timing)
{
    NetworkRunEnd end;
    end.note = hub.shortage();
    end.results.resize(variants.size());
    std::vector<const script::Variant *> runnable;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < variants.size(); ++i) {
        const std::string missing = missingCapability(*variants[i], options.target);
        if (missing.empty()) {
            runnable.push_back(variants[i]);
            places.push_back(i);
            continue;
        }
        end.results[i].set_scenario(variants[i]->scenario);
        end.results[i].set_variant(variants[i]->id);
        end.results[i].set_verdict(v1::SKIP);
        end.results[i].set_skipped_for(missing);
    }
    const NetworkPlan plan{runnable, catalogue, options, timing};
    Scheduler scheduler(plan, {options.target, options.process, hub});
    auto results = scheduler.run();
    end.isTargetGone = !scheduler.end().empty();
    if (end.isTargetGone)
        end.note = "the target died and does not come back: " + scheduler.end();
    else if (!scheduler.note().empty())
        end.note = scheduler.note();
    for (std::size_t i = 0; i < results.size(); ++i)
        end.results[places[i]] = std::move(results[i]);
    return end;
}

} // namespace

run::Timing timingOf(const v1::Target &target, Milliseconds latency)
{
    const auto span = [](double milliseconds) { return Milliseconds(static_cast<std::int64_t>(milliseconds)); };
    run::Timing timing;
    if (target.has_reply_ms())
        timing.reply = span(target.reply_ms());
    if (target.has_time_scale())
        timing.reply = span(static_cast<double>(timing.reply.count()) * target.time_scale());
    timing.reply += latency;
    if (target.has_grain_ms())
        timing.grain = span(target.grain_ms());
    if (target.has_late_limit_ms())
        timing.lateLimit = span(target.late_limit_ms());
    timing.early += latency;
    return timing;
}

tl::expected<world::NetworkOptions, std::string> networkOptionsOf(const v1::Target &target)
{
    const auto parsed = world::parseTarget(target.url());
    if (!parsed)
        return tl::make_unexpected(parsed.error());
    world::NetworkOptions network;
    network.target = *parsed;
    const std::string variable = target.has_password_env() ? target.password_env() : "HIATUS_PASSWORD";
    const char *password = std::getenv(variable.c_str());
    if (!password && target.has_password_env())
        return tl::make_unexpected("password_env: " + variable + " is not in the environment");
    if (password && network.target.hasUser) {
        network.target.password = password;
        network.target.hasPassword = true;
    }
    if (target.account_size() > 0) {
        network.target.user = target.account(0).user();
        network.target.password = target.account(0).password();
        network.target.hasUser = true;
        network.target.hasPassword = target.account(0).has_password();
    }
    world::TlsFiles files{target.ca_file(), target.certificate_file(), target.key_file(), {target.alpn().begin(), target.alpn().end()}, target.insecure()};
    auto tls = world::tlsConfiguration(files);
    if (!tls)
        return tl::make_unexpected(tls.error());
    network.tls = *tls;
    if (target.has_connections())
        network.connections = target.connections();
    if (target.has_connecting())
        network.connecting = target.connecting();
    return network;
}

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

    NetworkRunEnd end = runAll(variants, catalogue, options, hub, timingOf(options.target, found->latency));
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
    NetworkRunEnd end = runAll(variants, catalogue, options, hub, timingOf(options.target, Milliseconds(0)));
    for (const auto &result : end.results) {
        if (result.trace().harness_error().find("cannot be started") != std::string::npos)
            return tl::make_unexpected(result.trace().harness_error());
    }
    return end;
}

} // namespace hiatus::suite
