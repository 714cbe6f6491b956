#pragma once
// What the worlds of one event loop share: the target, the clock, the bounds, and how late the loop itself was.

#include "minibroker/net/anchoredclock.h"
#include "scenarios/world/networklink.h"
#include "scenarios/world/networktarget.h"

#include <QHostAddress>
#include <QObject>
#include <QPointer>
#include <QSslConfiguration>
#include <QTimer>

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace hiatus::world {

struct NetworkOptions
{
    NetworkTarget target;
    std::vector<NetworkTarget> endpoints = {}; ///< further nodes of the same cluster
    std::size_t connections = 800; ///< open at most: many targets have 1,024 descriptors
    std::size_t connecting = 32;   ///< pending at most: listen backlogs are short
    std::size_t connectsPerSecond = 0; ///< begun within a second at most, evenly; 0: no limit
    Milliseconds connectTimeout{5'000};
    Milliseconds replyTimeout{5'000}; ///< of the probe
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration(); ///< mqtts://, wss://: see tlsConfiguration()
};

/// What the probe learnt of a target that speaks MQTT.
struct Probed
{
    v1::Version version = v1::VERSION_UNSPECIFIED; ///< of the CONNECT that it answered
    v1::Connack connack;
    Milliseconds latency{0}; ///< of CONNECT to CONNACK
};

class NetworkHub : public QObject
{
    Q_OBJECT

public:
    /// Raises the soft limit of descriptors; lowers the bound of connections to what it allows.
    explicit NetworkHub(NetworkOptions options, QObject *parent = nullptr);
    ~NetworkHub() override;

    Time now() const { return m_clock.now(); }
    const NetworkTarget &target() const { return m_options.target; }
    std::size_t connectionBound() const { return m_options.connections; }
    /// A sentence if the descriptors that this process may have are too few for the bound asked for; else empty.
    const std::string &shortage() const { return m_shortage; }

    /// How late the loop was at worst since then: the longest time for which it served nobody.
    Milliseconds worstLateness(Time since) const;

    /// Is there a broker? Answers from the loop, within the two timeouts: what it said, or a sentence on what is there
    /// instead. Tries every address of the host, and keeps the first that answers; 3.1.1 first, then 5.0.
    void probe(std::function<void(tl::expected<Probed, std::string>)> done);

    /// A link to the target (0) or one of its further endpoints (1 …), unconnected.
    std::unique_ptr<NetworkLink> makeLink(std::size_t endpoint = 0) const;
    /// Connects the link as soon as the bounds allow; first come, first served.
    void request(NetworkLink *link, std::size_t endpoint = 0);
    /// How long a link that is connecting had to wait for the bounds; its own turn, where their rate is bounded, is no wait.
    Milliseconds waited(const NetworkLink *link) const;
    /// The link is up, or it will never be.
    void settled(NetworkLink *link);
    /// The link is gone (or is no longer wanted), in whatever state it was.
    void left(NetworkLink *link);
    LinkId newLinkId() { return ++m_lastLink; }

    std::size_t open() const { return m_open.size(); }
    std::size_t waiting() const { return m_waiting.size(); }
    const std::vector<QHostAddress> &addresses() const { return m_nodes.front().addresses; }
    /// The one that is connected to.
    void prefer(const QHostAddress &address);
    const NetworkOptions &options() const { return m_options; }

private:
    void boundByDescriptors();
    struct Node
    {
        NetworkTarget target;
        std::vector<QHostAddress> addresses; ///< the preferred one first
        std::string unresolved;
    };
    struct Pending { NetworkLink *link; std::size_t endpoint; Time since; Milliseconds waited{0}; };

    static Node resolved(const NetworkTarget &target);
    /// The first one if there is none of that number.
    const Node &node(std::size_t endpoint) const { return m_nodes[endpoint < m_nodes.size() ? endpoint : 0]; }
    void beat();
    void startWaiting();
    bool isTurn();
    Milliseconds turn() const;
    void giveUpOld();

    NetworkOptions m_options;
    AnchoredClock m_clock;
    std::string m_shortage;
    std::vector<Node> m_nodes; ///< at least the target itself
    std::deque<Pending> m_waiting;
    std::vector<Pending> m_connecting;
    std::vector<NetworkLink *> m_open; ///< connecting ones included
    LinkId m_lastLink = 0;

    QTimer m_heartbeat;
    QTimer m_turn;
    double m_nextTurn = 0; ///< milliseconds since the epoch: when the next connection may begin
    Time m_lastBeat;
    std::vector<std::pair<Time, Milliseconds>> m_late; ///< ascending in time, descending in lateness
};

} // namespace hiatus::world
