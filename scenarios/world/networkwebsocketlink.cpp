// WebSocket over another link. FIN, RST and an unread link are the other link's: no Close frame softens them.

#include "scenarios/world/networklink.h"

#include "proto/wire/websocket.h"

#include <QCryptographicHash>
#include <QRandomGenerator>

#include <utility>

namespace hiatus::world {

namespace {

class WebSocketLink final : public NetworkLink
{
public:
    WebSocketLink(std::unique_ptr<NetworkLink> under, const std::string &host, const std::string &path);

    void start(const QHostAddress &host, std::uint16_t port) override { m_under->start(host, port); }
    void write(std::string bytes) override;
    void shutdown() override;
    void reset() override { m_under->reset(); }
    void stopReading() override { m_under->stopReading(); }
    void resumeReading() override { m_under->resumeReading(); }
    void giveUp(const std::string &why) override { m_under->giveUp(why); }

private:
    void opened();
    void received(std::string_view bytes);
    void ended(Ending how, const std::string &why);

    std::unique_ptr<NetworkLink> m_under;
    wire::WebSocket m_webSocket;
    std::string m_early; ///< written before the handshake was over
    bool m_isOpen = false;
    bool m_wantsFin = false;
};

std::string sha1(std::string_view text)
{
    return QCryptographicHash::hash(QByteArrayView(text.data(), qsizetype(text.size())), QCryptographicHash::Sha1).toBase64().toStdString();
}

WebSocketLink::WebSocketLink(std::unique_ptr<NetworkLink> under, const std::string &host, const std::string &path)
    : m_under(std::move(under)), m_webSocket({wire::WebSocket::Side::Client, host, path, QRandomGenerator::system()->generate64(), sha1})
{
    m_under->setEvents({
        .opened = [this] { opened(); },
        .received = [this](std::string_view bytes) { received(bytes); },
        .ended = [this](Ending how, const std::string &why) { ended(how, why); },
    });
}

void WebSocketLink::opened() { m_under->write(m_webSocket.takeReplies()); }

void WebSocketLink::received(std::string_view bytes)
{
    m_webSocket.feed(bytes);
    if (!m_wantsFin)
        m_under->write(m_webSocket.takeReplies());
    if (!m_isOpen && m_webSocket.isOver())
        return m_under->giveUp(m_webSocket.why());
    if (!m_isOpen && m_webSocket.isOpen()) {
        m_isOpen = true;
        if (!m_early.empty())
            m_under->write(m_webSocket.frame(std::exchange(m_early, {})));
        m_events.opened();
        if (m_wantsFin)
            m_under->shutdown();
    }
    const std::string mqtt = m_webSocket.takeBytes();
    if (!mqtt.empty())
        m_events.received(mqtt);
    if (m_webSocket.isOver())
        shutdown(); // the peer closes once it has our half
}

void WebSocketLink::ended(Ending how, const std::string &why)
{
    const bool isBefore = !m_isOpen && how != Ending::Refused;
    const std::string said = m_webSocket.isOver() ? m_webSocket.why() : isBefore ? "closes in the middle of the WebSocket handshake" : why;
    m_events.ended(isBefore ? Ending::Refused : how, said);
}

void WebSocketLink::write(std::string bytes)
{
    if (m_wantsFin || bytes.empty())
        return;
    if (m_isOpen)
        m_under->write(m_webSocket.frame(bytes));
    else
        m_early += bytes;
}

void WebSocketLink::shutdown()
{
    if (std::exchange(m_wantsFin, true) || !m_isOpen)
        return;
    m_under->shutdown();
}

} // namespace

std::unique_ptr<NetworkLink> makeWebSocketLink(std::unique_ptr<NetworkLink> under, const std::string &host, const std::string &path)
{
    return std::make_unique<WebSocketLink>(std::move(under), host, path);
}

} // namespace hiatus::world
