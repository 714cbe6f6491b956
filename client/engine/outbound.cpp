#include "client/engine/outbound.h"

#include "client/engine/aliasing.h"
#include "client/engine/connecting.h"
#include "proto/wire/topicfilter.h"

#include <fmt/format.h>

#include <algorithm>

namespace hiatus::client::outbound {

namespace {

using Checked = tl::expected<void, std::string>;

Checked check(const v1::Publish &publish)
{
    if (!wire::isTopicName(publish.topic()))
        return tl::unexpected<std::string>("not a topic name: \"" + publish.topic() + "\"");
    if (publish.qos() > 2)
        return tl::unexpected<std::string>("QoS is 0, 1 or 2"); // [3.1.1 MQTT-3.3.1-4] [5.0 MQTT-3.3.1-4]
    if (publish.subscription_identifier_size() > 0)
        return tl::unexpected<std::string>("subscription identifiers are the server's"); // [5.0 MQTT-3.3.4-6]
    return {};
}

/// The message without what belongs to one transmission.
v1::Publish messageOf(const v1::Publish &publish)
{
    v1::Publish message = publish;
    message.clear_dup();
    message.clear_packet_id();
    message.set_qos(publish.qos());
    return message;
}

std::optional<Time> expiryOf(const Context &c, const v1::Publish &message)
{
    if (!c.isV5() || !message.has_message_expiry_interval())
        return std::nullopt;
    return c.now + Seconds(message.message_expiry_interval());
}

/// The time it waited here is taken off the message expiry interval.
void shorten(v1::Publish &message, const std::optional<Time> &expiresAt, Time now)
{
    if (!expiresAt)
        return;
    const Milliseconds left = *expiresAt - now;
    message.set_message_expiry_interval(static_cast<std::uint32_t>((left.count() + 999) / 1000));
}

void sendQos0(Context &c, Token token, const v1::Publish &message)
{
    if (const auto refusal = c.rules.refusal(message, c.link.limits, c.options.version)) {
        c.tell(CompletedEvent{token, refusal->code, refusal->why});
        return;
    }
    v1::Packet packet;
    *packet.mutable_publish() = aliased(c, message);
    c.send(std::move(packet));
    c.tell(CompletedEvent{token, 0, {}});
}

bool maySend(const Context &c)
{
    if (c.link.phase == Phase::Connecting)
        return c.rules.publishesBeforeConnack(c.options.version) && c.session.isEmpty();
    return c.isConnected();
}

bool windowIsOpen(const Context &c)
{
    const std::uint32_t window = c.rules.window(c.link.limits);
    if (c.session.inflight.size() < window)
        return true;
    const auto open = std::count_if(c.session.inflight.begin(), c.session.inflight.end(), c.rules.occupiesWindow);
    return static_cast<std::uint32_t>(open) < window;
}

void remove(Context &c, const Outgoing &entry)
{
    auto &inflight = c.session.inflight;
    const auto found =
        std::find_if(inflight.begin(), inflight.end(), [&entry](const Outgoing &other) { return &other == &entry; });
    inflight.erase(found);
}

/// The server may know a QoS 2 message that can't be sent again: its identifier stays out of use.
void giveUp(Context &c, const Outgoing &entry, const Refusal &refusal)
{
    c.tell(CompletedEvent{entry.token, refusal.code, refusal.why});
    if (entry.stage == v1::AWAIT_PUBREC)
        c.retired.insert(entry.id);
    else
        c.ids.free(entry.id);
    remove(c, entry);
}

/// Sends one unfinished exchange again; false if it has to wait for room.
bool resend(Context &c, Outgoing &entry)
{
    const bool isRelease = entry.stage == v1::AWAIT_PUBCOMP; // never waits for room [5.0 MQTT-3.3.4-8, MQTT-4.9.0-3]
    if (!isRelease && !windowIsOpen(c))
        return false;
    entry.written = true;
    if (std::optional<v1::Packet> packet = c.rules.resent(entry)) {
        if (packet->has_publish())
            packet->mutable_publish()->clear_topic_alias(); // aliases died with the connection [5.0 D5-9]
        c.send(*std::move(packet));
    }
    return true;
}

/// True when nothing of earlier connections is left to send.
bool resendAll(Context &c)
{
    if (c.link.resentAll)
        return true;
    bool allWent = true;
    for (std::size_t i = 0; i < c.session.inflight.size();) {
        Outgoing &entry = c.session.inflight[i];
        if (entry.written) {
            ++i;
            continue;
        }
        const auto refusal = entry.stage == v1::AWAIT_PUBCOMP
                                 ? std::nullopt
                                 : c.rules.refusal(entry.message, c.link.limits, c.options.version);
        if (refusal) {
            giveUp(c, entry, *refusal);
            continue;
        }
        if (entry.stage == v1::AWAIT_PUBCOMP || allWent)
            allWent = resend(c, entry) && allWent;
        ++i;
    }
    c.link.resentAll = allWent;
    return allWent;
}

void sendNew(Context &c, Queued queued, PacketId id)
{
    shorten(queued.message, queued.expiresAt, c.now);
    v1::Packet packet;
    *packet.mutable_publish() = aliased(c, queued.message);
    packet.mutable_publish()->set_packet_id(id);
    packet.mutable_publish()->set_dup(false);
    const v1::Stage stage = queued.message.qos() == 1 ? v1::AWAIT_PUBACK : v1::AWAIT_PUBREC;
    c.session.inflight.push_back({queued.token, id, stage, std::move(queued.message), queued.expiresAt, true});
    c.send(std::move(packet));
}

/// A message that will never be sent; nothing if it may.
std::optional<Refusal> obstacle(const Context &c, const Queued &queued)
{
    if (queued.expiresAt && *queued.expiresAt <= c.now)
        return Refusal{0, "the message expired before it could be sent"};
    return c.rules.refusal(queued.message, c.link.limits, c.options.version);
}

void sendPending(Context &c)
{
    auto &pending = c.session.pending;
    while (!pending.empty()) {
        if (const auto refusal = obstacle(c, pending.front())) {
            c.tell(CompletedEvent{pending.front().token, refusal->code, refusal->why});
            pending.pop_front();
            continue;
        }
        if (!windowIsOpen(c))
            return;
        const std::optional<PacketId> id = c.rules.chooseId(c.ids);
        if (!id)
            return; // all 65,535 are in use: the next acknowledgement frees one
        Queued next = std::move(pending.front());
        pending.pop_front();
        sendNew(c, std::move(next), *id);
        if (!c.isConnected())
            return; // before CONNACK: one, for the server's Receive Maximum isn't known
    }
}

void complete(Context &c, Outgoing &entry, std::uint32_t code)
{
    c.tell(CompletedEvent{entry.token, code, {}});
    c.ids.free(entry.id);
    remove(c, entry);
    pump(c);
}

/// From now on PUBREL only, in the order in which the PUBRECs came [3.1.1 MQTT-4.6.0-4] [5.0 MQTT-4.6.0-4].
Outgoing &release(SessionState &session, PacketId id)
{
    auto &inflight = session.inflight;
    const auto entry = std::find_if(inflight.begin(), inflight.end(), [id](const Outgoing &e) { return e.id == id; });
    auto last = entry;
    for (auto it = entry; it != inflight.end(); ++it) {
        if (it->stage == v1::AWAIT_PUBCOMP)
            last = it;
    }
    entry->stage = v1::AWAIT_PUBCOMP;
    std::rotate(entry, entry + 1, last + 1);
    return *last;
}

void sendPubrel(Context &c, PacketId id)
{
    v1::Packet packet;
    packet.mutable_pubrel()->set_packet_id(id);
    c.send(std::move(packet));
}

} // namespace

tl::expected<Token, std::string> publish(Context &c, const v1::Publish &publish)
{
    if (const Checked checked = check(publish); !checked)
        return tl::unexpected(checked.error());
    if (publish.qos() == 0 && !c.isConnected())
        return tl::unexpected<std::string>("not connected: QoS 0 is not kept");
    if (c.session.pending.size() >= c.options.maximumPending)
        return tl::unexpected(fmt::format("{} messages wait already", c.session.pending.size()));
    const Token token = ++c.lastToken;
    if (publish.qos() == 0) {
        sendQos0(c, token, messageOf(publish));
        return token;
    }
    c.session.pending.push_back({token, messageOf(publish), expiryOf(c, publish)});
    pump(c);
    return token;
}

void pump(Context &c)
{
    if (!maySend(c))
        return;
    if (!c.isConnected() || resendAll(c))
        sendPending(c);
}

void puback(Context &c, const v1::Ack &ack)
{
    Outgoing *entry = c.session.find(static_cast<PacketId>(ack.packet_id()));
    if (!entry)
        return; // late: what it acknowledged is over [5.0 A5-38]
    const bool isLowered = entry->stage == v1::AWAIT_PUBREC && c.options.pubackEndsQos2;
    if (entry->stage != v1::AWAIT_PUBACK && !isLowered)
        return connecting::fail(c, 0x82, "PUBACK for a QoS 2 message");
    complete(c, *entry, ack.code());
}

void pubrec(Context &c, const v1::Ack &ack)
{
    const auto id = static_cast<PacketId>(ack.packet_id());
    Outgoing *entry = c.session.find(id);
    if (!entry) {
        if (std::optional<v1::Packet> answer = c.rules.answerToUnknownPubrec(id, c.options.version))
            c.send(*std::move(answer));
        return;
    }
    if (entry->stage == v1::AWAIT_PUBACK)
        return connecting::fail(c, 0x82, "PUBREC for a QoS 1 message");
    if (entry->stage == v1::AWAIT_PUBREC && c.isV5() && ack.code() >= 0x80)
        return complete(c, *entry, ack.code()); // no PUBREL, the identifier is free [5.0 MQTT-4.4.0-2]
    if (entry->stage == v1::AWAIT_PUBREC)
        release(c.session, id).written = true;
    sendPubrel(c, id); // each PUBREC gets one [3.1.1 MQTT-4.3.3-1#d] [5.0 MQTT-4.3.3-4]
}

void pubcomp(Context &c, const v1::Ack &ack)
{
    const auto id = static_cast<PacketId>(ack.packet_id());
    if (c.retired.count(id) > 0)
        return;
    Outgoing *entry = c.session.find(id);
    if (!entry)
        return;
    if (entry->stage != v1::AWAIT_PUBCOMP)
        return connecting::fail(c, 0x82, "PUBCOMP before PUBREL");
    complete(c, *entry, ack.code());
}

} // namespace hiatus::client::outbound
