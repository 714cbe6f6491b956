#include "minibroker/net/minibroker.h"

#include "minibroker/deviation/alterations.h"
#include "minibroker/engine/brokerengine.h"
#include "minibroker/store/sqlitestore.h"

#include <utility>

namespace hiatus {

namespace {
/// How exactly a store knows when a killed broker's connections ended.
constexpr Milliseconds StoreHeartbeat{1'000};
} // namespace

Minibroker::Minibroker(MinibrokerOptions options, QObject *parent) : QObject(parent), m_options(std::move(options))
{
    m_options.engine.journal = !m_options.storeFile.empty();
    if (m_options.slowAuthenticate)
        m_options.engine.authenticate = [this](std::string_view, std::string_view) { return m_isPasswordGood; };
    m_heartbeat.setInterval(StoreHeartbeat);
    connect(&m_heartbeat, &QTimer::timeout, this, [this] {
        if (m_server->connections() > 0)
            m_server->commit();
    });
}

Minibroker::~Minibroker()
{
    stop();
}

tl::expected<v1::BrokerState, StartProblem> Minibroker::openStore()
{
    if (m_options.storeFile.empty())
        return v1::BrokerState();
    auto store = broker::SqliteStore::open(m_options.storeFile);
    if (!store)
        return tl::unexpected(StartProblem{StartProblem::Kind::Store, store.error()});
    m_store = std::move(*store);
    auto state = m_store->load();
    if (!state)
        return tl::unexpected(StartProblem{StartProblem::Kind::Store, state.error()});
    return std::move(*state);
}

Started Minibroker::start()
{
    const auto state = openStore();
    const Started started = state ? make(*state) : Started(tl::unexpected(state.error()));
    if (!started)
        m_store.reset();
    return started;
}

Started Minibroker::start(const v1::BrokerState &state)
{
    const auto replaced = openStore();
    const Started started = replaced ? make(state) : Started(tl::unexpected(replaced.error()));
    if (!started)
        m_store.reset();
    return started;
}

Started Minibroker::make(const v1::BrokerState &state)
{
    Q_ASSERT(!m_server);
    auto made = broker::makeBroker(m_options.engine, m_options.alterations, state, AnchoredClock().now());
    if (!made)
        return tl::unexpected(StartProblem{StartProblem::Kind::Options, made.error()});
    m_engine = made->engine;
    m_server = std::make_unique<minibroker::BrokerServer>(std::move(made->broker), serverOptions());
    connect(m_server.get(), &minibroker::BrokerServer::failed, this, &Minibroker::failed);
    if (auto listening = listen(); !listening) {
        m_server.reset();
        m_engine = nullptr;
        return listening;
    }
    if (m_store)
        m_heartbeat.start();
    return {};
}

Started Minibroker::listen()
{
    struct Wanted
    {
        quint16 &port; ///< the one it had before, so that a restart finds it again
        std::optional<quint16> asked;
        bool isTls;
        std::string path;
    };
    for (const Wanted &wanted : {Wanted{m_port, m_options.port, false, {}}, Wanted{m_tlsPort, m_options.tlsPort, true, {}},
                                 Wanted{m_webSocketPort, m_options.webSocketPort, false, m_options.webSocketPath},
                                 Wanted{m_webSocketTlsPort, m_options.webSocketTlsPort, true, m_options.webSocketPath}}) {
        if (!wanted.asked)
            continue;
        if (wanted.isTls && !m_options.tls)
            return tl::unexpected(StartProblem{StartProblem::Kind::Options, "a TLS port needs a certificate"});
        const quint16 port = wanted.port != 0 ? wanted.port : *wanted.asked;
        const auto taken = m_server->listeners().listen({m_options.host, port, wanted.isTls ? m_options.tls : std::nullopt, wanted.path});
        if (!taken)
            return tl::unexpected(StartProblem{StartProblem::Kind::Port, taken.error()});
        wanted.port = *taken;
    }
    return {};
}

minibroker::ServerOptions Minibroker::serverOptions()
{
    minibroker::ServerOptions options;
    options.outputLimit = m_options.outputLimit;
    options.maximumPacketSize = m_options.engine.maximumPacketSize;
    options.watcher = m_options.watcher;
    options.passwords = {m_options.slowAuthenticate, [this](bool isGood) { m_isPasswordGood = isGood; }};
    options.log = m_options.log;
    if (m_store)
        options.commit = [this](Time now) { return m_store->commit(m_engine->takeJournal(), now); };
    return options;
}

void Minibroker::shutDown()
{
    if (m_server)
        m_server->sayGoodbye();
    stop();
}

void Minibroker::stop()
{
    if (!m_server)
        return;
    m_heartbeat.stop();
    m_server->stop();
    m_kept = m_engine->snapshot(m_server->now());
    m_server.reset();
    m_engine = nullptr;
    m_store.reset();
}

Started Minibroker::restart()
{
    stop();
    return m_options.storeFile.empty() ? start(m_kept) : start();
}

bool Minibroker::cut(const std::string &clientId)
{
    return m_server && m_server->cut(clientId);
}

v1::BrokerState Minibroker::snapshot() const
{
    return m_server ? m_engine->snapshot(m_server->now()) : m_kept;
}

std::size_t Minibroker::sessions() const
{
    return m_engine ? m_engine->sessions() : 0;
}

std::size_t Minibroker::connections() const
{
    return m_server ? m_server->connections() : 0;
}

} // namespace hiatus
