#pragma once
// What a 3.1.1 target may send again on a living connection.

#include "hiatus/v1/packet.pb.h"
#include "proto/session/values.h"

#include <cstdint>
#include <map>
#include <string>

namespace hiatus::run {

/// The QoS 1 and 2 messages that a target has sent on one connection. 3.1.1 lets it send one again, with DUP 1 and the same
/// identifier, whenever it likes, as long as it has not got our acknowledgement [3.1.1 section 4.4]. One that was written
/// counts as got once a PINGREQ that followed it was answered.
class Redeliveries
{
public:
    /// True: a copy of one that it has sent already, and may send again. Any other PUBLISH is remembered.
    /// `pongs`: PINGRESPs read so far, counted as PINGREQs are.
    bool isRepeat(const v1::Publish &publish, std::uint64_t pongs);
    /// We wrote PUBACK or PUBREC; the next PINGREQ has the number `nextPing`.
    void answered(PacketId id, std::uint64_t nextPing);
    /// The target has gone on to PUBREL.
    void released(PacketId id);
    /// It left no event in the trace (`go_round`), and neither shall its copies.
    void leaveUntraced(PacketId id);
    bool isUntraced(PacketId id) const;

private:
    struct Sent
    {
        std::string topic;
        std::string payload;
        bool isUntraced = false;
        std::uint64_t readBy = UINT64_MAX; ///< the PINGREQ whose answer proves that our acknowledgement was read
    };
    std::map<PacketId, Sent> m_sent;
};

} // namespace hiatus::run
