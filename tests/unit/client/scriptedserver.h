#pragma once
// A server on a free port that says what the test tells it to.

#include "proto/wire/decoder.h"
#include "proto/wire/encoder.h"

#include <QSslConfiguration>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <memory>
#include <optional>
#include <vector>

namespace hiatus {

class ScriptedServer : public QTcpServer
{
public:
    explicit ScriptedServer(v1::Version version) : m_version(version)
    {
        if (!listen(QHostAddress::LocalHost))
            qFatal("no port to listen on");
        connect(this, &QTcpServer::newConnection, this, [this] { take(nextPendingConnection()); });
    }

    /// Waits for the next packet of that kind; others before it are dropped. An empty packet if none comes.
    v1::Packet expect(v1::Packet::KindCase kind)
    {
        v1::Packet found;
        const auto arrived = [&] {
            while (!m_packets.empty()) {
                v1::Packet next = m_packets.front();
                m_packets.erase(m_packets.begin());
                if (next.kind_case() == kind) {
                    found = next;
                    return true;
                }
            }
            return false;
        };
        return QTest::qWaitFor(arrived) ? found : v1::Packet();
    }

    /// CONNECT is read and answered.
    v1::Connect accept(bool sessionPresent, v1::Connack connack = {})
    {
        const v1::Packet connect = expect(v1::Packet::kConnect);
        v1::Packet answer;
        *answer.mutable_connack() = connack;
        answer.mutable_connack()->set_session_present(sessionPresent);
        send({answer});
        return connect.connect();
    }

    /// In one write.
    void send(const std::vector<v1::Packet> &packets)
    {
        std::string bytes;
        for (const v1::Packet &packet : packets)
            wire::encodeTo(bytes, packet, m_version);
        write(bytes);
    }
    void write(const std::string &bytes)
    {
        if (m_socket)
            m_socket->write(bytes.data(), static_cast<qint64>(bytes.size()));
    }
    void disconnectPeer()
    {
        if (m_socket)
            m_socket->disconnectFromHost();
    }
    void cut()
    {
        if (m_socket)
            m_socket->abort();
    }
    bool isConnected() const { return m_socket && m_socket->state() == QAbstractSocket::ConnectedState; }
    int accepted() const { return m_accepted; }

    static v1::Packet publish(const char *topic, const char *payload, std::uint32_t qos, std::uint32_t id)
    {
        v1::Packet packet;
        packet.mutable_publish()->set_topic(topic);
        packet.mutable_publish()->set_payload(payload);
        packet.mutable_publish()->set_qos(qos);
        packet.mutable_publish()->set_packet_id(id);
        return packet;
    }

protected:
    void take(QTcpSocket *socket)
    {
        ++m_accepted;
        m_socket = socket;
        m_decoder.emplace(wire::Direction::ToServer, m_version);
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
            const QByteArray bytes = socket->readAll();
            m_decoder->feed({bytes.constData(), static_cast<std::size_t>(bytes.size())});
            while (const auto result = m_decoder->next()) {
                if (const auto *frame = std::get_if<wire::Frame>(&*result))
                    m_packets.push_back(frame->packet);
                else
                    return;
            }
        });
    }

private:
    v1::Version m_version;
    QTcpSocket *m_socket = nullptr;
    std::optional<wire::Decoder> m_decoder;
    std::vector<v1::Packet> m_packets;
    int m_accepted = 0;
};

} // namespace hiatus
