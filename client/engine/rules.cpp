#include "client/engine/rules.h"

#include "proto/wire/encoder.h"

#include <fmt/format.h>

namespace hiatus::client {

namespace {

/// [5.0 MQTT-3.2.2-4, MQTT-3.2.2-5, MQTT-3.1.2-4] [3.1.1 MQTT-3.1.2-6#a, MQTT-4.8.0-1, A311-1, A311-20]
Presence presence(const PresenceCase &c)
{
    if (c.clean)
        return c.present ? Presence::Impossible : Presence::Fresh;
    if (c.present) {
        const bool mayGoOn = c.known || c.holding || c.version == v1::V3;
        return mayGoOn ? Presence::Resume : Presence::Impossible;
    }
    return c.known || c.holding ? Presence::Lost : Presence::Fresh;
}

/// A reconnect says what the first CONNECT said, but asks for the session that the first one made
/// [3.1.1 MQTT-3.1.2-4#c] [5.0 MQTT-3.1.2-23]. With CleanSession 1 there is none in 3.1.1 [3.1.1 MQTT-3.1.2-6#c].
v1::Connect connectPacket(const v1::Connect &wanted, const SessionState &state, bool again, v1::Version version)
{
    v1::Connect connect = wanted;
    if (again && version == v1::V5 && state.known && wanted.session_expiry_interval() > 0)
        connect.set_clean(false);
    return connect;
}

/// [5.0 MQTT-3.1.2-23, U5-3.2.2.3.2-2]
bool hasExpired(const SessionState &state, Time now)
{
    const std::optional<Time> end = state.endsAt();
    return end && *end <= now;
}

/// [3.1.1 MQTT-2.3.1-1, MQTT-2.3.1-2] [5.0 MQTT-2.2.1-3]
std::optional<PacketId> chooseId(PacketIds &ids)
{
    return ids.take();
}

/// PUBLISH with DUP and its identifier until PUBREC came, then PUBREL and never PUBLISH
/// [3.1.1 MQTT-4.4.0-1#a, -1#b, MQTT-3.3.1-1, MQTT-4.3.3-1#f] [5.0 MQTT-4.4.0-1#a, -1#b, MQTT-3.3.1-1, MQTT-4.3.3-6]
std::optional<v1::Packet> resent(const Outgoing &entry)
{
    v1::Packet packet;
    if (entry.stage == v1::AWAIT_PUBCOMP) {
        packet.mutable_pubrel()->set_packet_id(entry.id);
        return packet;
    }
    *packet.mutable_publish() = entry.message;
    packet.mutable_publish()->set_dup(true);
    packet.mutable_publish()->set_packet_id(entry.id);
    return packet;
}

/// [5.0 MQTT-3.3.4-7, MQTT-4.9.0-1, MQTT-4.9.0-2, D5-11]
std::uint32_t window(const Limits &limits)
{
    return limits.receiveMaximum;
}

/// A PUBREL carried over occupies its place too: fewer than allowed, never more [5.0 MQTT-3.3.4-7, A5-33].
bool occupiesWindow(const Outgoing &entry)
{
    return entry.written || entry.stage == v1::AWAIT_PUBCOMP;
}

/// [5.0 MQTT-3.2.2-11, MQTT-3.2.2-14, MQTT-3.2.2-15]
std::optional<Refusal> refusal(const v1::Publish &publish, const Limits &limits, v1::Version version)
{
    if (version == v1::V3)
        return std::nullopt;
    if (publish.qos() > limits.maximumQos)
        return Refusal{0x9B, fmt::format("the server takes no QoS {}", publish.qos())};
    if (publish.retain() && !limits.retainAvailable)
        return Refusal{0x9A, "the server retains no messages"};
    if (!limits.maximumPacketSize)
        return std::nullopt;
    v1::Packet packet;
    *packet.mutable_publish() = publish;
    const std::size_t size = wire::encodedSize(packet, version);
    if (size > *limits.maximumPacketSize)
        return Refusal{0x95, fmt::format("{} bytes are more than the server's {}", size, *limits.maximumPacketSize)};
    return std::nullopt;
}

/// [3.1.1 MQTT-4.3.3-2#b] [5.0 MQTT-4.3.3-10]
bool isRepeated(const SessionState &state, const v1::Publish &publish)
{
    return state.received.count(static_cast<PacketId>(publish.packet_id())) > 0;
}

/// [3.1.1 MQTT-4.3.3-2#c] [5.0 MQTT-4.3.3-11, MQTT-3.7.2-1]
std::optional<v1::Packet> answerToPubrel(PacketId id, bool known, v1::Version version)
{
    v1::Packet packet;
    packet.mutable_pubcomp()->set_packet_id(id);
    if (!known && version == v1::V5)
        packet.mutable_pubcomp()->set_code(0x92);
    return packet;
}

/// Lets the server be done with it [5.0 A5-28, MQTT-3.6.2-1].
std::optional<v1::Packet> answerToUnknownPubrec(PacketId id, v1::Version version)
{
    v1::Packet packet;
    packet.mutable_pubrel()->set_packet_id(id);
    if (version == v1::V5)
        packet.mutable_pubrel()->set_code(0x92);
    return packet;
}

/// Early enough that a late timer stays within Keep Alive [3.1.1 MQTT-3.1.2-23] [5.0 MQTT-3.1.2-20].
Milliseconds pingAfter(Seconds keepAlive)
{
    return Milliseconds(keepAlive) * 3 / 4;
}

/// Unavailable, busy, over quota or shutting down may pass; a refusal of who or what we are will not, and two clients
/// with one id would push each other off for ever.
bool retries(std::uint32_t code, v1::Version version)
{
    if (version == v1::V3)
        return code == 0 || code == 3;
    switch (code) {
    case 0x84: // unsupported protocol version
    case 0x85: // client identifier not valid
    case 0x86: // bad user name or password
    case 0x87: // not authorized
    case 0x8A: // banned
    case 0x8C: // bad authentication method
    case 0x8E: // session taken over
    case 0x98: // administrative action
    case 0x9C: // use another server
    case 0x9D: // server moved
        return false;
    default:
        return true;
    }
}

} // namespace

Rules standardRules()
{
    Rules rules;
    rules.presence = presence;
    rules.connectPacket = connectPacket;
    rules.hasExpired = hasExpired;
    rules.chooseId = chooseId;
    rules.resent = resent;
    rules.window = window;
    rules.occupiesWindow = occupiesWindow;
    rules.refusal = refusal;
    rules.publishesBeforeConnack = [](v1::Version) { return false; };
    rules.isRepeated = isRepeated;
    rules.answerToPubrel = answerToPubrel;
    rules.answerToUnknownPubrec = answerToUnknownPubrec;
    rules.pingAfter = pingAfter;
    rules.resubscribes = [](bool present, const ClientOptions &options) { return options.resubscribe && !present; };
    rules.retries = retries;
    return rules;
}

} // namespace hiatus::client
