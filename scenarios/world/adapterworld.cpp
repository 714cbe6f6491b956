#include "scenarios/world/adapterworld.h"

#include <functional>
#include <utility>

namespace hiatus::world {

namespace {
constexpr AppId TheOne = 1;
} // namespace

/// Hands the bare descriptors on: a lane needs them for FIN, RST and unread links.
class AdapterWorld::Listener final : public QTcpServer
{
public:
    explicit Listener(std::function<void(int)> accepted) : m_accepted(std::move(accepted)) {}

protected:
    void incomingConnection(qintptr descriptor) override { m_accepted(int(descriptor)); }

private:
    std::function<void(int)> m_accepted;
};

AdapterWorld::AdapterWorld(NetworkHub &hub, std::vector<std::string> adapter) : NetworkWorld(hub), m_adapter(std::move(adapter)) {}

AdapterWorld::~AdapterWorld() = default;

bool AdapterWorld::listen()
{
    if (m_server)
        return true;
    m_server = std::make_unique<Listener>([this](int descriptor) { adopt(makeAcceptedLink(descriptor)); });
    return m_server->listen(QHostAddress::LocalHost);
}

AppId AdapterWorld::startClient(const v1::Setup &setup, bool ours, bool toLanes)
{
    if (ours || !toLanes || m_process || !listen())
        return 0;
    const auto tell = [this](const v1::ClientEvent &event) {
        m_isReady = true;
        listener().appEvent(TheOne, event);
    };
    m_process = std::make_unique<AdapterProcess>(m_adapter, AdapterProcess::Told{tell, [tell](const std::string &why) {
        v1::ClientEvent event;
        event.mutable_failed()->set_why(why);
        tell(event);
    }});
    v1::ClientCommand command;
    *command.mutable_setup() = setup;
    command.mutable_setup()->set_host("127.0.0.1");
    command.mutable_setup()->set_port(m_server->serverPort());
    m_process->send(command);
    return TheOne;
}

void AdapterWorld::command(AppId, const v1::ClientCommand &command)
{
    if (m_process)
        m_process->send(command);
}

} // namespace hiatus::world
