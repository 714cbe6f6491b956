#pragma once
// Memory links, a virtual clock, seeded latency and segmentation: what happens is a pure function of the script, the
// rules of the engines and the seed. The clock jumps to whatever is due next.

#include "client/engine/client.h"
#include "minibroker/engine/broker.h"
#include "scenarios/world/simulatedwire.h"
#include "scenarios/world/world.h"

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace hiatus::world {

/// A broker and the means to look into it and to build it again.
struct HostedBroker
{
    std::unique_ptr<broker::Broker> broker;
    std::function<v1::BrokerState(Time)> snapshot;
};

struct SimulatedOptions
{
    std::uint64_t seed = 0; ///< 0: no latency, no segmentation
    /// The target, or the broker of a pair: from nothing, or from what it kept when it went down in that way.
    std::function<HostedBroker(const v1::BrokerState &, v1::Halt, Time now)> makeBroker;
    std::function<std::unique_ptr<client::Client>(const v1::Setup &, bool ours)> makeClient;
};

class BrokerHost;
class ClientHost;

/// What somebody sees of the broker's end of a wire; either may be empty.
struct WireWatch
{
    std::function<bool(const v1::Packet &packet, const std::string &bytes)> takes; ///< what the broker sends; true: takes it away
    std::function<void(const v1::Packet &packet)> arrived;
};

class SimulatedWorld final : public World
{
public:
    explicit SimulatedWorld(SimulatedOptions options);
    ~SimulatedWorld() override;

    /// Carries out the next thing that is due. False: nothing will ever happen again.
    bool step();

    // World
    void setListener(WorldListener *listener) override { m_listener = listener; }
    Time now() const override { return m_agenda.now(); }
    bool isVirtual() const override { return true; }
    LinkId connect(std::uint32_t endpoint) override;
    void write(LinkId link, std::string bytes) override;
    void shutdown(LinkId link) override;
    void reset(LinkId link) override;
    void stopReading(LinkId link) override;
    void resumeReading(LinkId link) override;
    void wakeAt(Time when) override { m_wake = when; }
    bool stopTarget(v1::Halt how) override;
    void startTarget() override;
    bool listen() override { return true; }
    AppId startClient(const v1::Setup &setup, bool ours, bool toLanes) override;
    void command(AppId app, const v1::ClientCommand &command) override;
    void cutWhen(AppId app, const CutPlan &plan) override;

private:
    friend class ClientHost;
    class LaneEnd;

    Wire &newWire();
    void addAcceptedEnd(Wire &wire);
    void acceptAtBroker(Wire &wire, WireWatch watch);
    void restartBroker();
    /// The lane's end of a link.
    LaneEnd *laneEnd(LinkId link);
    LaneEnd &addLaneEnd(Wire &wire, Wire::Side side);

    SimulatedOptions m_options;
    Agenda m_agenda;
    WorldListener *m_listener = nullptr;
    std::unique_ptr<BrokerHost> m_broker;
    std::vector<std::unique_ptr<ClientHost>> m_clients;
    std::vector<std::unique_ptr<Wire>> m_wires;
    std::map<LinkId, std::unique_ptr<LaneEnd>> m_laneEnds;
    LinkId m_lastLink = 0;
    Time m_wake = Time::max();
    v1::Halt m_halt = v1::HALT_UNSPECIFIED;
};

} // namespace hiatus::world
