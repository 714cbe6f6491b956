#pragma once
// A broker whose packets are changed on their way.

#include "minibroker/engine/decorator.h"
#include "tests/mutants/sweep/mutation.h"

#include <atomic>
#include <map>

namespace hiatus::sweep {

class MutatingBroker final : public broker::Decorator
{
public:
    /// Connections of the other version are left alone; `touched` counts the packets that were changed.
    MutatingBroker(std::unique_ptr<broker::Broker> inner, const Mutation &mutation, v1::Version version, std::atomic<std::size_t> &touched);

    broker::Actions received(LinkId link, const v1::Packet &packet, Time now) override;

protected:
    broker::Actions pass(broker::Actions actions, Time now) override;

private:
    Fate change(LinkId link, v1::Packet &packet, Way way, v1::Version version);

    const Mutation &m_mutation;
    v1::Version m_only;
    std::atomic<std::size_t> &m_touched;
    std::map<LinkId, bool> m_isResumed;
    std::map<LinkId, v1::Version> m_version;
};

} // namespace hiatus::sweep
