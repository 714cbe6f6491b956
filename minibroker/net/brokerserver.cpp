#include "minibroker/net/brokerserver.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace hiatus::minibroker {

namespace {
constexpr Milliseconds LongestTimer = std::chrono::hours(1);
constexpr std::uint32_t ServerShuttingDown = 0x8B;
} // namespace

BrokerServer::BrokerServer(std::unique_ptr<broker::Broker> broker, ServerOptions options, QObject *parent)
    : QObject(parent), m_broker(std::move(broker)), m_options(std::move(options)),
      m_listeners([this](std::unique_ptr<Stream> stream, const std::string &path) { accept(std::move(stream), path); }, [this](const std::string &line) { say(line); })
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, [this] { queue(m_broker->advanced(m_clock.now())); });
    m_round.setSingleShot(true);
    m_round.setInterval(0);
    connect(&m_round, &QTimer::timeout, this, &BrokerServer::finishRound);
    queue({}); // a broker with a past may have something due
}

BrokerServer::~BrokerServer()
{
    stop();
}

void BrokerServer::accept(std::unique_ptr<Stream> stream, const std::string &webSocketPath)
{
    auto *link = new BrokerLink(m_nextLink++, std::move(stream), m_options.outputLimit, *this);
    link->setParent(this);
    if (!webSocketPath.empty())
        link->speakWebSocket(webSocketPath);
    if (m_options.maximumPacketSize > 0)
        link->setMaximumPacketSize(m_options.maximumPacketSize);
    m_links.emplace(link->id(), link);
    queue(m_broker->opened(link->id(), m_clock.now()));
}

void BrokerServer::decoded(BrokerLink *link, const wire::DecodeResult &result)
{
    if (const auto *what = std::get_if<wire::Malformed>(&result)) {
        say(fmt::format("{} malformed at byte {}: {}", link->clientId(), what->offset, what->text));
        queue(m_broker->malformed(link->id(), *what, m_clock.now()));
        return;
    }
    const v1::Packet &packet = std::get<wire::Frame>(result).packet;
    if (packet.has_connect() && link->clientId().empty())
        link->setClientId(packet.connect().client_id());
    const Fate fate = see(link, true, link->version(), packet);
    if (fate == Fate::Pass || fate == Fate::CutAfter)
        return pass(link, packet, fate);
    if (fate == Fate::CutBefore)
        link->abort();
}

void BrokerServer::pass(BrokerLink *link, const v1::Packet &packet, Fate fate)
{
    const bool isToCheck = m_options.passwords.check && packet.has_connect() && packet.connect().has_user_name() && !link->isAccepted();
    if (isToCheck)
        checkPassword(link, packet, fate);
    else
        receive(link, packet, fate);
}

void BrokerServer::receive(BrokerLink *link, const v1::Packet &packet, Fate fate)
{
    queue(m_broker->received(link->id(), packet, m_clock.now()));
    if (fate == Fate::CutAfter)
        link->abort();
}

/// The link waits, the loop does not.
void BrokerServer::checkPassword(BrokerLink *link, const v1::Packet &connect, Fate fate)
{
    link->hold();
    m_checks.start([this, check = m_options.passwords.check, id = link->id(), connect, fate] {
        const bool isGood = check(connect.connect().user_name(), connect.connect().password());
        QMetaObject::invokeMethod(this, [this, id, connect, fate, isGood] { checked(id, connect, fate, isGood); }, Qt::QueuedConnection);
    });
}

void BrokerServer::checked(LinkId id, const v1::Packet &connect, Fate fate, bool isGood)
{
    BrokerLink *link = find(id);
    if (!link || link->isDeaf())
        return; // gone, or refused meanwhile
    m_options.passwords.answered(isGood);
    receive(link, connect, fate);
    link->goOn();
}

void BrokerServer::gone(BrokerLink *link)
{
    if (m_links.erase(link->id()) == 0)
        return;
    say(link->clientId() + " connection gone");
    link->deleteLater();
    queue(m_broker->closed(link->id(), m_clock.now()));
}

Fate BrokerServer::see(BrokerLink *link, bool fromClient, v1::Version version, const v1::Packet &packet)
{
    return m_options.watcher ? m_options.watcher({link->id(), link->clientId(), fromClient, version, &packet})
                             : Fate::Pass;
}

void BrokerServer::queue(broker::Actions actions)
{
    for (auto &action : actions) {
        if (const auto *close = std::get_if<broker::CloseAction>(&action))
            if (BrokerLink *link = find(close->link))
                link->deafen(); // the broker has forgotten it already
        m_actions.push_back(std::move(action));
    }
    if (!m_round.isActive())
        m_round.start();
}

bool BrokerServer::commit()
{
    if (!m_options.commit)
        return true;
    const auto written = m_options.commit(m_clock.now());
    if (written)
        return true;
    m_options.commit = nullptr;
    stop();
    Q_EMIT failed(QString::fromStdString(written.error()));
    return false;
}

void BrokerServer::finishRound()
{
    if (!commit())
        return;
    for (const auto &action : std::exchange(m_actions, {}))
        carryOut(action);
    for (const LinkId id : std::exchange(m_written, {}))
        if (BrokerLink *link = find(id))
            link->flush();
    armTimer();
}

void BrokerServer::carryOut(const broker::Action &action)
{
    if (const auto *packet = std::get_if<broker::SendAction>(&action)) {
        send(*packet);
        return;
    }
    const auto &close = std::get<broker::CloseAction>(action);
    if (BrokerLink *link = find(close.link)) {
        say(link->clientId() + " closed: " + close.why);
        link->end();
    }
}

void BrokerServer::send(const broker::SendAction &action)
{
    BrokerLink *link = find(action.link);
    if (!link)
        return;
    if (action.packet.has_connack() && action.packet.connack().has_assigned_client_identifier())
        link->setClientId(action.packet.connack().assigned_client_identifier());
    const Fate fate = see(link, false, action.version, action.packet);
    if (fate == Fate::Pass || fate == Fate::CutAfter) {
        if (action.packet.has_connack() && action.packet.connack().code() == 0)
            link->setAccepted();
        link->send(action.packet, action.version);
        m_written.insert(link->id());
    }
    if (fate == Fate::CutAfter)
        link->end(); // in order, so that the packet surely arrives
    if (fate == Fate::CutBefore) {
        link->flush();
        link->abort();
    }
}

void BrokerServer::armTimer()
{
    const auto due = m_broker->nextDeadline();
    if (!due || m_stopping) {
        m_timer.stop();
        return;
    }
    const Time now = m_clock.now();
    m_timer.start(*due <= now ? Milliseconds(0) : std::min<Milliseconds>(*due - now, LongestTimer));
}

void BrokerServer::stop()
{
    if (std::exchange(m_stopping, true))
        return;
    m_listeners.stop();
    for (const auto &[id, link] : std::exchange(m_links, {})) {
        link->drop(); // it is no longer among ours: gone() does nothing
        link->deleteLater();
        m_broker->closed(id, m_clock.now());
    }
    m_timer.stop();
    m_round.stop();
    m_actions.clear();
    commit();
}

void BrokerServer::sayGoodbye()
{
    v1::Packet packet;
    packet.mutable_disconnect()->set_code(ServerShuttingDown);
    finishRound(); // what is done is told first
    std::vector<LinkId> told; // a watcher may end links
    for (const auto &[id, link] : m_links)
        if (link->isAccepted() && !link->isDeaf() && link->version() == v1::V5)
            told.push_back(id);
    for (const LinkId id : told)
        send({id, v1::V5, packet}); // stop() writes it
}

bool BrokerServer::cut(const std::string &clientId)
{
    std::vector<BrokerLink *> links;
    for (const auto &[id, link] : m_links)
        if (link->clientId() == clientId && !link->isDeaf())
            links.push_back(link);
    for (BrokerLink *link : links)
        link->abort();
    return !links.empty();
}

void BrokerServer::say(const std::string &line) const
{
    if (m_options.log)
        m_options.log(line);
}

BrokerLink *BrokerServer::find(LinkId id) const
{
    const auto at = m_links.find(id);
    return at == m_links.end() ? nullptr : at->second;
}

} // namespace hiatus::minibroker
