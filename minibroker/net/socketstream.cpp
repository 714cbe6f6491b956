#include "minibroker/net/stream.h"

#include <QTcpSocket>

#include <sys/socket.h>

#include <algorithm>

namespace hiatus::minibroker {

namespace {

constexpr qint64 ReadBuffer = 256 * 1024;

class SocketStream final : public Stream
{
public:
    explicit SocketStream(QTcpSocket *socket) : m_socket(socket)
    {
        m_socket->setParent(nullptr);
        m_socket->setReadBufferSize(ReadBuffer);
        m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        QObject::connect(socket, &QTcpSocket::readyRead, socket, [this] { owner()->readable(); });
        QObject::connect(socket, &QTcpSocket::bytesWritten, socket, [this] { owner()->written(); });
        QObject::connect(socket, &QTcpSocket::disconnected, socket, [this] { owner()->lost(); });
        if (m_socket->bytesAvailable() > 0) // it was read before we were there
            QMetaObject::invokeMethod(socket, [this] { owner()->readable(); }, Qt::QueuedConnection);
    }
    ~SocketStream() override { m_socket->disconnect(); }

    qint64 read(char *data, qint64 size) override { return m_socket->isOpen() ? std::max<qint64>(m_socket->read(data, size), 0) : 0; }
    void write(std::string_view bytes) override
    {
        m_socket->write(bytes.data(), qint64(bytes.size()));
        m_socket->flush();
    }
    qint64 unwritten() const override { return m_socket->bytesToWrite(); }
    bool isConnected() const override { return m_socket->state() == QAbstractSocket::ConnectedState; }
    void shutDown() override { m_socket->disconnectFromHost(); }
    void close() override { m_socket->abort(); }
    void reset() override
    {
        const linger now{1, 0};
        ::setsockopt(int(m_socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &now, sizeof now);
        m_socket->abort();
    }

private:
    std::unique_ptr<QTcpSocket> m_socket;
};

} // namespace

std::unique_ptr<Stream> socketStream(QTcpSocket *socket)
{
    return std::make_unique<SocketStream>(socket);
}

} // namespace hiatus::minibroker
