#include "tests/loopback/packetclient.h"

namespace hiatus::loopback {

namespace {
constexpr int Patience = 20'000; // bounds a failure only
}

bool PacketClient::open(quint16 port)
{
    m_socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    return m_socket.waitForConnected(Patience);
}

void PacketClient::send(const v1::Packet &packet)
{
    sendBytes(wire::encode(packet, m_version));
}

void PacketClient::sendBytes(const std::string &bytes)
{
    m_socket.write(bytes.data(), qint64(bytes.size()));
    m_socket.flush();
}

std::optional<v1::Packet> PacketClient::next()
{
    for (;;) {
        if (auto result = m_decoder.next()) {
            const auto *frame = std::get_if<wire::Frame>(&*result);
            return frame ? std::optional(frame->packet) : std::nullopt;
        }
        if (m_socket.bytesAvailable() == 0 && !m_socket.waitForReadyRead(Patience))
            return std::nullopt;
        m_decoder.feed(m_socket.readAll().toStdString());
    }
}

std::optional<v1::Connack> PacketClient::connect(const v1::Connect &connect)
{
    v1::Packet packet;
    *packet.mutable_connect() = connect;
    send(packet);
    const auto answer = next();
    return answer && answer->has_connack() ? std::optional(answer->connack()) : std::nullopt;
}

bool PacketClient::isEnded()
{
    while (m_socket.state() == QAbstractSocket::ConnectedState && m_socket.waitForReadyRead(Patience))
        m_socket.readAll();
    return m_socket.error() == QAbstractSocket::RemoteHostClosedError;
}

v1::Connect connectOf(const std::string &clientId, bool clean)
{
    v1::Connect connect;
    connect.set_client_id(clientId);
    connect.set_clean(clean);
    return connect;
}

v1::Packet publishOf(const std::string &topic, const std::string &payload, std::uint32_t qos, std::uint32_t id)
{
    v1::Packet packet;
    packet.mutable_publish()->set_topic(topic);
    packet.mutable_publish()->set_payload(payload);
    packet.mutable_publish()->set_qos(qos);
    if (id != 0)
        packet.mutable_publish()->set_packet_id(id);
    return packet;
}

v1::Packet subscribeTo(const std::string &filter, std::uint32_t qos)
{
    v1::Packet packet;
    packet.mutable_subscribe()->set_packet_id(1);
    auto *one = packet.mutable_subscribe()->add_filter();
    one->set_filter(filter);
    one->set_qos(qos);
    return packet;
}

} // namespace hiatus::loopback
