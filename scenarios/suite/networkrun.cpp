#include "scenarios/suite/networkrun.h"

#include "scenarios/requirements/catalogue.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/suite/logslice.h"
#include "scenarios/world/adapterworld.h"
#include "scenarios/world/networktls.h"
#include "scenarios/world/networkworld.h"

#include <QEventLoop>
#include <QTimer>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <numeric>
#include <optional>

namespace hiatus::suite {

namespace {

/// What a trace says of a variant that the run left before its end; it gets no verdict.
constexpr const char *leftAlone = "interrupted";

/// One variant under way.
struct Active
{
    std::size_t index = 0;
    std::unique_ptr<world::NetworkWorld> world;
    std::unique_ptr<run::Run> run;
    Time began{};
    std::uint64_t logged = 0; ///< where the target's log ended then
    bool isOver = false;
};

/// Lateness has no bound in the standard, and in company it may be the company's: brokers are known whose timers hold
/// each other up. So each one is measured alone.
bool isLateOnly(const v1::Result &result)
{
    const bool isJudged = result.verdict() == v1::WARN || result.verdict() == v1::FAIL;
    return isJudged && std::all_of(result.finding().begin(), result.finding().end(), [](const v1::Finding &finding) {
               return finding.consequent() || finding.reason() == "LATE" || finding.reason() == "TOO_LATE";
           });
}

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

class Scheduler
{
public:
    Scheduler(const std::vector<const script::Variant *> &variants, const requirements::Catalogue &catalogue,
              const NetworkRunOptions &options, world::NetworkHub &hub, run::Timing timing)
        : m_variants(variants), m_catalogue(catalogue), m_options(options), m_hub(hub), m_timing(timing),
          m_log(options.target.log_file(), hub.target().password), m_results(variants.size())
    {
    }

    std::vector<v1::Result> run()
    {
        std::vector<std::size_t> order(m_variants.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return m_variants[a]->plannedSeconds > m_variants[b]->plannedSeconds;
        });
        const auto alone = std::stable_partition(order.begin(), order.end(), [&](std::size_t i) { return !m_variants[i]->alone; });
        runAll({order.begin(), alone}, m_options.target.has_jobs() ? m_options.target.jobs() : 64);
        for (auto i = alone; i != order.end() && !isStopped(); ++i)
            runAll({*i}, 1);
        confirm();
        return std::move(m_results);
    }

private:
    /// Of a broker's lanes, or of a client's.
    std::unique_ptr<world::NetworkWorld> makeWorld()
    {
        const auto &adapter = m_options.target.client().argument();
        if (adapter.empty())
            return std::make_unique<world::NetworkWorld>(m_hub);
        return std::make_unique<world::AdapterWorld>(m_hub, std::vector<std::string>(adapter.begin(), adapter.end()));
    }

    bool isStopped() const { return (m_options.stop && *m_options.stop) || m_isStopping; }

    void runAll(std::vector<std::size_t> order, std::size_t jobs)
    {
        std::reverse(order.begin(), order.end()); // taken from the back
        m_queue = std::move(order);
        m_jobs = jobs;
        QTimer tick; // reaps what is over and starts what fits; runs end from their own events
        QObject::connect(&tick, &QTimer::timeout, [this] { turn(); });
        tick.start(5);
        QTimer telling;
        QObject::connect(&telling, &QTimer::timeout, [this] { tell(); });
        telling.start(500);
        for (;;) {
            turn();
            if (!m_queue.empty() || !m_active.empty())
                m_loop.exec();
            if (m_death.empty())
                return;
            revive();
        }
    }

    /// The target died. Whoever was at work may have done it: each is run alone, and with whom it dies again, that one did.
    void revive()
    {
        constexpr std::size_t mostDeaths = 50;
        const std::string how = std::exchange(m_death, {});
        std::vector<std::size_t> suspects;
        for (const auto &active : m_active)
            suspects.push_back(active->index);
        if (m_jobs == 1 && suspects.size() == 1)
            killedBy(*m_active.front(), how);
        const bool isKnown = m_jobs == 1 && suspects.size() == 1;
        m_active.clear();
        const std::string problem = ++m_deaths > mostDeaths ? "it dies again and again" : startTarget(m_options);
        if (!problem.empty()) {
            m_isStopping = true;
            m_end = problem;
            return;
        }
        if (isKnown)
            return;
        const auto rest = std::exchange(m_queue, {});
        const std::size_t jobs = m_jobs;
        for (const std::size_t suspect : suspects) {
            if (isStopped())
                return;
            runAll({suspect}, 1);
            m_results[suspect].set_confirmation("run alone: the target died while it was at work in company (" + how.substr(0, how.find('\n')) + ")");
        }
        m_queue = rest;
        m_jobs = jobs;
    }

    void killedBy(Active &active, const std::string &how)
    {
        v1::Result &result = m_results[active.index];
        result = {};
        result.set_scenario(m_variants[active.index]->scenario);
        result.set_variant(m_variants[active.index]->id);
        result.set_verdict(v1::FAIL);
        auto &finding = *result.add_finding();
        finding.set_reason("TARGET_DIED");
        finding.set_severity(v1::SEVERITY_FAIL);
        finding.set_text("The target died: " + how);
        finding.set_at(active.run->position());
        *result.mutable_trace() = active.run->takeTrace();
        result.set_duration(static_cast<double>((m_hub.now() - active.began).count()));
        ++m_done;
        ++m_failed;
    }

    void turn()
    {
        if (!m_death.empty())
            return m_loop.quit();
        reap();
        std::size_t atWork = 0;
        for (const auto &active : m_active)
            atWork += active->run->isParked() ? 0 : 1;
        while (!m_queue.empty() && !isStopped() && atWork < m_jobs && hasRoom(*m_variants[m_queue.back()])) {
            begin(m_queue.back());
            m_queue.pop_back();
            ++atWork;
        }
        if (m_active.empty() && (m_queue.empty() || isStopped()))
            m_loop.quit();
        if (isStopped()) {
            for (auto &active : m_active)
                active->run->leave(leftAlone);
        }
    }

    bool hasRoom(const script::Variant &variant) const
    {
        return m_active.empty() || m_hub.open() + m_hub.waiting() + variant.lanes.size() + 1 < m_hub.connectionBound();
    }

    void begin(std::size_t index)
    {
        auto active = std::make_unique<Active>();
        active->index = index;
        active->began = m_hub.now();
        active->logged = m_log.mark();
        active->world = makeWorld();
        run::RunOptions options;
        options.timing = m_timing;
        options.seed = m_options.seed + m_round * 1'000'003; // names of its own each time
        options.cleansUp = m_options.target.client().argument().empty();
        if (m_hub.target().hasUser)
            options.userName = m_hub.target().user;
        if (m_hub.target().hasPassword)
            options.password = m_hub.target().password;
        if (m_options.debug)
            m_options.debug(*m_variants[index], options);
        if (m_options.process)
            active->world->setControl(control());
        active->run = std::make_unique<run::Run>(*m_variants[index], *active->world, options);
        Active &started = *active;
        m_active.push_back(std::move(active));
        started.run->start([&started] { started.isOver = true; });
    }

    world::TargetControl control()
    {
        auto *process = m_options.process;
        return {.stop = [process](v1::Halt how, world::TargetControl::Done done) { process->stop(how, std::move(done)); },
                .start = [process](world::TargetControl::Done done) { process->start(std::move(done)); }};
    }

    void reap()
    {
        for (auto &active : m_active) {
            if (active->isOver || active->run->isFinished())
                finish(*active);
        }
        m_active.erase(std::remove_if(m_active.begin(), m_active.end(), [](const auto &active) { return !active->run; }), m_active.end());
    }

    void finish(Active &active)
    {
        v1::Trace trace = active.run->takeTrace();
        if (trace.harness_error() == leftAlone) {
            active.run.reset();
            active.world.reset();
            return;
        }
        trace.set_late_ms(static_cast<double>(active.world->worstLateness().count()));
        v1::Result result = judge::judge(*m_variants[active.index], trace, m_catalogue);
        *result.mutable_trace() = std::move(trace);
        result.set_duration(static_cast<double>((m_hub.now() - active.began).count()));
        const bool isBad = result.verdict() == v1::FAIL || result.verdict() == v1::ERROR;
        if (const std::string log = result.verdict() == v1::PASS ? std::string() : m_log.since(active.logged); !log.empty())
            result.set_target_log(log);
        m_isStopping = m_isStopping || (m_options.isFailFast && isBad);
        m_failed += isBad ? 1 : 0;
        ++m_done;
        m_results[active.index] = std::move(result);
        active.run.reset();
        active.world.reset();
    }

    void tell()
    {
        if (!m_options.progress)
            return;
        const Active *slowest = nullptr;
        for (const auto &active : m_active) {
            if (!slowest || active->began < slowest->began)
                slowest = active.get();
        }
        m_options.progress(m_done, m_failed, slowest ? m_variants[slowest->index]->id + " at " + slowest->run->position() : std::string());
    }

public:
    void died(const std::string &how) { m_death = how; }
    /// Why the run ended early, if the target could not be brought back.
    const std::string &end() const { return m_end; }

private:
    /// Brokers couple clients, and so does a busy machine: what was accused in company is run again alone. Of one scenario
    /// a few variants stand for all.
    void confirm()
    {
        constexpr std::size_t mostOfOneScenario = 4;
        std::map<std::string, std::size_t> ofScenario;
        for (std::size_t i = 0; i < m_results.size() && !isStopped(); ++i) {
            const v1::Verdict verdict = m_results[i].verdict();
            const bool isDoubtful = verdict == v1::FAIL || verdict == v1::WARN || verdict == v1::INCONCLUSIVE || verdict == v1::ERROR;
            const bool isMurder = m_results[i].finding_size() > 0 && m_results[i].finding(0).reason() == "TARGET_DIED";
            const bool isExpected = isDoubtful && m_options.isExpected && m_options.isExpected(m_results[i]);
            if (!isDoubtful || isMurder || isExpected)
                continue;
            if (!isLateOnly(m_results[i]) && ++ofScenario[m_results[i].scenario()] > mostOfOneScenario) {
                m_results[i].set_confirmation("seen in company; " + std::to_string(mostOfOneScenario) + " others of its scenario were run again alone");
                continue;
            }
            const v1::Result company = std::move(m_results[i]);
            m_results[i] = {};
            for (unsigned n = 0; n < m_options.confirm && !isConfirmed(i, company); ++n) {
                ++m_round;
                --m_done;
                runAll({i}, 1);
            }
            settle(i, company);
        }
    }

    bool isConfirmed(std::size_t index, const v1::Result &company) const { return m_results[index].verdict() == company.verdict(); }

    void settle(std::size_t index, v1::Result company)
    {
        v1::Result &alone = m_results[index];
        if (alone.verdict() == v1::VERDICT_UNSPECIFIED) {
            alone = std::move(company);
        } else if (alone.verdict() == company.verdict()) {
            alone.set_confirmation("confirmed alone");
        } else if (alone.verdict() == v1::PASS && isLateOnly(company)) {
            alone.set_confirmation("in time alone, late in company");
        } else if (alone.verdict() == v1::PASS && company.verdict() != v1::INCONCLUSIVE && company.verdict() != v1::ERROR) {
            company.set_skipped_for("passes alone; seen only in company: " + (company.finding_size() ? company.finding(0).text() : std::string()));
            company.set_confirmation("only in company");
            company.set_verdict(v1::INCONCLUSIVE);
            alone = std::move(company);
        }
    }

    const std::vector<const script::Variant *> &m_variants;
    const requirements::Catalogue &m_catalogue;
    const NetworkRunOptions &m_options;
    world::NetworkHub &m_hub;
    run::Timing m_timing;
    LogSlice m_log;
    std::vector<v1::Result> m_results;
    std::vector<std::size_t> m_queue;
    std::vector<std::unique_ptr<Active>> m_active;
    QEventLoop m_loop;
    std::size_t m_jobs = 64;
    std::uint64_t m_round = 0;
    std::size_t m_done = 0;
    std::size_t m_failed = 0;
    bool m_isStopping = false;
    std::string m_death; ///< how the target died, if it has not been brought back since
    std::size_t m_deaths = 0;
    std::string m_end;
};

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
        answer = tl::make_unexpected(std::string(leftAlone));
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
    Scheduler scheduler(runnable, catalogue, options, hub, timing);
    if (options.process)
        options.process->setDied([&scheduler](const std::string &how) { scheduler.died(how); });
    auto results = scheduler.run();
    if (options.process)
        options.process->setDied({});
    end.isTargetGone = !scheduler.end().empty();
    if (end.isTargetGone)
        end.note = "the target died and does not come back: " + scheduler.end();
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
    if (options.process)
        options.process->setAnswers({});
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
