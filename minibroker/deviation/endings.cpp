// What one way to lose a connection does to the session and the others do not.

#include "minibroker/deviation/endtracker.h"
#include "minibroker/deviation/rows.h"

namespace hiatus::broker {

namespace {

using Act = std::function<void(v1::ServerSession &after)>;

/// Acts on a session whose connection ended this way, and was not taken over.
std::function<void(Setup &)> when(Way wanted, Act act)
{
    return [wanted, act = std::move(act)](Setup &setup) {
        const auto end = trackWays(setup);
        setup.rules.hooks.push_back(on(Reason::Closed, [end, wanted, act](auto &after, const auto &) {
            if (*end == wanted)
                act(after);
        }));
    };
}

void forget(v1::ServerSession &after)
{
    after.set_session_expiry_interval(0);
}

void forgetSubscriptions(v1::ServerSession &after)
{
    after.clear_subscription();
}

void forgetMessages(v1::ServerSession &after)
{
    after.clear_pending();
    after.clear_inflight();
}

std::vector<StatementRef> keeping()
{
    return {v3("MQTT-3.1.2-4#c"), v3("MQTT-3.2.2-2"), v3("D311-3"), v3("MQTT-4.1.0-1"), v5("MQTT-3.1.2-23"), v5("MQTT-3.2.2-3")};
}

std::vector<StatementRef> keepingAnd(std::vector<StatementRef> more)
{
    auto all = keeping();
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

const char *const seen = "asked for: whatever can be told apart can go wrong apart";

Rows sessionRows()
{
    return {
        {.name = "session-lost-on-disconnect", .sentence = "DISCONNECT ends the session; a cut does not.", .breaks = keeping(), .seen = seen, .apply = when(Way::Disconnect, forget)},
        {.name = "session-lost-on-cut", .sentence = "A cut ends the session; DISCONNECT does not.", .breaks = keeping(), .seen = seen, .apply = when(Way::Lost, forget)},
        {.name = "session-lost-on-silence", .sentence = "The end of the keep alive ends the session.", .breaks = keeping(), .seen = seen, .apply = when(Way::Silence, forget)},
        {.name = "session-lost-on-error",
         .sentence = "A protocol error ends the session, not the connection only.",
         .breaks = keepingAnd({v3("D311-4"), v5("D5-4")}),
         .seen = seen,
         .apply = when(Way::Error, forget)},
        {.name = "session-lost-on-takeover",
         .sentence = "A takeover begins a new session.",
         .breaks = keepingAnd({v3("D311-2"), v5("D5-3"), v5("MQTT-3.1.2-5"), v3("MQTT-3.1.2-4#a")}),
         .seen = seen,
         .apply =
             [](Setup &setup) {
                 setup.rules.hooks.push_back(on(Reason::TakenOver, [](auto &after, const auto &) { forget(after); }));
             }},
    };
}

Rows contentRows()
{
    const std::vector<StatementRef> subscriptions{v3("MQTT-3.1.2-4#a"), v3("D311-3"), v3("MQTT-4.5.0-1"), v3("MQTT-4.1.0-1"),
                                                  v3("U311-3.1.2.4-2"), v5("MQTT-3.1.2-5"), v5("U5-4.1-2"), v5("MQTT-4.5.0-1")};
    const std::vector<StatementRef> messages{v3("MQTT-3.1.2-4#a"), v3("MQTT-4.4.0-1#a"), v3("MQTT-4.4.0-1#b"), v3("MQTT-4.1.0-1"), v3("U311-3.1.2.4-2"),
                                             v3("MQTT-4.3.2-1#c"), v3("MQTT-4.3.3-1#c"), v5("MQTT-3.1.2-5"), v5("U5-4.1-2"), v5("MQTT-4.4.0-1#a"),
                                             v5("MQTT-4.4.0-1#b"), v5("MQTT-4.3.2-3"), v5("MQTT-4.3.3-3")};
    return {
        {.name = "subscriptions-lost-on-disconnect", .sentence = "DISCONNECT unsubscribes; the session lives on.", .breaks = subscriptions, .seen = seen, .apply = when(Way::Disconnect, forgetSubscriptions)},
        {.name = "subscriptions-lost-on-cut", .sentence = "A cut unsubscribes; the session lives on.", .breaks = subscriptions, .seen = seen, .apply = when(Way::Lost, forgetSubscriptions)},
        {.name = "subscriptions-lost-on-takeover",
         .sentence = "A takeover unsubscribes; the session lives on.",
         .breaks = subscriptions,
         .seen = seen,
         .apply =
             [](Setup &setup) {
                 setup.rules.hooks.push_back(on(Reason::TakenOver, [](auto &after, const auto &) { forgetSubscriptions(after); }));
             }},
        {.name = "messages-lost-on-disconnect", .sentence = "DISCONNECT empties queue and window; the session lives on.", .breaks = messages, .seen = seen, .apply = when(Way::Disconnect, forgetMessages)},
        {.name = "messages-lost-on-cut", .sentence = "A cut empties queue and window; the session lives on.", .breaks = messages, .seen = seen, .apply = when(Way::Lost, forgetMessages)},
    };
}

} // namespace

Rows endingDeviations()
{
    Rows rows = sessionRows();
    for (auto &row : contentRows())
        rows.push_back(std::move(row));
    return rows;
}

} // namespace hiatus::broker
