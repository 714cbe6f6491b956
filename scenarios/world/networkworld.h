#pragma once
// Real sockets and the real clock, for lanes that are MQTT clients.

#include "scenarios/world/networkhub.h"

#include <QTimer>

#include <algorithm>
#include <map>
#include <memory>

namespace hiatus::world {

/// Who stops and starts the target, where it is ours to handle. Each calls back once, from the event loop, with a problem or
/// with nothing.
struct TargetControl
{
    using Done = std::function<void(const std::string &problem)>;
    std::function<void(v1::Halt, Done)> stop;
    std::function<void(Done)> start;
};

/// Many of them share a hub and run in one event loop.
/// - connect() may have to wait for the hub's bounds; opened() is said when the connection is up.
/// - TLS is part of the connection: opened() comes after the handshake.
/// - Broker lanes and clients under test need another world (AdapterWorld): listen() and startClient() say no.
class NetworkWorld : public QObject, public World
{
    Q_OBJECT

public:
    explicit NetworkWorld(NetworkHub &hub);
    ~NetworkWorld() override;

    void setListener(WorldListener *listener) override { m_listener = listener; }
    Time now() const override { return m_hub.now(); }
    bool isVirtual() const override { return false; }
    LinkId connect(std::uint32_t endpoint) override;
    void write(LinkId link, std::string bytes) override;
    void shutdown(LinkId link) override;
    void reset(LinkId link) override;
    void stopReading(LinkId link) override;
    void resumeReading(LinkId link) override;
    void wakeAt(Time when) override;
    bool stopTarget(v1::Halt how) override;
    void startTarget() override;
    bool listen() override { return false; }
    AppId startClient(const v1::Setup &, bool, bool) override { return 0; }
    void command(AppId, const v1::ClientCommand &) override {}
    void cutWhen(AppId, const CutPlan &) override {}

    void setControl(TargetControl control) { m_control = std::move(control); }
    /// Forgets what was late before: a variant begins.
    void restartLateness();
    /// How late this world's loop was at worst since restartLateness(), or since the world was made, or how long a connection
    /// had to wait for the hub's bounds.
    Milliseconds worstLateness() const { return std::max(m_hub.worstLateness(m_since), m_worstWait); }

protected:
    WorldListener &listener() { return *m_listener; }
    /// A link that is up already, and accepted().
    void adopt(std::unique_ptr<NetworkLink> link);

private:
    void follow(LinkId id, NetworkLink &link);
    NetworkLink *find(LinkId link) const;
    void ended(LinkId link, Ending how, const std::string &why);
    void armTimer();

    NetworkHub &m_hub;
    WorldListener *m_listener = nullptr;
    TargetControl m_control;
    std::map<LinkId, std::unique_ptr<NetworkLink>> m_links;
    QTimer m_timer;
    Time m_wake = Time::max();
    Time m_since;
    Milliseconds m_worstWait{0};
};

} // namespace hiatus::world
