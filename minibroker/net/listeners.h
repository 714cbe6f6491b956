#pragma once

#include <QHostAddress>
#include <QObject>
#include <QSslConfiguration>
#include <QTcpServer>

#include <tl/expected.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hiatus::minibroker {

/// The ports that a broker listens on. One that runs out of descriptors says so and tries again.
class Listeners : public QObject
{
public:
    using Accepted = std::function<void(QTcpSocket *)>;
    using Log = std::function<void(const std::string &)>;

    Listeners(Accepted accepted, Log log) : m_accepted(std::move(accepted)), m_log(std::move(log)) {}

    /// Port 0 takes a free one; the answer is the port, or why not.
    tl::expected<quint16, std::string> listen(const QHostAddress &host, quint16 port);
    /// A socket is told of once its handshake is over.
    tl::expected<quint16, std::string> listenTls(const QHostAddress &host, quint16 port, const QSslConfiguration &tls);
    void stop() { m_servers.clear(); }

private:
    tl::expected<quint16, std::string> start(std::unique_ptr<QTcpServer> server, const QHostAddress &host, quint16 port);

    Accepted m_accepted;
    Log m_log;
    std::vector<std::unique_ptr<QTcpServer>> m_servers;
};

} // namespace hiatus::minibroker
