#include "scenarios/judge/blame.h"

#include "scenarios/judge/wire.h"

#include <algorithm>

namespace hiatus::judge {

namespace {

using Record = v1::CheckRecord;

std::string quoted(const std::string &payload) { return "\"" + payload + "\""; }

Blame client(std::string why) { return {v1::CLIENT, std::move(why)}; }
Blame server(std::string why) { return {v1::SERVER, std::move(why)}; }

std::optional<Blame> brokenSession(const WireSession &session)
{
    if (session.broken == v1::CLIENT)
        return client("the client ended its own session when it connected again");
    if (session.broken == v1::SERVER)
        return server("the broker no longer knew the session when the client came back");
    return std::nullopt;
}

/// Who has to speak next about the exchanges that are still open in that direction.
std::optional<Blame> held(const WireHalf &half, const WireSession &session, bool isClients)
{
    const auto sender = isClients ? client : server;
    const auto receiver = isClients ? server : client;
    for (const auto &[id, exchange] : half.open) {
        const std::string what = quoted(exchange.payload) + " (id " + std::to_string(id) + ")";
        if (exchange.isReceived && !exchange.isReleased)
            return sender("PUBREC came for " + what + ", and no PUBREL followed");
        if (exchange.lastWord < session.connections)
            return sender("nothing was sent again for " + what + " on the last connection");
        return receiver((exchange.isReleased ? "PUBREL of " : "PUBLISH ") + what + " arrived on the last connection and was not answered");
    }
    return std::nullopt;
}

/// Why nothing moves any more between this client and the broker.
Blame standstill(const Wire &wire)
{
    if (const auto broken = brokenSession(wire.session))
        return *broken;
    if (wire.session.connections == 0 || wire.session.isCutSince)
        return client("the client did not connect again");
    if (!wire.session.isAnswered)
        return server("the broker did not accept the latest CONNECT");
    if (const auto own = held(wire.toServer, wire.session, true))
        return *own;
    if (const auto other = held(wire.toClient, wire.session, false))
        return *other;
    for (const auto &payload : wire.seen) {
        if (!wire.toServer.arrived.count(payload) && !wire.toClient.arrived.count(payload))
            return client(quoted(payload) + " was lost on its way, and not sent again");
    }
    return client("every acknowledgement had come, and the client did not act on it");
}

/// The check's lane at one end, the other clients at the other.
class Case
{
public:
    Case(const script::Variant &variant, const std::string &lane, const v1::Trace &trace) : m_sink(wireOf(trace, lane))
    {
        for (const auto &other : variant.lanes) {
            if (other.party() == v1::APP && other.name() != lane)
                m_sources.push_back(wireOf(trace, other.name()));
        }
    }

    bool isSeen() const
    {
        return m_sink.session.connections > 0 ||
               std::any_of(m_sources.begin(), m_sources.end(), [](const Wire &wire) { return wire.session.connections > 0; });
    }

    Blame stalled() const { return standstill(m_sink); }

    Blame lost(const v1::Delivered &wanted) const
    {
        for (const Wire &source : m_sources) {
            for (const auto &payload : source.seen) {
                if (isWanted(wanted, payload) && !m_sink.delivered.count(payload))
                    return lost(source, payload);
            }
        }
        for (const Wire &source : m_sources) {
            if (source.session.broken || !source.toServer.open.empty() || source.session.isCutSince)
                return standstill(source);
        }
        return client("the message was never sent");
    }

    Blame doubled(const v1::Delivered &wanted) const
    {
        for (const auto &[payload, times] : m_sink.delivered) {
            if (!isWanted(wanted, payload) || times < 2)
                continue;
            if (begun(m_sink.toClient, payload) < 2)
                return client("one exchange brought " + quoted(payload) + ", and the client handed it over twice");
            for (const Wire &source : m_sources) {
                // From then on the identifier means a new message [5.0 MQTT-4.3.3-9, A5-32].
                if (source.toServer.rejected.count(payload) || m_sink.toClient.rejected.count(payload))
                    return {v1::ROLE_UNSPECIFIED, quoted(payload) + " was rejected and sent again"};
                if (begun(source.toServer, payload) > 1)
                    return client("the client published " + quoted(payload) + " in two exchanges");
            }
            return server("the broker sent " + quoted(payload) + " in two exchanges, and had got it in one");
        }
        return client("the client handed a message over too often");
    }

    Blame disordered(const v1::Delivered &wanted) const
    {
        for (const Wire &source : m_sources) {
            if (!isOrdered(wanted, source.toServer.order))
                return client("the messages had reached the broker out of order");
        }
        return isOrdered(wanted, m_sink.toClient.order) ? client("they reached the client in order")
                                                        : server("the messages had reached the broker in order, and left it out of order");
    }

private:
    static bool isWanted(const v1::Delivered &wanted, const std::string &payload)
    {
        if (wanted.has_stream())
            return payload.rfind(wanted.stream().name() + "/", 0) == 0;
        return !wanted.has_payload() || wanted.payload() == payload;
    }

    static unsigned begun(const WireHalf &half, const std::string &payload)
    {
        const auto found = half.exchanges.find(payload);
        return found == half.exchanges.end() ? 0 : found->second;
    }

    Blame lost(const Wire &source, const std::string &payload) const
    {
        if (m_sink.toClient.reused.count(payload))
            return server(quoted(payload) + " came under an identifier that still meant another message");
        if (source.toServer.reused.count(payload))
            return client(quoted(payload) + " left under an identifier that still meant another message");
        if (m_sink.toClient.arrived.count(payload))
            return client(quoted(payload) + " reached the client, and not its application");
        if (!source.toServer.arrived.count(payload))
            return standstill(source).role == v1::SERVER ? standstill(source) : client(quoted(payload) + " never reached the broker");
        for (const auto &[id, exchange] : source.toServer.open) {
            if (exchange.payload == payload && exchange.qos == 2 && !exchange.isReleased)
                return standstill(source);
        }
        if (const auto broken = brokenSession(m_sink.session))
            return *broken;
        return server(quoted(payload) + " reached the broker, and did not reach the subscriber");
    }

    static bool isOrdered(const v1::Delivered &wanted, const std::vector<std::string> &order)
    {
        unsigned long long highest = 0;
        for (const auto &payload : order) {
            if (!isWanted(wanted, payload))
                continue;
            const auto number = std::strtoull(payload.c_str() + wanted.stream().name().size() + 1, nullptr, 10);
            if (number < highest)
                return false;
            highest = number;
        }
        return true;
    }

    Wire m_sink;
    std::vector<Wire> m_sources;
};

} // namespace

std::optional<Blame> blame(const script::Variant &variant, const script::PlannedStep &planned, const v1::CheckRecord &record,
                           const v1::Trace &trace)
{
    const v1::Step &step = planned.step;
    if (variant.role != v1::PAIR || !(step.has_app() || step.has_settled()))
        return std::nullopt;
    const Case ends(variant, step.has_app() ? step.app().on() : step.settled().on(), trace);
    if (!ends.isSeen())
        return std::nullopt;
    if (!step.app().has_delivered())
        return ends.stalled();
    switch (record.outcome()) {
    case Record::DUPLICATE: return ends.doubled(step.app().delivered());
    case Record::DISORDER: return ends.disordered(step.app().delivered());
    default: return ends.lost(step.app().delivered());
    }
}

} // namespace hiatus::judge
