#include "client/net/adapter.h"

#include "client/deviation/makeclient.h"
#include "client/engine/options.h"

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
        return tell(failedEvent(0, store.error().toStdString()));
    m_store = *std::move(store);
    if (m_store->found()) {
        if (const auto restored = m_pump->engine().restore(*m_store->found(), m_pump->now()); !restored)
            return tell(failedEvent(0, restored.error()));
    }
    m_pump->setBeforeSending([this] {
        const v1::ClientSession session = m_pump->engine().snapshot(m_pump->now());
        if (session.client_id().empty())
            return; // nobody's yet
        if (const auto written = m_store->write(session); !written)
            tell(failedEvent(0, written.error().toStdString()));
    });
}

void Adapter::command(const v1::ClientCommand &command)
{
    const std::uint64_t number = command.number();
    if (command.has_setup()) {
        m_setup = command.setup();
        make();
        return tell(doneEvent(number));
    }
    if (!m_pump)
        return tell(failedEvent(number, "setup has to come first"));
    if (command.has_restart()) {
        make();
        return tell(doneEvent(number));
    }
    if (command.has_connect())
        m_pump->setMaximumPacketSize(command.connect().connect().maximum_packet_size());
    Control::Outcome outcome = m_control.command(m_pump->engine(), command, m_pump->now());
    if (outcome.answer)
        return tell(*outcome.answer);
    m_pump->carryOut(std::move(outcome.actions));
}

void Adapter::happened(const Action &action)
{
    if (const auto event = m_control.eventOf(action))
        tell(*event);
}

} // namespace hiatus::client
