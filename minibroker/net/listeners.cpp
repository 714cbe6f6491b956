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
} // namespace

tl::expected<quint16, std::string> Listeners::listen(const QHostAddress &host, quint16 port)
{
    return start(std::make_unique<QTcpServer>(), host, port);
}

tl::expected<quint16, std::string> Listeners::listenTls(const QHostAddress &host, quint16 port,
                                                        const QSslConfiguration &tls)
{
    auto server = std::make_unique<QSslServer>();
    server->setSslConfiguration(tls);
    return start(std::move(server), host, port);
}

tl::expected<quint16, std::string> Listeners::start(std::unique_ptr<QTcpServer> server, const QHostAddress &host,
                                                    quint16 port)
{
    server->setListenBacklogSize(Backlog);
    server->setMaxPendingConnections(Backlog);
    if (!server->listen(host, port))
        return tl::unexpected(fmt::format("cannot listen on {}:{}: {}", host.toString().toStdString(), port,
                                          server->errorString().toStdString()));
    QTcpServer *listener = server.get();
    connect(listener, &QTcpServer::pendingConnectionAvailable, this, [this, listener] {
        while (QTcpSocket *socket = listener->nextPendingConnection())
            m_accepted(socket);
    });
    connect(listener, &QTcpServer::acceptError, this, [this, listener] {
        // Most likely out of descriptors: the listener was paused by Qt, and would be for good.
        m_log("cannot accept: " + listener->errorString().toStdString());
        QTimer::singleShot(AcceptAgain, listener, [listener] { listener->resumeAccepting(); });
    });
    m_servers.push_back(std::move(server));
    return listener->serverPort();
}

} // namespace hiatus::minibroker
