#include "minibroker/net/brokerlink.h"

#include "proto/wire/encoder.h"

#include <QCryptographicHash>

#include <sys/socket.h>

#include <array>

namespace hiatus::minibroker {

namespace {
constexpr int ReadBuffer = 256 * 1024;
constexpr std::size_t KeptOutput = 2'048; ///< bytes of room that an idle link may hold
constexpr Milliseconds Linger{2'000};
constexpr Milliseconds Stall{10'000};

/// A QoS 0 message, unless later ones rely on the topic alias that it brings.
bool isDispensable(const v1::Packet &packet)
{
    const auto &publish = packet.publish();
    return packet.has_publish() && publish.qos() == 0 && (!publish.has_topic_alias() || publish.topic().empty());
}
} // namespace

BrokerLink::BrokerLink(LinkId id, QTcpSocket *socket, qint64 outputLimit, QObject *parent)
    : QObject(parent), m_id(id), m_socket(socket), m_outputLimit(outputLimit)
{
    m_socket->setParent(this);
    m_socket->setReadBufferSize(ReadBuffer);
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    m_decoder.setKeepBytes(false);
    m_stalled.setSingleShot(true);
    m_stalled.setInterval(Stall);
    connect(&m_stalled, &QTimer::timeout, this, &BrokerLink::abort);
    connect(m_socket, &QTcpSocket::readyRead, this, &BrokerLink::read);
    connect(m_socket, &QTcpSocket::bytesWritten, this, &BrokerLink::written);
    connect(m_socket, &QTcpSocket::disconnected, this, [this] {
        read();
        Q_EMIT gone(this);
    });
}

void BrokerLink::speakWebSocket(const std::string &path)
{
    const auto sha1 = [](std::string_view text) {
        return QCryptographicHash::hash(QByteArrayView(text.data(), qsizetype(text.size())), QCryptographicHash::Sha1).toBase64().toStdString();
    };
    m_webSocket.emplace(wire::WebSocket::Options{wire::WebSocket::Side::Server, {}, path, 0, sha1});
}

void BrokerLink::read()
{
    std::array<char, 16 * 1024> buffer;
    while (m_socket->isOpen()) {
        m_throttled = !m_deaf && isOverLimit();
        if (m_throttled)
            return;
        const qint64 count = m_socket->read(buffer.data(), qint64(buffer.size()));
        if (count <= 0)
            return;
        if (!m_deaf)
            take({buffer.data(), std::size_t(count)});
    }
}

void BrokerLink::take(std::string_view bytes)
{
    if (!m_webSocket)
        return decode(bytes);
    m_webSocket->feed(bytes);
    write(m_webSocket->takeReplies());
    decode(m_webSocket->takeBytes());
    if (m_webSocket->isOver())
        end();
}

void BrokerLink::decode(std::string_view bytes)
{
    m_decoder.feed(bytes);
    for (auto result = m_decoder.next(); result; result = m_decoder.next()) {
        Q_EMIT decoded(this, *result);
        if (m_deaf)
            break;
    }
}

void BrokerLink::send(const v1::Packet &packet, v1::Version version)
{
    if (m_ending || !isConnected())
        return;
    if (isOverLimit() && isDispensable(packet))
        return;
    wire::encodeTo(m_output, packet, version);
}

void BrokerLink::flush()
{
    if (m_output.empty() || !isConnected())
        return;
    write(m_webSocket ? m_webSocket->frame(m_output) : m_output);
    m_output.clear();
    if (m_output.capacity() > KeptOutput)
        m_output.shrink_to_fit();
    m_socket->flush();
    if (isOverLimit() && !m_stalled.isActive())
        m_stalled.start();
}

void BrokerLink::written()
{
    if (m_stalled.isActive()) {
        if (isOverLimit())
            m_stalled.start();
        else
            m_stalled.stop();
    }
    if (m_ending)
        finishWriting();
    else if (m_throttled && !isOverLimit())
        read();
}

void BrokerLink::end()
{
    if (m_ending)
        return;
    flush();
    if (m_webSocket && m_webSocket->isOpen() && isConnected())
        write(m_webSocket->closing());
    deafen();
    m_ending = true;
    // Without SO_LINGER 0: a peer that reads late still finds what we sent, and then our FIN.
    QTimer::singleShot(Linger, this, [this] { m_socket->abort(); });
    read();
    finishWriting();
}

void BrokerLink::finishWriting()
{
    if (m_socket->bytesToWrite() > 0 || !isConnected())
        return;
    if (m_socket->inherits("QSslSocket"))
        m_socket->disconnectFromHost();
    else
        ::shutdown(int(m_socket->socketDescriptor()), SHUT_WR);
}

void BrokerLink::drop()
{
    flush();
    deafen();
    m_ending = true;
    m_socket->abort();
}

void BrokerLink::abort()
{
    deafen();
    m_ending = true;
    const linger now{1, 0};
    ::setsockopt(int(m_socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    m_socket->abort();
}

} // namespace hiatus::minibroker
