#include "scenarios/interpreter/redeliveries.h"

namespace hiatus::run {

bool Redeliveries::isRepeat(const v1::Publish &publish, std::uint64_t pongs)
{
    if (publish.qos() == 0)
        return false;
    const auto id = static_cast<PacketId>(publish.packet_id());
    const auto earlier = m_sent.find(id);
    if (publish.dup() && earlier != m_sent.end() && pongs < earlier->second.readBy && earlier->second.topic == publish.topic() &&
        earlier->second.payload == publish.payload())
        return true;
    m_sent[id] = {.topic = publish.topic(), .payload = publish.payload()};
    return false;
}

void Redeliveries::answered(PacketId id, std::uint64_t nextPing)
{
    const auto sent = m_sent.find(id);
    if (sent != m_sent.end() && sent->second.readBy == UINT64_MAX)
        sent->second.readBy = nextPing;
}

void Redeliveries::released(PacketId id) { m_sent.erase(id); }

void Redeliveries::leaveUntraced(PacketId id)
{
    const auto sent = m_sent.find(id);
    if (sent != m_sent.end())
        sent->second.isUntraced = true;
}

bool Redeliveries::isUntraced(PacketId id) const
{
    const auto sent = m_sent.find(id);
    return sent != m_sent.end() && sent->second.isUntraced;
}

} // namespace hiatus::run
