#include "proto/session/packetids.h"

#include <limits>

namespace hiatus {

namespace {

constexpr PacketId Highest = std::numeric_limits<PacketId>::max();

PacketId after(PacketId id)
{
    return id == Highest ? PacketId{1} : static_cast<PacketId>(id + 1);
}

} // namespace

std::optional<PacketId> PacketIds::take()
{
    if (m_taken.size() >= Highest)
        return std::nullopt;
    PacketId id = after(m_last);
    while (isTaken(id))
        id = after(id);
    m_taken.insert(id);
    m_last = id;
    return id;
}

bool PacketIds::take(PacketId id)
{
    return id != 0 && m_taken.insert(id).second;
}

} // namespace hiatus
