#pragma once
// What is to happen when, and the memory links on which it happens.

#include "proto/session/values.h"
#include "scenarios/world/world.h"

#include <array>
#include <functional>
#include <queue>
#include <random>
#include <string>
#include <string_view>

namespace hiatus::world {

/// Things to do at instants of the virtual clock, in order; at one instant in the order they were put down.
class Agenda
{
public:
    Agenda();

    Time now() const { return m_now; }
    void at(Time when, std::function<void()> what);
    void soon(std::function<void()> what) { at(m_now, std::move(what)); }
    Time next() const { return m_things.empty() ? Time::max() : m_things.top().when; }
    void advanceTo(Time when) { m_now = std::max(m_now, when); }
    /// Does the next thing.
    void doNext();

private:
    struct Thing
    {
        Time when;
        std::uint64_t order;
        std::function<void()> what;
        bool operator<(const Thing &other) const { return when != other.when ? when > other.when : order > other.order; }
    };
    std::priority_queue<Thing> m_things;
    std::uint64_t m_order = 0;
    Time m_now;
};

/// Who sits at one end of a wire.
class WireEnd
{
public:
    virtual ~WireEnd() = default;
    virtual void opened() = 0;
    virtual void bytes(std::string_view bytes) = 0;
    /// Said at most once.
    virtual void closed(Ending how) = 0;
};

/// A network connection in memory: ordered, with a latency and a segmentation of its own in each direction.
class Wire
{
public:
    enum Side { Left = 0, Right = 1 };

    Wire(Agenda &agenda, std::uint64_t seed);

    void attach(Side side, WireEnd *end) { m_ends[side] = end; }
    /// Both ends learn that the connection is up.
    void open();
    void write(Side from, std::string bytes);
    /// FIN behind what was written; the other end learns it in order.
    void shutdown(Side from);
    /// RST: this end is told at once; what is under way to the other end may be lost.
    void reset(Side from);
    /// The link is lost: what is written now goes nowhere, and both ends learn it. `last` arrives before that, at `to`.
    void cut(Side to, std::string last, Ending how);
    bool isOver() const { return m_isCut; }

private:
    static Side other(Side side) { return side == Left ? Right : Left; }
    Time arrival(Side from);
    void deliver(Side to, const std::string &bytes);
    void close(Side at, Ending how);

    Agenda &m_agenda;
    std::mt19937_64 m_random;
    bool m_isIdeal;
    std::array<Milliseconds, 2> m_latency{};
    std::array<Time, 2> m_lastArrival{};
    std::array<WireEnd *, 2> m_ends{};
    std::array<bool, 2> m_isClosed{};   ///< that end has been told
    std::array<bool, 2> m_isShut{};     ///< that end has sent FIN
    std::array<bool, 2> m_losesFlight{}; ///< RST overtook what was under way to that end
    bool m_isCut = false;
};

} // namespace hiatus::world
