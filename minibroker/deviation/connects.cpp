// Who is let in, and how it is told.

#include "minibroker/deviation/filters.h"
#include "minibroker/deviation/meddler.h"
#include "minibroker/deviation/rows.h"
#include "proto/wire/encoder.h"
#include "proto/wire/text.h"

#include <algorithm>
#include <set>

namespace hiatus::broker {

namespace {

bool isRefusal(const v1::Packet &packet)
{
    return packet.has_connack() && packet.connack().code() != 0;
}

/// What a resumption sends first goes out before its CONNACK.
class ResendOvertakesConnack final : public Decorator
{
public:
    using Decorator::Decorator;

protected:
    Actions pass(Actions actions, Time) override
    {
        for (std::size_t i = 0; i + 1 < actions.size(); ++i) {
            const auto *connack = std::get_if<SendAction>(&actions[i]);
            const auto *next = std::get_if<SendAction>(&actions[i + 1]);
            if (connack && next && connack->packet.has_connack() && next->link == connack->link) {
                std::swap(actions[i], actions[i + 1]);
                ++i;
            }
        }
        return actions;
    }
};

/// What follows a refused CONNECT in the same breath is carried out for somebody who was never let in.
class GoesOnAfterRefusal final : public Meddler
{
public:
    using Meddler::Meddler;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        if (m_refused.contains(link)) {
            v1::Packet connect;
            connect.mutable_connect()->set_client_id("refused");
            connect.mutable_connect()->set_clean(true);
            connect.mutable_connect()->set_protocol_level(4);
            return inject(connect, {packet}, now);
        }
        return Meddler::received(link, packet, now);
    }

    Actions advanced(Time now) override
    {
        Actions actions;
        if (m_closeAt && *m_closeAt <= now) {
            actions = std::exchange(m_closing, {});
            m_closeAt.reset();
        }
        add(actions, Meddler::advanced(now));
        return actions;
    }
    std::optional<Time> nextDeadline() const override
    {
        const auto next = Meddler::nextDeadline();
        return m_closeAt && next ? std::min(*m_closeAt, *next) : m_closeAt ? m_closeAt : next;
    }

protected:
    /// The close waits a little, so that more can be read.
    Actions pass(Actions actions, Time now) override
    {
        Actions out;
        for (auto &action : actions) {
            const auto *send = std::get_if<SendAction>(&action);
            if (send && isRefusal(send->packet))
                m_refused.insert(send->link);
            const auto *close = std::get_if<CloseAction>(&action);
            const bool waits = close && m_refused.contains(close->link);
            (waits ? m_closing : out).push_back(std::move(action));
            if (waits && !m_closeAt)
                m_closeAt = now + Milliseconds(50);
        }
        return out;
    }

private:
    std::set<LinkId> m_refused;
    Actions m_closing;
    std::optional<Time> m_closeAt;
};

/// Takes the session of a client id before it has asked who comes.
class RefusedTakesOver final : public Meddler
{
public:
    using Meddler::Meddler;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        auto actions = Meddler::received(link, packet, now);
        const bool isRefused = std::any_of(actions.begin(), actions.end(), [&](const Action &action) {
            const auto *send = std::get_if<SendAction>(&action);
            return send && send->link == link && isRefusal(send->packet);
        });
        if (!packet.has_connect() || !isRefused || packet.connect().client_id().empty())
            return actions;
        v1::Packet connect;
        connect.mutable_connect()->set_client_id(packet.connect().client_id());
        connect.mutable_connect()->set_clean(true);
        connect.mutable_connect()->set_protocol_level(4);
        Actions all = inject(connect, {}, now);
        add(all, std::move(actions));
        return all;
    }
};

void setReservedBit(v1::Packet &packet, v1::Version version)
{
    std::string bytes = wire::encode(packet, version);
    bytes[2] = static_cast<char>(bytes[2] | 0x80); // one byte of remaining length: no CONNACK of ours is longer
    packet.mutable_wire()->set_hex(wire::hex(bytes));
}

v1::Packet connack(std::uint32_t code, bool present)
{
    v1::Packet packet;
    packet.mutable_connack()->set_code(code);
    packet.mutable_connack()->set_session_present(present);
    return packet;
}

Rows answerRows()
{
    return {
        {.name = "resend-overtakes-connack",
         .sentence = "What a resumption sends first leaves before its CONNACK.",
         .breaks = {v3("MQTT-3.2.0-1"), v5("MQTT-3.2.0-1")},
         .seen = "asked for by the statement",
         .apply = decorated<ResendOvertakesConnack>()},
        {.name = "connack-withheld-on-resume",
         .sentence = "A connection that resumes a session gets no CONNACK.",
         .breaks = {v3("MQTT-3.1.4-4"), v3("MQTT-3.2.0-1"), v5("MQTT-3.1.4-5"), v5("MQTT-3.2.0-1")},
         .seen = "asked for by the statement",
         .apply = filtered({.swallows = [](const v1::Packet &packet, const LinkView &) { return packet.connack().session_present(); }})},
        {.name = "session-present-never-told",
         .sentence = "A 3.1.1 session goes on, and CONNACK says session present 0.",
         .breaks = {v3("MQTT-3.2.2-2")},
         .seen = "ActiveMQ 5.17; brokers that grew from 3.1",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &view) {
             if (packet.has_connack() && view.version == v1::V3)
                 packet.mutable_connack()->set_session_present(false);
         }})},
        {.name = "connack-with-reserved-bit",
         .sentence = "A reserved bit of the acknowledge flags is set.",
         .breaks = {v3("U311-3.2.2.1-1"), v5("MQTT-3.2.2-1")},
         .seen = "asked for by the statement",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &view) {
             if (packet.has_connack() && packet.connack().session_present())
                 setReservedBit(packet, view.version);
         }})},
        {.name = "refusal-with-unlisted-code",
         .sentence = "A 5.0 CONNECT is refused with a return code of 3.1.1.",
         .breaks = {v5("MQTT-3.2.2-8")},
         .seen = "brokers that grew from 3.1.1",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &) {
             if (isRefusal(packet))
                 packet.mutable_connack()->set_code(2);
         }})},
        {.name = "refusal-says-session-present",
         .sentence = "A CONNACK that refuses says session present 1.",
         .breaks = {v3("MQTT-3.2.2-4"), v5("MQTT-3.2.2-6")},
         .seen = "asked for by the statement",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &) {
             if (isRefusal(packet))
                 packet.mutable_connack()->set_session_present(true);
         }})},
        {.name = "refused-left-open",
         .sentence = "After a CONNACK that refuses the connection stays open.",
         .breaks = {v3("MQTT-3.2.2-5"), v3("U311-3.1.4-1"), v3("MQTT-3.1.3-8"), v3("MQTT-3.1.3-9"), v5("MQTT-3.2.2-7"),
                    v5("MQTT-3.1.4-1"), v5("MQTT-3.1.4-2"), v5("MQTT-4.13.2-1"), v5("MQTT-3.2.2-12"), v5("MQTT-3.2.2-13")},
         .seen = "asked for by the statement",
         .apply = filtered([] {
             const auto refused = std::make_shared<std::set<LinkId>>();
             return Filtering{.writes = [refused](v1::Packet &packet, const LinkView &view) {
                                  if (isRefusal(packet))
                                      refused->insert(view.link);
                              },
                              .keepsOpen = [refused](const LinkView &view) { return refused->contains(view.link); }};
         })},
        {.name = "goes-on-after-refusal",
         .sentence = "What follows a refused CONNECT is carried out.",
         .breaks = {v3("MQTT-3.1.4-5"), v5("MQTT-3.1.4-6")},
         .seen = "asked for by the statement",
         .apply = decorated<GoesOnAfterRefusal>()},
        {.name = "refused-connect-takes-over",
         .sentence = "A CONNECT that is refused has already ended connection and session of its client id.",
         .breaks = {v3("D311-1"), v5("D5-1")},
         .seen = "found in review of brokers that take over before they authenticate",
         .apply = decorated<RefusedTakesOver>()},
        {.name = "disconnect-in-place-of-connack",
         .sentence = "A 5.0 CONNECT is refused with DISCONNECT.",
         .breaks = {v5("MQTT-3.14.0-1"), v5("MQTT-3.2.0-1")},
         .seen = "asked for by the statement",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &view) {
             if (isRefusal(packet) && view.version == v1::V5)
                 packet.mutable_disconnect()->set_code(0x87);
         }})},
    };
}

/// A client that comes for the first time with Clean Session 0 is treated as one with 1.
Filtering firstSessionClean()
{
    const auto known = std::make_shared<std::set<std::string>>();
    return {.reads = [known](v1::Packet &packet, const LinkView &) {
        if (!packet.has_connect() || packet.connect().clean() || !known->insert(packet.connect().client_id()).second)
            return;
        packet.mutable_connect()->set_clean(true);
        packet.mutable_connect()->clear_session_expiry_interval();
    }};
}

Rows identityRows()
{
    return {
        {.name = "second-connect-ignored",
         .sentence = "A second CONNECT is passed over in silence.",
         .breaks = {v3("MQTT-3.1.0-2"), v3("MQTT-4.8.0-1"), v5("MQTT-3.1.0-2"), v5("MQTT-4.13.1-1")},
         .seen = "asked for by the statement",
         .apply = filtered({.ignores = [](const v1::Packet &packet, const LinkView &view) { return packet.has_connect() && view.received > 1; }})},
        {.name = "second-connect-answered",
         .sentence = "A second CONNECT gets a second CONNACK, and all goes on.",
         .breaks = {v3("MQTT-3.1.0-2"), v3("MQTT-4.8.0-1"), v5("MQTT-3.1.0-2"), v5("MQTT-3.2.0-2"), v5("MQTT-4.13.1-1")},
         .seen = "asked for by the statement",
         .apply = filtered({.answers = [](const v1::Packet &packet, const LinkView &view) {
             if (packet.has_connect() && view.received > 1)
                 return std::vector<v1::Packet>{connack(0, true)};
             return std::vector<v1::Packet>{};
         }})},
        {.name = "first-session-not-kept",
         .sentence = "A client that asks for a session to be kept gets one that is not, the first time it comes.",
         .breaks = {v3("MQTT-3.1.2-4#b"), v3("MQTT-3.1.2-4#c"), v3("MQTT-3.2.2-2"), v3("D311-3"), v3("MQTT-4.1.0-1"), v3("U311-3.1.2.4-2"),
                    v5("MQTT-3.1.2-6"), v5("MQTT-3.1.2-23"), v5("MQTT-3.2.2-3"), v5("D5-3")},
         .seen = "asked for by the statement",
         .apply = filtered(firstSessionClean)},
        {.name = "empty-session-not-kept",
         .sentence = "A session with nothing in it is not stored.",
         .breaks = {v3("MQTT-3.2.2-2"), v3("U311-3.1.2.4-2"), v3("MQTT-3.1.2-4#c"), v5("MQTT-3.2.2-3"), v5("U5-4.1-2"), v5("MQTT-3.1.2-23")},
         .seen = "brokers that count subscriptions in place of sessions",
         .apply =
             [](Setup &setup) {
                 setup.rules.hooks.push_back(onLoss([](auto &after) {
                     const bool isEmpty = after.subscription_size() + after.inflight_size() + after.pending_size() + after.received_size() == 0;
                     if (isEmpty && !after.has_will())
                         after.set_session_expiry_interval(0);
                 }));
             }},
        {.name = "longest-client-ids-refused",
         .sentence = "A client identifier of 23 characters is refused.",
         .breaks = {v3("MQTT-3.1.3-5"), v5("MQTT-3.1.3-5")},
         .seen = "off by one",
         .apply = filtered({.answers = [](const v1::Packet &packet, const LinkView &view) {
             if (packet.has_connect() && packet.connect().client_id().size() >= 23)
                 return std::vector<v1::Packet>{connack(view.version == v1::V5 ? 0x85 : 2, false)};
             return std::vector<v1::Packet>{};
         }})},
        {.name = "assigned-id-not-told",
         .sentence = "A client without an identifier gets one and is not told.",
         .breaks = {v5("MQTT-3.1.3-7"), v5("MQTT-3.2.2-16")},
         .seen = "field scenario B47",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &) {
             if (packet.has_connack())
                 packet.mutable_connack()->clear_assigned_client_identifier();
         }})},
        {.name = "assigned-session-not-kept",
         .sentence = "The session of an assigned identifier cannot be resumed by it.",
         .breaks = {v5("MQTT-3.1.3-7"), v5("MQTT-3.1.2-23"), v5("MQTT-3.2.2-3")},
         .seen = "field scenario B47",
         .apply = filtered({.reads = [](v1::Packet &packet, const LinkView &) {
             if (packet.has_connect() && packet.connect().client_id().empty())
                 packet.mutable_connect()->clear_session_expiry_interval();
         }})},
    };
}

Rows limitRows()
{
    return {
        {.name = "subscribe-above-maximum-qos-refused",
         .sentence = "Maximum QoS is 1, and a SUBSCRIBE that asks for 2 is refused.",
         .breaks = {v5("MQTT-3.2.2-10")},
         .seen = "asked for by the statement",
         .apply =
             [](Setup &setup) {
                 setup.options.maximumQos = 1;
                 const auto refuse = filtered([] {
                     const auto asked = std::make_shared<std::vector<bool>>();
                     return Filtering{.reads = [asked](v1::Packet &packet, const LinkView &) {
                                          if (!packet.has_subscribe())
                                              return;
                                          asked->clear();
                                          for (const auto &filter : packet.subscribe().filter())
                                              asked->push_back(filter.qos() == 2);
                                      },
                                      .writes = [asked](v1::Packet &packet, const LinkView &view) {
                                          if (view.version != v1::V5 || !packet.has_suback())
                                              return;
                                          for (int i = 0; i < packet.suback().code_size(); ++i) {
                                              if ((*asked)[static_cast<std::size_t>(i)])
                                                  packet.mutable_suback()->set_code(i, 0x9B);
                                          }
                                      }};
                 });
                 refuse(setup);
             }},
        {.name = "will-above-maximum-qos-accepted",
         .sentence = "Maximum QoS is 1, and a CONNECT with a will of QoS 2 is accepted.",
         .breaks = {v5("MQTT-3.2.2-12")},
         .seen = "asked for by the statement",
         .apply =
             [](Setup &setup) {
                 setup.options.maximumQos = 1;
                 filtered({.reads = [](v1::Packet &packet, const LinkView &) {
                     if (packet.connect().will().qos() == 2)
                         packet.mutable_connect()->mutable_will()->set_qos(1);
                 }})(setup);
             }},
        {.name = "retained-will-accepted-without-retain",
         .sentence = "There are no retained messages, and a CONNECT with a retained will is accepted.",
         .breaks = {v5("MQTT-3.2.2-13")},
         .seen = "asked for by the statement",
         .apply =
             [](Setup &setup) {
                 setup.options.retain = false;
                 filtered({.reads = [](v1::Packet &packet, const LinkView &) {
                     if (packet.connect().will().retain())
                         packet.mutable_connect()->mutable_will()->set_retain(false);
                 }})(setup);
             }},
        {.name = "maximum-qos-not-told",
         .sentence = "QoS 2 publications are refused, and no CONNACK says so.",
         .breaks = {v5("MQTT-3.2.2-9")},
         .seen = "asked for by the statement",
         .apply =
             [](Setup &setup) {
                 setup.options.maximumQos = 1;
                 filtered({.writes = [](v1::Packet &packet, const LinkView &) {
                     if (packet.has_connack())
                         packet.mutable_connack()->clear_maximum_qos();
                 }})(setup);
             }},
    };
}

} // namespace

Rows connectDeviations()
{
    Rows rows = answerRows();
    for (auto *more : {&identityRows, &limitRows})
        for (auto &row : more())
            rows.push_back(std::move(row));
    return rows;
}

} // namespace hiatus::broker
