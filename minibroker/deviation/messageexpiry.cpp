// Message expiry that does too much, or too little.

#include "minibroker/deviation/rewriter.h"

#include <algorithm>

namespace hiatus::broker {

Rows messageExpiryDeviations()
{
    return {
        fault("expiry-empties-the-queue", "Messages with an expiry interval are not queued at all.", {v5("MQTT-4.5.0-1")}, "the fix of a fault overshot",
              [](Setup &setup) {
                  setup.rules.hooks.push_back(on(Reason::Resumed, [](auto &after, const auto &) {
                      auto &all = *after.mutable_pending();
                      all.erase(std::remove_if(all.begin(), all.end(), [](const auto &message) { return message.has_expires_at(); }), all.end());
                  }));
              }),
        fault("expiry-ends-owed-pubrels", "Message expiry ends QoS 2 exchanges past PUBREC.", {v5("MQTT-4.3.3-7"), v5("MQTT-4.4.0-1#b"), v5("MQTT-4.3.3-5")},
              "EMQX 17698", [](Setup &setup) {
                  setup.rules.resends = [](const Session &, const Inflight &inflight, Time now) {
                      return inflight.stage != v1::AWAIT_PUBCOMP || !inflight.message.publication || !inflight.message.publication->isExpired(now);
                  };
              }),
        fault("expiry-an-hour-late", "A message expires an hour late, though it is told as it was published.", {v5("MQTT-3.3.2-5")},
              "a sweep with a grain of an hour, and nobody looks at delivery", rewriting([] {
                  constexpr std::uint32_t Hour = 3600;
                  return Rewriting{.out = [](SendAction &send, const LinkFacts &, Actions &) {
                                       if (const auto interval = send.packet.publish().message_expiry_interval(); interval > Hour)
                                           send.packet.mutable_publish()->set_message_expiry_interval(interval - Hour);
                                       return true;
                                   },
                                   .in = [](v1::Packet &packet, const LinkFacts &, Actions &) {
                                       if (packet.publish().has_message_expiry_interval())
                                           packet.mutable_publish()->set_message_expiry_interval(packet.publish().message_expiry_interval() + Hour);
                                       return true;
                                   }};
              })),
    };
}

} // namespace hiatus::broker
