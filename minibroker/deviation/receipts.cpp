#include "minibroker/deviation/decorators.h"
#include "minibroker/deviation/rewriter.h"

#include <set>

namespace hiatus::broker {

namespace {

/// Identifiers that live too short, or too long.
Rows identifierRows()
{
    return {
        fault("forwards-at-publish-and-pubrel", "A QoS 2 message whose PUBREL comes on a later connection is forwarded a second time.",
              {v3("MQTT-4.3.3-2#b"), v5("MQTT-4.3.3-10")}, "field scenario B23", [](Setup &setup) {
                  setup.decorators.push_back([](std::unique_ptr<Broker> inner) { return forwardAgain(std::move(inner)); });
              }),
        fault("identifiers-never-freed", "After PUBCOMP a QoS 2 PUBLISH with the same identifier is taken for a repeat.",
              {v3("MQTT-4.3.3-2#d"), v3("MQTT-4.3.3-2#a"), v3("MQTT-4.5.0-1"), v5("MQTT-4.3.3-12"), v5("U5-2.2.1-1"), v5("MQTT-4.3.3-8"), v5("MQTT-4.5.0-1")},
              "field scenario B22", [](Setup &setup) {
                  const auto seen = std::make_shared<PerClient<std::set<std::uint32_t>>>();
                  setup.rules.isRepeat = [seen](const Session &session, const v1::Publish &publish) {
                      return !(*seen)[session.clientId].insert(publish.packet_id()).second;
                  };
                  setup.rules.hooks.push_back([seen](auto &, const auto &before, Reason why) {
                      if (why == Reason::CleanStarted || why == Reason::Expired)
                          seen->erase(before.client_id());
                  });
              }),
        fault("one-table-for-both-directions", "A QoS 2 PUBLISH with an identifier that a message to the client has is taken for a repeat.",
              {v3("U311-2.3.1-1"), v5("U5-2.2.1-2")}, "mqtt-lib", [](Setup &setup) {
                  setup.rules.isRepeat = [](const Session &session, const v1::Publish &publish) {
                      return session.inflight.contains(static_cast<PacketId>(publish.packet_id())) || rules::isRepeat(session, publish);
                  };
              }),
        fault("pubcomp-not-found-ignored", "A PUBCOMP that says 0x92 does not end the exchange.", {v5("U5-2.4-1")},
              "asked for by the statement; no thread known", rewriting([] {
                  return Rewriting{.in = [](v1::Packet &packet, const LinkFacts &, Actions &) { return packet.pubcomp().code() != 0x92; }};
              })),
        fault("refused-identifier-kept", "A repeat is refused with PUBREC 0x91, and its identifier stays taken.", {v5("MQTT-4.3.3-9")},
              "field scenario B16, turned round", [](Setup &setup) {
                  const auto refused = std::make_shared<PerClient<std::set<std::uint32_t>>>();
                  setup.rules.repeatCode = 0x91;
                  setup.rules.isRepeat = [refused](const Session &session, const v1::Publish &publish) {
                      auto &ids = (*refused)[session.clientId];
                      if (rules::isRepeat(session, publish))
                          ids.insert(publish.packet_id());
                      return ids.contains(publish.packet_id());
                  };
                  setup.rules.hooks.push_back([refused](auto &, const auto &before, Reason why) {
                      if (why == Reason::CleanStarted || why == Reason::Expired)
                          refused->erase(before.client_id());
                  });
              }),
        fault("identifiers-outlive-the-session", "Received QoS 2 identifiers are kept by client id, also when the session has ended.",
              {v3("D311-8"), v3("MQTT-3.1.2-6#a"), v5("MQTT-3.1.2-4"), v5("MQTT-4.1.0-2")}, "field scenario B24", [](Setup &setup) {
                  const auto open = std::make_shared<PerClient<std::set<std::uint32_t>>>();
                  setup.rules.isRepeat = [open](const Session &session, const v1::Publish &publish) {
                      return (*open)[session.clientId].contains(publish.packet_id()) || rules::isRepeat(session, publish);
                  };
                  setup.rules.hooks.push_back([open](auto &, const auto &before, Reason why) {
                      if (why == Reason::CleanStarted || why == Reason::Expired)
                          for (const auto &received : before.received())
                              (*open)[before.client_id()].insert(received.packet_id());
                  });
              }),
        fault("expired-exchange-forgotten", "PUBREL of a QoS 2 message whose expiry interval has passed is not answered.", {v5("MQTT-4.3.3-13"), v5("MQTT-4.3.3-11")},
              "asked for by the statement; no thread known", rewriting([] {
                  const auto ends = std::make_shared<std::map<std::pair<std::string, std::uint32_t>, Time>>();
                  return Rewriting{.in = [ends](v1::Packet &packet, const LinkFacts &facts, Actions &) {
                      const auto &publish = packet.publish();
                      if (publish.qos() == 2 && publish.has_message_expiry_interval())
                          (*ends)[{facts.client, publish.packet_id()}] = facts.now + Seconds(publish.message_expiry_interval());
                      const auto end = ends->find({facts.client, packet.pubrel().packet_id()});
                      return !packet.has_pubrel() || end == ends->end() || end->second > facts.now;
                  }};
              })),
    };
}

} // namespace

Rows receiptDeviations()
{
    Rows rows{
        {.name = "no-inbound-qos2-dedupe",
         .sentence = "A QoS 2 PUBLISH that is sent again on the same connection is published again.",
         .breaks = {v3("MQTT-4.3.3-2#b"), v5("MQTT-4.3.3-10")},
         .seen = "four brokers; scenario B22",
         .apply =
             [](Setup &setup) { setup.rules.isRepeat = [](const Session &, const v1::Publish &) { return false; }; }},
        {.name = "forget-inbound-qos2-ids-on-resume",
         .sentence = "Received QoS 2 identifiers belong to the connection: a repeat after a resumption is new.",
         .breaks = {v3("MQTT-4.3.3-2#b"), v3("MQTT-3.1.2-4#a"), v5("MQTT-4.3.3-10"), v5("MQTT-3.1.2-5")},
         .seen = "two brokers; scenario B22",
         .apply =
             [](Setup &setup) {
                 setup.rules.hooks.push_back(
                     on(Reason::Resumed, [](auto &after, const auto &) { after.clear_received(); }));
             }},
        {.name = "lose-unreleased-inbound-qos2-on-reconnect",
         .sentence = "A broker that publishes at PUBREL loses the held message with the connection, and still answers.",
         .breaks = {v3("MQTT-4.3.3-2#a"), v3("MQTT-4.5.0-1"), v3("MQTT-3.1.2-4#a"), v5("MQTT-4.3.3-8"),
                    v5("MQTT-4.5.0-1"), v5("MQTT-3.1.2-5")},
         .also = {"publishes QoS 2 onward at PUBREL, which is lawful"},
         .seen = "two brokers; scenario B23",
         .apply =
             [](Setup &setup) {
                 setup.rules.routesAtPubrel = true;
                 setup.rules.hooks.push_back(on(Reason::Resumed, [](auto &after, const auto &) {
                     for (auto &received : *after.mutable_received())
                         received.clear_held();
                 }));
             }},
        {.name = "dedupe-on-dup-flag-only",
         .sentence = "Every QoS 2 PUBLISH with DUP 1 is taken for one that was seen before.",
         .breaks = {v3("MQTT-4.3.3-2#a"), v3("MQTT-4.3.3-2#d"), v3("MQTT-4.5.0-1"), v5("MQTT-4.3.3-8"),
                    v5("MQTT-4.3.3-12"), v5("MQTT-4.5.0-1")},
         .seen = "scenario B22",
         .apply =
             [](Setup &setup) {
                 setup.rules.isRepeat = [](const Session &session, const v1::Publish &publish) {
                     return publish.dup() || rules::isRepeat(session, publish);
                 };
             }},
        {.name = "no-pubcomp-for-unknown-pubrel",
         .sentence = "A PUBREL with an unknown identifier is not answered.",
         .breaks = {v3("MQTT-4.3.3-2#c"), v5("MQTT-4.3.3-11")},
         .seen = "scenario B22",
         .apply =
             [](Setup &setup) {
                 setup.rules.unknownPubrel = [](v1::Version) { return std::optional<std::uint32_t>(); };
             }},
    };
    for (auto &row : identifierRows())
        rows.push_back(std::move(row));
    return rows;
}

} // namespace hiatus::broker
