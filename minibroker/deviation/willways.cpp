// Wills that one way to lose a connection loses, or that one way too many publishes.

#include "minibroker/deviation/endtracker.h"
#include "minibroker/deviation/filters.h"
#include "minibroker/deviation/meddler.h"
#include "minibroker/deviation/rows.h"

#include <optional>

namespace hiatus::broker {

namespace {

using Change = std::function<void(Setup &)>;

const char *const seen = "asked for: whatever can be told apart can go wrong apart";

bool isOf(v1::Version wanted, v1::Version version)
{
    return wanted == v1::VERSION_UNSPECIFIED || wanted == version;
}

/// Without a word when the connection ended this way, whether its session goes on or not.
Change lostOn(Way wanted)
{
    return [wanted](Setup &setup) {
        const auto way = trackWays(setup);
        setup.rules.hooks.push_back(on(Reason::Closed, [way, wanted](auto &after, const auto &) {
            if (*way == wanted)
                after.clear_will();
        }));
        setup.rules.publishesWill = [way, wanted](const Session &session, WillCause cause) {
            return cause != WillCause::ConnectionLost || *way != wanted || session.willDue;
        };
    };
}

Change neverIn(v1::Version version)
{
    return [version](Setup &setup) {
        setup.rules.publishesWill = [version](const Session &session, WillCause) { return session.version != version; };
    };
}

Change neverOnTakeoverIn(v1::Version version)
{
    return [version](Setup &setup) {
        setup.rules.publishesWill = [version](const Session &session, WillCause cause) {
            return cause != WillCause::TakenOver || session.version != version;
        };
    };
}

/// A DISCONNECT is taken for a loss.
class WillOnDisconnect final : public Meddler
{
public:
    WillOnDisconnect(std::unique_ptr<Broker> inner, v1::Version version) : Meddler(std::move(inner)), m_version(version) {}

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        if (packet.has_connect())
            m_versions[link] = packet.connect().protocol_level() == 5 ? v1::V5 : v1::V3;
        if (!packet.has_disconnect() || packet.disconnect().code() != 0 || !isOf(m_version, m_versions[link]))
            return Meddler::received(link, packet, now);
        if (m_versions[link] == v1::V5) {
            auto changed = packet;
            changed.mutable_disconnect()->set_code(0x04);
            return Meddler::received(link, changed, now);
        }
        auto actions = Meddler::closed(link, now);
        actions.push_back(CloseAction{link, "DISCONNECT"});
        return actions;
    }

private:
    v1::Version m_version;
    std::map<LinkId, v1::Version> m_versions;
};

Change onDisconnect(v1::Version version)
{
    return [version](Setup &setup) {
        setup.decorators.push_back([version](std::unique_ptr<Broker> inner) -> std::unique_ptr<Broker> {
            return std::make_unique<WillOnDisconnect>(std::move(inner), version);
        });
    };
}

v1::Packet published(const v1::Will &will)
{
    v1::Packet packet;
    auto &publish = *packet.mutable_publish();
    publish.set_topic(will.topic());
    publish.set_payload(will.payload());
    publish.set_retain(will.retain());
    return packet;
}

/// A client of the broker's own.
v1::Packet clerk()
{
    v1::Packet packet;
    packet.mutable_connect()->set_client_id("clerk");
    packet.mutable_connect()->set_clean(true);
    packet.mutable_connect()->set_protocol_level(4);
    return packet;
}

/// The loss of a connection is noticed twice, and each time its will is published.
class WillTwice final : public Meddler
{
public:
    using Meddler::Meddler;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        if (packet.has_connect() && packet.connect().has_will() && packet.connect().will().delay_interval() == 0)
            m_wills[link] = packet.connect().will();
        if (packet.has_disconnect())
            m_wills.erase(link);
        return Meddler::received(link, packet, now);
    }
    Actions closed(LinkId link, Time now) override
    {
        auto actions = Meddler::closed(link, now);
        if (const auto will = m_wills.extract(link))
            add(actions, inject(clerk(), {published(will.mapped())}, now));
        return actions;
    }

private:
    std::map<LinkId, v1::Will> m_wills;
};

/// The will is stored before the CONNECT is looked at any further.
class WillOfRefused final : public Meddler
{
public:
    using Meddler::Meddler;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        const bool isSecond = packet.has_connect() && clients().contains(link);
        auto actions = Meddler::received(link, packet, now);
        if (!packet.has_connect() || !packet.connect().has_will())
            return actions;
        const bool isRefused = std::any_of(actions.begin(), actions.end(), [&](const Action &action) {
            const auto *send = std::get_if<SendAction>(&action);
            return send != nullptr && send->link == link && send->packet.connack().code() != 0;
        });
        if (isRefused || isSecond)
            add(actions, inject(clerk(), {published(packet.connect().will())}, now));
        return actions;
    }
};

/// What a CONNECT of a client does with the will of an earlier one.
Change inheriting(std::function<void(v1::Connect &, std::optional<v1::Will> &earlier)> what)
{
    return filtered([what = std::move(what)] {
        const auto wills = std::make_shared<PerClient<std::optional<v1::Will>>>();
        Filtering filtering;
        filtering.reads = [what, wills](v1::Packet &packet, const LinkView &view) {
            if (packet.has_connect() && view.received == 1)
                what(*packet.mutable_connect(), (*wills)[packet.connect().client_id()]);
        };
        return filtering;
    });
}

void keepsOldIfNone(v1::Connect &connect, std::optional<v1::Will> &earlier)
{
    if (connect.has_will())
        earlier = connect.will();
    else if (earlier && !connect.clean())
        *connect.mutable_will() = *earlier;
}

void keepsFirst(v1::Connect &connect, std::optional<v1::Will> &earlier)
{
    if (!connect.has_will())
        return;
    if (earlier)
        *connect.mutable_will() = *earlier;
    earlier = connect.will();
}

void onlyTheFirst(v1::Connect &connect, std::optional<v1::Will> &earlier)
{
    if (!connect.has_will())
        return;
    if (earlier && !connect.clean())
        connect.clear_will();
    else
        earlier = connect.will();
}

Filtering recoding(std::function<bool(std::uint32_t code)> which)
{
    Filtering filtering;
    filtering.reads = [which = std::move(which)](v1::Packet &packet, const LinkView &) {
        if (packet.has_disconnect() && which(packet.disconnect().code()))
            packet.mutable_disconnect()->set_code(0);
    };
    return filtering;
}

/// Mended in place of refused: without the interval it is an ordinary DISCONNECT.
void forgivesInterval(v1::Packet &packet, const LinkView &view)
{
    if (packet.has_disconnect() && view.connect.session_expiry_interval() == 0)
        packet.mutable_disconnect()->clear_session_expiry_interval();
}

Rows lostRows()
{
    return {
        {.name = "will-lost-on-cut", .sentence = "A connection that is cut takes its will with it.",
         .breaks = {v3("MQTT-3.1.2-8#b"), v5("MQTT-3.1.2-8#a"), v5("U5-3.1.3.2.2-1")}, .seen = seen, .apply = lostOn(Way::Lost)},
        {.name = "will-lost-on-silence", .sentence = "A connection that ends by its keep alive takes its will with it.",
         .breaks = {v3("MQTT-3.1.2-8#b"), v5("MQTT-3.1.2-8#a"), v5("U5-3.1.2.5-1")}, .seen = seen, .apply = lostOn(Way::Silence)},
        {.name = "will-lost-on-error", .sentence = "A connection that ends by a protocol error takes its will with it.",
         .breaks = {v3("MQTT-3.1.2-8#b"), v5("MQTT-3.1.2-8#a"), v5("U5-3.1.2.5-1")}, .seen = "mosquitto 2.0.11",
         .apply = lostOn(Way::Error)},
        {.name = "will-lost-on-0x04", .sentence = "DISCONNECT 0x04 discards the will that it asks for.",
         .breaks = {v5("U5-3.14.2.1-1"), v5("MQTT-3.1.2-8#a")}, .seen = seen, .apply = filtered(recoding([](auto code) { return code == 4; }))},
        {.name = "will-lost-on-error-code", .sentence = "DISCONNECT with a code of 0x80 or more discards the will.",
         .breaks = {v5("U5-3.1.2.5-1"), v5("MQTT-3.1.2-8#a")}, .seen = seen, .apply = filtered(recoding([](auto code) { return code >= 0x80; }))},
        {.name = "will-lost-on-invalid-disconnect",
         .sentence = "A DISCONNECT that may not name a session expiry interval is taken for one that does not.",
         .breaks = {v5("A5-34")}, .seen = seen, .apply = filtered(Filtering{.reads = forgivesInterval})},
        {.name = "will-lost-with-session-in-disconnect",
         .sentence = "A DISCONNECT 0x04 that sets the session expiry interval to 0 takes the will with the session.",
         .breaks = {v5("U5-3.14.2.1-1"), v5("U5-3.1.2.5-1"), v5("U5-3.1.3.2.2-1"), v5("MQTT-3.1.2-8#a")},
         .seen = seen,
         .apply =
             [](Setup &setup) {
                 const auto way = trackWays(setup);
                 setup.rules.publishesWill = [way](const Session &session, WillCause) {
                     return *way != Way::WithWill || session.expiryInterval != 0 || session.willDue;
                 };
             }},
        {.name = "no-will-in-3.1.1", .sentence = "Wills of 3.1.1 clients are not published.", .breaks = {v3("MQTT-3.1.2-8#b")}, .seen = seen,
         .apply = neverIn(v1::V3)},
        {.name = "no-will-in-5.0", .sentence = "Wills of 5.0 clients are not published.", .breaks = {v5("MQTT-3.1.2-8#a"), v5("MQTT-3.1.2-7")},
         .seen = seen, .apply = neverIn(v1::V5)},
        {.name = "no-will-on-takeover-in-3.1.1", .sentence = "The will of a taken-over 3.1.1 connection is not published.",
         .breaks = {v3("MQTT-3.1.2-8#b")}, .seen = "EMQX 10551", .apply = neverOnTakeoverIn(v1::V3)},
        {.name = "no-will-on-takeover-in-5.0", .sentence = "The will of a taken-over 5.0 connection is not published.",
         .breaks = {v5("U5-3.1.4-1"), v5("MQTT-3.1.2-8#a"), v5("U5-3.1.2.5-1")}, .seen = seen, .apply = neverOnTakeoverIn(v1::V5)},
        {.name = "will-only-once", .sentence = "Only the first will that a client ever leaves is published.",
         .breaks = {v3("MQTT-3.1.2-8#b"), v5("MQTT-3.1.2-8#a")}, .seen = seen, .apply = inheriting(onlyTheFirst)},
    };
}

Rows surplusRows()
{
    return {
        {.name = "will-on-disconnect-in-3.1.1", .sentence = "DISCONNECT of a 3.1.1 client publishes the will.",
         .breaks = {v3("MQTT-3.14.4-3"), v3("MQTT-3.1.2-10")}, .seen = seen, .apply = onDisconnect(v1::V3)},
        {.name = "will-on-disconnect-in-5.0", .sentence = "DISCONNECT 0x00 of a 5.0 client publishes the will.",
         .breaks = {v5("MQTT-3.14.4-3"), v5("MQTT-3.1.2-10")}, .seen = seen, .apply = onDisconnect(v1::V5)},
        {.name = "will-published-twice", .sentence = "The will of a connection that is cut is published twice.",
         .breaks = {v3("MQTT-3.1.2-10"), v5("MQTT-3.1.2-10")}, .seen = seen, .apply = decorated<WillTwice>()},
        {.name = "will-of-refused-connect", .sentence = "The will of a CONNECT that is refused, or comes second, is published.",
         .breaks = {v3("MQTT-3.1.2-8#a"), v5("MQTT-3.1.2-7")}, .seen = seen, .apply = decorated<WillOfRefused>()},
        {.name = "will-inherited-by-connection-without",
         .sentence = "A connection that resumes a session without a will gets the will of an earlier one.",
         .breaks = {v3("MQTT-3.1.2-10"), v3("MQTT-3.1.2-12"), v5("MQTT-3.1.2-10"), v5("D5-6")}, .seen = "scenario B41",
         .apply = inheriting(keepsOldIfNone)},
        {.name = "first-will-sticks", .sentence = "A client's first will is published in place of those that it leaves later.",
         .breaks = {v3("MQTT-3.1.2-8#b"), v3("MQTT-3.14.4-3"), v3("MQTT-3.1.2-10"), v5("MQTT-3.1.2-8#a"), v5("MQTT-3.14.4-3"), v5("MQTT-3.1.2-10")},
         .seen = "scenario B41", .apply = inheriting(keepsFirst)},
    };
}

} // namespace

Rows willWayDeviations()
{
    auto rows = lostRows();
    for (auto &row : surplusRows())
        rows.push_back(std::move(row));
    return rows;
}

} // namespace hiatus::broker
