#include "client/net/adapter.h"

#include "client/deviation/makeclient.h"
#include "client/engine/options.h"
#include "proto/session/savedsession.h"

#include <utility>

namespace hiatus::client {

Adapter::Adapter(std::vector<std::string> alterations, Tell tell) : m_alterations(std::move(alterations)), m_tell(std::move(tell)) {}

void Adapter::make()
{
    ClientOptions options;
    options.version = m_setup.version();
    options.manualAcknowledge = m_setup.manual_acknowledge();
    options.automaticReconnect = m_setup.automatic_reconnect();
    options.resubscribe = true;
    m_pump.reset(); // before the store that it writes into
    m_pump = std::make_unique<ClientPump>(makeClient(options, m_alterations), m_setup.version());
    m_pump->setPeer({QString::fromStdString(m_setup.host()), static_cast<quint16>(m_setup.port()), std::nullopt, {}});
    connect(m_pump.get(), &ClientPump::happened, this, &Adapter::happened);
    if (m_setup.has_store())
        openStore();
}

/// The process that was killed had it; the new one begins with what it holds.
void Adapter::openStore()
{
    m_store.reset();
    auto store = SessionStore::open(m_folder.filePath(QString::fromStdString(m_setup.store())));
    if (!store)
        return fail(0, store.error().toStdString());
    m_store = *std::move(store);
    if (m_store->found()) {
        if (const auto restored = m_pump->engine().restore(*m_store->found(), m_pump->now()); !restored)
            return fail(0, restored.error());
    }
    m_pump->setBeforeSending([this] {
        const v1::ClientSession session = m_pump->engine().snapshot(m_pump->now());
        if (session.client_id().empty())
            return; // nobody's yet
        if (const auto written = m_store->write(session); !written)
            fail(0, written.error().toStdString());
    });
}

void Adapter::command(const v1::ClientCommand &command)
{
    const std::uint64_t number = command.number();
    if (command.has_setup()) {
        m_setup = command.setup();
        make();
        return done(number);
    }
    if (!m_pump)
        return fail(number, "setup has to come first");
    Client &engine = m_pump->engine();
    const Time now = m_pump->now();
    switch (command.what_case()) {
    case v1::ClientCommand::kConnect: return connectTo(command);
    case v1::ClientCommand::kPublish: return started(number, engine.publish(command.publish().publish(), now));
    case v1::ClientCommand::kSubscribe: return started(number, engine.subscribe(command.subscribe(), now));
    case v1::ClientCommand::kUnsubscribe: return started(number, engine.unsubscribe(command.unsubscribe(), now));
    case v1::ClientCommand::kAcknowledge: return acknowledge(command);
    case v1::ClientCommand::kDisconnect: return m_pump->carryOut(engine.disconnect(command.disconnect(), now));
    case v1::ClientCommand::kSave: {
        v1::ClientEvent event;
        event.mutable_saved()->set_state(saveSession(engine.snapshot(now)));
        return tell(event, number);
    }
    case v1::ClientCommand::kRestore: return restore(command);
    case v1::ClientCommand::kRestart:
        make();
        return done(number);
    default: {
        v1::ClientEvent event;
        event.mutable_unsupported()->set_feature("this command");
        return tell(event, number);
    }
    }
}

void Adapter::connectTo(const v1::ClientCommand &command)
{
    const v1::Connect &connect = command.connect().connect();
    m_pump->setMaximumPacketSize(connect.maximum_packet_size());
    answered(command.number(), m_pump->engine().connect(connect, m_pump->now()));
}

/// A delivery of an earlier connection may not wait any more: its message comes again.
void Adapter::acknowledge(const v1::ClientCommand &command)
{
    auto actions = m_pump->engine().acknowledge(m_deliveries[command.acknowledge().delivery()], m_pump->now());
    if (!actions)
        return done(command.number());
    m_pump->carryOut(*std::move(actions));
}

void Adapter::restore(const v1::ClientCommand &command)
{
    const auto state = readSession(command.restore().state());
    if (!state)
        return fail(command.number(), state.error().text);
    if (const auto restored = m_pump->engine().restore(*state, m_pump->now()); !restored)
        return fail(command.number(), restored.error());
    done(command.number());
}

void Adapter::started(std::uint64_t command, tl::expected<Started, std::string> result)
{
    if (!result)
        return fail(command, result.error());
    m_commands[result->token] = command;
    m_pump->carryOut(std::move(result->actions));
}

void Adapter::answered(std::uint64_t command, tl::expected<Actions, std::string> result)
{
    if (!result)
        return fail(command, result.error());
    m_pump->carryOut(*std::move(result));
}

void Adapter::happened(const Action &action)
{
    v1::ClientEvent event;
    std::uint64_t command = 0;
    const auto asked = [this](Token token) {
        const auto found = m_commands.find(token);
        return found == m_commands.end() ? 0 : found->second;
    };
    if (const auto *connected = std::get_if<ConnectedEvent>(&action)) {
        event.mutable_connected()->set_session_present(connected->sessionPresent);
        event.mutable_connected()->set_code(connected->connack.code());
    } else if (const auto *disconnected = std::get_if<DisconnectedEvent>(&action)) {
        event.mutable_disconnected()->set_why(disconnected->why);
        event.mutable_disconnected()->set_by_client(disconnected->byClient);
    } else if (const auto *delivered = std::get_if<DeliveredEvent>(&action)) {
        m_deliveries[++m_lastDelivery] = delivered->token;
        event.mutable_delivery()->set_number(m_lastDelivery);
        *event.mutable_delivery()->mutable_publish() = delivered->publish;
    } else if (const auto *completed = std::get_if<CompletedEvent>(&action)) {
        command = asked(completed->token);
        event.mutable_completion()->set_code(completed->code);
        if (!completed->error.empty())
            event.mutable_completion()->set_error(completed->error);
    } else if (const auto *subscribed = std::get_if<SubscribedEvent>(&action)) {
        command = asked(subscribed->token);
        *event.mutable_suback() = subscribed->suback;
    } else if (const auto *lost = std::get_if<SessionLostEvent>(&action)) {
        event.mutable_session_lost()->set_discarded_publishes(lost->discardedPublishes);
        event.mutable_session_lost()->set_discarded_receipts(lost->discardedReceipts);
    }
    tell(std::move(event), command);
}

void Adapter::done(std::uint64_t command)
{
    v1::ClientEvent event;
    event.mutable_done();
    tell(std::move(event), command);
}

void Adapter::fail(std::uint64_t command, const std::string &why)
{
    v1::ClientEvent event;
    event.mutable_failed()->set_why(why);
    tell(std::move(event), command);
}

void Adapter::tell(v1::ClientEvent event, std::uint64_t command)
{
    if (command)
        event.set_command(command);
    m_tell(event);
}

} // namespace hiatus::client
