#include "scenarios/world/networkprobe.h"

#include "proto/wire/encoder.h"
#include "proto/wire/text.h"

#include <fmt/format.h>

#include <utility>

namespace hiatus::world {

namespace {

constexpr std::size_t Shown = 16;

v1::Packet connectPacket(const NetworkTarget &target, Time now)
{
    v1::Packet packet;
    auto *connect = packet.mutable_connect();
    connect->set_client_id(fmt::format("hiatusprobe{}", now.time_since_epoch().count() % 1'000'000'000));
    connect->set_clean(true);
    connect->set_keep_alive(60);
    if (target.hasUser)
        connect->set_user_name(target.user);
    if (target.hasPassword)
        connect->set_password(target.password);
    return packet;
}

/// 3.1.1 and 5.0 say "unacceptable protocol version" in their own ways.
bool refusesVersion(const v1::Connack &connack)
{
    return connack.code() == 1 || connack.code() == 0x84;
}

} // namespace

NetworkProbe::NetworkProbe(NetworkHub &hub, Done done) : QObject(&hub), m_hub(hub), m_done(std::move(done))
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &NetworkProbe::timedOut);
}

NetworkProbe::~NetworkProbe() = default;

void NetworkProbe::start()
{
    m_left = m_hub.addresses();
    connectNext();
}

void NetworkProbe::connectNext()
{
    m_address = m_left.front();
    m_decoder = wire::Decoder(wire::Direction::ToClient, m_version);
    m_bytes.clear();
    m_isOpen = false;
    m_isSettled = false;
    if (m_link)
        m_link.release()->deleteLater();
    m_link = m_hub.makeLink();
    m_link->setEvents({
        .opened = [this] { opened(); },
        .received = [this](std::string_view bytes) { received(bytes); },
        .ended = [this](Ending how, const std::string &why) { ended(how, why); },
    });
    m_timer.start(m_hub.options().connectTimeout);
    m_link->start(m_address, m_hub.target().port);
}

void NetworkProbe::opened()
{
    m_isOpen = true;
    m_sentAt = m_hub.now();
    m_link->write(wire::encode(connectPacket(m_hub.target(), m_sentAt), m_version));
    m_timer.start(m_hub.options().replyTimeout);
}

void NetworkProbe::received(std::string_view bytes)
{
    if (m_isSettled)
        return;
    m_bytes.append(bytes.substr(0, Shown));
    m_decoder.feed(bytes);
    const auto result = m_decoder.next();
    if (!result)
        return;
    const auto *frame = std::get_if<wire::Frame>(&*result);
    if (!frame || !frame->packet.has_connack())
        return next(speaks());
    const v1::Connack &connack = frame->packet.connack();
    if (m_version == v1::V3 && refusesVersion(connack))
        return next("refuses MQTT 3.1.1");
    finish(Probed{m_version, connack, m_hub.now() - m_sentAt});
}

std::string NetworkProbe::speaks() const
{
    const std::string_view bytes = m_bytes;
    if (bytes.starts_with("HTTP/"))
        return "speaks HTTP, not MQTT; for MQTT over WebSocket write ws:// or wss://";
    if (bytes.starts_with("SSH-"))
        return "speaks SSH, not MQTT";
    if (bytes.starts_with("\x15\x03"))
        return "speaks TLS: write mqtts://";
    return fmt::format("answers CONNECT with what is no CONNACK: {}", wire::hex(bytes.substr(0, Shown)));
}

void NetworkProbe::ended(Ending how, const std::string &why)
{
    if (m_isSettled)
        return;
    if (!m_isOpen)
        return next(fmt::format("cannot be connected to: {}", why));
    if (!m_bytes.empty())
        return next(speaks());
    // TLS 1.3 refuses a client after the handshake: in an alert, or without a word.
    const std::string said = how == Ending::Reset ? fmt::format("ends the connection: {}", why)
                                                  : "accepts the connection and closes it without an answer to CONNECT";
    next(m_hub.target().tls && m_hub.options().tls.localCertificate().isNull() ? said + "; does it ask for a client certificate?" : said);
}

void NetworkProbe::timedOut()
{
    if (!m_isOpen)
        return next(fmt::format("does not answer: no connection within {} s",
                                double(m_hub.options().connectTimeout.count()) / 1000));
    next(m_bytes.empty() ? fmt::format("accepts the connection but answers CONNECT with nothing within {} s",
                                       double(m_hub.options().replyTimeout.count()) / 1000)
                         : speaks());
}

void NetworkProbe::next(const std::string &problem)
{
    m_problem = problem;
    m_isSettled = true;
    m_timer.stop();
    // What answers a 3.1.1 CONNECT by closing may be a broker of 5.0 only.
    const bool isOtherVersionWorthIt = m_isOpen && m_version == v1::V3 && (m_bytes.empty() || m_bytes.starts_with("\x20"));
    if (isOtherVersionWorthIt) {
        m_version = v1::V5;
    } else {
        m_version = v1::V3;
        m_left.erase(m_left.begin());
    }
    if (m_left.empty())
        finish(tl::unexpected(fmt::format("target {} {}", m_hub.target().text(), m_problem)));
    else
        QMetaObject::invokeMethod(this, &NetworkProbe::connectNext, Qt::QueuedConnection);
}

void NetworkProbe::finish(tl::expected<Probed, std::string> answer)
{
    m_isSettled = true;
    m_timer.stop();
    if (answer) {
        m_hub.prefer(m_address);
        v1::Packet goodbye;
        goodbye.mutable_disconnect();
        m_link->write(wire::encode(goodbye, answer->version));
    }
    m_link->shutdown();
    QMetaObject::invokeMethod(this, [this, answer = std::move(answer)] {
        m_done(answer);
        deleteLater();
    }, Qt::QueuedConnection);
}

} // namespace hiatus::world
