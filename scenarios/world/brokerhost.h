#pragma once
// The broker inside a simulated world: a pump between wires and the engine.

#include "minibroker/engine/broker.h"
#include "proto/wire/decoder.h"
#include "scenarios/world/simulatedwire.h"
#include "scenarios/world/simulatedworld.h"

#include <map>
#include <memory>

namespace hiatus::world {

class BrokerHost
{
public:
    BrokerHost(Agenda &agenda, const SimulatedOptions &options);
    ~BrokerHost();

    /// Takes the right end of a wire, which leads to one of the broker's endpoints.
    void accept(Wire &wire, WireWatch watch = {}, std::uint32_t endpoint = 0);
    /// Nothing while it is down.
    std::optional<Time> nextDeadline() const { return m_hosted.broker ? m_hosted.broker->nextDeadline() : std::nullopt; }
    void advance();
    /// Every connection is lost; what it would have stored is kept.
    void stop();
    void start(v1::Halt after);

private:
    class End;
    void carryOut(const broker::Actions &actions);

    Agenda &m_agenda;
    const SimulatedOptions &m_options;
    HostedBroker m_hosted;
    v1::BrokerState m_kept;
    std::map<LinkId, std::unique_ptr<End>> m_ends;
    std::vector<std::unique_ptr<End>> m_past; ///< ends whose wire may still speak to them
    LinkId m_lastLink = 0;
    Time m_lastAdvance{};
    std::uint32_t m_advancesAtOnce = 0;
};

} // namespace hiatus::world
