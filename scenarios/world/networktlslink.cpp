// TLS over QSslSocket. What FIN, RST and an unread link mean is said of the TCP connection underneath.

#include "scenarios/world/networklink.h"

#include <QSslConfiguration>
#include <QSslSocket>

#include <sys/socket.h>

#include <utility>

namespace hiatus::world {

namespace {

class TlsLink final : public NetworkLink
{
public:
    TlsLink(const std::string &hostName, const QSslConfiguration &configuration);

    void start(const QHostAddress &host, std::uint16_t port) override;
    void write(std::string bytes) override;
    void shutdown() override;
    void reset() override;
    void stopReading() override;
    void resumeReading() override;
    void giveUp(const std::string &why) override;

private:
    void read();
    void finish();
    void failed();
    void closedByPeer();
    void endSoon(Ending how, const std::string &why);

    QSslSocket m_socket;
    std::string m_early; ///< written before the handshake was over
    bool m_isOpen = false;
    bool m_isReading = true;
    bool m_isClosedUnread = false;
    bool m_wantsFin = false;
    bool m_isEnded = false;
};

TlsLink::TlsLink(const std::string &hostName, const QSslConfiguration &configuration)
{
    m_socket.setSslConfiguration(configuration);
    m_socket.setPeerVerifyName(QString::fromStdString(hostName));
    connect(&m_socket, &QSslSocket::connected, this, [this] {
        m_socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
        m_socket.startClientEncryption();
    });
    connect(&m_socket, &QSslSocket::encrypted, this, [this] {
        m_isOpen = true;
        if (!m_early.empty())
            write(std::exchange(m_early, {}));
        m_events.opened();
        finish();
    });
    connect(&m_socket, &QSslSocket::readyRead, this, &TlsLink::read);
    connect(&m_socket, &QSslSocket::encryptedBytesWritten, this, &TlsLink::finish);
    connect(&m_socket, &QSslSocket::errorOccurred, this, &TlsLink::failed);
    connect(&m_socket, &QSslSocket::disconnected, this, &TlsLink::closedByPeer);
}

void TlsLink::start(const QHostAddress &host, std::uint16_t port)
{
    m_socket.connectToHost(host, port);
}

void TlsLink::read()
{
    if (!m_isReading || m_isEnded)
        return;
    const QByteArray bytes = m_socket.readAll();
    if (!bytes.isEmpty())
        m_events.received({bytes.constData(), std::size_t(bytes.size())});
}

void TlsLink::write(std::string bytes)
{
    if (m_isEnded || m_wantsFin)
        return;
    if (!m_isOpen) {
        m_early += bytes;
        return;
    }
    m_socket.write(bytes.data(), qint64(bytes.size()));
    m_socket.flush();
}

void TlsLink::shutdown()
{
    m_wantsFin = true;
    finish();
}

void TlsLink::finish()
{
    if (m_wantsFin && m_isOpen && !m_isEnded && m_socket.bytesToWrite() == 0 && m_socket.encryptedBytesToWrite() == 0)
        ::shutdown(int(m_socket.socketDescriptor()), SHUT_WR);
}

void TlsLink::failed()
{
    const std::string why = m_socket.errorString().toStdString();
    if (!m_isOpen)
        return endSoon(Ending::Refused, why);
    if (m_socket.error() == QAbstractSocket::RemoteHostClosedError)
        closedByPeer();
    else
        endSoon(Ending::Reset, why);
}

/// By FIN, or by TLS's close_notify: there are servers (libwebsockets) that send FIN only when they have ours.
void TlsLink::closedByPeer()
{
    m_isClosedUnread = !m_isReading;
    if (m_isClosedUnread)
        return;
    read();
    endSoon(Ending::Closed, "closed by the peer");
}

void TlsLink::reset()
{
    const linger now{1, 0};
    ::setsockopt(int(m_socket.socketDescriptor()), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    endSoon(Ending::Reset, "reset by us");
}

void TlsLink::stopReading()
{
    m_isReading = false;
    m_socket.setReadBufferSize(1);
}

void TlsLink::resumeReading()
{
    m_isReading = true;
    m_socket.setReadBufferSize(0);
    m_socket.flush(); // decrypts what was left inside; nothing new need come from the wire
    QMetaObject::invokeMethod(this, [this] {
        read();
        if (m_isClosedUnread)
            closedByPeer();
    }, Qt::QueuedConnection);
}

void TlsLink::giveUp(const std::string &why)
{
    endSoon(Ending::Refused, why);
}

void TlsLink::endSoon(Ending how, const std::string &why)
{
    if (std::exchange(m_isEnded, true))
        return;
    m_socket.disconnect(this);
    m_socket.abort();
    QMetaObject::invokeMethod(this, [this, how, why] { m_events.ended(how, why); }, Qt::QueuedConnection);
}

} // namespace

std::unique_ptr<NetworkLink> makeTlsLink(const std::string &hostName, const QSslConfiguration &configuration)
{
    return std::make_unique<TlsLink>(hostName, configuration);
}

} // namespace hiatus::world
