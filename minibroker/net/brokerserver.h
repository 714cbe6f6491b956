#pragma once

#include "minibroker/engine/broker.h"
#include "minibroker/engine/options.h"
#include "minibroker/net/anchoredclock.h"
#include "minibroker/net/brokerlink.h"
#include "minibroker/net/listeners.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <tl/expected.hpp>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>

namespace hiatus::minibroker {

/// A check of user name and password that takes its time: asked on threads of its own, so it has to be safe to call there.
struct SlowAuthenticator
{
    broker::Authenticator check;
    /// Told of each answer, right before the broker is given the CONNECT.
    std::function<void(bool isGood)> answered;
};

/// A packet on its way through the pump.
struct SeenPacket
{
    LinkId link = 0;
    std::string clientId; ///< empty before CONNECT
    bool fromClient = false;
    v1::Version version = v1::VERSION_UNSPECIFIED;
    const v1::Packet *packet = nullptr;
};

/// What becomes of it.
enum class Fate {
    Pass,
    Lose,      ///< as if it had never been sent
    CutBefore, ///< lost, and the connection is reset
    CutAfter,  ///< arrives, and then the connection ends
};
using Watcher = std::function<Fate(const SeenPacket &)>;

struct ServerOptions
{
    /// Output that waits for a client which does not read, in bytes; what happens beyond: BrokerLink.
    qint64 outputLimit = 16 * 1024 * 1024;
    /// Largest packet taken in; 0: the protocol's.
    std::uint32_t maximumPacketSize = 0;
    /// Writes down what a round changed before anybody is told; an error stops the server.
    std::function<tl::expected<void, std::string>(Time now)> commit;
    Watcher watcher;
    /// Empty check: the broker asks for itself.
    SlowAuthenticator passwords;
    /// One line about what the pump itself did.
    std::function<void(const std::string &)> log;
};

/// The pump: sockets -> decoder -> broker -> actions -> sockets, and one timer.
/// - Works in rounds: the inputs of one turn of the event loop, one commit, then all their actions.
class BrokerServer : public QObject, private LinkOwner
{
    Q_OBJECT

public:
    BrokerServer(std::unique_ptr<broker::Broker> broker, ServerOptions options, QObject *parent = nullptr);
    ~BrokerServer() override;

    Listeners &listeners() { return m_listeners; }
    /// Tells 5.0 clients that stop() is next: DISCONNECT 0x8B.
    void sayGoodbye();
    /// Stops listening and closes every connection; the broker is told, and what that changed is written down.
    void stop();
    /// Resets the connections of that client; false if it has none.
    bool cut(const std::string &clientId);

    /// Writes down what there is, and that we were alive now; part of every round.
    bool commit();

    std::size_t connections() const { return m_links.size(); }
    Time now() const { return m_clock.now(); }

Q_SIGNALS:
    /// The commit failed: nothing is acknowledged from here on, every connection was reset.
    void failed(const QString &why);

private:
    void accept(std::unique_ptr<Stream> stream, const std::string &webSocketPath);
    void decoded(BrokerLink *link, const wire::DecodeResult &result) override;
    /// To the broker; a CONNECT with a user name once its password has been checked.
    void pass(BrokerLink *link, const v1::Packet &packet, Fate fate);
    void receive(BrokerLink *link, const v1::Packet &packet, Fate fate);
    void checkPassword(BrokerLink *link, const v1::Packet &connect, Fate fate);
    void checked(LinkId link, const v1::Packet &connect, Fate fate, bool isGood);
    void gone(BrokerLink *link) override;
    Fate see(BrokerLink *link, bool fromClient, v1::Version version, const v1::Packet &packet);
    void queue(broker::Actions actions);
    void finishRound();
    void carryOut(const broker::Action &action);
    void send(const broker::SendAction &action);
    void armTimer();
    void say(const std::string &line) const;
    BrokerLink *find(LinkId id) const;

    std::unique_ptr<broker::Broker> m_broker;
    ServerOptions m_options;
    Listeners m_listeners;
    AnchoredClock m_clock;
    QTimer m_timer;
    QTimer m_round;
    std::unordered_map<LinkId, BrokerLink *> m_links;
    std::set<LinkId> m_written;
    broker::Actions m_actions;
    LinkId m_nextLink = 1;
    bool m_stopping = false;
    QThreadPool m_checks; ///< of passwords; the last member: what runs there ends before the rest does
};

} // namespace hiatus::minibroker
