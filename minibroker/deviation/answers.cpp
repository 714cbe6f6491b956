// Identifiers and codes of acknowledgements, and of what is sent.

#include "minibroker/deviation/filters.h"
#include "minibroker/deviation/rows.h"

#include <algorithm>
#include <set>

namespace hiatus::broker {

namespace {

v1::Ack *ackIn(v1::Packet &packet, v1::Packet::KindCase kind)
{
    if (packet.kind_case() != kind)
        return nullptr;
    switch (kind) {
    case v1::Packet::kPuback:
        return packet.mutable_puback();
    case v1::Packet::kPubrec:
        return packet.mutable_pubrec();
    case v1::Packet::kPubrel:
        return packet.mutable_pubrel();
    default:
        return packet.mutable_pubcomp();
    }
}

std::function<void(Setup &)> otherId(v1::Packet::KindCase kind)
{
    return filtered({.writes = [kind](v1::Packet &packet, const LinkView &) {
        if (auto *ack = ackIn(packet, kind))
            ack->set_packet_id(ack->packet_id() % 65535 + 1);
    }});
}

std::function<void(Setup &)> unlistedCode(v1::Packet::KindCase kind)
{
    return filtered({.writes = [kind](v1::Packet &packet, const LinkView &view) {
        if (auto *ack = ackIn(packet, kind); ack && view.version == v1::V5)
            ack->set_code(0x42);
    }});
}

/// What nobody subscribes to is not acknowledged either.
void acknowledgeOnlyIfRouted(Setup &setup)
{
    const auto receivers = std::make_shared<std::size_t>(0);
    setup.rules.acceptedCode = [receivers](std::size_t count) {
        *receivers = count;
        return rules::acceptedCode(count);
    };
    filtered({.swallows = [receivers](const v1::Packet &packet, const LinkView &view) {
        return (packet.has_puback() || packet.has_pubrec()) && view.last.has_publish() && *receivers == 0;
    }})(setup);
}

Rows identifierRows()
{
    return {
        {.name = "unrouted-not-acknowledged",
         .sentence = "A publication that nobody subscribes to is not acknowledged.",
         .breaks = {v3("MQTT-3.3.4-1"), v3("MQTT-4.3.2-2#a"), v3("MQTT-4.3.3-2#a"), v5("MQTT-3.3.4-1"), v5("MQTT-4.3.2-4"), v5("MQTT-4.3.3-8")},
         .seen = "asked for by the statement",
         .apply = acknowledgeOnlyIfRouted},
        {.name = "puback-with-other-id",
         .sentence = "PUBACK has another identifier than its PUBLISH.",
         .breaks = {v3("MQTT-2.3.1-6"), v3("MQTT-4.3.2-2#a"), v5("MQTT-2.2.1-5"), v5("MQTT-4.3.2-4")},
         .seen = "asked for by the statement",
         .apply = otherId(v1::Packet::kPuback)},
        {.name = "pubrec-with-other-id",
         .sentence = "PUBREC has another identifier than its PUBLISH.",
         .breaks = {v3("MQTT-2.3.1-6"), v3("MQTT-4.3.3-2#a"), v5("MQTT-2.2.1-5"), v5("MQTT-4.3.3-8")},
         .seen = "asked for by the statement",
         .apply = otherId(v1::Packet::kPubrec)},
        {.name = "pubcomp-with-other-id",
         .sentence = "PUBCOMP has another identifier than its PUBREL.",
         .breaks = {v3("MQTT-4.3.3-2#c"), v5("MQTT-2.2.1-5"), v5("MQTT-4.3.3-11")},
         .seen = "asked for by the statement",
         .apply = otherId(v1::Packet::kPubcomp)},
        {.name = "pubrel-with-other-id",
         .sentence = "PUBREL has another identifier than its PUBREC.",
         .breaks = {v3("MQTT-2.3.1-6"), v3("MQTT-4.3.3-1#d"), v5("MQTT-2.2.1-5"), v5("MQTT-4.3.3-4"), v3("MQTT-4.4.0-1#b"), v5("MQTT-4.4.0-1#b")},
         .seen = "asked for by the statement",
         .apply = otherId(v1::Packet::kPubrel)},
        {.name = "resend-with-id-0",
         .sentence = "What is sent again has packet identifier 0.",
         .breaks = {v3("MQTT-2.3.1-1"), v5("MQTT-2.2.1-4")},
         .seen = "asked for by the statement",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &) {
             if (packet.publish().dup())
                 packet.mutable_publish()->set_packet_id(0);
         }})},
    };
}

Rows codeRows()
{
    const auto row = [](std::string name, std::string sentence, std::string statement, v1::Packet::KindCase kind) {
        return Alteration{.name = std::move(name), .sentence = std::move(sentence), .breaks = {v5(std::move(statement))}, .seen = "asked for by the statement", .apply = unlistedCode(kind)};
    };
    return {
        row("puback-with-unlisted-code", "PUBACK has a code that is not listed.", "MQTT-3.4.2-1", v1::Packet::kPuback),
        row("pubrec-with-unlisted-code", "PUBREC has a code that is not listed.", "MQTT-3.5.2-1", v1::Packet::kPubrec),
        row("pubrel-with-unlisted-code", "PUBREL has a code that is not listed.", "MQTT-3.6.2-1", v1::Packet::kPubrel),
        row("pubcomp-with-unlisted-code", "PUBCOMP has a code that is not listed.", "MQTT-3.7.2-1", v1::Packet::kPubcomp),
    };
}

/// DUP of the outgoing PUBLISH as it was on the incoming one.
Filtering dupCopied()
{
    const auto repeated = std::make_shared<std::set<std::pair<std::string, std::string>>>();
    return {.reads =
                [repeated](v1::Packet &packet, const LinkView &) {
                    if (packet.publish().dup())
                        repeated->insert({packet.publish().topic(), packet.publish().payload()});
                },
            .writes =
                [repeated](v1::Packet &packet, const LinkView &) {
                    if (packet.publish().qos() > 0 && repeated->contains({packet.publish().topic(), packet.publish().payload()}))
                        packet.mutable_publish()->set_dup(true);
                }};
}

/// What is in flight to a client goes when the client uses its identifier for a publication of its own.
void shareIdentifiers(Setup &setup)
{
    const auto used = std::make_shared<PerClient<std::set<std::uint32_t>>>();
    filtered({.reads = [used](v1::Packet &packet, const LinkView &view) {
        if (packet.publish().qos() > 0)
            (*used)[view.connect.client_id()].insert(packet.publish().packet_id());
    }})(setup);
    setup.rules.resends = [used](const Session &session, const Inflight &inflight, Time now) {
        return !(*used)[session.clientId].contains(inflight.packetId) && rules::resends(session, inflight, now);
    };
}

/// An identifier that a client has used for QoS 1 is taken for a repetition ever after.
Filtering rememberQos1()
{
    const auto used = std::make_shared<PerClient<std::set<std::uint32_t>>>();
    return {.answers = [used](const v1::Packet &packet, const LinkView &view) {
        std::vector<v1::Packet> answer;
        if (packet.publish().qos() == 1 && !(*used)[view.connect.client_id()].insert(packet.publish().packet_id()).second)
            answer.emplace_back().mutable_puback()->set_packet_id(packet.publish().packet_id());
        return answer;
    }};
}

Rows spaceRows()
{
    return {
        {.name = "identifiers-shared-by-directions",
         .sentence = "An identifier used by the client ends the exchange of the broker that has the same.",
         .breaks = {v3("U311-2.3.1-1"), v3("MQTT-4.4.0-1#a"), v3("MQTT-4.4.0-1#b"), v5("U5-2.2.1-2"), v5("MQTT-4.4.0-1#a"), v5("MQTT-4.4.0-1#b")},
         .seen = "mqtt-lib had one table for both",
         .apply = shareIdentifiers},
        {.name = "qos-1-ids-remembered",
         .sentence = "A QoS 1 identifier that was used before is acknowledged and its message dropped.",
         .breaks = {v3("MQTT-4.3.2-2#b"), v3("MQTT-4.5.0-1"), v5("U5-2.2.1-1"), v5("MQTT-4.3.2-5"), v5("MQTT-4.5.0-1")},
         .seen = "brokers that treat QoS 1 as QoS 2",
         .apply = filtered(rememberQos1)},
        {.name = "pubcomp-0x92-ignored",
         .sentence = "A PUBCOMP 0x92 does not end the exchange.",
         .breaks = {v5("U5-2.4-1")},
         .seen = "asked for by the statement",
         .apply = filtered({.ignores = [](const v1::Packet &packet, const LinkView &) { return packet.pubcomp().code() == 0x92; }})},
    };
}

Rows flagRows()
{
    return {
        {.name = "first-copy-with-dup",
         .sentence = "What is sent for the first time has DUP 1.",
         .breaks = {v3("MQTT-4.3.2-1#b"), v3("MQTT-4.3.3-1#b"), v3("MQTT-3.3.1-3"), v5("MQTT-4.3.2-2"), v5("MQTT-4.3.3-2"), v5("MQTT-3.3.1-3")},
         .seen = "asked for by the statement",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &) {
             if (packet.publish().qos() > 0)
                 packet.mutable_publish()->set_dup(true);
         }})},
        {.name = "resends-reversed",
         .sentence = "What is sent again comes in the reverse order.",
         .breaks = {v3("MQTT-4.6.0-6#a")},
         .seen = "brokers that keep what is in flight in a stack",
         .apply =
             [](Setup &setup) {
                 setup.rules.hooks.push_back(on(Reason::Resumed, [](auto &after, const auto &) {
                     std::reverse(after.mutable_inflight()->begin(), after.mutable_inflight()->end());
                 }));
             }},
        {.name = "dup-at-qos-0",
         .sentence = "A PUBLISH of QoS 0 has DUP 1.",
         .breaks = {v3("MQTT-3.3.1-2"), v5("MQTT-3.3.1-2")},
         .seen = "asked for by the statement",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &) {
             if (packet.has_publish() && packet.publish().qos() == 0)
                 packet.mutable_wire()->set_flags(8u | (packet.publish().retain() ? 1u : 0u));
         }})},
        {.name = "publish-with-qos-3",
         .sentence = "A PUBLISH goes out with both QoS bits set.",
         .breaks = {v5("MQTT-3.3.1-4")},
         .seen = "asked for by the statement",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &) {
             if (packet.publish().qos() == 2)
                 packet.mutable_wire()->set_flags(6);
         }})},
        {.name = "puback-of-the-other-version",
         .sentence = "A 3.1.1 PUBACK has a reason code, as in 5.0.",
         .breaks = {v3("U311-7.1.1-1")},
         .seen = "brokers with one encoder for both versions",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &view) {
             if (packet.has_puback() && view.version == v1::V3)
                 packet.mutable_wire()->set_append_hex("00");
         }})},
        {.name = "dup-copied-from-publisher",
         .sentence = "A PUBLISH goes out with the DUP that its publisher sent.",
         .breaks = {v3("MQTT-3.3.1-3"), v5("MQTT-3.3.1-3"), v3("MQTT-4.3.2-1#b"), v5("MQTT-4.3.2-2"), v3("MQTT-4.3.3-1#b"), v5("MQTT-4.3.3-2")},
         .seen = "asked for by the statement",
         .apply = filtered(dupCopied)},
        {.name = "pubrel-with-other-flags",
         .sentence = "A PUBREL that is sent again has the DUP flag of MQTT 3.1.",
         .breaks = {v3("MQTT-3.6.1-1"), v5("MQTT-3.6.1-1")},
         .seen = "brokers that grew from 3.1",
         .apply = filtered({.writes = [](v1::Packet &packet, const LinkView &view) {
             if (packet.has_pubrel() && view.isResumed)
                 packet.mutable_wire()->set_flags(0x0A);
         }})},
    };
}

} // namespace

Rows answerDeviations()
{
    Rows rows = identifierRows();
    for (auto *more : {&codeRows, &flagRows, &spaceRows})
        for (auto &row : more())
            rows.push_back(std::move(row));
    return rows;
}

} // namespace hiatus::broker
