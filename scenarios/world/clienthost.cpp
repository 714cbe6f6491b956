#include "scenarios/world/clienthost.h"

#include "proto/session/savedsession.h"
#include "proto/wire/encoder.h"

namespace hiatus::world {

/// The client's end of one connection.
class ClientHost::End final : public WireEnd
{
public:
    End(ClientHost &host, Wire &wire, v1::Version version)
        : m_host(host), m_wire(wire), m_decoder(wire::Direction::ToClient, version)
    {
    }

    void opened() override
    {
        if (!m_isGone)
            m_host.linkOpened();
    }

    void bytes(std::string_view bytes) override
    {
        m_decoder.feed(bytes);
        while (!m_isGone) {
            const auto result = m_decoder.next();
            if (!result)
                return;
            if (const auto *frame = std::get_if<wire::Frame>(&*result)) {
                m_host.passed(frame->packet, false, false);
                m_host.carryOut(m_host.m_client->received(frame->packet, now()));
            } else {
                m_host.carryOut(m_host.m_client->malformed(std::get<wire::Malformed>(*result), now()));
            }
        }
    }

    void closed(Ending) override
    {
        if (std::exchange(m_isGone, true))
            return;
        m_wire.shutdown(Wire::Left);
        m_host.linkClosed();
    }

    void close()
    {
        m_isGone = true;
        m_wire.shutdown(Wire::Left);
    }

    Wire &wire() { return m_wire; }
    bool isGone() const { return m_isGone; }

private:
    Time now() const { return m_host.m_world.now(); }

    ClientHost &m_host;
    Wire &m_wire;
    wire::Decoder m_decoder;
    bool m_isGone = false;
};

ClientHost::ClientHost(SimulatedWorld &world, AppId id, v1::Setup setup, bool ours, bool toLanes)
    : m_world(world), m_id(id), m_setup(std::move(setup)), m_isOurs(ours), m_toLanes(toLanes),
      m_client(world.m_options.makeClient(m_setup, ours))
{
}

ClientHost::~ClientHost() = default;

void ClientHost::advance() { carryOut(m_client->advanced(m_world.now())); }

// ---- commands

void ClientHost::command(const v1::ClientCommand &command)
{
    if (command.has_restart())
        return restart(command.number());
    if (command.has_connect())
        m_connect = command.connect().connect();
    const client::Control::Outcome outcome = m_control.command(*m_client, command, m_world.now());
    if (outcome.answer)
        return tell(*outcome.answer);
    carryOut(outcome.actions);
}

/// The process is killed; the next one has what was stored.
void ClientHost::restart(std::uint64_t command)
{
    if (m_end)
        m_end->close();
    m_client = m_world.m_options.makeClient(m_setup, m_isOurs);
    if (const auto stored = readSession(m_stored); m_setup.has_store() && stored) {
        if (const auto restored = m_client->restore(*stored, m_world.now()); !restored)
            return tell(client::failedEvent(command, "its own store is refused: " + restored.error()));
    }
    tell(client::doneEvent(command));
}

void ClientHost::store()
{
    if (m_setup.has_store())
        m_stored = saveSession(m_client->snapshot(m_world.now()));
}

void ClientHost::tell(v1::ClientEvent event)
{
    m_world.m_agenda.soon([this, event = std::move(event)] {
        if (m_world.m_listener)
            m_world.m_listener->appEvent(m_id, event);
    });
}

// ---- actions

void ClientHost::carryOut(const client::Actions &actions)
{
    store();
    for (const auto &action : actions)
        carryOut(action);
}

void ClientHost::carryOut(const client::Action &action)
{
    if (std::get_if<client::OpenLink>(&action))
        return openLink();
    if (const auto *packet = std::get_if<client::SendPacket>(&action))
        return send(packet->packet);
    if (std::get_if<client::CloseLink>(&action) && m_end)
        m_end->close();
    if (auto event = m_control.eventOf(action))
        tell(*std::move(event));
}

void ClientHost::openLink()
{
    Wire &wire = m_world.newWire();
    if (m_end)
        m_past.push_back(std::move(m_end));
    m_end = std::make_unique<End>(*this, wire, m_setup.version());
    wire.attach(Wire::Left, m_end.get());
    if (m_toLanes) {
        m_world.addAcceptedEnd(wire);
    } else {
        const auto takes = [this, &wire](const v1::Packet &packet, const std::string &bytes) {
            if (!strikesAt(packet, false)) {
                if (wire.isOver())
                    passed(packet, false, true);
                return wire.isOver();
            }
            if (m_plan.packetLost)
                passed(packet, false, true);
            strike(wire, false, bytes);
            return true;
        };
        m_world.acceptAtBroker(wire, {takes, [this](const v1::Packet &packet) { passed(packet, true, false); }});
    }
    wire.open();
}

void ClientHost::linkOpened() { carryOut(m_client->opened(m_world.now())); }

void ClientHost::linkClosed() { carryOut(m_client->closed(m_world.now())); }

void ClientHost::send(const v1::Packet &packet)
{
    if (!m_end || m_end->isGone())
        return;
    const std::string bytes = wire::encode(packet, m_setup.version());
    if (!strikesAt(packet, true)) {
        if (m_end->wire().isOver())
            passed(packet, true, true);
        return m_end->wire().write(Wire::Left, bytes);
    }
    if (m_plan.packetLost)
        passed(packet, true, true);
    strike(m_end->wire(), true, bytes);
}

/// Broker lanes see their own end of the wire.
void ClientHost::passed(const v1::Packet &packet, bool toServer, bool isLost)
{
    if (!m_toLanes && m_world.m_listener)
        m_world.m_listener->passed(m_id, packet, toServer, isLost);
}

// ---- faults

bool ClientHost::strikesAt(const v1::Packet &packet, bool toServer)
{
    const Boundary &where = m_cuts == 0 ? m_plan.first : m_plan.later;
    return where.packet == packet.kind_case() && where.toServer == toServer && m_cuts < m_plan.times &&
           where.packet != v1::Packet::KIND_NOT_SET && m_end && !m_end->wire().isOver();
}

void ClientHost::strike(Wire &wire, bool toServer, const std::string &bytes)
{
    ++m_cuts;
    const Ending how = m_plan.how == v1::FIN ? Ending::Closed : Ending::Reset;
    wire.cut(toServer ? Wire::Right : Wire::Left, m_plan.packetLost ? std::string() : bytes, how);
    m_world.m_agenda.soon([this, times = m_cuts] {
        if (m_world.m_listener)
            m_world.m_listener->cut(m_id, times);
    });
    // Once both ends know of it.
    m_world.m_agenda.at(m_world.now() + Milliseconds(100), [this] { afterCut(); });
}

void ClientHost::afterCut()
{
    if (m_plan.broker == "restarted")
        m_world.restartBroker();
    if (m_plan.life == "from state")
        rebuild(false);
    else if (m_plan.life == "from string")
        rebuild(true);
}

/// The process of the client starts anew with nothing but its session.
void ClientHost::rebuild(bool fromString)
{
    const Time now = m_world.now();
    const v1::ClientSession state = m_client->snapshot(now);
    if (m_end)
        m_end->close();
    m_client = m_world.m_options.makeClient(m_setup, m_isOurs);
    tl::expected<void, std::string> restored;
    if (fromString) {
        const auto parsed = readSession(saveSession(state));
        restored = parsed ? m_client->restore(*parsed, now) : tl::make_unexpected(parsed.error().text);
    } else {
        restored = m_client->restore(state, now);
    }
    if (!restored)
        return tell(client::failedEvent(0, "its own session is refused: " + restored.error()));
    v1::Connect connect = m_connect;
    connect.set_clean(false);
    const auto actions = m_client->connect(connect, now);
    if (!actions)
        return tell(client::failedEvent(0, actions.error()));
    carryOut(*actions);
}

} // namespace hiatus::world
