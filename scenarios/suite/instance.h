#pragma once
// One target under way: the variants at work on it, its death, and how it comes back.

#include "scenarios/judge/judge.h"
#include "scenarios/suite/logslice.h"
#include "scenarios/suite/networkrun.h"
#include "scenarios/world/networkworld.h"
#include "scenarios/world/pulse.h"

#include <deque>
#include <memory>

namespace hiatus::suite {

/// A variant to be run, and how.
struct Job
{
    std::size_t place = 0;  ///< of the variant in the run
    std::uint64_t round = 0; ///< names of its own each time
    bool isAlone = false;   ///< nothing beside it on its instance
    bool wasTargetDumb = false; ///< once finished: for a while the target answered nobody
    std::string death = {}; ///< how the target died while the variant was at work in company; empty: it did not
};

/// What all instances of a run share.
struct NetworkPlan
{
    const std::vector<const script::Variant *> &variants;
    const requirements::Catalogue &catalogue;
    const NetworkRunOptions &options;
    run::Timing timing;
    bool isSessionUntold = false; ///< 3.1.1: it goes on with sessions and does not say so
};

class Instance
{
public:
    /// The target: as it was filled in for this instance, its process if it is ours to handle, and the way to it.
    struct Site
    {
        const v1::Target &target;
        lifecycle::TargetProcess *process;
        world::NetworkHub &hub;
    };
    struct Told
    {
        std::function<void(const Job &, v1::Result)> finished;
        /// It died; these were at work in company, and any of them may have done it. It is coming back.
        std::function<void(const std::vector<Job> &, const std::string &how)> died;
    };

    Instance(const NetworkPlan &plan, Site site, Told told);
    ~Instance();

    /// Starts it, if it does not run yet; until it is up it takes nothing.
    void start();
    /// Takes variants; not while it is coming up, nor ever again once it is gone.
    bool isUp() const { return m_state == State::Up; }
    /// Why it is gone for good; empty if it is not.
    const std::string &end() const { return m_end; }
    bool isIdle() const { return m_active.empty() && m_ended.empty() && m_death.empty() && m_state != State::Starting; }

    /// Is there room for one more beside those that are at work? One that is parked on a spec timer is not.
    bool hasRoomFor(const script::Variant &variant, std::size_t jobs) const;
    void begin(const Job &job);
    /// Tells of what is over, and brings the target back if it died.
    void turn();
    /// Leaves what is at work to the worlds' end; nothing of it is told.
    void leave();

    struct Slowest
    {
        Time began;
        std::string what;
    };
    /// The variant that has been at it for longest.
    std::optional<Slowest> slowest() const;

private:
    enum class State { Up, Starting, Gone };
    struct Active;
    /// Over, and not told yet: its connection may have ended because the target died, which is known a little later.
    struct Ended
    {
        Job job;
        v1::Result result;
        Time since;
    };

    std::unique_ptr<world::NetworkWorld> makeWorld() const;
    run::RunOptions optionsFor(const Job &job) const;
    world::TargetControl control() const;
    v1::Result resultOf(Active &active) const;
    v1::Result unfinished(Active &active) const;
    void reap();
    void tell();
    void revive();

    const NetworkPlan &m_plan;
    Site m_site;
    Told m_told;
    LogSlice m_log;
    std::unique_ptr<world::Pulse> m_pulse; ///< of a broker
    std::vector<std::unique_ptr<Active>> m_active;
    std::deque<Ended> m_ended; ///< the oldest first
    State m_state = State::Up;
    std::string m_death; ///< how it died, until it is brought back
    unsigned m_deaths = 0;
    std::string m_end;
};

} // namespace hiatus::suite
