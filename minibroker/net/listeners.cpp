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

tl::expected<quint16, std::string> Listeners::listen(const Listening &where)
{
    std::unique_ptr<QTcpServer> server;
    if (where.tls) {
        auto tls = std::make_unique<QSslServer>();
        tls->setSslConfiguration(*where.tls);
        server = std::move(tls);
    } else {
        server = std::make_unique<QTcpServer>();
    }
    server->setListenBacklogSize(Backlog);
    server->setMaxPendingConnections(Backlog);
    if (!server->listen(where.host, where.port))
        return tl::unexpected(fmt::format("cannot listen on {}:{}: {}", where.host.toString().toStdString(), where.port,
                                          server->errorString().toStdString()));
    QTcpServer *listener = server.get();
    connect(listener, &QTcpServer::pendingConnectionAvailable, this, [this, listener, path = where.webSocketPath] {
        while (QTcpSocket *socket = listener->nextPendingConnection())
            m_accepted(socket, path);
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
