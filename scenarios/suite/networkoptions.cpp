#include "scenarios/suite/networkoptions.h"

#include "scenarios/world/networktls.h"

#include <algorithm>
#include <cstdlib>

namespace hiatus::suite {

std::vector<run::Account> accountsOf(const v1::Target &target, const world::NetworkTarget &first)
{
    std::vector<run::Account> accounts;
    if (first.hasUser)
        accounts.push_back({first.user, first.hasPassword ? first.password : std::string()});
    for (int i = 1; i < target.account_size(); ++i)
        accounts.push_back({target.account(i).user(), target.account(i).password()});
    return accounts;
}

std::size_t jobsOf(const v1::Target &target)
{
    constexpr std::size_t mostJobs = 64;
    const std::size_t jobs = target.has_jobs() ? target.jobs() : mostJobs;
    return target.has_connects_per_second() ? std::min<std::size_t>(jobs, 2 * std::max(1u, target.connects_per_second())) : jobs;
}

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
    if (target.has_connects_per_second())
        timing.queueing = Milliseconds(100'000);
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
    for (const auto &url : target.endpoint()) {
        auto endpoint = world::parseTarget(url);
        if (!endpoint)
            return tl::make_unexpected("endpoint: " + endpoint.error());
        network.endpoints.push_back(*endpoint);
    }
    if (target.has_connects_per_second())
        network.connectsPerSecond = target.connects_per_second();
    if (target.has_connections())
        network.connections = target.connections();
    if (target.has_connecting())
        network.connecting = target.connecting();
    return network;
}

} // namespace hiatus::suite
