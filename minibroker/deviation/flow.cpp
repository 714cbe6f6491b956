// The send quota, the order of what is sent, and the queue behind it.

#include "minibroker/deviation/rewriter.h"

#include "proto/wire/encoder.h"

#include <algorithm>
#include <set>

namespace hiatus::broker {

namespace {

const std::string Asked = "asked for by the statement; no thread known";

bool isFull(const LinkFacts &facts)
{
    return facts.outstanding.size() >= facts.receiveMaximum;
}

Rewriting swallowingWhenFull(std::function<bool(const v1::Packet &)> which)
{
    return {.out = [which = std::move(which)](SendAction &send, const LinkFacts &facts, Actions &) {
        return !isFull(facts) || !which(send.packet);
    }};
}

Rows quotaRows()
{
    return {
        fault("one-above-receive-maximum", "The quota begins at one above the client's Receive Maximum.",
              {v5("MQTT-3.3.4-9"), v5("MQTT-4.9.0-1"), v5("MQTT-4.9.0-2"), v5("D5-10")}, Asked, [](Setup &setup) {
                  setup.rules.window = [](const Session &session, const Connection &connection, std::uint32_t maximum) {
                      return rules::window(session, connection, maximum) + (connection.receiveMaximum < 65535 ? 1 : 0);
                  };
              }),
        fault("one-below-receive-maximum", "The quota begins at one below the client's Receive Maximum: with 1 nothing is ever sent.",
              {v5("MQTT-4.9.0-1"), v5("MQTT-4.5.0-1")}, Asked, [](Setup &setup) {
                  setup.rules.window = [](const Session &session, const Connection &connection, std::uint32_t maximum) {
                      return rules::window(session, connection, maximum) - (connection.receiveMaximum < 65535 ? 1 : 0);
                  };
              }),
        fault("qos2-outside-quota", "QoS 2 messages do not count against the client's Receive Maximum.",
              {v5("MQTT-3.3.4-9"), v5("MQTT-4.9.0-2"), v5("D5-10")}, Asked, [](Setup &setup) {
                  setup.rules.window = [](const Session &session, const Connection &connection, std::uint32_t maximum) {
                      const auto two = std::count_if(session.inflight.begin(), session.inflight.end(), [](const auto &entry) {
                          return entry.second.stage == v1::AWAIT_PUBREC && entry.second.counted;
                      });
                      return rules::window(session, connection, maximum) + static_cast<std::uint32_t>(two);
                  };
              }),
        fault("pubrec-frees-quota", "The quota grows at PUBREC already, not at PUBCOMP.", {v5("U5-4.9-1"), v5("MQTT-3.3.4-9"), v5("MQTT-4.9.0-2"), v5("D5-10")},
              "Mosquitto 3588, EMQX 12492", [](Setup &setup) {
                  setup.rules.window = [](const Session &session, const Connection &connection, std::uint32_t maximum) {
                      const auto two = std::count_if(session.inflight.begin(), session.inflight.end(), [](const auto &entry) {
                          return entry.second.stage == v1::AWAIT_PUBCOMP && entry.second.counted;
                      });
                      return rules::window(session, connection, maximum) + static_cast<std::uint32_t>(two);
                  };
              }),
        fault("pubrel-held-by-quota", "With the quota used up PUBREC is not answered.", {v5("MQTT-3.3.4-10"), v5("MQTT-4.9.0-3"), v5("MQTT-4.3.3-4")}, Asked,
              rewriting([] { return swallowingWhenFull([](const auto &packet) { return packet.has_pubrel(); }); })),
        fault("answers-held-by-quota", "With the quota used up SUBSCRIBE and PUBLISH are not answered.", {v5("MQTT-3.3.4-10"), v5("MQTT-4.9.0-3")},
              "VerneMQ 1909", rewriting([] {
                  return swallowingWhenFull([](const auto &packet) { return packet.has_suback() || packet.has_puback() || packet.has_pubrec(); });
              })),
        fault("inbound-quota-carried-over", "QoS 2 publishes that an earlier connection left open count against the next one's Receive Maximum.",
              {v5("U5-4.9-2")}, "field scenario B26", [](Setup &setup) {
                  setup.options.receiveMaximum = 2;
                  const auto open = std::make_shared<PerClient<std::set<std::uint32_t>>>();
                  const auto change = rewriting([open] {
                      return Rewriting{.in = [open](v1::Packet &packet, const LinkFacts &facts, Actions &answers) {
                          auto &ids = (*open)[facts.client];
                          if (packet.has_pubrel())
                              ids.erase(packet.pubrel().packet_id());
                          if (packet.publish().qos() != 2 || ids.contains(packet.publish().packet_id()))
                              return true;
                          if (ids.size() < 2) {
                              ids.insert(packet.publish().packet_id());
                              return true;
                          }
                          SendAction bye{facts.link, facts.version, {}};
                          bye.packet.mutable_disconnect()->set_code(0x93);
                          answers.push_back(bye);
                          answers.push_back(CloseAction{facts.link, "Receive Maximum exceeded"});
                          return false;
                      }};
                  });
                  change(setup);
              }),
    };
}

/// Every other PUBREL waits until the next has gone.
class SwapPubrels final : public HoldingDecorator
{
public:
    using HoldingDecorator::HoldingDecorator;

protected:
    std::optional<Time> holdUntil(const Action &action, Time now) override
    {
        const auto &send = std::get<SendAction>(action);
        if (!send.packet.has_pubrel() || ++m_count[send.link] % 2 == 0)
            return {};
        return now + Milliseconds(20);
    }

private:
    std::map<LinkId, int> m_count;
};

template <class T> std::function<void(Setup &)> decorated()
{
    return [](Setup &setup) {
        setup.decorators.push_back([](std::unique_ptr<Broker> inner) -> std::unique_ptr<Broker> { return std::make_unique<T>(std::move(inner)); });
    };
}

Rows orderRows()
{
    return {
        fault("pubrels-out-of-order", "PUBRELs do not follow the order of the PUBRECs.", {v3("MQTT-4.6.0-6#a")}, Asked, decorated<SwapPubrels>()),
        fault("slow-reader-holds-up-others", "While one client leaves three messages unacknowledged the others get none.", {v3("U311-4.3-1"), v5("U5-4.3-1")},
              "VerneMQ 1369", rewriting([] {
                  const auto open = std::make_shared<std::map<LinkId, std::set<std::uint32_t>>>();
                  return Rewriting{.out = [open](SendAction &send, const LinkFacts &, Actions &) {
                                       if (send.packet.publish().qos() == 0)
                                           return true;
                                       const bool isHeldUp = std::any_of(open->begin(), open->end(), [&](const auto &each) {
                                           return each.first != send.link && each.second.size() >= 3;
                                       });
                                       if (!isHeldUp)
                                           (*open)[send.link].insert(send.packet.publish().packet_id());
                                       return !isHeldUp;
                                   },
                                   .in = [open](v1::Packet &packet, const LinkFacts &facts, Actions &) {
                                       if (packet.has_puback())
                                           (*open)[facts.link].erase(packet.puback().packet_id());
                                       if (packet.has_pubrec())
                                           (*open)[facts.link].erase(packet.pubrec().packet_id());
                                       return true;
                                   }};
              })),
    };
}

std::function<void(Setup &)> queueOnResume(std::function<void(v1::ServerSession &)> act)
{
    return [act = std::move(act)](Setup &setup) {
        setup.rules.hooks.push_back(on(Reason::Resumed, [act](auto &after, const auto &) { act(after); }));
    };
}

void keepOnly(v1::ServerSession &after, const std::function<bool(const v1::StoredMessage &)> &which)
{
    auto &all = *after.mutable_pending();
    all.erase(std::remove_if(all.begin(), all.end(), [&](const auto &message) { return !which(message); }), all.end());
}

Rows queueRows()
{
    return {
        fault("queue-keeps-the-latest", "Of what waits for a client only the latest message is kept.", {v3("MQTT-3.1.2-5"), v3("MQTT-4.5.0-1"), v5("MQTT-4.5.0-1")},
              "hive-like brokers with a retained store only", queueOnResume([](auto &after) {
                  while (after.pending_size() > 1)
                      after.mutable_pending()->erase(after.mutable_pending()->begin());
              })),
        fault("queue-forgets-qos1", "Of what waits for a client only QoS 2 is kept.", {v3("MQTT-3.1.2-5"), v3("MQTT-4.5.0-1"), v5("MQTT-4.5.0-1")}, Asked,
              queueOnResume([](auto &after) { keepOnly(after, [](const auto &message) { return message.publish().qos() == 2; }); })),
        fault("queue-forgets-qos2", "Of what waits for a client only QoS 1 is kept.", {v3("MQTT-3.1.2-5"), v3("MQTT-4.5.0-1"), v5("MQTT-4.5.0-1")}, Asked,
              queueOnResume([](auto &after) { keepOnly(after, [](const auto &message) { return message.publish().qos() < 2; }); })),
        fault("queue-delivered-again", "What was queued, delivered and acknowledged comes again on the next resumption.",
              {v3("MQTT-4.3.2-1#c"), v3("MQTT-4.3.3-1#f"), v5("MQTT-4.3.2-3"), v5("MQTT-4.3.3-6"), v5("MQTT-4.4.0-1#c")}, "NATS 8360, aedes 1087", [](Setup &setup) {
                  const auto stored = std::make_shared<PerClient<v1::ServerSession>>();
                  setup.rules.hooks.push_back(on(Reason::Resumed, [stored](auto &after, const auto &) {
                      auto &kept = (*stored)[after.client_id()];
                      const auto waiting = after.pending();
                      after.mutable_pending()->MergeFrom(kept.pending());
                      *kept.mutable_pending() = waiting;
                  }));
              }),
        fault("queue-stops-after-a-window", "After the first eight messages a resumed session gets no more of its queue.", {v3("MQTT-3.1.2-5"), v3("MQTT-4.5.0-1"), v5("MQTT-4.5.0-1")},
              "FlashMQ 173, Mosquitto 898", [](Setup &setup) {
                  setup.rules.window = [](const Session &session, const Connection &connection, std::uint32_t maximum) {
                      return connection.resumed && connection.sent >= 8 ? 0 : rules::window(session, connection, maximum);
                  };
              }),
        fault("queue-lost-on-second-cut", "A queue that was not emptied before the next cut is lost.", {v5("MQTT-4.5.0-1")},
              "Mosquitto 1650", [](Setup &setup) {
                  const auto resumed = std::make_shared<PerClient<bool>>();
                  setup.rules.hooks.push_back(on(Reason::Resumed, [resumed](auto &after, const auto &) { (*resumed)[after.client_id()] = true; }));
                  setup.rules.hooks.push_back(onLoss([resumed](auto &after) {
                      if ((*resumed)[after.client_id()])
                          after.clear_pending();
                  }));
              }),
    };
}

/// The engine does not know of the client's Maximum Packet Size.
std::function<void(Setup &)> closingOverLargePackets()
{
    return rewriting([] {
        const auto limits = std::make_shared<std::map<LinkId, std::uint32_t>>();
        return Rewriting{.out = [limits](SendAction &send, const LinkFacts &, Actions &more) {
                             const auto limit = limits->find(send.link);
                             const bool isLarge = send.packet.has_publish() && limit != limits->end() &&
                                                  wire::encodedSize(send.packet, send.version) > limit->second;
                             if (isLarge)
                                 more.push_back(CloseAction{send.link, "packet too large"});
                             return !isLarge;
                         },
                         .in = [limits](v1::Packet &packet, const LinkFacts &facts, Actions &) {
                             if (packet.has_connect() && packet.connect().has_maximum_packet_size()) {
                                 (*limits)[facts.link] = packet.connect().maximum_packet_size();
                                 packet.mutable_connect()->clear_maximum_packet_size();
                             }
                             return true;
                         }};
    });
}

Rows oversizeRows()
{
    return {
        fault("oversize-ends-the-connection", "A message above the client's Maximum Packet Size costs it its connection.", {v5("MQTT-3.1.2-25"), v5("MQTT-4.5.0-1")},
              "EMQX 1216", closingOverLargePackets()),
    };
}

std::uint32_t oldest(const LinkFacts &facts)
{
    return facts.outstanding.empty() ? 0 : facts.outstanding.begin()->first;
}

Rows wrongAckRows()
{
    return {
        fault("unknown-puback-completes-another", "A PUBACK with an unknown identifier completes the first message in flight.",
              {v3("MQTT-4.3.2-1#c"), v3("MQTT-4.4.0-1#a"), v5("MQTT-4.3.2-3"), v5("MQTT-4.4.0-1#a")}, "field scenario B51", rewriting([] {
                  return Rewriting{.in = [](v1::Packet &packet, const LinkFacts &facts, Actions &) {
                      // `outstanding` has lost what is acknowledged by now: an unknown identifier is one above all that were given
                      if (packet.puback().packet_id() >= 60'000 && oldest(facts) != 0)
                          packet.mutable_puback()->set_packet_id(oldest(facts));
                      return true;
                  }};
              })),
        fault("puback-completes-qos2", "A PUBACK for a QoS 2 message completes it.", {v3("MQTT-4.3.3-1#c"), v3("MQTT-4.4.0-1#a"), v5("MQTT-4.3.3-3"), v5("MQTT-4.4.0-1#a")},
              "field scenario B51", rewriting([] {
                  const auto sent = std::make_shared<std::map<LinkId, std::set<std::uint32_t>>>();
                  return Rewriting{.out = [sent](SendAction &send, const LinkFacts &, Actions &) {
                                       if (send.packet.publish().qos() == 2)
                                           (*sent)[send.link].insert(send.packet.publish().packet_id());
                                       return true;
                                   },
                                   .in = [sent](v1::Packet &packet, const LinkFacts &facts, Actions &) {
                                       if (!packet.has_puback() || !(*sent)[facts.link].contains(packet.puback().packet_id()))
                                           return true;
                                       const auto id = packet.puback().packet_id();
                                       packet.mutable_pubrec()->set_packet_id(id);
                                       packet.mutable_pubrec()->set_code(0x83);
                                       return true;
                                   }};
              })),
        fault("unknown-ack-opens-the-window", "An acknowledgement with an unknown identifier frees a place in the window.",
              {v5("MQTT-3.3.4-9"), v5("MQTT-4.9.0-2")}, "field scenario B51", [](Setup &setup) {
                  const auto extra = std::make_shared<PerClient<std::uint32_t>>();
                  const auto change = rewriting([extra] {
                      return Rewriting{.in = [extra](v1::Packet &packet, const LinkFacts &facts, Actions &) {
                          if (packet.has_connect())
                              extra->erase(facts.client);
                          if (packet.puback().packet_id() >= 60'000 || packet.pubcomp().packet_id() >= 60'000)
                              ++(*extra)[facts.client];
                          return true;
                      }};
                  });
                  change(setup);
                  setup.rules.window = [extra](const Session &session, const Connection &connection, std::uint32_t maximum) {
                      const auto found = extra->find(session.clientId);
                      return rules::window(session, connection, maximum) + (found == extra->end() ? 0 : found->second);
                  };
              }),
    };
}

} // namespace

Rows flowDeviations()
{
    Rows rows;
    for (auto *more : {&quotaRows, &orderRows, &queueRows, &oversizeRows, &wrongAckRows})
        for (auto &row : more())
            rows.push_back(std::move(row));
    return rows;
}

} // namespace hiatus::broker
