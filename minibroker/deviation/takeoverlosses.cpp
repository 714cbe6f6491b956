// What goes wrong while a session changes hands, and with the connection that is left behind.

#include "minibroker/deviation/meddler.h"
#include "minibroker/deviation/rows.h"

#include <algorithm>
#include <set>

namespace hiatus::broker {

namespace {

using Change = std::function<void(Setup &)>;
using Hook = std::function<void(v1::ServerSession &after, const v1::ServerSession &before)>;

Change atTakeover(Hook act)
{
    return [act = std::move(act)](Setup &setup) { setup.rules.hooks.push_back(on(Reason::TakenOver, act)); };
}

void renumber(v1::ServerSession &after, const v1::ServerSession &)
{
    for (auto &entry : *after.mutable_inflight())
        entry.set_packet_id(entry.packet_id() + 1000);
}

void backToPublish(v1::ServerSession &after, const v1::ServerSession &)
{
    for (auto &entry : *after.mutable_inflight())
        if (entry.stage() == v1::AWAIT_PUBCOMP)
            entry.set_stage(v1::AWAIT_PUBREC);
}

void withoutPubrels(v1::ServerSession &after, const v1::ServerSession &)
{
    auto &all = *after.mutable_inflight();
    for (auto it = all.begin(); it != all.end();)
        it = it->stage() == v1::AWAIT_PUBCOMP ? all.erase(it) : it + 1;
}

/// The session of who is thrown out too often is thrown away.
void forgetsAfterTen(Setup &setup)
{
    const auto times = std::make_shared<PerClient<unsigned>>();
    setup.rules.hooks.push_back(on(Reason::TakenOver, [times](auto &after, const auto &) {
        constexpr unsigned Patience = 10;
        if (++(*times)[after.client_id()] > Patience)
            after.set_session_expiry_interval(0);
    }));
}

/// Knows which link took over which.
class Takeovers : public Meddler
{
public:
    using Meddler::Meddler;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        auto actions = Meddler::received(link, packet, now);
        if (!packet.has_connect())
            return actions;
        m_known.insert(link);
        for (const auto &action : actions) {
            const auto *close = std::get_if<CloseAction>(&action);
            if (close != nullptr && close->link != link && m_known.contains(close->link))
                m_successors[close->link] = link;
        }
        return actions;
    }
    Actions closed(LinkId link, Time now) override
    {
        auto actions = Meddler::closed(link, now);
        m_successors.erase(link);
        m_known.erase(link);
        return actions;
    }

protected:
    /// 0: it was not taken over.
    LinkId successorOf(LinkId link) const
    {
        const auto found = m_successors.find(link);
        return found == m_successors.end() ? 0 : found->second;
    }

private:
    std::map<LinkId, LinkId> m_successors;
    std::set<LinkId> m_known;
};

/// The old connection is closed a good while after its takeover; until then what comes from it is taken for the
/// session's.
class StillHeard final : public Takeovers
{
public:
    using Which = bool (*)(const v1::Packet &);
    StillHeard(std::unique_ptr<Broker> inner, Which which) : Takeovers(std::move(inner)), m_which(which) {}

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        const auto successor = successorOf(link);
        if (successor != 0)
            return m_which(packet) ? Takeovers::received(successor, packet, now) : Actions();
        auto actions = Takeovers::received(link, packet, now);
        for (auto it = actions.begin(); it != actions.end();) {
            const auto *close = std::get_if<CloseAction>(&*it);
            if (close == nullptr || successorOf(close->link) != link) {
                ++it;
                continue;
            }
            m_closes.emplace(now + Milliseconds(500), *close);
            it = actions.erase(it);
        }
        return actions;
    }
    Actions advanced(Time now) override
    {
        Actions actions;
        for (; !m_closes.empty() && m_closes.begin()->first <= now; m_closes.erase(m_closes.begin()))
            actions.push_back(m_closes.begin()->second);
        add(actions, Takeovers::advanced(now));
        return actions;
    }
    std::optional<Time> nextDeadline() const override
    {
        const auto next = Takeovers::nextDeadline();
        if (m_closes.empty())
            return next;
        return next ? std::min(*next, m_closes.begin()->first) : m_closes.begin()->first;
    }

private:
    Which m_which;
    std::multimap<Time, CloseAction> m_closes;
};

Change stillHears(StillHeard::Which which)
{
    return [which](Setup &setup) {
        setup.decorators.push_back([which](std::unique_ptr<Broker> inner) -> std::unique_ptr<Broker> {
            return std::make_unique<StillHeard>(std::move(inner), which);
        });
    };
}

bool isPublication(const v1::Packet &packet)
{
    return packet.has_publish() || packet.has_pubrel();
}
bool isRequest(const v1::Packet &packet)
{
    return packet.has_subscribe() || packet.has_unsubscribe();
}
bool isDisconnect(const v1::Packet &packet)
{
    return packet.has_disconnect();
}

/// The tear-down of the old connection publishes the will that is stored by then: its successor's.
class WillOfSuccessor final : public Takeovers
{
public:
    using Takeovers::Takeovers;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        auto actions = Takeovers::received(link, packet, now);
        const bool hasTakenOver = packet.has_connect() && packet.connect().has_will() &&
                                  std::any_of(actions.begin(), actions.end(), [&](const Action &action) {
                                      const auto *close = std::get_if<CloseAction>(&action);
                                      return close != nullptr && successorOf(close->link) == link;
                                  });
        if (hasTakenOver)
            m_wills.emplace(now + Milliseconds(20), packet.connect().will());
        return actions;
    }
    Actions advanced(Time now) override
    {
        auto actions = Takeovers::advanced(now);
        for (; !m_wills.empty() && m_wills.begin()->first <= now; m_wills.erase(m_wills.begin())) {
            v1::Packet connect, publish;
            connect.mutable_connect()->set_client_id("clerk");
            connect.mutable_connect()->set_clean(true);
            connect.mutable_connect()->set_protocol_level(4);
            publish.mutable_publish()->set_topic(m_wills.begin()->second.topic());
            publish.mutable_publish()->set_payload(m_wills.begin()->second.payload());
            add(actions, inject(connect, {publish}, now));
        }
        return actions;
    }
    std::optional<Time> nextDeadline() const override
    {
        const auto next = Takeovers::nextDeadline();
        if (m_wills.empty())
            return next;
        return next ? std::min(*next, m_wills.begin()->first) : m_wills.begin()->first;
    }

private:
    std::multimap<Time, v1::Will> m_wills;
};

/// Who is connected stays, and who comes with the same client id is turned away.
class TurnsAway final : public Meddler
{
public:
    using Meddler::Meddler;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        const bool isSecond = packet.has_connect() && !clients().contains(link);
        for (const auto &[other, client] : clients()) {
            if (!isSecond || client.empty() || client != packet.connect().client_id() || m_gone.contains(other))
                continue;
            const bool v5 = packet.connect().protocol_level() == 5;
            SendAction answer{link, v5 ? v1::V5 : v1::V3, {}};
            answer.packet.mutable_connack()->set_session_present(false);
            answer.packet.mutable_connack()->set_code(v5 ? 0x85 : 2);
            return {answer, CloseAction{link, "the client id is in use"}};
        }
        if (packet.has_disconnect())
            m_gone.insert(link);
        return Meddler::received(link, packet, now);
    }
    Actions closed(LinkId link, Time now) override
    {
        m_gone.erase(link);
        return Meddler::closed(link, now);
    }

protected:
    Actions pass(Actions actions, Time) override
    {
        for (const auto &action : actions)
            if (const auto *close = std::get_if<CloseAction>(&action))
                m_gone.insert(close->link);
        return actions;
    }

private:
    std::set<LinkId> m_gone; ///< closed by us, though the network may not know yet
};

std::vector<StatementRef> owed(std::vector<StatementRef> more = {})
{
    more.insert(more.end(), {v3("MQTT-4.4.0-1#a"), v3("D311-2"), v5("MQTT-4.4.0-1#a"), v5("D5-3")});
    return more;
}

Rows stateRows()
{
    const char *const seen = "asked for: the live path differs from the restore path; scenario B36";
    return {
        {.name = "takeover-loses-inflight", .sentence = "What was sent and not acknowledged is lost with a connection that is taken over.",
         .breaks = owed({v3("MQTT-4.4.0-1#b"), v5("MQTT-4.4.0-1#b")}), .seen = "Mosquitto 1650; scenario B55",
         .apply = atTakeover([](auto &after, const auto &) { after.clear_inflight(); })},
        {.name = "takeover-loses-pubrels", .sentence = "A PUBREL that is owed is forgotten when the connection is taken over.",
         .breaks = owed({v3("MQTT-4.4.0-1#b"), v5("MQTT-4.4.0-1#b")}), .seen = seen, .apply = atTakeover(withoutPubrels)},
        {.name = "takeover-resends-under-new-ids", .sentence = "After a takeover messages are sent again under other identifiers.",
         .breaks = owed({v3("MQTT-2.3.1-4#b"), v3("MQTT-4.4.0-1#b"), v5("MQTT-4.4.0-1#b")}), .seen = seen, .apply = atTakeover(renumber)},
        {.name = "takeover-resends-publish-for-pubrel", .sentence = "After a takeover a QoS 2 message whose PUBREL was sent begins anew.",
         .breaks = owed({v3("MQTT-4.3.3-1#f"), v3("MQTT-4.4.0-1#b"), v5("MQTT-4.3.3-6"), v5("MQTT-4.4.0-1#b")}), .seen = seen,
         .apply = atTakeover(backToPublish)},
        {.name = "takeover-forgets-received-ids", .sentence = "The identifiers of QoS 2 messages received are lost when the connection is taken over.",
         .breaks = {v3("MQTT-4.3.3-2#b"), v3("D311-2"), v5("MQTT-4.3.3-10"), v5("D5-3")}, .seen = seen,
         .apply = atTakeover([](auto &after, const auto &) { after.clear_received(); })},
        {.name = "tenth-takeover-loses-session", .sentence = "A session that was taken over more than ten times is thrown away.",
         .breaks = {v3("D311-2"), v3("MQTT-3.2.2-2"), v5("D5-3"), v5("MQTT-3.2.2-3")}, .seen = "scenario B34", .apply = forgetsAfterTen},
    };
}

Rows oldLinkRows()
{
    const std::vector<StatementRef> closes{v3("MQTT-3.1.4-2"), v5("MQTT-3.1.4-3")};
    const char *const seen = "scenario B32";
    return {
        {.name = "taken-over-may-publish", .sentence = "What a taken-over connection still publishes is published.", .breaks = closes, .seen = seen,
         .apply = stillHears(isPublication)},
        {.name = "taken-over-may-subscribe", .sentence = "SUBSCRIBE and UNSUBSCRIBE of a taken-over connection change the session.",
         .breaks = closes, .seen = seen, .apply = stillHears(isRequest)},
        {.name = "taken-over-may-disconnect", .sentence = "DISCONNECT on a taken-over connection ends its successor.", .breaks = closes,
         .seen = seen, .apply = stillHears(isDisconnect)},
        {.name = "old-end-publishes-new-will", .sentence = "When the network connection of a taken-over client ends its successor's will is published.",
         .breaks = {v3("MQTT-3.1.2-8#b"), v5("MQTT-3.1.2-8#a")}, .seen = "mochi 173, MQTTnet 486; scenario B33",
         .apply = decorated<WillOfSuccessor>()},
        {.name = "newcomer-turned-away", .sentence = "A client id that is connected can't connect again.",
         .breaks = {v3("MQTT-3.1.4-4"), v3("MQTT-3.1.4-2"), v3("D311-2"), v5("MQTT-3.1.4-5"), v5("MQTT-3.1.4-3"), v5("D5-3")}, .seen = seen,
         .apply = decorated<TurnsAway>()},
    };
}

} // namespace

Rows takeoverLossDeviations()
{
    auto rows = stateRows();
    for (auto &row : oldLinkRows())
        rows.push_back(std::move(row));
    return rows;
}

} // namespace hiatus::broker
