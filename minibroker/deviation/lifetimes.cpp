// The session expiry interval, too short and too long, and how it is told.

#include "minibroker/deviation/filters.h"
#include "minibroker/deviation/rows.h"

namespace hiatus::broker {

namespace {

/// Another span between the end of the connection and the end of the session.
std::function<void(Setup &)> lasting(std::function<Milliseconds(std::uint32_t interval)> span)
{
    return [span = std::move(span)](Setup &setup) {
        setup.rules.sessionEnd = [span](const Session &session, Reason why, Time closedAt) -> std::optional<Time> {
            if (session.version != v1::V5 || session.expiryInterval == 0)
                return rules::sessionEnd(session, why, closedAt);
            return closedAt + span(session.expiryInterval);
        };
    };
}

/// One timer for all sessions that are away: `choose` between its own end and the one that the timer stands at.
std::function<void(Setup &)> sharingTimer(std::function<Time(Time own, Time other)> choose)
{
    return [choose = std::move(choose)](Setup &setup) {
        const auto timer = std::make_shared<std::optional<Time>>();
        setup.rules.sessionEnd = [choose, timer](const Session &session, Reason why, Time closedAt) -> std::optional<Time> {
            const auto own = rules::sessionEnd(session, why, closedAt);
            if (session.version != v1::V5 || !own || *own <= closedAt)
                return own;
            if (!*timer || **timer <= closedAt)
                *timer = *own;
            *timer = choose(*own, **timer);
            return **timer;
        };
    };
}

/// Grants less, and says nothing.
void capUntold(Setup &setup)
{
    setup.rules.grantedExpiry = [](const v1::Connect &connect, v1::Version version, std::uint32_t cap) {
        const auto granted = rules::grantedExpiry(connect, version, cap);
        return version == v1::V5 ? std::min(granted, 1u) : granted;
    };
    filtered({.writes = [](v1::Packet &packet, const LinkView &) {
        if (packet.has_connack())
            packet.mutable_connack()->clear_session_expiry_interval();
    }})(setup);
}

constexpr std::uint32_t WasZero = 4294967290;

/// An interval in DISCONNECT counts after 0 in CONNECT too. The engine is made to think that CONNECT had one.
void disconnectRevives(Setup &setup)
{
    setup.rules.grantedExpiry = [](const v1::Connect &connect, v1::Version version, std::uint32_t cap) {
        const auto granted = rules::grantedExpiry(connect, version, cap);
        return granted == WasZero ? 0 : granted;
    };
    filtered({.reads =
                  [](v1::Packet &packet, const LinkView &view) {
                      if (packet.has_connect() && view.version == v1::V5 && packet.connect().session_expiry_interval() == 0)
                          packet.mutable_connect()->set_session_expiry_interval(WasZero);
                  },
              .writes =
                  [](v1::Packet &packet, const LinkView &view) {
                      if (packet.has_connack() && view.connect.session_expiry_interval() == 0)
                          packet.mutable_connack()->clear_session_expiry_interval();
                  }})(setup);
}

} // namespace

Rows lifetimeDeviations()
{
    const std::vector<StatementRef> tooShort{v5("MQTT-3.1.2-23"), v5("MQTT-3.2.2-3"), v5("U5-4.1-3"), v5("D5-5"), v5("U5-3.14.2.2.2-1")};
    return {
        {.name = "expiry-at-half-time",
         .sentence = "A session ends when half of its interval has passed.",
         .breaks = tooShort,
         .seen = "under and over: this is under",
         .apply = lasting([](std::uint32_t interval) { return Milliseconds(500) * interval; })},
        {.name = "expiry-at-double-time",
         .sentence = "A session ends when twice its interval has passed.",
         .breaks = {v5("MQTT-4.1.0-2"), v5("MQTT-3.2.2-3"), v5("U5-4.1-3"), v5("D5-5"), v5("U5-3.14.2.2.2-1")},
         .seen = "under and over: this is over",
         .apply = lasting([](std::uint32_t interval) { return Milliseconds(2000) * interval; })},
        {.name = "expiry-read-as-signed",
         .sentence = "Intervals of 2^31 seconds and more are negative: the session ends at once.",
         .breaks = {v5("MQTT-3.1.2-23"), v5("MQTT-3.2.2-3"), v5("U5-3.1.2.11.2-2"), v5("U5-4.1-3")},
         .seen = "field scenario B07",
         .apply = lasting([](std::uint32_t interval) { return Milliseconds(1000) * (interval > 0x7FFFFFFF ? 0u : interval); })},
        {.name = "never-overflows",
         .sentence = "The interval that means never is added to the clock, and wraps.",
         .breaks = {v5("U5-3.1.2.11.2-2"), v5("MQTT-3.2.2-3")},
         .seen = "field scenario B07",
         .apply = lasting([](std::uint32_t interval) { return Milliseconds(1000) * (interval + 1); })},
        {.name = "first-expiry-ends-all",
         .sentence = "When a session's interval has passed, all that are away end.",
         .breaks = {v5("MQTT-3.1.2-23"), v5("MQTT-3.2.2-3")},
         .seen = "field scenario B07",
         .apply = sharingTimer([](Time own, Time other) { return std::min(own, other); })},
        {.name = "last-expiry-ends-all",
         .sentence = "Sessions that are away end together, when the longest interval has passed.",
         .breaks = {v5("MQTT-4.1.0-2"), v5("MQTT-3.2.2-3")},
         .seen = "field scenario B07",
         .apply = sharingTimer([](Time own, Time other) { return std::max(own, other); })},
        {.name = "expiry-in-milliseconds",
         .sentence = "The interval is taken for milliseconds.",
         .breaks = tooShort,
         .seen = "under and over: this is far under",
         .apply = lasting([](std::uint32_t interval) { return Milliseconds(1) * interval; })},
        {.name = "capped-expiry-not-told",
         .sentence = "The broker grants a second at most and CONNACK does not say so.",
         .breaks = {v5("U5-3.2.2.3.2-1"), v5("MQTT-3.1.2-23"), v5("MQTT-3.2.2-3"), v5("D5-5"), v5("U5-4.1-3")},
         .seen = "Mosquitto 3616, EMQX 12492",
         .apply = capUntold},
        {.name = "disconnect-revives-session",
         .sentence = "An interval in DISCONNECT is taken though CONNECT had none.",
         .breaks = {v5("U5-3.14.2.2.2-2"), v5("MQTT-3.2.2-3"), v5("U5-3.1.2.11.2-1")},
         .seen = "field scenario B05",
         .apply = disconnectRevives},
        {.name = "disconnect-cannot-shorten",
         .sentence = "An interval in DISCONNECT counts only if it is longer.",
         .breaks = {v5("U5-3.14.2.2.2-1"), v5("MQTT-4.1.0-2"), v5("MQTT-3.2.2-3")},
         .seen = "under and over: this is over",
         .apply =
             [](Setup &setup) {
                 setup.rules.expiryAfterDisconnect = [](const Session &session, const v1::Disconnect &disconnect, std::uint32_t cap) {
                     return std::max(session.expiryInterval, rules::expiryAfterDisconnect(session, disconnect, cap));
                 };
             }},
        {.name = "disconnect-cannot-lengthen",
         .sentence = "An interval in DISCONNECT counts only if it is shorter.",
         .breaks = {v5("U5-3.14.2.2.2-1"), v5("MQTT-3.2.2-3")},
         .seen = "under and over: this is under",
         .apply =
             [](Setup &setup) {
                 setup.rules.expiryAfterDisconnect = [](const Session &session, const v1::Disconnect &disconnect, std::uint32_t cap) {
                     return std::min(session.expiryInterval, rules::expiryAfterDisconnect(session, disconnect, cap));
                 };
             }},
        {.name = "disconnect-without-interval-ends",
         .sentence = "A DISCONNECT without an interval is read as one with 0.",
         .breaks = {v5("U5-3.14.2.2.2-1"), v5("MQTT-3.1.2-23"), v5("MQTT-3.2.2-3"), v5("D5-5")},
         .seen = "field scenario B05",
         .apply =
             [](Setup &setup) {
                 setup.rules.expiryAfterDisconnect = [](const Session &session, const v1::Disconnect &disconnect, std::uint32_t cap) {
                     return disconnect.has_session_expiry_interval() ? rules::expiryAfterDisconnect(session, disconnect, cap) : 0;
                 };
             }},
    };
}

} // namespace hiatus::broker
