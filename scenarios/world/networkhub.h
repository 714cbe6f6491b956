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
    std::size_t connections = 800; ///< open at most: many targets have 1,024 descriptors
    std::size_t connecting = 32;   ///< pending at most: listen backlogs are short
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

    /// A link to the target, unconnected.
    std::unique_ptr<NetworkLink> makeLink() const;
    /// Connects the link as soon as the bounds allow; first come, first served.
    void request(NetworkLink *link);
    /// How long a link that is connecting had to wait for the bounds.
    Milliseconds waited(const NetworkLink *link) const;
    /// The link is up, or it will never be.
    void settled(NetworkLink *link);
    /// The link is gone (or is no longer wanted), in whatever state it was.
    void left(NetworkLink *link);
    LinkId newLinkId() { return ++m_lastLink; }

    std::size_t open() const { return m_open.size(); }
    std::size_t waiting() const { return m_waiting.size(); }
    const std::vector<QHostAddress> &addresses() const { return m_addresses; }
    /// The one that is connected to.
    void prefer(const QHostAddress &address);
    const NetworkOptions &options() const { return m_options; }

private:
    void boundByDescriptors();
    void resolve();
    void beat();
    void startWaiting();
    void giveUpOld();

    struct Pending { NetworkLink *link; Time since; Milliseconds waited{0}; };

    NetworkOptions m_options;
    AnchoredClock m_clock;
    std::string m_shortage;
    std::string m_unresolved;
    std::vector<QHostAddress> m_addresses; ///< the preferred one first
    std::deque<Pending> m_waiting;
    std::vector<Pending> m_connecting;
    std::vector<NetworkLink *> m_open; ///< connecting ones included
    LinkId m_lastLink = 0;

    QTimer m_heartbeat;
    Time m_lastBeat;
    std::vector<std::pair<Time, Milliseconds>> m_late; ///< ascending in time, descending in lateness
};

} // namespace hiatus::world
