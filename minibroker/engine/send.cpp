// The last step before a packet leaves.

#include "minibroker/engine/state.h"

#include "proto/wire/encoder.h"

namespace hiatus::broker {

bool fits(const Connection &connection, const v1::Packet &packet)
{
    return connection.maximumPacketSize == 0 ||
           wire::encodedSize(packet, connection.version) <= connection.maximumPacketSize;
}

bool send(State &state, const Connection &connection, v1::Packet packet)
{
    if (!packet.has_publish() && !fits(connection, packet)) {
        state.overrun.push_back(connection.link);
        return false;
    }
    state.actions.push_back(SendAction{connection.link, connection.version, std::move(packet)});
    return true;
}

void sendAck(State &state, const Connection &connection, v1::Packet::KindCase kind, std::uint32_t packetId,
             std::uint32_t code)
{
    v1::Packet packet;
    auto *ack = kind == v1::Packet::kPuback   ? packet.mutable_puback()
                : kind == v1::Packet::kPubrec ? packet.mutable_pubrec()
                : kind == v1::Packet::kPubrel ? packet.mutable_pubrel()
                                              : packet.mutable_pubcomp();
    ack->set_packet_id(packetId);
    if (connection.version == v1::V5)
        ack->set_code(code);
    send(state, connection, std::move(packet));
}

} // namespace hiatus::broker
