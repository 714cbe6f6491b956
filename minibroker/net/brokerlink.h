#pragma once

#include "minibroker/net/stream.h"
#include "proto/session/values.h"
#include "proto/wire/decoder.h"
#include "proto/wire/websocket.h"

#include <QBasicTimer>
#include <QObject>

#include <memory>
#include <string>
#include <string_view>

namespace hiatus::minibroker {

class BrokerLink;

/// Who is told what a link hears.
class LinkOwner
{
public:
    virtual ~LinkOwner() = default;
    virtual void decoded(BrokerLink *link, const wire::DecodeResult &result) = 0;
    /// Once, when the stream is gone; nothing follows.
    virtual void gone(BrokerLink *link) = 0;
};

/// One accepted connection: bytes in to packets, packets out to bytes. Knows nothing of MQTT's rules.
/// - A peer that does not read cannot make us grow: over the output limit its QoS 0 messages are lost, its own packets
///   stay unread in the socket, and if it then takes nothing for 10 s, it is reset. (QoS 1 and 2 are bounded by the
///   broker's in-flight window.)
/// - end() is a lingering close: what is queued goes out, then FIN, and what still comes is discarded until the peer
///   closes too; a plain close() over unread input would send RST and could destroy our last packet on its way.
class BrokerLink final : public QObject, private StreamOwner
{
public:
    BrokerLink(LinkId id, std::unique_ptr<Stream> stream, qint64 outputLimit, LinkOwner &owner);

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
    /// Nothing more is told until goOn(): what comes meanwhile waits.
    void hold() { m_held = true; }
    void goOn();
    /// Queues a packet; flush() writes.
    void send(const v1::Packet &packet, v1::Version version);
    void flush();
    void end();
    /// Writes out what the socket takes at once, then closes.
    void drop();
    /// RST.
    void abort();

protected:
    void timerEvent(QTimerEvent *) override;

private:
    bool isConnected() const { return m_stream->isConnected(); }
    bool isOverLimit() const { return m_stream->unwritten() > m_outputLimit; }
    void readable() override { read(); }
    void written() override;
    void lost() override;
    void finishWriting();
    void take(std::string_view bytes);
    void decode(std::string_view bytes);
    void write(const std::string &bytes) { m_stream->write(bytes); }

    LinkId m_id;
    LinkOwner &m_owner;
    std::unique_ptr<Stream> m_stream;
    qint64 m_outputLimit;
    wire::Decoder m_decoder{wire::Direction::ToServer};
    std::unique_ptr<wire::WebSocket> m_webSocket; ///< apart: most links have none, and it is large
    QBasicTimer m_patience; ///< with a peer that takes nothing, and once ending with one that does not close
    std::string m_output;
    std::string m_clientId;
    bool m_accepted = false;
    bool m_throttled = false; ///< input is left unread until output has gone
    bool m_deaf = false;
    bool m_held = false;
    bool m_ending = false;
};

} // namespace hiatus::minibroker
