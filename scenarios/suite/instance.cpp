#include "scenarios/suite/instance.h"

#include "scenarios/suite/networkoptions.h"

#include "scenarios/world/adapterworld.h"

#include <algorithm>
#include <utility>

namespace hiatus::suite {

namespace {

/// What a trace says of a variant that the run left before its end; it gets no verdict.
constexpr const char *leftAlone = "interrupted";
constexpr unsigned mostDeaths = 50;
constexpr Milliseconds deathIsKnownWithin{250}; // after the connections are gone

/// Open at once. Who is parked keeps its places: it comes back when its timer says so, and must not have to wait then.
std::size_t connectionsOf(const script::Variant &variant) { return variant.lanes.size() + 1; }

/// Whoever was at work alone when the target died did it.
v1::Result killer(v1::Result result, const std::string &how)
{
    const std::string at = result.finding_size() ? result.finding(0).at() : std::string();
    result.clear_finding();
    result.set_verdict(v1::FAIL);
    auto &finding = *result.add_finding();
    finding.set_reason("TARGET_DIED");
    finding.set_severity(v1::SEVERITY_FAIL);
    finding.set_text("The target died: " + how);
    finding.set_at(at);
    return result;
}

} // namespace

/// One variant under way.
struct Instance::Active
{
    Job job;
    std::unique_ptr<world::NetworkWorld> world;
    std::unique_ptr<run::Run> run;
    Time began{};
    std::uint64_t logged = 0; ///< where the target's log ended then
    bool isOver = false;
};

Instance::Instance(const NetworkPlan &plan, Site site, Told told)
    : m_plan(plan), m_site(site), m_told(std::move(told)), m_log(site.target.log_file(), site.hub.target().password)
{
    if (site.target.client().argument().empty())
        m_pulse = std::make_unique<world::Pulse>(m_site.hub);
    if (!m_site.process)
        return;
    m_site.process->setAnswers([&hub = m_site.hub](const std::function<void(bool)> &does) {
        hub.probe([does](const auto &answer) { does(answer.has_value()); });
    });
    m_site.process->setDied([this](const std::string &how) { m_death = how; });
}

Instance::~Instance()
{
    if (!m_site.process)
        return;
    m_site.process->forget();
    m_site.process->setDied({});
    m_site.process->setAnswers({});
}

void Instance::start()
{
    if (!m_site.process || m_site.process->isRunning())
        return;
    m_state = State::Starting;
    m_site.process->start([this](const std::string &problem) {
        m_state = problem.empty() ? State::Up : State::Gone;
        m_end = problem;
    });
}

/// Of a broker's lanes, or of a client's.
std::unique_ptr<world::NetworkWorld> Instance::makeWorld() const
{
    const auto &adapter = m_site.target.client().argument();
    if (adapter.empty())
        return std::make_unique<world::NetworkWorld>(m_site.hub);
    return std::make_unique<world::AdapterWorld>(m_site.hub, std::vector<std::string>(adapter.begin(), adapter.end()));
}

world::TargetControl Instance::control() const
{
    auto *process = m_site.process;
    return {.stop = [process](v1::Halt how, world::TargetControl::Done done) { process->stop(how, std::move(done)); },
            .start = [process](world::TargetControl::Done done) { process->start(std::move(done)); }};
}

bool Instance::hasRoomFor(const script::Variant &variant, std::size_t jobs) const
{
    if (!isUp() || !m_death.empty())
        return false;
    if (m_active.empty())
        return m_ended.empty() || !m_ended.front().job.isAlone;
    std::size_t atWork = 0;
    std::size_t connections = connectionsOf(variant);
    for (const auto &active : m_active) {
        atWork += active->run->isParked() ? 0 : 1;
        connections += connectionsOf(*m_plan.variants[active->job.place]);
    }
    return !m_active.front()->job.isAlone && atWork < jobs && connections <= m_site.hub.connectionBound();
}

run::RunOptions Instance::optionsFor(const Job &job) const
{
    run::RunOptions options;
    options.timing = m_plan.timing;
    options.seed = m_plan.options.seed + job.round * 1'000'003;
    options.cleansUp = m_site.target.client().argument().empty();
    options.accounts = accountsOf(m_site.target, m_site.hub.target());
    options.isSessionUntold = m_plan.isSessionUntold;
    options.topicRoot = m_site.target.topic_root();
    if (m_site.target.has_queue_limit())
        options.declared["queue_limit"] = std::to_string(m_site.target.queue_limit());
    if (m_plan.options.debug)
        m_plan.options.debug(*m_plan.variants[job.place], options);
    return options;
}

void Instance::begin(const Job &job)
{
    auto active = std::make_unique<Active>();
    active->job = job;
    active->began = m_site.hub.now();
    active->logged = m_log.mark();
    active->world = makeWorld();
    if (m_site.process)
        active->world->setControl(control());
    active->run = std::make_unique<run::Run>(*m_plan.variants[job.place], *active->world, optionsFor(job));
    Active &started = *active;
    m_active.push_back(std::move(active));
    started.run->start([&started] { started.isOver = true; });
}

void Instance::turn()
{
    if (!m_death.empty())
        revive();
    reap();
    tell();
    if (m_active.empty() && isUp())
        start(); // a variant that stops it may have left it down
}

void Instance::reap()
{
    const auto isUnderWay = [](const auto &active) { return !active->isOver && !active->run->isFinished(); };
    const auto ended = std::stable_partition(m_active.begin(), m_active.end(), isUnderWay);
    for (auto active = ended; active != m_active.end(); ++active) {
        v1::Result result = resultOf(**active);
        if (result.trace().harness_error() == leftAlone)
            continue;
        (*active)->job.wasTargetDumb = m_pulse && m_pulse->worst((*active)->began) > m_plan.timing.reply / 4;
        m_ended.push_back({(*active)->job, std::move(result), m_site.hub.now()});
    }
    m_active.erase(ended, m_active.end());
}

void Instance::tell()
{
    const auto isDoubtful = [](const Ended &ended) { return ended.job.isAlone || ended.result.verdict() != v1::PASS; };
    const Time known = m_site.hub.now() - (m_site.process ? deathIsKnownWithin : Milliseconds(0));
    std::deque<Ended> later;
    for (Ended &ended : std::exchange(m_ended, {})) {
        if (isDoubtful(ended) && ended.since > known)
            later.push_back(std::move(ended));
        else
            m_told.finished(ended.job, std::move(ended.result));
    }
    m_ended = std::move(later);
}

v1::Result Instance::resultOf(Active &active) const
{
    v1::Trace trace = active.run->takeTrace();
    trace.set_late_ms(static_cast<double>(active.world->worstLateness().count()));
    v1::Result result = judge::judge(*m_plan.variants[active.job.place], trace, m_plan.catalogue);
    *result.mutable_trace() = std::move(trace);
    result.set_duration(static_cast<double>((m_site.hub.now() - active.began).count()));
    if (const std::string log = result.verdict() == v1::PASS ? std::string() : m_log.since(active.logged); !log.empty())
        result.set_target_log(log);
    return result;
}

/// As far as it came.
v1::Result Instance::unfinished(Active &active) const
{
    v1::Result result;
    result.set_scenario(m_plan.variants[active.job.place]->scenario);
    result.set_variant(m_plan.variants[active.job.place]->id);
    result.add_finding()->set_at(active.run->position());
    *result.mutable_trace() = active.run->takeTrace();
    result.set_duration(static_cast<double>((m_site.hub.now() - active.began).count()));
    return result;
}

void Instance::revive()
{
    const std::string how = std::exchange(m_death, {});
    std::deque<Ended> suspects = std::exchange(m_ended, {});
    for (const auto &active : std::exchange(m_active, {}))
        suspects.push_back({active->job, unfinished(*active), {}});
    m_end = ++m_deaths > mostDeaths ? "it dies again and again" : std::string();
    m_state = State::Gone;
    if (m_end.empty())
        start();
    if (suspects.size() == 1 && (suspects.front().job.isAlone || m_plan.options.target.jobs() == 1))
        return m_told.finished(suspects.front().job, killer(std::move(suspects.front().result), how));
    std::vector<Job> jobs;
    for (const Ended &suspect : suspects)
        jobs.push_back(suspect.job);
    m_told.died(jobs, how);
}

void Instance::leave()
{
    for (auto &active : m_active)
        active->run->leave(leftAlone);
    if (m_state == State::Starting && m_site.process) {
        m_site.process->forget();
        m_state = State::Gone;
    }
}

std::optional<Instance::Slowest> Instance::slowest() const
{
    std::optional<Slowest> found;
    for (const auto &active : m_active) {
        if (!found || active->began < found->began)
            found = Slowest{active->began, m_plan.variants[active->job.place]->id + " at " + active->run->position()};
    }
    return found;
}

} // namespace hiatus::suite
