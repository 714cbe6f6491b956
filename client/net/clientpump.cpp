#include "client/net/clientpump.h"

#include "client/net/leave.h"
#include "proto/wire/encoder.h"

#include <QCryptographicHash>
#include <QRandomGenerator>
#include <QSslSocket>
#include <QTcpSocket>

#include <algorithm>
#include <iterator>
#include <utility>

namespace hiatus::client {

namespace {

constexpr Milliseconds LongestTimer = std::chrono::hours(24); // QTimer counts milliseconds in an int

} // namespace

ClientPump::ClientPump(std::unique_ptr<Client> engine, v1::Version version, QObject *parent)
    : QObject(parent), m_engine(std::move(engine)), m_version(version)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        input([](Client &client, Time now) { return client.advanced(now); });
    });
}

ClientPump::~ClientPump()
{
    if (m_socket)
        m_socket->disconnect(this);
}

void ClientPump::input(const Verb &verb)
{
    carryOut(verb(*m_engine, now()));
}

/// Facts and verbs may come while an action is carried out: the queue keeps the order, whoever empties it.
void ClientPump::carryOut(Actions actions)
{
    m_changed = true;
    std::move(actions.begin(), actions.end(), std::back_inserter(m_queue));
    while (!m_queue.empty()) {
        const Action action = std::move(m_queue.front());
        m_queue.pop_front();
        carryOutNext(action);
    }
    if (std::exchange(m_changed, false) && m_beforeSending)
        m_beforeSending();
    arm();
}

void ClientPump::carryOutNext(const Action &action)
{
    if (const auto *sent = std::get_if<SendPacket>(&action))
        send(sent->packet);
    else if (std::holds_alternative<OpenLink>(action))
        open();
    else if (std::holds_alternative<CloseLink>(action))
        close();
    else
        Q_EMIT happened(action);
}

/// Not before the old connection is closed: the server might read the new CONNECT before the old DISCONNECT.
void ClientPump::open()
{
    m_opensNext = !m_leaving.isNull();
    if (m_opensNext)
        return;
    auto *tls = m_peer.tls ? new QSslSocket(this) : nullptr;
    m_socket = tls ? tls : new QTcpSocket(this);
    QTcpSocket *socket = m_socket;
    m_decoder.emplace(wire::Direction::ToClient, m_version);
    m_decoder->setKeepBytes(false);
    if (m_maximumPacketSize > 0)
        m_decoder->setMaximumPacketSize(m_maximumPacketSize);
    const auto up = [this] {
        m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        m_peer.webSocketPath.isEmpty() ? opened() : beginWebSocket();
    };
    connect(socket, &QTcpSocket::readyRead, this, &ClientPump::read);
    connect(socket, &QTcpSocket::disconnected, this, [this, socket] { lost(socket); });
    connect(socket, &QTcpSocket::errorOccurred, this, [this, socket] {
        Q_EMIT socketFailed(socket->errorString());
        lost(socket);
    });
    if (tls) {
        connect(tls, &QSslSocket::encrypted, this, up);
        tls->setSslConfiguration(*m_peer.tls);
        tls->connectToHostEncrypted(m_peer.host, m_peer.port);
        return;
    }
    connect(socket, &QTcpSocket::connected, this, up);
    socket->connectToHost(m_peer.host, m_peer.port);
}

void ClientPump::beginWebSocket()
{
    const auto sha1 = [](std::string_view text) {
        return QCryptographicHash::hash(QByteArrayView(text.data(), qsizetype(text.size())), QCryptographicHash::Sha1).toBase64().toStdString();
    };
    const QString host = (m_peer.host.contains(u':') ? QStringLiteral("[%1]:%2") : QStringLiteral("%1:%2")).arg(m_peer.host).arg(m_peer.port);
    m_webSocket.emplace(wire::WebSocket::Options{wire::WebSocket::Side::Client, host.toStdString(), m_peer.webSocketPath.toStdString(),
                                                 QRandomGenerator::system()->generate64(), sha1});
    write(m_webSocket->takeReplies());
}

void ClientPump::opened()
{
    input([](Client &client, Time now) { return client.opened(now); });
}

/// The socket leaves by itself, even if its client is gone meanwhile.
void ClientPump::close()
{
    m_opensNext = false;
    m_decoder.reset();
    QTcpSocket *socket = std::exchange(m_socket, nullptr);
    if (!socket)
        return;
    socket->disconnect(this);
    if (m_webSocket && m_webSocket->isOpen()) {
        const std::string closing = m_webSocket->closing();
        socket->write(closing.data(), static_cast<qint64>(closing.size()));
    }
    m_webSocket.reset();
    m_leaving = socket;
    connect(socket, &QObject::destroyed, this, &ClientPump::left);
    leave(socket);
}

void ClientPump::left()
{
    m_leaving.clear();
    if (m_opensNext)
        open();
}

void ClientPump::send(const v1::Packet &packet)
{
    if (std::exchange(m_changed, false) && m_beforeSending)
        m_beforeSending();
    if (!m_socket)
        return;
    const std::string bytes = wire::encode(packet, m_version);
    write(m_webSocket ? m_webSocket->frame(bytes) : bytes);
}

void ClientPump::write(const std::string &bytes) { m_socket->write(bytes.data(), static_cast<qint64>(bytes.size())); }

void ClientPump::read()
{
    const QByteArray bytes = m_socket ? m_socket->readAll() : QByteArray();
    const std::string_view view(bytes.constData(), static_cast<std::size_t>(bytes.size()));
    if (!m_webSocket)
        return take(view);
    const bool wasOpen = m_webSocket->isOpen();
    m_webSocket->feed(view);
    write(m_webSocket->takeReplies());
    const std::string mqtt = m_webSocket->takeBytes();
    const bool isOver = m_webSocket->isOver();
    const std::string why = m_webSocket->why();
    QTcpSocket *socket = m_socket;
    if (!wasOpen && m_webSocket->isOpen())
        opened();
    take(mqtt);
    if (!isOver || socket != m_socket)
        return;
    Q_EMIT socketFailed(QString::fromStdString(why));
    close();
    input([](Client &client, Time now) { return client.closed(now); });
}

void ClientPump::take(std::string_view bytes)
{
    if (!m_decoder)
        return;
    m_decoder->feed(bytes);
    while (m_decoder) { // an action may close the link
        const std::optional<wire::DecodeResult> result = m_decoder->next();
        if (!result)
            return;
        input([&result](Client &client, Time now) {
            if (const auto *frame = std::get_if<wire::Frame>(&*result))
                return client.received(frame->packet, now);
            return client.malformed(std::get<wire::Malformed>(*result), now);
        });
    }
}

/// Said once per link, and only after all that it brought.
void ClientPump::lost(QTcpSocket *socket)
{
    if (socket != m_socket)
        return;
    if (m_decoder && socket->bytesAvailable() > 0)
        read();
    if (socket != m_socket)
        return;
    m_socket->disconnect(this);
    m_socket->deleteLater();
    m_socket = nullptr;
    m_decoder.reset();
    m_webSocket.reset();
    input([](Client &client, Time now) { return client.closed(now); });
}

void ClientPump::arm()
{
    const std::optional<Time> deadline = m_engine->nextDeadline();
    if (!deadline) {
        m_timer.stop();
        return;
    }
    m_timer.start(std::clamp(*deadline - now(), Milliseconds(0), LongestTimer));
}

} // namespace hiatus::client
