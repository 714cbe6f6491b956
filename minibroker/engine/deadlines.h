#pragma once
// What is due when. Owners keep their own instant, so that moving or dropping a deadline needs no search.

#include "proto/session/values.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <set>

namespace hiatus::broker {

struct Session;
struct Connection;

struct Deadline
{
    enum class Kind { Silence, Will, SessionEnd }; // of the same instant: in this order

    Time at{};
    Kind kind = Kind::Silence;
    std::uint64_t number = 0; ///< of the link or the session
    Session *session = nullptr;
    Connection *connection = nullptr;

    friend bool operator<(const Deadline &a, const Deadline &b)
    {
        if (a.at != b.at)
            return a.at < b.at;
        return a.kind != b.kind ? a.kind < b.kind : a.number < b.number;
    }
};

class Deadlines
{
public:
    std::optional<Time> next() const { return m_all.empty() ? std::nullopt : std::optional(m_all.begin()->at); }
    /// The first one due by `now`.
    std::optional<Deadline> due(Time now) const
    {
        return m_all.empty() || m_all.begin()->at > now ? std::nullopt : std::optional(*m_all.begin());
    }
    /// `slot` is where the owner keeps the instant; nothing: none.
    void move(std::optional<Time> &slot, Deadline deadline, std::optional<Time> at)
    {
        if (slot == at)
            return;
        if (slot) {
            deadline.at = *slot;
            m_all.erase(deadline);
        }
        slot = at;
        if (at) {
            deadline.at = *at;
            m_all.insert(deadline);
        }
    }

private:
    std::set<Deadline> m_all;
};

} // namespace hiatus::broker
