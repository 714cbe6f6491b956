#include "scenarios/world/brokerhost.h"

#include "proto/wire/encoder.h"

namespace hiatus::world {

class BrokerHost::End final : public WireEnd
{
public:
    End(BrokerHost &host, LinkId id, Wire &wire, WireWatch watch)
        : m_host(host), m_id(id), m_wire(wire), m_watch(std::move(watch)), m_decoder(wire::Direction::ToServer)
    {
    }

    void opened() override
    {
        if (!m_isGone)
            m_host.carryOut(broker().opened(m_id, now()));
    }

    void bytes(std::string_view bytes) override
    {
        m_decoder.feed(bytes);
        while (!m_isGone) {
            const auto result = m_decoder.next();
            if (!result)
                return;
            if (const auto *frame = std::get_if<wire::Frame>(&*result)) {
                if (m_watch.arrived)
                    m_watch.arrived(frame->packet);
                m_host.carryOut(broker().received(m_id, frame->packet, now()));
            } else {
                m_host.carryOut(broker().malformed(m_id, std::get<wire::Malformed>(*result), now()));
            }
        }
    }

    void closed(Ending) override
    {
        if (m_isGone)
            return;
        m_isGone = true;
        m_wire.shutdown(Wire::Right);
        m_host.carryOut(broker().closed(m_id, now()));
    }

    void send(const broker::SendAction &action)
    {
        if (m_isGone)
            return;
        const std::string bytes = wire::encode(action.packet, action.version);
        if (!m_watch.takes || !m_watch.takes(action.packet, bytes))
            m_wire.write(Wire::Right, bytes);
    }

    void close()
    {
        m_isGone = true;
        m_wire.shutdown(Wire::Right);
    }
    /// The process dies: the wire is reset and the old engine hears no more of it.
    void abandon()
    {
        m_isGone = true;
        m_wire.reset(Wire::Right);
    }

private:
    broker::Broker &broker() const { return *m_host.m_hosted.broker; }
    Time now() const { return m_host.m_agenda.now(); }

    BrokerHost &m_host;
    LinkId m_id;
    Wire &m_wire;
    WireWatch m_watch;
    wire::Decoder m_decoder;
    bool m_isGone = false;
};

BrokerHost::BrokerHost(Agenda &agenda, const SimulatedOptions &options)
    : m_agenda(agenda), m_options(options), m_hosted(options.makeBroker({}, v1::HALT_UNSPECIFIED, agenda.now()))
{
}

BrokerHost::~BrokerHost() = default;

void BrokerHost::accept(Wire &wire, WireWatch watch, std::uint32_t endpoint)
{
    if (!m_hosted.broker)
        return wire.reset(Wire::Right); // nobody listens
    const LinkId id = ++m_lastLink;
    auto &end = m_ends[id];
    end = std::make_unique<End>(*this, id, wire, std::move(watch));
    wire.attach(Wire::Right, end.get());
    if (endpoint > 0)
        m_hosted.broker->comesBy(id, endpoint);
}

void BrokerHost::advance()
{
    const Time now = m_agenda.now();
    m_advancesAtOnce = now == m_lastAdvance ? m_advancesAtOnce + 1 : 0;
    m_lastAdvance = now;
    if (m_advancesAtOnce > 1'000)
        m_agenda.advanceTo(now + Milliseconds(1)); // an engine that keeps a deadline in the past must not stop the clock
    carryOut(m_hosted.broker->advanced(m_agenda.now()));
}

void BrokerHost::carryOut(const broker::Actions &actions)
{
    for (const auto &action : actions) {
        if (const auto *send = std::get_if<broker::SendAction>(&action)) {
            const auto end = m_ends.find(send->link);
            if (end != m_ends.end())
                end->second->send(*send);
            continue;
        }
        const auto end = m_ends.find(std::get<broker::CloseAction>(action).link);
        if (end == m_ends.end())
            continue;
        end->second->close();
        m_past.push_back(std::move(end->second));
        m_ends.erase(end);
    }
}

void BrokerHost::stop()
{
    m_kept = m_hosted.snapshot ? m_hosted.snapshot(m_agenda.now()) : v1::BrokerState{};
    for (auto &session : *m_kept.mutable_session()) {
        if (!session.has_disconnected_at())
            session.set_disconnected_at(m_agenda.now().time_since_epoch().count());
    }
    for (auto &[id, end] : m_ends) {
        end->abandon();
        m_past.push_back(std::move(end));
    }
    m_ends.clear();
    m_hosted = {};
}

void BrokerHost::start(v1::Halt after)
{
    m_hosted = m_options.makeBroker(m_kept, after, m_agenda.now());
}

} // namespace hiatus::world
