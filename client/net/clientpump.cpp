#include "client/net/clientpump.h"

#include "client/net/leave.h"
#include "proto/wire/encoder.h"

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
    const auto opened = [this] {
        m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        input([](Client &client, Time now) { return client.opened(now); });
    };
    connect(socket, &QTcpSocket::readyRead, this, &ClientPump::read);
    connect(socket, &QTcpSocket::disconnected, this, [this, socket] { lost(socket); });
    connect(socket, &QTcpSocket::errorOccurred, this, [this, socket] {
        Q_EMIT socketFailed(socket->errorString());
        lost(socket);
    });
    if (tls) {
        connect(tls, &QSslSocket::encrypted, this, opened);
        tls->setSslConfiguration(*m_peer.tls);
        tls->connectToHostEncrypted(m_peer.host, m_peer.port);
        return;
    }
    connect(socket, &QTcpSocket::connected, this, opened);
    socket->connectToHost(m_peer.host, m_peer.port);
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
    m_socket->write(bytes.data(), static_cast<qint64>(bytes.size()));
}

void ClientPump::read()
{
    const QByteArray bytes = m_socket ? m_socket->readAll() : QByteArray();
    if (!m_decoder)
        return;
    m_decoder->feed({bytes.constData(), static_cast<std::size_t>(bytes.size())});
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
