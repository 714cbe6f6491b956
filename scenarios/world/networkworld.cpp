#include "scenarios/world/networkworld.h"

#include <utility>

namespace hiatus::world {

namespace {
constexpr Milliseconds LongestTimer = std::chrono::hours(1);
} // namespace

NetworkWorld::NetworkWorld(NetworkHub &hub) : m_hub(hub), m_since(hub.now())
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&m_timer, &QTimer::timeout, this, [this] {
        if (m_hub.now() < m_wake)
            return armTimer();
        m_wake = Time::max();
        m_listener->woke();
    });
}

NetworkWorld::~NetworkWorld()
{
    for (const auto &[id, link] : m_links)
        m_hub.left(link.get());
}

void NetworkWorld::restartLateness()
{
    m_since = m_hub.now();
    m_worstWait = Milliseconds(0);
}

LinkId NetworkWorld::connect(std::uint32_t endpoint)
{
    const LinkId id = m_hub.newLinkId();
    NetworkLink *link = m_links.emplace(id, m_hub.makeLink(endpoint)).first->second.get();
    follow(id, *link);
    m_hub.request(link, endpoint);
    return id;
}

void NetworkWorld::adopt(std::unique_ptr<NetworkLink> link)
{
    const LinkId id = m_hub.newLinkId();
    follow(id, *link);
    m_links.emplace(id, std::move(link));
    m_listener->accepted(id);
}

void NetworkWorld::follow(LinkId id, NetworkLink &link)
{
    link.setEvents({
        .opened = [this, id, opened = &link] {
            m_worstWait = std::max(m_worstWait, m_hub.waited(opened));
            m_hub.settled(opened);
            m_listener->opened(id);
        },
        .received = [this, id](std::string_view bytes) { m_listener->received(id, bytes); },
        .ended = [this, id](Ending how, const std::string &why) { ended(id, how, why); },
    });
}

void NetworkWorld::ended(LinkId link, Ending how, const std::string &why)
{
    const auto at = m_links.find(link);
    if (at == m_links.end())
        return;
    NetworkLink *gone = at->second.release();
    m_links.erase(at);
    m_hub.left(gone);
    gone->deleteLater();
    m_listener->closed(link, how, why);
}

void NetworkWorld::write(LinkId link, std::string bytes)
{
    if (NetworkLink *open = find(link))
        open->write(std::move(bytes));
}

void NetworkWorld::shutdown(LinkId link)
{
    if (NetworkLink *open = find(link))
        open->shutdown();
}

void NetworkWorld::reset(LinkId link)
{
    if (NetworkLink *open = find(link))
        open->reset();
}

void NetworkWorld::stopReading(LinkId link)
{
    if (NetworkLink *open = find(link))
        open->stopReading();
}

void NetworkWorld::resumeReading(LinkId link)
{
    if (NetworkLink *open = find(link))
        open->resumeReading();
}

void NetworkWorld::wakeAt(Time when)
{
    m_wake = when;
    if (when == Time::max())
        m_timer.stop();
    else
        armTimer();
}

void NetworkWorld::armTimer()
{
    const Time now = m_hub.now();
    m_timer.start(m_wake <= now ? Milliseconds(0) : std::min<Milliseconds>(m_wake - now, LongestTimer));
}

bool NetworkWorld::stopTarget(v1::Halt how)
{
    if (!m_control.stop)
        return false;
    m_control.stop(how, [self = QPointer(this)](const std::string &problem) {
        if (self)
            self->m_listener->targetChanged(false, problem);
    });
    return true;
}

void NetworkWorld::startTarget()
{
    m_control.start([self = QPointer(this)](const std::string &problem) {
        if (!self)
            return;
        self->restartLateness(); // we waited for a process, in part without the loop
        self->m_listener->targetChanged(problem.empty(), problem);
    });
}

NetworkLink *NetworkWorld::find(LinkId link) const
{
    const auto at = m_links.find(link);
    return at == m_links.end() ? nullptr : at->second.get();
}

} // namespace hiatus::world
