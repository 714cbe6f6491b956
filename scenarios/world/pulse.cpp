#include "scenarios/world/pulse.h"

#include "proto/wire/encoder.h"

#include <fmt/format.h>

#include <algorithm>

namespace hiatus::world {

namespace {
constexpr Milliseconds Beat{500};
constexpr Milliseconds Long{100}; // shorter waits are not worth remembering
constexpr unsigned MostFailures = 40;
} // namespace

Pulse::Pulse(NetworkHub &hub) : m_hub(hub)
{
    connect(&m_timer, &QTimer::timeout, this, &Pulse::beat);
    m_timer.start(Beat);
}

Pulse::~Pulse() = default;

std::string Pulse::connectBytes() const
{
    v1::Packet packet;
    auto *connect = packet.mutable_connect();
    connect->set_client_id(fmt::format("hiatuspulse{}", m_hub.now().time_since_epoch().count() % 1'000'000'000));
    connect->set_clean(true);
    connect->set_keep_alive(60);
    if (m_hub.target().hasUser)
        connect->set_user_name(m_hub.target().user);
    if (m_hub.target().hasPassword)
        connect->set_password(m_hub.target().password);
    return wire::encode(packet, m_version);
}

void Pulse::beat()
{
    if (m_link) {
        if (m_isOpen && !m_isWaiting)
            ask(std::string("\xC0\x00", 2));
        return;
    }
    if (m_failures >= MostFailures || m_hub.addresses().empty())
        return;
    m_link = m_hub.makeLink();
    m_link->setEvents({
        .opened = [this] {
            m_isOpen = true;
            ask(connectBytes());
        },
        .received = [this](std::string_view) { answered(); },
        .ended = [this](Ending, const std::string &) { ended(); },
    });
    m_link->start(m_hub.addresses().front(), m_hub.target().port);
}

void Pulse::ask(std::string bytes)
{
    m_isWaiting = true;
    m_asked = m_hub.now();
    m_link->write(std::move(bytes));
}

void Pulse::answered()
{
    if (!m_isWaiting)
        return;
    m_isWaiting = false;
    m_isIn = m_isGreeted;
    m_isGreeted = true;
    const Time now = m_hub.now();
    if (const auto took = std::chrono::duration_cast<Milliseconds>(now - m_asked); took >= Long)
        m_waits.emplace_back(now, took);
}

void Pulse::ended()
{
    m_failures = m_isIn ? 0 : m_failures + 1;
    if (!m_isIn)
        m_version = m_version == v1::V3 ? v1::V5 : v1::V3;
    m_isOpen = m_isWaiting = m_isIn = m_isGreeted = false;
    m_link.release()->deleteLater();
}

Milliseconds Pulse::worst(Time since) const
{
    Milliseconds worst = m_isWaiting ? std::chrono::duration_cast<Milliseconds>(m_hub.now() - m_asked) : Milliseconds(0);
    for (auto wait = m_waits.rbegin(); wait != m_waits.rend() && wait->first >= since; ++wait)
        worst = std::max(worst, wait->second);
    return worst;
}

} // namespace hiatus::world
