#pragma once

#include "scenarios/world/adapterprocess.h"
#include "scenarios/world/networkworld.h"

#include <QTcpServer>

namespace hiatus::world {

/// Lanes that play the broker on a free port of 127.0.0.1, and a client behind an adapter process that connects to them.
class AdapterWorld final : public NetworkWorld
{
public:
    AdapterWorld(NetworkHub &hub, std::vector<std::string> adapter);
    ~AdapterWorld() override;

    bool listen() override;
    /// Only a client under test that connects to our lanes; there is one in a world.
    AppId startClient(const v1::Setup &setup, bool ours, bool toLanes) override;
    bool isReady(AppId) const override { return m_isReady; }
    void command(AppId app, const v1::ClientCommand &command) override;

private:
    class Listener;

    std::vector<std::string> m_adapter;
    std::unique_ptr<Listener> m_server;
    std::unique_ptr<AdapterProcess> m_process;
    bool m_isReady = false; ///< it has answered
};

} // namespace hiatus::world
