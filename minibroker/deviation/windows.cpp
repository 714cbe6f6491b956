#include "minibroker/deviation/rows.h"

namespace hiatus::broker {

namespace {

/// A window that a test can fill also where the client states none.
constexpr std::uint16_t SmallWindow = 8;

void narrow(Setup &setup)
{
    setup.options.maximumInflight = std::min(setup.options.maximumInflight, SmallWindow);
}

void leakSlots(Setup &setup)
{
    narrow(setup);
    const auto leaked = std::make_shared<PerClient<std::uint32_t>>();
    setup.rules.hooks.push_back(on(Reason::Resumed, [leaked](auto &after, const auto &) {
        (*leaked)[after.client_id()] += static_cast<std::uint32_t>(after.inflight_size());
    }));
    setup.rules.hooks.push_back(
        on(Reason::CleanStarted, [leaked](auto &after, const auto &) { leaked->erase(after.client_id()); }));
    setup.rules.window = [leaked](const Session &session, const Connection &connection, std::uint32_t maximum) {
        const auto lawful = rules::window(session, connection, maximum);
        const auto found = leaked->find(session.clientId);
        return lawful - std::min(lawful, found == leaked->end() ? 0 : found->second);
    };
}

void carryQuota(Setup &setup)
{
    struct Quota
    {
        std::uint32_t maximum = 0;         // of the latest connection
        std::optional<std::uint32_t> left; // when one ended
    };
    const auto quotas = std::make_shared<PerClient<Quota>>();
    setup.rules.hooks.push_back(onLoss([quotas](auto &after) {
        auto &quota = (*quotas)[after.client_id()];
        const auto used = static_cast<std::uint32_t>(after.inflight_size());
        if (quota.maximum > 0 && used > 0)
            quota.left = quota.maximum - std::min(quota.maximum, used);
    }));
    setup.rules.window = [quotas](const Session &session, const Connection &connection, std::uint32_t maximum) {
        const auto lawful = rules::window(session, connection, maximum);
        auto &quota = (*quotas)[session.clientId];
        if (!connection.resumed)
            quota.left.reset();
        quota.maximum = quota.left ? std::min(lawful, *quota.left) : lawful;
        return quota.maximum;
    };
}

void keepOldMaximum(Setup &setup)
{
    const auto first = std::make_shared<PerClient<std::uint32_t>>();
    setup.rules.hooks.push_back(
        on(Reason::CleanStarted, [first](auto &after, const auto &) { first->erase(after.client_id()); }));
    setup.rules.hooks.push_back(
        on(Reason::Expired, [first](auto &, const auto &before) { first->erase(before.client_id()); }));
    setup.rules.window = [first](const Session &session, const Connection &connection, std::uint32_t maximum) {
        return first->try_emplace(session.clientId, rules::window(session, connection, maximum)).first->second;
    };
}

} // namespace

Rows windowDeviations()
{
    return {
        {.name = "inflight-slot-leak-per-reconnect",
         .sentence = "Each cut with a message in flight costs a place in the window for good.",
         .breaks = {v3("MQTT-4.5.0-1"), v3("MQTT-4.4.0-1#a"), v3("MQTT-3.3.5-1"), v3("MQTT-3.1.2-5"),
                    v5("MQTT-4.5.0-1"), v5("MQTT-4.4.0-1#a"), v5("MQTT-4.9.0-1"), v5("MQTT-3.3.4-2")},
         .also = {"a window of at most eight, so that the leak shows where the client states none"},
         .seen = "Mosquitto 898, NATS 5282, VerneMQ 571 and 1369",
         .apply = leakSlots},
        {.name = "carry-send-quota-across-connections",
         .sentence = "The send quota that a connection had left is what its successor begins with.",
         .breaks = {v5("U5-4.9-2"), v5("MQTT-4.9.0-1"), v5("MQTT-4.4.0-1#a"), v5("MQTT-4.5.0-1"), v5("MQTT-3.3.4-2")},
         .seen = "FlashMQ 173",
         .apply = carryQuota},
        {.name = "resume-uses-old-receive-maximum",
         .sentence = "The Receive Maximum of the session's first connection holds for all later ones.",
         .breaks = {v5("U5-3.1.2.11.3-1"), v5("MQTT-3.3.4-9"), v5("MQTT-4.9.0-1"), v5("MQTT-4.9.0-2"), v5("D5-10")},
         .seen = "two brokers; scenario B19",
         .apply = keepOldMaximum},
        {.name = "offline-queue-lifo-beyond-window",
         .sentence = "Once the first window is full the queue is emptied from the wrong end.",
         .breaks = {v3("MQTT-4.6.0-6#b"), v3("MQTT-4.6.0-5"), v5("MQTT-4.6.0-5"), v5("MQTT-4.6.0-6")},
         .also = {"a window of at most eight, so that there is something beyond it where the client states none"},
         .seen = "three brokers; scenario B20",
         .apply =
             [](Setup &setup) {
                 narrow(setup);
                 setup.rules.takesOldest = [](const Session &session) {
                     const auto &connection = *session.connection;
                     return connection.sent < std::min(connection.receiveMaximum, SmallWindow);
                 };
             }},
        {.name = "live-messages-overtake-offline-queue",
         .sentence = "What is published to a connected client goes before what still waits for it.",
         .breaks = {v3("MQTT-4.6.0-6#b"), v3("MQTT-4.6.0-5"), v5("MQTT-4.6.0-5"), v5("MQTT-4.6.0-6")},
         .also = {"a window of at most eight, so that something still waits where the client states none"},
         .seen = "three brokers; scenario B20",
         .apply =
             [](Setup &setup) {
                 narrow(setup);
                 setup.rules.queuesBehind = [](const Session &session) { return session.connection == nullptr; };
             }},
    };
}

} // namespace hiatus::broker
