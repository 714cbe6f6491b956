#pragma once

#include "proto/session/values.h"
#include "proto/wire/decoder.h"
#include "proto/wire/websocket.h"

#include <QObject>
#include <QTcpSocket>
#include <QTimer>

#include <optional>
#include <string>
#include <string_view>

namespace hiatus::minibroker {

/// One accepted connection: bytes in to packets, packets out to bytes. Knows nothing of MQTT's rules.
/// - A peer that does not read cannot make us grow: over the output limit its QoS 0 messages are lost, its own packets
///   stay unread in the socket, and if it then takes nothing for 10 s, it is reset. (QoS 1 and 2 are bounded by the
///   broker's in-flight window.)
/// - end() is a lingering close: what is queued goes out, then FIN, and what still comes is discarded until the peer
///   closes too; a plain close() over unread input would send RST and could destroy our last packet on its way.
class BrokerLink : public QObject
{
    Q_OBJECT

public:
    /// Takes the socket over.
    BrokerLink(LinkId id, QTcpSocket *socket, qint64 outputLimit, QObject *parent);

    /// MQTT comes over WebSocket, at this path. Before read().
    void speakWebSocket(const std::string &path);

    LinkId id() const { return m_id; }
    v1::Version version() const { return m_decoder.version(); }
    const std::string &clientId() const { return m_clientId; }
    void setClientId(const std::string &clientId) { m_clientId = clientId; }
    void setMaximumPacketSize(std::uint32_t bytes) { m_decoder.setMaximumPacketSize(bytes); }

    /// Has its CONNECT been accepted?
    bool isAccepted() const { return m_accepted; }
    void setAccepted() { m_accepted = true; }

    /// Tells what has come so far.
    void read();
    /// From now on nothing that comes is told any more.
    void deafen() { m_deaf = true; }
    bool isDeaf() const { return m_deaf; }
    /// Queues a packet; flush() writes.
    void send(const v1::Packet &packet, v1::Version version);
    void flush();
    void end();
    /// Writes out what the socket takes at once, then closes.
    void drop();
    /// RST.
    void abort();

Q_SIGNALS:
    void decoded(hiatus::minibroker::BrokerLink *link, const hiatus::wire::DecodeResult &result);
    /// Once, when the socket is gone; nothing follows.
    void gone(hiatus::minibroker::BrokerLink *link);

private:
    bool isConnected() const { return m_socket->state() == QAbstractSocket::ConnectedState; }
    bool isOverLimit() const { return m_socket->bytesToWrite() > m_outputLimit; }
    void written();
    void finishWriting();
    void take(std::string_view bytes);
    void decode(std::string_view bytes);
    void write(const std::string &bytes) { m_socket->write(bytes.data(), qint64(bytes.size())); }

    LinkId m_id;
    QTcpSocket *m_socket;
    qint64 m_outputLimit;
    wire::Decoder m_decoder{wire::Direction::ToServer};
    std::optional<wire::WebSocket> m_webSocket;
    QTimer m_stalled;
    std::string m_output;
    std::string m_clientId;
    bool m_accepted = false;
    bool m_throttled = false; ///< input is left unread until output has gone
    bool m_deaf = false;
    bool m_ending = false;
};

} // namespace hiatus::minibroker
