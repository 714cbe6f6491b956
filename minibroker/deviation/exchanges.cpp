// Faults of exchanges: identifiers, DUP, which acknowledgement answers what.

#include "minibroker/deviation/rewriter.h"

#include "minibroker/liberty/decorators.h"

#include <algorithm>
#include <set>

namespace hiatus::broker {

namespace {

const std::string Asked = "asked for by the statement; no thread known";

SendAction answer(const LinkFacts &facts, v1::Packet::KindCase kind, std::uint32_t id)
{
    SendAction send{facts.link, facts.version, {}};
    auto *ack = kind == v1::Packet::kPuback   ? send.packet.mutable_puback()
                : kind == v1::Packet::kPubrec ? send.packet.mutable_pubrec()
                                              : send.packet.mutable_pubcomp();
    ack->set_packet_id(id);
    if (facts.version == v1::V5)
        ack->set_code(0);
    return send;
}

/// The next one round that no PUBLISH in flight has; those whose PUBREL is unanswered count for free.
std::optional<PacketId> unlessPublished(const Session &session, unsigned highest)
{
    Session published;
    published.lastPacketId = session.lastPacketId;
    for (const auto &[id, inflight] : session.inflight) {
        if (inflight.stage != v1::AWAIT_PUBCOMP)
            published.inflight[id] = inflight;
    }
    return rules::nextPacketId(published, highest);
}

Rows identifierRows()
{
    return {
        fault("packet-ids-wrap-to-zero", "Packet identifiers begin near their end, and 0 follows 65,535.",
              {v3("MQTT-2.3.1-1"), v5("MQTT-2.2.1-4")}, "field scenario B21",
              [](Setup &setup) {
                  setup.rules.nextPacketId = [](const Session &session, unsigned) -> std::optional<PacketId> {
                      return session.lastPacketId < 65'530 ? 65'534 : static_cast<PacketId>(session.lastPacketId + 1);
                  };
              }),
        fault("packet-ids-go-round-unseeing", "Packet identifiers go round from 1 to 16 without a look at those in use.",
              {v3("MQTT-2.3.1-4#a"), v3("MQTT-4.3.2-1#a"), v3("MQTT-4.3.3-1#a"), v5("MQTT-2.2.1-4"), v5("MQTT-4.3.2-1"), v5("MQTT-4.3.3-1")},
              "field scenario B21: a wrap over an identifier that is held",
              [](Setup &setup) {
                  setup.rules.nextPacketId = [](const Session &session, unsigned) -> std::optional<PacketId> {
                      return static_cast<PacketId>(session.lastPacketId % 16 + 1);
                  };
              }),
        fault("packet-ids-of-pubrel-are-free", "A new message may get the identifier of an exchange that waits for PUBCOMP.",
              {v3("MQTT-2.3.1-4#a"), v3("MQTT-4.3.3-1#a"), v5("MQTT-2.2.1-4"), v5("MQTT-4.3.3-1")},
              "field scenario B21: a wrap over an identifier whose PUBLISH is done with", [](Setup &setup) { setup.rules.nextPacketId = unlessPublished; }),
    };
}

Rows dupRows()
{
    return {
        fault("dup-on-queued", "What was queued comes with DUP 1, though it was never sent.",
              {v3("MQTT-3.3.1-3"), v3("MQTT-4.3.2-1#b"), v3("MQTT-4.3.3-1#b"), v5("MQTT-3.3.1-3"), v5("MQTT-4.3.2-2"), v5("MQTT-4.3.3-2")},
              "FlashMQ, field scenario B27", rewritingOut([](v1::Packet &packet, const LinkFacts &facts) {
                  if (packet.publish().qos() > 0 && facts.resumed)
                      packet.mutable_publish()->set_dup(true);
              })),
        fault("live-resend-in-5.0", "On 5.0 connections, too, an unanswered PUBLISH or PUBREL is sent again after a while.", {v5("MQTT-4.4.0-1#c")},
              "EMQX until 5.8.0, every 30 s; Mosquitto until 1.5", [](Setup &setup) {
                  setup.decorators.push_back([](std::unique_ptr<Broker> inner) { return resendByTimer(std::move(inner), v1::V5); });
              }),
        fault("resent-twice-on-resume", "What a resumption owes comes twice.", {v5("MQTT-4.4.0-1#c")}, "VerneMQ 571", rewriting([] {
                  return Rewriting{.out = [](SendAction &send, const LinkFacts &facts, Actions &more) {
                      if (send.packet.publish().dup() && facts.version == v1::V5)
                          more.push_back(send);
                      return true;
                  }};
              })),
    };
}

Rows answerRows()
{
    return {
        fault("no-puback-for-repeats", "A QoS 1 PUBLISH with DUP 1 is forwarded and not acknowledged.",
              {v3("MQTT-4.3.2-2#a"), v3("MQTT-3.3.4-1"), v5("MQTT-4.3.2-4"), v5("MQTT-3.3.4-1")}, Asked, rewriting([] {
                  const auto repeated = std::make_shared<std::set<std::uint32_t>>();
                  return Rewriting{.out = [repeated](SendAction &send, const LinkFacts &, Actions &) {
                                       return !send.packet.has_puback() || repeated->erase(send.packet.puback().packet_id()) == 0;
                                   },
                                   .in = [repeated](v1::Packet &packet, const LinkFacts &, Actions &) {
                                       if (packet.publish().qos() == 1 && packet.publish().dup())
                                           repeated->insert(packet.publish().packet_id());
                                       return true;
                                   }};
              })),
        fault("qos1-repeats-dropped", "A QoS 1 PUBLISH with DUP 1 is acknowledged and dropped: it must have been seen.",
              {v3("MQTT-4.3.2-2#b"), v3("MQTT-4.3.2-2#a"), v5("MQTT-4.3.2-5"), v5("MQTT-4.3.2-4")}, "field scenario B22, for QoS 1", rewriting([] {
                  return Rewriting{.in = [](v1::Packet &packet, const LinkFacts &facts, Actions &answers) {
                      if (packet.publish().qos() != 1 || !packet.publish().dup())
                          return true;
                      answers.push_back(answer(facts, v1::Packet::kPuback, packet.publish().packet_id()));
                      return false;
                  }};
              })),
        fault("qos1-deduped-by-id", "A QoS 1 PUBLISH with an identifier that was used before is acknowledged and dropped.",
              {v3("MQTT-4.3.2-2#b"), v5("MQTT-4.3.2-5")}, Asked, rewriting([] {
                  const auto seen = std::make_shared<PerClient<std::set<std::uint32_t>>>();
                  return Rewriting{.in = [seen](v1::Packet &packet, const LinkFacts &facts, Actions &answers) {
                      if (packet.publish().qos() != 1 || (*seen)[facts.client].insert(packet.publish().packet_id()).second)
                          return true;
                      answers.push_back(answer(facts, v1::Packet::kPuback, packet.publish().packet_id()));
                      return false;
                  }};
              })),
        fault("qos2-acked-as-qos1", "A QoS 2 PUBLISH on a resumed connection is answered with PUBACK.",
              {v3("MQTT-3.3.4-1"), v3("MQTT-4.3.3-2#a"), v3("MQTT-4.3.3-2#b"), v5("MQTT-3.3.4-1"), v5("MQTT-4.3.3-8"), v5("MQTT-4.3.3-10")}, Asked,
              rewritingOut([](v1::Packet &packet, const LinkFacts &facts) {
                  if (!packet.has_pubrec() || !facts.resumed)
                      return;
                  const auto ack = packet.pubrec();
                  *packet.mutable_puback() = ack;
              })),
        fault("pubrec-unanswered-once-resumed", "On a resumed connection PUBREC is not answered.",
              {v3("MQTT-4.3.3-1#d"), v5("MQTT-4.3.3-4")}, "Mosquitto 1332", rewriting([] {
                  const auto asked = std::make_shared<std::map<LinkId, std::set<std::uint32_t>>>();
                  return Rewriting{.out = [asked](SendAction &send, const LinkFacts &, Actions &) {
                                       return !send.packet.has_pubrel() || (*asked)[send.link].erase(send.packet.pubrel().packet_id()) == 0;
                                   },
                                   .in = [asked](v1::Packet &packet, const LinkFacts &facts, Actions &) {
                                       if (packet.has_pubrec() && facts.resumed)
                                           (*asked)[facts.link].insert(packet.pubrec().packet_id());
                                       return true;
                                   }};
              })),
        fault("refused-messages-come-again", "A PUBLISH refused in PUBACK or PUBREC stays unacknowledged.", {v5("MQTT-4.4.0-2")}, "field scenario C27, turned round",
              rewriting([] {
                  return Rewriting{.in = [](v1::Packet &packet, const LinkFacts &, Actions &) {
                      return packet.puback().code() < 0x80 && packet.pubrec().code() < 0x80;
                  }};
              })),
        fault("pubrel-after-refusal", "A PUBREC that refuses is answered with PUBREL all the same.", {v5("MQTT-4.3.3-4"), v5("MQTT-4.4.0-2")},
              "field scenario C27, turned round", rewriting([] {
                  return Rewriting{.in = [](v1::Packet &packet, const LinkFacts &, Actions &) {
                      if (packet.pubrec().code() >= 0x80)
                          packet.mutable_pubrec()->set_code(0);
                      return true;
                  }};
              })),
        fault("no-pubcomp-after-loss", "PUBREL is answered on the connection of its PUBLISH only.",
              {v3("MQTT-4.3.3-2#c"), v5("MQTT-4.3.3-11")}, "field scenario B23", rewriting([] {
                  return Rewriting{.out = [](SendAction &send, const LinkFacts &facts, Actions &) {
                      return !send.packet.has_pubcomp() || !facts.resumed;
                  }};
              })),
        fault("no-pubrec-for-repeats", "A repeated QoS 2 PUBLISH is dropped without an answer.",
              {v3("MQTT-4.3.3-2#b"), v3("MQTT-4.3.3-2#a"), v5("MQTT-4.3.3-10"), v5("MQTT-4.3.3-8")}, "field scenario B22", rewriting([] {
                  const auto held = std::make_shared<PerClient<std::set<std::uint32_t>>>();
                  return Rewriting{.in = [held](v1::Packet &packet, const LinkFacts &facts, Actions &) {
                      auto &ids = (*held)[facts.client];
                      if (packet.has_pubrel())
                          ids.erase(packet.pubrel().packet_id());
                      return packet.publish().qos() != 2 || ids.insert(packet.publish().packet_id()).second;
                  }};
              })),
    };
}

} // namespace

Rows exchangeDeviations()
{
    Rows rows;
    for (auto *more : {&identifierRows, &dupRows, &answerRows})
        for (auto &row : more())
            rows.push_back(std::move(row));
    return rows;
}

} // namespace hiatus::broker
