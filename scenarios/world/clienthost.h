#pragma once
// A client inside a simulated world: the engine behind the messages of client_control.proto.

#include "client/engine/client.h"
#include "client/engine/control.h"
#include "proto/wire/decoder.h"
#include "scenarios/world/simulatedwire.h"
#include "scenarios/world/simulatedworld.h"

#include <memory>

namespace hiatus::world {

class ClientHost
{
public:
    ClientHost(SimulatedWorld &world, AppId id, v1::Setup setup, bool ours, bool toLanes);
    ~ClientHost();

    void command(const v1::ClientCommand &command);
    void cutWhen(const CutPlan &plan)
    {
        m_plan = plan;
        m_cuts = 0;
    }
    std::optional<Time> nextDeadline() const { return m_client->nextDeadline(); }
    void advance();

private:
    class End;

    void carryOut(const client::Actions &actions);
    void carryOut(const client::Action &action);
    void openLink();
    void send(const v1::Packet &packet);
    /// Is this the packet at which the link is to be lost?
    bool strikesAt(const v1::Packet &packet, bool toServer);
    void strike(Wire &wire, bool toServer, const std::string &bytes);
    void afterCut();
    void rebuild(bool fromString);
    void passed(const v1::Packet &packet, bool toServer, bool isLost);
    /// As a store on disk would: before anything that follows from a change is on the wire.
    void store();
    void restart(std::uint64_t command);
    void linkOpened();
    void linkClosed();
    void tell(v1::ClientEvent event);

    SimulatedWorld &m_world;
    AppId m_id;
    v1::Setup m_setup;
    bool m_isOurs;
    bool m_toLanes;
    std::unique_ptr<client::Client> m_client;
    v1::Connect m_connect;
    std::string m_stored; ///< what a client with a store would find after it was killed
    std::unique_ptr<End> m_end;
    std::vector<std::unique_ptr<End>> m_past;
    client::Control m_control;
    CutPlan m_plan;
    std::uint32_t m_cuts = 0;
};

} // namespace hiatus::world
