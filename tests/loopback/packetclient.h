#pragma once

#include "proto/wire/decoder.h"
#include "proto/wire/encoder.h"

#include <QTcpSocket>

#include <optional>
#include <string>

namespace hiatus::loopback {

/// Packets by hand over a blocking socket.
class PacketClient
{
public:
    explicit PacketClient(v1::Version version) : m_version(version), m_decoder(wire::Direction::ToClient, version) {}

    bool open(quint16 port);
    void send(const v1::Packet &packet);
    void sendBytes(const std::string &bytes);
    /// The next packet; nothing if the stream ended, or none comes.
    std::optional<v1::Packet> next();
    /// CONNECT, and the CONNACK that answers.
    std::optional<v1::Connack> connect(const v1::Connect &connect);
    /// Everything is read and the peer has closed in order.
    bool isEnded();
    void reset() { m_socket.abort(); }
    QTcpSocket &socket() { return m_socket; }

private:
    v1::Version m_version;
    wire::Decoder m_decoder;
    QTcpSocket m_socket;
};

v1::Connect connectOf(const std::string &clientId, bool clean = true);
v1::Packet publishOf(const std::string &topic, const std::string &payload, std::uint32_t qos, std::uint32_t id = 0);
v1::Packet subscribeTo(const std::string &filter, std::uint32_t qos);

} // namespace hiatus::loopback
