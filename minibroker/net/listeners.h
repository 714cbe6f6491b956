#pragma once

#include "minibroker/net/stream.h"

#include <QHostAddress>
#include <QObject>
#include <QSslConfiguration>
#include <QTcpServer>

#include <tl/expected.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hiatus::minibroker {

/// One of them.
struct Listening
{
    QHostAddress host;
    quint16 port = 0; ///< 0 takes a free one
    std::optional<QSslConfiguration> tls; ///< set: a socket is told of once its handshake is over
    std::string webSocketPath;            ///< not empty: MQTT comes over WebSocket
};

/// The ports that a broker listens on. One that runs out of descriptors says so and tries again.
class Listeners : public QObject
{
public:
    using Accepted = std::function<void(std::unique_ptr<Stream>, const std::string &webSocketPath)>;
    using Log = std::function<void(const std::string &)>;

    Listeners(Accepted accepted, Log log) : m_accepted(std::move(accepted)), m_log(std::move(log)) {}

    /// The port, or why not.
    tl::expected<quint16, std::string> listen(const Listening &where);
    void stop() { m_servers.clear(); }

private:
    Accepted m_accepted;
    Log m_log;
    std::vector<std::unique_ptr<QTcpServer>> m_servers;
};

} // namespace hiatus::minibroker
