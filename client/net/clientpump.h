#pragma once
// Socket, timer and clock around a client engine; all protocol is in the engine.

#include "client/engine/client.h"
#include "client/net/clock.h"
#include "proto/wire/websocket.h"

#include <QObject>
#include <QPointer>
#include <QSslConfiguration>
#include <QString>
#include <QTimer>

#include <deque>
#include <functional>
#include <memory>
#include <optional>

class QTcpSocket;

namespace hiatus::client {

/// Where to connect.
struct Peer
{
    QString host;
    quint16 port = 0;
    std::optional<QSslConfiguration> tls; ///< set: TLS
    QString webSocketPath;                ///< not empty: WebSocket
};

class ClientPump final : public QObject
{
    Q_OBJECT
public:
    using Verb = std::function<Actions(Client &engine, Time now)>;

    ClientPump(std::unique_ptr<Client> engine, v1::Version version, QObject *parent = nullptr);
    ~ClientPump() override;

    void setPeer(Peer peer) { m_peer = std::move(peer); }
    /// Called before the first packet after any change goes out: the moment to store the session.
    void setBeforeSending(std::function<void()> store) { m_beforeSending = std::move(store); }
    /// What our CONNECT says; bigger packets are malformed.
    void setMaximumPacketSize(std::uint32_t bytes) { m_maximumPacketSize = bytes; }

    /// Gives the engine an input and carries out what it answers.
    void input(const Verb &verb);
    void carryOut(Actions actions);
    Client &engine() { return *m_engine; }
    const Client &engine() const { return *m_engine; }
    Time now() const { return m_clock.now(); }

Q_SIGNALS:
    /// An event of the engine: any action that is not the pump's to carry out. Said in order.
    void happened(const hiatus::client::Action &event);
    /// Why the socket failed, in its own words.
    void socketFailed(const QString &why);

private:
    void carryOutNext(const Action &action);
    void open();
    void close();
    void beginWebSocket();
    void opened();
    void take(std::string_view bytes);
    void write(const std::string &bytes);
    void send(const v1::Packet &packet);
    void read();
    void lost(QTcpSocket *socket);
    void left();
    void arm();

    std::unique_ptr<Client> m_engine;
    v1::Version m_version;
    Clock m_clock;
    QTimer m_timer;
    Peer m_peer;
    std::function<void()> m_beforeSending;
    std::uint32_t m_maximumPacketSize = 0;
    QTcpSocket *m_socket = nullptr;
    QPointer<QTcpSocket> m_leaving; ///< writes out its last bytes
    bool m_opensNext = false;        ///< as soon as that is done
    std::optional<wire::Decoder> m_decoder;
    std::optional<wire::WebSocket> m_webSocket;
    std::deque<Action> m_queue;
    bool m_changed = false; ///< the engine had an input since the last beforeSending()
};

} // namespace hiatus::client
