// What a cluster gets wrong: a further endpoint is another node, which does not know what the first one knows.

#include "minibroker/deviation/filters.h"
#include "minibroker/deviation/rows.h"

#include <map>

namespace hiatus::broker {

namespace {

/// Each node has its own sessions; messages are passed on between them.
void keepAtNode(v1::Packet &packet, const LinkView &view)
{
    if (packet.has_connect() && view.endpoint > 0)
        packet.mutable_connect()->set_client_id(packet.connect().client_id() + "at" + std::to_string(view.endpoint));
}

/// The session moves; the node that had the connection is not told.
Filtering keepOldOpen()
{
    const auto latest = std::make_shared<std::map<std::string, std::uint32_t>>(); // client -> where it came last
    const auto isLeftBehind = [latest](const LinkView &view) {
        const auto at = latest->find(view.connect.client_id());
        return at != latest->end() && at->second != view.endpoint;
    };
    return {.reads =
                [latest](v1::Packet &packet, const LinkView &view) {
                    if (packet.has_connect())
                        (*latest)[packet.connect().client_id()] = view.endpoint;
                },
            .swallows = [isLeftBehind](const v1::Packet &packet, const LinkView &view) { return packet.has_disconnect() && isLeftBehind(view); },
            .keepsOpen = isLeftBehind};
}

} // namespace

Rows nodeDeviations()
{
    return {
        {.name = "session-stays-at-its-node",
         .sentence = "A session is only known to the node of a cluster where it began.",
         .breaks = {v3("MQTT-3.2.2-2"), v3("MQTT-3.1.2-4#a"), v3("MQTT-3.1.2-4#c"), v3("D311-2"), v3("MQTT-3.1.4-2"), v5("MQTT-3.2.2-3"),
                    v5("MQTT-3.1.2-5"), v5("MQTT-3.1.2-23"), v5("D5-3"), v5("MQTT-3.1.4-3")},
         .seen = "field scenario B52",
         .apply = filtered(Filtering{.reads = keepAtNode})},
        {.name = "takeover-only-at-its-node",
         .sentence = "A connection that is taken over at another node of a cluster stays open.",
         .breaks = {v3("MQTT-3.1.4-2"), v5("MQTT-3.1.4-3")},
         .seen = "field scenario B52",
         .apply = filtered(keepOldOpen)},
    };
}

} // namespace hiatus::broker
