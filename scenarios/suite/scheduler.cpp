#include "scenarios/suite/scheduler.h"

#include "scenarios/suite/networkoptions.h"

#include <QTimer>

#include <algorithm>
#include <numeric>

namespace hiatus::suite {

Scheduler::Scheduler(const NetworkPlan &plan, Instance::Site first)
    : m_plan(plan), m_doubts(plan.options.confirm, plan.options.isExpected), m_results(plan.variants.size())
{
    addInstance(first);
    std::vector<std::size_t> order(plan.variants.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return plan.variants[a]->plannedSeconds > plan.variants[b]->plannedSeconds;
    });
    for (const std::size_t place : order)
        (plan.variants[place]->alone ? m_alone : m_company).push_back({.place = place, .isAlone = plan.variants[place]->alone});
}

void Scheduler::addInstance(Instance::Site site)
{
    m_instances.push_back(std::make_unique<Instance>(
        m_plan, site, Instance::Told{.finished = [this](const Job &job, v1::Result result) { finished(job, std::move(result)); },
                                     .died = [this](const std::vector<Job> &suspects, const std::string &how) { died(suspects, how); }}));
}

/// As many as the profile has room for and the run can use.
void Scheduler::addFurther()
{
    const auto &options = m_plan.options;
    const std::size_t wanted = std::min<std::size_t>(options.target.instances(), m_plan.variants.size());
    while (options.another && m_instances.size() < wanted) {
        auto handle = options.another();
        const auto prepared = handle ? (*handle)->process()->prepare() : tl::expected<void, std::string>();
        const auto network = handle ? networkOptionsOf((*handle)->target()) : tl::make_unexpected(handle.error());
        if (!prepared || !network) {
            m_note = "a further instance of the target cannot be made: " + (network ? (*handle)->clean(prepared.error()) : network.error());
            return;
        }
        m_further.push_back({std::move(*handle), std::make_unique<world::NetworkHub>(*network)});
        addInstance({m_further.back().handle->target(), m_further.back().handle->process(), *m_further.back().hub});
        m_instances.back()->start();
    }
}

std::vector<v1::Result> Scheduler::run()
{
    addFurther();
    QTimer tick; // reaps what is over and starts what fits; runs end from their own events
    QObject::connect(&tick, &QTimer::timeout, [this] { turn(); });
    tick.start(5);
    QTimer telling;
    QObject::connect(&telling, &QTimer::timeout, [this] { tell(); });
    telling.start(500);
    turn();
    if (!isOver())
        m_loop.exec();
    settled(m_doubts.giveUp());
    nobodyDidIt();
    for (std::size_t i = 1; i < m_instances.size(); ++i) {
        if (!m_instances[i]->end().empty())
            m_note = "a further instance of the target does not start: " + m_further[i - 1].handle->clean(m_instances[i]->end());
    }
    return std::move(m_results);
}

bool Scheduler::isOver() const
{
    const bool isIdle = std::all_of(m_instances.begin(), m_instances.end(), [](const auto &instance) { return instance->isIdle(); });
    return isIdle && (isStopped() || (m_company.empty() && m_alone.empty() && m_doubts.isSettled()));
}

void Scheduler::turn()
{
    for (auto &instance : m_instances)
        instance->turn();
    if (!isStopped())
        deal();
    for (auto &instance : m_instances) {
        if (isStopped())
            instance->leave();
    }
    if (isOver())
        m_loop.quit();
}

bool Scheduler::hasSpare() const
{
    return std::any_of(m_instances.begin() + 1, m_instances.end(), [](const auto &instance) { return instance->end().empty(); });
}

void Scheduler::deal()
{
    Instance &first = *m_instances.front();
    const std::size_t jobs = jobsOf(m_plan.options.target);
    const bool hasSuspect = !m_alone.empty() && !m_alone.front().death.empty();
    if (!hasSuspect || hasSpare()) {
        while (!m_company.empty() && first.hasRoomFor(*m_plan.variants[m_company.front().place], jobs)) {
            first.begin(m_company.front());
            m_company.pop_front();
        }
    }
    // Not in the rush of the beginning: what is confirmed then would have the machine's company.
    while (m_company.empty()) {
        const auto place = m_doubts.next();
        if (!place)
            break;
        m_alone.push_back({.place = *place, .round = ++m_round, .isAlone = true});
    }
    dealAlone();
}

void Scheduler::dealAlone()
{
    const auto isSuspect = [](const Job &job) { return !job.death.empty(); };
    for (auto instance = m_instances.rbegin(); instance != m_instances.rend() && !m_alone.empty(); ++instance) {
        const bool isFirst = *instance == m_instances.front();
        const bool isFree = !isFirst || m_company.empty() || (isSuspect(m_alone.front()) && !hasSpare());
        if (!isFree || !(*instance)->isUp() || !(*instance)->isIdle())
            continue;
        (*instance)->begin(m_alone.front());
        m_alone.pop_front();
    }
}

void Scheduler::finished(const Job &job, v1::Result result)
{
    if (job.round > 0)
        return settled(m_doubts.settle(job.place, std::move(result)));
    if (!job.death.empty())
        result.set_confirmation("run alone: the target died while it was at work in company (" + job.death + ")");
    const bool isBad = result.verdict() == v1::FAIL || result.verdict() == v1::ERROR;
    m_isStopping = m_isStopping || (m_plan.options.isFailFast && isBad);
    m_failed += isBad ? 1 : 0;
    ++m_done;
    if (!m_doubts.takes(job.place, result, job.wasTargetDumb))
        m_results[job.place] = std::move(result);
}

void Scheduler::died(const std::vector<Job> &suspects, const std::string &how)
{
    const std::string death = how.substr(0, how.find('\n'));
    m_suspects[death];
    for (const Job &suspect : suspects) {
        m_alone.push_front({.place = suspect.place, .isAlone = true, .death = death});
        m_suspects[death].push_back(suspect.place);
    }
}

/// It died in company, and no suspect did it again alone: nothing is claimed of them, and the death is told.
void Scheduler::nobodyDidIt()
{
    for (const auto &[death, suspects] : m_suspects) {
        const auto isKiller = [this](std::size_t place) { return m_results[place].finding_size() > 0 && m_results[place].finding(0).reason() == "TARGET_DIED"; };
        if (std::any_of(suspects.begin(), suspects.end(), isKiller))
            continue;
        m_note = "the target died while " + std::to_string(suspects.size()) + " variants were at work (" + death + "); alone, none of them does it again";
        for (const std::size_t place : suspects) {
            v1::Result &result = m_results[place];
            if (result.verdict() != v1::PASS)
                continue;
            result.set_verdict(v1::INCONCLUSIVE);
            result.set_skipped_for("passes alone; in company the target died: " + death);
        }
    }
}

void Scheduler::settled(std::vector<Doubts::Settled> all)
{
    for (auto &one : all)
        m_results[one.place] = std::move(one.result);
}

void Scheduler::tell() const
{
    if (!m_plan.options.progress)
        return;
    std::optional<Instance::Slowest> slowest;
    for (const auto &instance : m_instances) {
        const auto its = instance->slowest();
        if (its && (!slowest || its->began < slowest->began))
            slowest = its;
    }
    m_plan.options.progress(m_done, m_failed, slowest ? slowest->what : std::string());
}

} // namespace hiatus::suite
