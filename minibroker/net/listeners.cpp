#include "minibroker/net/listeners.h"

#include "proto/session/values.h"

#include <QSslServer>
#include <QTimer>

#include <fmt/format.h>

#include <utility>

namespace hiatus::minibroker {

namespace {
constexpr int Backlog = 1'024;
constexpr Milliseconds AcceptAgain{100};

/// Hands the descriptor on as it is.
class PlainServer final : public QTcpServer
{
public:
    explicit PlainServer(std::function<void(qintptr)> accepted) : m_accepted(std::move(accepted)) {}

private:
    void incomingConnection(qintptr descriptor) override { m_accepted(descriptor); }

    std::function<void(qintptr)> m_accepted;
};

std::unique_ptr<QTcpServer> tlsServer(const QSslConfiguration &configuration, const std::function<void(QTcpSocket *)> &accepted)
{
    auto server = std::make_unique<QSslServer>();
    server->setSslConfiguration(configuration);
    QTcpServer *const listener = server.get();
    QObject::connect(listener, &QTcpServer::pendingConnectionAvailable, listener, [listener, accepted] {
        while (QTcpSocket *socket = listener->nextPendingConnection())
            accepted(socket);
    });
    return server;
}

} // namespace

tl::expected<quint16, std::string> Listeners::listen(const Listening &where)
{
    std::unique_ptr<QTcpServer> server;
    if (where.tls)
        server = tlsServer(*where.tls, [this, path = where.webSocketPath](QTcpSocket *socket) { m_accepted(socketStream(socket), path); });
    else
        server = std::make_unique<PlainServer>([this, path = where.webSocketPath](qintptr descriptor) { m_accepted(plainStream(descriptor), path); });
    server->setListenBacklogSize(Backlog);
    server->setMaxPendingConnections(Backlog);
    if (!server->listen(where.host, where.port))
        return tl::unexpected(fmt::format("cannot listen on {}:{}: {}", where.host.toString().toStdString(), where.port,
                                          server->errorString().toStdString()));
    QTcpServer *listener = server.get();
    connect(listener, &QTcpServer::acceptError, this, [this, listener] {
        // Most likely out of descriptors: the listener was paused by Qt, and would be for good.
        m_log("cannot accept: " + listener->errorString().toStdString());
        QTimer::singleShot(AcceptAgain, listener, [listener] { listener->resumeAccepting(); });
    });
    m_servers.push_back(std::move(server));
    return listener->serverPort();
}

} // namespace hiatus::minibroker
