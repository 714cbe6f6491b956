#pragma once
// A whole broker in one object: for the program, and for somebody's tests.
//
//     hiatus::Minibroker broker;
//     QVERIFY(broker.start());                       // a free port of 127.0.0.1
//     client.connectToHost("127.0.0.1", broker.port());
//     broker.cut("my-client");                       // its connection is reset
//     QVERIFY(broker.restart());                     // same port, same sessions, every connection gone

#include "hiatus/v1/session.pb.h"
#include "minibroker/engine/options.h"
#include "minibroker/net/brokerserver.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hiatus::broker {
class BrokerEngine;
class Store;
}

namespace hiatus {

struct MinibrokerOptions
{
    broker::BrokerOptions engine;
    std::vector<std::string> alterations; ///< names of deviations and liberties, in order
    QHostAddress host{QHostAddress::LocalHost};
    quint16 port = 0; ///< 0: a free one
    /// In place of `engine.authenticate`, for checks that take time (readUsers(): PBKDF2): called on threads of its own, while
    /// everybody else is served.
    broker::Authenticator slowAuthenticate;
    std::string storeFile; ///< empty: sessions end with this object
    qint64 outputLimit = 16 * 1024 * 1024;
    std::optional<QSslConfiguration> tls; ///< what tlsPort and webSocketTlsPort need
    std::optional<quint16> tlsPort;          ///< mqtts://
    std::optional<quint16> webSocketPort;    ///< ws://
    std::optional<quint16> webSocketTlsPort; ///< wss://; needs `tls`
    std::string webSocketPath = "/mqtt";
    minibroker::Watcher watcher; ///< sees every packet and decides its fate
    std::function<void(const std::string &)> log;
};

/// Why a broker does not start.
struct StartProblem
{
    enum class Kind { Options, Store, Port };
    Kind kind = Kind::Options;
    std::string text; ///< one sentence
};
using Started = tl::expected<void, StartProblem>;

class Minibroker : public QObject
{
    Q_OBJECT

public:
    explicit Minibroker(MinibrokerOptions options = {}, QObject *parent = nullptr);
    ~Minibroker() override;

    Started start();
    /// With this state in place of the store's or none.
    Started start(const v1::BrokerState &state);
    /// As stop(), but 5.0 clients are told before: DISCONNECT 0x8B, server shutting down.
    void shutDown();
    /// Closes everything; what is kept stays with this object (and in the store).
    void stop();
    /// A broker that died and came back: every connection is gone, the port and what is kept are the same.
    Started restart();

    bool isRunning() const { return m_server != nullptr; }
    quint16 port() const { return m_port; }
    quint16 tlsPort() const { return m_tlsPort; }
    quint16 webSocketPort() const { return m_webSocketPort; }
    quint16 webSocketTlsPort() const { return m_webSocketTlsPort; }
    /// Resets the connections of that client; false if it has none.
    bool cut(const std::string &clientId);
    /// What the broker keeps now, or kept when it was stopped.
    v1::BrokerState snapshot() const;
    std::size_t sessions() const;
    std::size_t connections() const;

Q_SIGNALS:
    /// The store failed; the broker has stopped.
    void failed(const QString &why);

private:
    Started make(const v1::BrokerState &state);
    Started listen();
    tl::expected<v1::BrokerState, StartProblem> openStore();
    minibroker::ServerOptions serverOptions();

    MinibrokerOptions m_options;
    std::unique_ptr<broker::Store> m_store;
    broker::BrokerEngine *m_engine = nullptr; ///< inside m_server
    std::unique_ptr<minibroker::BrokerServer> m_server;
    v1::BrokerState m_kept;
    bool m_isPasswordGood = false; ///< of the CONNECT that the engine is given
    QTimer m_heartbeat{this}; ///< a child: it moves with us to another thread
    quint16 m_port = 0;
    quint16 m_tlsPort = 0;
    quint16 m_webSocketPort = 0;
    quint16 m_webSocketTlsPort = 0;
};

} // namespace hiatus
