#include "minibroker/net/brokerlink.h"

#include "proto/wire/encoder.h"

#include <QCryptographicHash>

#include <array>
#include <utility>

namespace hiatus::minibroker {

namespace {
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

BrokerLink::BrokerLink(LinkId id, std::unique_ptr<Stream> stream, qint64 outputLimit, LinkOwner &owner)
    : m_id(id), m_owner(owner), m_stream(std::move(stream)), m_outputLimit(outputLimit)
{
    m_stream->setOwner(this);
    m_decoder.setKeepBytes(false);
}

void BrokerLink::lost()
{
    read();
    m_owner.gone(this);
}

void BrokerLink::speakWebSocket(const std::string &path)
{
    const auto sha1 = [](std::string_view text) {
        return QCryptographicHash::hash(QByteArrayView(text.data(), qsizetype(text.size())), QCryptographicHash::Sha1).toBase64().toStdString();
    };
    m_webSocket = std::make_unique<wire::WebSocket>(wire::WebSocket::Options{wire::WebSocket::Side::Server, {}, path, 0, sha1});
}

void BrokerLink::read()
{
    std::array<char, 16 * 1024> buffer;
    for (qint64 count = qint64(buffer.size()); count == qint64(buffer.size());) { // less: there is no more
        m_throttled = !m_deaf && isOverLimit();
        if (m_throttled || (m_held && !m_deaf))
            return;
        count = m_stream->read(buffer.data(), qint64(buffer.size()));
        if (!m_deaf && count > 0)
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
        m_owner.decoded(this, *result);
        if (m_deaf || m_held)
            break;
    }
}

void BrokerLink::goOn()
{
    m_held = false;
    if (!m_deaf)
        decode({});
    read();
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
    if (isOverLimit() && !m_patience.isActive())
        m_patience.start(Stall.count(), this);
}

void BrokerLink::written()
{
    if (m_ending)
        return finishWriting();
    if (m_patience.isActive() && isOverLimit())
        m_patience.start(Stall.count(), this);
    else
        m_patience.stop();
    if (m_throttled && !isOverLimit())
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
    m_patience.start(Linger.count(), this);
    read();
    finishWriting();
}

/// A peer that does not close has our FIN and may still find what we sent; one that takes nothing is reset.
void BrokerLink::timerEvent(QTimerEvent *)
{
    m_patience.stop();
    if (m_ending)
        m_stream->close();
    else
        abort();
}

void BrokerLink::finishWriting()
{
    if (m_stream->unwritten() == 0 && isConnected())
        m_stream->shutDown();
}

void BrokerLink::drop()
{
    flush();
    deafen();
    m_ending = true;
    m_stream->close();
}

void BrokerLink::abort()
{
    deafen();
    m_ending = true;
    m_stream->reset();
}

} // namespace hiatus::minibroker
