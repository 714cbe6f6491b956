// Keep alive: silence that ends nothing, or too much.

#include "minibroker/deviation/endtracker.h"
#include "minibroker/deviation/filters.h"
#include "minibroker/deviation/rows.h"

#include <set>

namespace hiatus::broker {

namespace {

const std::vector<StatementRef> &unnoticed()
{
    static const std::vector<StatementRef> all{v3("MQTT-3.1.2-24"), v5("MQTT-3.1.2-22"), v5("MQTT-3.2.2-22")};
    return all;
}

/// The keep alive of such a CONNECT is not listened to.
std::function<void(Setup &)> deafTo(std::function<bool(const v1::Connect &)> which)
{
    return filtered(Filtering{.reads = [which = std::move(which)](v1::Packet &packet, const LinkView &) {
        if (packet.has_connect() && which(packet.connect()))
            packet.mutable_connect()->set_keep_alive(0);
    }});
}

/// As the keep alive is read once, when the session is made.
std::function<void(Setup &)> onlyAtFirst()
{
    return filtered([] {
        const auto known = std::make_shared<std::set<std::string>>();
        Filtering filtering;
        filtering.reads = [known](v1::Packet &packet, const LinkView &) {
            if (packet.has_connect() && !known->insert(packet.connect().client_id()).second)
                packet.mutable_connect()->set_keep_alive(0);
        };
        return filtering;
    });
}

} // namespace

Rows silenceDeviations()
{
    const char *const seen = "asked for: never, too late, or in one version only";
    return {
        {.name = "keep-alive-ignored", .sentence = "Silence never ends a connection.", .breaks = unnoticed(), .seen = seen,
         .apply = [](Setup &setup) { setup.rules.patience = [](std::uint32_t) { return Milliseconds(0); }; }},
        {.name = "keep-alive-ignored-in-3.1.1", .sentence = "Silence never ends a 3.1.1 connection.", .breaks = {v3("MQTT-3.1.2-24")}, .seen = seen,
         .apply = deafTo([](const v1::Connect &connect) { return connect.protocol_level() != 5; })},
        {.name = "keep-alive-ignored-in-5.0", .sentence = "Silence never ends a 5.0 connection.", .breaks = {v5("MQTT-3.1.2-22"), v5("MQTT-3.2.2-22")},
         .seen = seen, .apply = deafTo([](const v1::Connect &connect) { return connect.protocol_level() == 5; })},
        {.name = "keep-alive-in-minutes", .sentence = "The keep alive is taken for minutes.", .breaks = unnoticed(), .seen = seen,
         .apply = [](Setup &setup) { setup.rules.patience = [](std::uint32_t keepAlive) { return Seconds(90) * keepAlive; }; }},
        {.name = "keep-alive-of-first-connection-only", .sentence = "Only the first connection of a client is watched for silence.",
         .breaks = unnoticed(), .seen = seen, .apply = onlyAtFirst()},
        {.name = "messages-lost-on-silence", .sentence = "The end of a connection by its keep alive empties queue and window.",
         .breaks = {v3("MQTT-4.4.0-1#a"), v3("MQTT-3.1.2-5"), v5("MQTT-4.4.0-1#a"), v5("MQTT-4.5.0-1")}, .seen = seen,
         .apply =
             [](Setup &setup) {
                 const auto way = trackWays(setup);
                 setup.rules.hooks.push_back(on(Reason::Closed, [way](auto &after, const auto &) {
                     if (*way != Way::Silence)
                         return;
                     after.clear_inflight();
                     after.clear_pending();
                 }));
             }},
    };
}

} // namespace hiatus::broker
