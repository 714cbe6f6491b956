#include "scenarios/world/simulatedworld.h"

#include "scenarios/world/brokerhost.h"
#include "scenarios/world/clienthost.h"

#include <algorithm>

namespace hiatus::world {

/// The lane's end of a wire: tells the listener, or keeps what comes while the lane does not read.
class SimulatedWorld::LaneEnd final : public WireEnd
{
public:
    LaneEnd(SimulatedWorld &world, LinkId id, Wire &wire, Wire::Side side) : m_world(world), m_id(id), m_wire(wire), m_side(side)
    {
        wire.attach(side, this);
    }

    void opened() override
    {
        if (m_side == Wire::Left)
            listener().opened(m_id);
        else
            listener().accepted(m_id);
    }
    void bytes(std::string_view bytes) override
    {
        if (m_isReading)
            listener().received(m_id, bytes);
        else
            m_unread.append(bytes);
    }
    void closed(Ending how) override
    {
        m_ending = how;
        if (m_isReading)
            tellClosed();
    }

    void stopReading() { m_isReading = false; }
    void resumeReading()
    {
        m_isReading = true;
        m_world.m_agenda.soon([this] {
            if (!m_unread.empty())
                listener().received(m_id, std::exchange(m_unread, {}));
            if (m_ending)
                tellClosed();
        });
    }

    Wire &wire() { return m_wire; }
    Wire::Side side() const { return m_side; }

private:
    WorldListener &listener() { return *m_world.m_listener; }
    void tellClosed()
    {
        if (std::exchange(m_isOver, true))
            return;
        m_wire.shutdown(m_side);
        listener().closed(m_id, *m_ending, {});
    }

    SimulatedWorld &m_world;
    LinkId m_id;
    Wire &m_wire;
    Wire::Side m_side;
    bool m_isReading = true;
    bool m_isOver = false;
    std::string m_unread;
    std::optional<Ending> m_ending;
};

SimulatedWorld::SimulatedWorld(SimulatedOptions options) : m_options(std::move(options))
{
    if (m_options.makeBroker)
        m_broker = std::make_unique<BrokerHost>(m_agenda, m_options);
}

SimulatedWorld::~SimulatedWorld() = default;

bool SimulatedWorld::step()
{
    Time engines = Time::max();
    if (m_broker)
        engines = m_broker->nextDeadline().value_or(Time::max());
    ClientHost *first = nullptr;
    for (const auto &client : m_clients) {
        const Time deadline = client->nextDeadline().value_or(Time::max());
        if (deadline < engines) {
            engines = deadline;
            first = client.get();
        }
    }
    const Time next = std::min({m_agenda.next(), engines, m_wake});
    if (next == Time::max())
        return false;
    if (m_agenda.next() <= next) {
        m_agenda.doNext();
        return true;
    }
    m_agenda.advanceTo(next);
    if (engines <= next) {
        if (first)
            first->advance();
        else
            m_broker->advance();
        return true;
    }
    m_wake = Time::max();
    m_listener->woke();
    return true;
}

Wire &SimulatedWorld::newWire()
{
    const std::uint64_t seed = m_options.seed ? m_options.seed * 0x9E3779B97F4A7C15ull + m_wires.size() + 1 : 0;
    m_wires.push_back(std::make_unique<Wire>(m_agenda, seed));
    return *m_wires.back();
}

SimulatedWorld::LaneEnd &SimulatedWorld::addLaneEnd(Wire &wire, Wire::Side side)
{
    const LinkId id = ++m_lastLink;
    auto &end = m_laneEnds[id];
    end = std::make_unique<LaneEnd>(*this, id, wire, side);
    return *end;
}

void SimulatedWorld::addAcceptedEnd(Wire &wire) { addLaneEnd(wire, Wire::Right); }

void SimulatedWorld::acceptAtBroker(Wire &wire, WireWatch watch)
{
    m_broker->accept(wire, std::move(watch));
}

void SimulatedWorld::restartBroker()
{
    m_broker->stop();
    m_broker->start(v1::KILL);
}

bool SimulatedWorld::stopTarget(v1::Halt how)
{
    m_halt = how;
    m_agenda.soon([this] {
        m_broker->stop();
        m_listener->targetChanged(false, {});
    });
    return true;
}

void SimulatedWorld::startTarget()
{
    m_agenda.soon([this] {
        m_broker->start(m_halt);
        m_listener->targetChanged(true, {});
    });
}

SimulatedWorld::LaneEnd *SimulatedWorld::laneEnd(LinkId link)
{
    const auto found = m_laneEnds.find(link);
    return found == m_laneEnds.end() ? nullptr : found->second.get();
}

LinkId SimulatedWorld::connect(std::uint32_t endpoint)
{
    Wire &wire = newWire();
    addLaneEnd(wire, Wire::Left);
    m_broker->accept(wire, {}, endpoint);
    wire.open();
    return m_lastLink;
}

void SimulatedWorld::write(LinkId link, std::string bytes)
{
    if (auto *end = laneEnd(link))
        end->wire().write(end->side(), std::move(bytes));
}

void SimulatedWorld::shutdown(LinkId link)
{
    if (auto *end = laneEnd(link))
        end->wire().shutdown(end->side());
}

void SimulatedWorld::reset(LinkId link)
{
    if (auto *end = laneEnd(link)) {
        end->resumeReading();
        end->wire().reset(end->side());
    }
}

void SimulatedWorld::stopReading(LinkId link)
{
    if (auto *end = laneEnd(link))
        end->stopReading();
}

void SimulatedWorld::resumeReading(LinkId link)
{
    if (auto *end = laneEnd(link))
        end->resumeReading();
}

AppId SimulatedWorld::startClient(const v1::Setup &setup, bool ours, bool toLanes)
{
    if (!m_options.makeClient)
        return 0;
    const auto id = static_cast<AppId>(m_clients.size() + 1);
    m_clients.push_back(std::make_unique<ClientHost>(*this, id, setup, ours, toLanes));
    return id;
}

void SimulatedWorld::command(AppId app, const v1::ClientCommand &command)
{
    if (app >= 1 && app <= m_clients.size())
        m_agenda.soon([this, app, command] { m_clients[app - 1]->command(command); });
}

void SimulatedWorld::cutWhen(AppId app, const CutPlan &plan)
{
    if (app >= 1 && app <= m_clients.size())
        m_clients[app - 1]->cutWhen(plan);
}

} // namespace hiatus::world
