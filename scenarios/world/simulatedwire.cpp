#include "scenarios/world/simulatedwire.h"

#include <algorithm>

namespace hiatus::world {

namespace {

/// The virtual clock's first instant: 2026-01-01T00:00:00Z. Stored sessions hold absolute times.
constexpr Time epoch{Milliseconds(1'767'225'600'000)};

} // namespace

Agenda::Agenda() : m_now(epoch) {}

void Agenda::at(Time when, std::function<void()> what) { m_things.push({std::max(when, m_now), m_order++, std::move(what)}); }

void Agenda::doNext()
{
    Thing thing = m_things.top();
    m_things.pop();
    advanceTo(thing.when);
    thing.what();
}

Wire::Wire(Agenda &agenda, std::uint64_t seed) : m_agenda(agenda), m_random(seed), m_isIdeal(seed == 0)
{
    if (m_isIdeal)
        return;
    for (auto &latency : m_latency)
        latency = Milliseconds(m_random() % 20);
}

Time Wire::arrival(Side from)
{
    Milliseconds latency = m_latency[from];
    if (!m_isIdeal)
        latency += Milliseconds(m_random() % 5);
    const Time next = m_agenda.now() + latency;
    // What is written apart arrives apart: only one write is one piece.
    m_lastArrival[from] = m_lastArrival[from] >= next ? m_lastArrival[from] + Milliseconds(1) : next;
    return m_lastArrival[from];
}

void Wire::open()
{
    for (const Side side : {Right, Left}) {
        m_agenda.at(arrival(other(side)), [this, side] {
            if (m_ends[side] && !m_isClosed[side])
                m_ends[side]->opened();
        });
    }
}

void Wire::write(Side from, std::string bytes)
{
    if (m_isCut || m_isShut[from] || m_isClosed[from])
        return;
    while (!bytes.empty()) {
        const std::size_t whole = bytes.size();
        const std::size_t size = m_isIdeal || m_random() % 2 ? whole : 1 + m_random() % whole;
        m_agenda.at(arrival(from), [this, to = other(from), segment = bytes.substr(0, size)] { deliver(to, segment); });
        bytes.erase(0, size);
    }
}

void Wire::deliver(Side to, const std::string &bytes)
{
    if (m_ends[to] && !m_isClosed[to] && !m_losesFlight[to])
        m_ends[to]->bytes(bytes);
}

void Wire::shutdown(Side from)
{
    if (m_isCut || m_isShut[from]) // who has read the other's end may still say its own
        return;
    m_isShut[from] = true;
    m_agenda.at(arrival(from), [this, to = other(from)] { close(to, Ending::Closed); });
}

void Wire::reset(Side from)
{
    if (m_isCut)
        return;
    m_isCut = true;
    m_losesFlight[other(from)] = !m_isIdeal && m_random() % 2;
    m_agenda.soon([this, from] { close(from, Ending::Reset); });
    m_agenda.at(arrival(from), [this, to = other(from)] { close(to, Ending::Reset); });
}

void Wire::cut(Side to, std::string last, Ending how)
{
    m_isCut = true;
    if (!last.empty())
        m_agenda.at(arrival(other(to)), [this, to, last = std::move(last)] { deliver(to, last); });
    for (const Side side : {to, other(to)})
        m_agenda.at(arrival(other(side)), [this, side, how] { close(side, how); });
}

void Wire::close(Side at, Ending how)
{
    if (m_isClosed[at])
        return;
    m_isClosed[at] = true;
    if (m_ends[at])
        m_ends[at]->closed(how);
}

} // namespace hiatus::world
