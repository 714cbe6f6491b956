#pragma once
// The two halves of a QoS 1 or 2 exchange as a lane plays them. Both are polled by the task that owns them.

#include "scenarios/interpreter/track.h"

namespace hiatus::run {

/// A lane publishes: PUBLISH, then PUBACK or PUBREC, PUBREL, PUBCOMP.
class Outgoing
{
public:
    enum class State { AwaitFirst, AwaitPubcomp, Done };

    Outgoing(PacketId id, std::uint32_t qos) : m_id(id), m_qos(qos), m_state(qos == 0 ? State::Done : State::AwaitFirst) {}

    /// Goes on with what has come. The lane's packets are consumed for `step`.
    void advance(Run &run, View &view, Lane &lane, std::uint32_t step);
    /// Stop before PUBREL (upto RECEIVED) or before PUBCOMP (upto RELEASED).
    void stopAt(v1::PublishStep::Upto upto) { m_upto = upto; }

    bool isDone() const { return m_state == State::Done; }
    PacketId id() const { return m_id; }
    /// What it waits for: "PUBACK id=3".
    v1::Packet awaited() const;
    /// Reason code of PUBACK or PUBREC, and the event that carried it.
    std::optional<std::uint32_t> code() const { return m_code; }
    std::uint32_t codeEvent() const { return m_codeEvent; }

private:
    PacketId m_id;
    std::uint32_t m_qos;
    State m_state;
    v1::PublishStep::Upto m_upto = v1::PublishStep::DONE;
    std::optional<std::uint32_t> m_code;
    std::uint32_t m_codeEvent = 0;
};

/// The target publishes and the lane completes: PUBACK, or PUBREC, PUBREL read, PUBCOMP.
class Incoming
{
public:
    /// Acknowledges the PUBLISH just consumed.
    Incoming(Run &run, Lane &lane, const v1::Packet &publish, std::uint32_t step);

    void advance(Run &run, View &view, Lane &lane, std::uint32_t step);
    bool isDone() const { return m_isDone; }
    v1::Packet awaited() const;

private:
    PacketId m_id = 0;
    bool m_isDone = true;
};

/// What the payloads of sentinels begin with.
inline constexpr const char *sentinelMark = "fence#";

/// A bare acknowledgement.
v1::Packet ackPacket(v1::Packet::KindCase kind, PacketId id);
/// The first unconsumed packet of that kind and identifier.
const Item *findAck(Run &run, const View &view, const Lane &lane, v1::Packet::KindCase kind, PacketId id);

} // namespace hiatus::run
