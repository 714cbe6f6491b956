#include "scenarios/world/networkhub.h"

#include "minibroker/net/descriptors.h"
#include "scenarios/world/networkprobe.h"

#include <QHostInfo>

#include <fmt/format.h>

#include <algorithm>

namespace hiatus::world {

namespace {
constexpr Milliseconds Beat{50};
constexpr std::size_t OtherDescriptors = 64; ///< files, pipes, the event loop's own
} // namespace

NetworkHub::NetworkHub(NetworkOptions options, QObject *parent)
    : QObject(parent), m_options(std::move(options)), m_lastBeat(m_clock.now())
{
    boundByDescriptors();
    m_nodes.push_back(resolved(m_options.target));
    for (const auto &endpoint : m_options.endpoints)
        m_nodes.push_back(resolved(endpoint));
    m_turn.setSingleShot(true);
    m_turn.setTimerType(Qt::PreciseTimer);
    connect(&m_turn, &QTimer::timeout, this, &NetworkHub::startWaiting);
    m_heartbeat.setTimerType(Qt::PreciseTimer);
    connect(&m_heartbeat, &QTimer::timeout, this, &NetworkHub::beat);
    m_heartbeat.start(Beat);
}

NetworkHub::~NetworkHub() = default;

void NetworkHub::boundByDescriptors()
{
    const std::uint64_t allowed = raiseDescriptorLimit();
    const std::size_t wanted = m_options.connections + OtherDescriptors;
    if (allowed == 0 || allowed >= wanted)
        return;
    m_options.connections = allowed > 2 * OtherDescriptors ? std::size_t(allowed) - OtherDescriptors : OtherDescriptors;
    m_shortage = fmt::format("this process may open {} files, {} connections need {}: only {} at a time; raise `ulimit -n`",
                             allowed, wanted - OtherDescriptors, wanted, m_options.connections);
}

NetworkHub::Node NetworkHub::resolved(const NetworkTarget &target)
{
    Node node{target, {}, {}};
    const QString host = QString::fromStdString(target.host);
    if (QHostAddress literal; literal.setAddress(host)) {
        node.addresses = {literal};
        return node;
    }
    const QHostInfo info = QHostInfo::fromName(host);
    for (const auto &address : info.addresses())
        node.addresses.push_back(address);
    std::stable_partition(node.addresses.begin(), node.addresses.end(),
                          [](const QHostAddress &a) { return a.protocol() == QAbstractSocket::IPv4Protocol; });
    if (node.addresses.empty())
        node.unresolved = fmt::format("host {} is not known: {}", target.host, info.errorString().toStdString());
    return node;
}

void NetworkHub::prefer(const QHostAddress &address)
{
    auto &addresses = m_nodes.front().addresses;
    const auto at = std::find(addresses.begin(), addresses.end(), address);
    if (at != addresses.end())
        std::rotate(addresses.begin(), at, at + 1);
}

void NetworkHub::probe(std::function<void(tl::expected<Probed, std::string>)> done)
{
    if (addresses().empty()) {
        QMetaObject::invokeMethod(this, [this, done] { done(tl::unexpected(m_nodes.front().unresolved)); }, Qt::QueuedConnection);
        return;
    }
    auto *probe = new NetworkProbe(*this, std::move(done));
    probe->start();
}

void NetworkHub::beat()
{
    const Time now = m_clock.now();
    const auto late = std::chrono::duration_cast<Milliseconds>(now - m_lastBeat) - Beat;
    m_lastBeat = now;
    giveUpOld();
    if (late <= Milliseconds(1))
        return;
    while (!m_late.empty() && m_late.back().second <= late)
        m_late.pop_back(); // an older and lesser one is never the worst again
    m_late.emplace_back(now, late);
}

Milliseconds NetworkHub::worstLateness(Time since) const
{
    const auto at = std::lower_bound(m_late.begin(), m_late.end(), since,
                                     [](const auto &entry, Time when) { return entry.first < when; });
    const Milliseconds told = at == m_late.end() ? Milliseconds(0) : at->second;
    const auto present = std::chrono::duration_cast<Milliseconds>(m_clock.now() - std::max(m_lastBeat, since)) - Beat;
    return std::max({told, present, Milliseconds(0)});
}

std::unique_ptr<NetworkLink> NetworkHub::makeLink(std::size_t endpoint) const
{
    const NetworkTarget &target = node(endpoint).target;
    auto link = target.tls ? makeTlsLink(target.host, m_options.tls) : makePlainLink();
    return target.webSocket ? makeWebSocketLink(std::move(link), target.text(), target.path) : std::move(link);
}

void NetworkHub::request(NetworkLink *link, std::size_t endpoint)
{
    m_waiting.push_back({link, endpoint, now(), {}});
    startWaiting();
}

void NetworkHub::startWaiting()
{
    while (!m_waiting.empty() && m_open.size() < m_options.connections && m_connecting.size() < m_options.connecting && isTurn()) {
        const auto [link, endpoint, since, none] = m_waiting.front();
        const Node &to = node(endpoint);
        m_waiting.pop_front();
        m_open.push_back(link);
        m_connecting.push_back({link, endpoint, now(), std::max(Milliseconds(0), std::chrono::duration_cast<Milliseconds>(now() - since) - turn())});
        if (to.addresses.empty())
            link->giveUp(to.unresolved);
        else
            link->start(to.addresses.front(), to.target.port);
    }
}

/// May a connection begin now, by the rate? If so its turn is taken; if not this comes back when it may.
bool NetworkHub::isTurn()
{
    if (m_options.connectsPerSecond == 0)
        return true;
    const auto present = static_cast<double>(now().time_since_epoch().count());
    if (present + 1 <= m_nextTurn) {
        m_turn.start(static_cast<int>(m_nextTurn - present));
        return false;
    }
    m_nextTurn = std::max(m_nextTurn, present) + 1'000.0 / static_cast<double>(m_options.connectsPerSecond);
    return true;
}

/// Between two turns.
Milliseconds NetworkHub::turn() const
{
    return Milliseconds(m_options.connectsPerSecond == 0 ? 0 : 1'000 / m_options.connectsPerSecond);
}

Milliseconds NetworkHub::waited(const NetworkLink *link) const
{
    const auto at = std::find_if(m_connecting.begin(), m_connecting.end(), [&](const Pending &pending) { return pending.link == link; });
    return at == m_connecting.end() ? Milliseconds(0) : at->waited;
}

void NetworkHub::settled(NetworkLink *link)
{
    std::erase_if(m_connecting, [&](const Pending &pending) { return pending.link == link; });
    startWaiting();
}

void NetworkHub::left(NetworkLink *link)
{
    std::erase_if(m_waiting, [&](const Pending &pending) { return pending.link == link; });
    std::erase(m_open, link);
    settled(link);
}

void NetworkHub::giveUpOld()
{
    const Time limit = now() - m_options.connectTimeout;
    for (const Pending &pending : m_connecting)
        if (pending.since < limit)
            pending.link->giveUp(fmt::format("{} does not answer: no connection within {} s", node(pending.endpoint).target.text(),
                                             double(m_options.connectTimeout.count()) / 1000));
}

} // namespace hiatus::world
