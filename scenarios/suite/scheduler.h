#pragma once
// Who runs what, where and in which company.

#include "scenarios/suite/doubts.h"
#include "scenarios/suite/instance.h"
#include "scenarios/suite/targethandle.h"

#include <QEventLoop>

#include <deque>
#include <map>
#include <memory>

namespace hiatus::suite {

/// The first instance of the target takes all that may have company; what has to be alone (variants that stop the target,
/// suspects of its death, what was accused in company) goes to the further ones meanwhile, or to the first at the end.
class Scheduler
{
public:
    Scheduler(const NetworkPlan &plan, Instance::Site first);

    /// What came, in the order of the variants; those not run have no verdict.
    std::vector<v1::Result> run();
    /// Why the run ended early, if the target could not be brought back.
    const std::string &end() const { return m_instances.front()->end(); }
    /// What else is to be told, a sentence: a further instance that could not be had, a death that nobody is guilty of.
    const std::string &note() const { return m_note; }

private:
    /// What a further instance of the target is made of.
    struct Further
    {
        std::unique_ptr<TargetHandle> handle;
        std::unique_ptr<world::NetworkHub> hub;
    };

    bool isStopped() const { return (m_plan.options.stop && *m_plan.options.stop) || m_isStopping || !end().empty(); }
    bool isOver() const;
    bool hasSpare() const;
    void addInstance(Instance::Site site);
    void addFurther();
    void turn();
    void deal();
    void dealAlone();
    void finished(const Job &job, v1::Result result);
    void died(const std::vector<Job> &suspects, const std::string &how);
    void nobodyDidIt();
    void settled(std::vector<Doubts::Settled> all);
    void tell() const;

    const NetworkPlan &m_plan;
    std::vector<Further> m_further;
    std::vector<std::unique_ptr<Instance>> m_instances; ///< the first one is never without
    std::deque<Job> m_company;                          ///< the longest planned wait first
    std::deque<Job> m_alone;                            ///< suspects first
    Doubts m_doubts;
    std::map<std::string, std::vector<std::size_t>> m_suspects; ///< by how the target died
    std::vector<v1::Result> m_results;
    std::size_t m_done = 0;
    std::size_t m_failed = 0;
    std::uint64_t m_round = 0;
    bool m_isStopping = false;
    std::string m_note;
    QEventLoop m_loop;
};

} // namespace hiatus::suite
