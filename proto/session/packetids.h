#pragma once
// Packet identifiers of one direction of one session.

#include "proto/session/values.h"

#include <cstddef>
#include <optional>
#include <set>

namespace hiatus {

/// The identifiers in use, and the next free one.
/// - Never gives 0 [3.1.1 MQTT-2.3.1-1] [5.0 MQTT-2.2.1-3], never one that is taken [3.1.1 MQTT-2.3.1-2].
/// - Goes round: an identifier that was freed comes last.
/// - The other direction has identifiers of its own: a second object.
class PacketIds
{
public:
    /// Takes the next free identifier; nothing when all 65,535 are taken.
    std::optional<PacketId> take();
    /// Takes this one; false if it is 0 or taken.
    bool take(PacketId id);
    void free(PacketId id) { m_taken.erase(id); }
    void clear() { m_taken.clear(); }

    bool isTaken(PacketId id) const { return m_taken.count(id) > 0; }
    std::size_t size() const { return m_taken.size(); }

private:
    std::set<PacketId> m_taken;
    PacketId m_last = 0;
};

} // namespace hiatus
