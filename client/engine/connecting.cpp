#include "client/engine/connecting.h"

#include "client/engine/backoff.h"
#include "client/engine/outbound.h"
#include "client/engine/resume.h"
#include "client/engine/subscribing.h"
#include "proto/wire/text.h"
#include "proto/wire/topicfilter.h"

#include <fmt/format.h>

namespace hiatus::client::connecting {

namespace {

using Checked = tl::expected<void, std::string>;

Checked refused(std::string why)
{
    return tl::unexpected(std::move(why));
}

Checked check(const Context &c, const v1::Connect &connect)
{
    if (connect.client_id().empty() && !connect.clean() && !c.isV5())
        return refused("without a client id only a clean session is possible"); // [3.1.1 MQTT-3.1.3-7]
    if (!connect.client_id().empty() && !wire::isUtf8(connect.client_id()))
        return refused("the client id is not UTF-8");
    if (connect.keep_alive() > 65'535)
        return refused("keep alive is at most 65535 seconds");
    if (connect.has_receive_maximum() && (connect.receive_maximum() == 0 || connect.receive_maximum() > 65'535))
        return refused("receive maximum is between 1 and 65535");
    if (connect.has_will() && (!wire::isTopicName(connect.will().topic()) || connect.will().qos() > 2))
        return refused("the will needs a topic name and a QoS up to 2"); // [3.1.1 MQTT-3.1.2-14] [5.0 MQTT-3.1.2-12]
    if (connect.has_password() && !connect.has_user_name() && !c.isV5())
        return refused("a password needs a user name");
    const std::string &owner = c.session.clientId;
    if (!connect.clean() && c.session.known && !connect.client_id().empty() && connect.client_id() != owner)
        return refused(fmt::format("the session held is \"{}\"'s: begin clean, or connect as its owner", owner));
    return {};
}

void open(Context &c)
{
    c.retryAt.reset();
    c.link = {};
    c.link.phase = Phase::Opening;
    c.link.deadline = c.now + c.options.openTimeout;
    c.tell(OpenLink{});
}

Limits limitsOf(const v1::Connack &connack, const v1::Connect &connect)
{
    Limits limits;
    if (connack.has_receive_maximum())
        limits.receiveMaximum = connack.receive_maximum();
    if (connack.has_maximum_qos())
        limits.maximumQos = connack.maximum_qos();
    if (connack.has_maximum_packet_size())
        limits.maximumPacketSize = connack.maximum_packet_size();
    limits.retainAvailable = !connack.has_retain_available() || connack.retain_available() != 0;
    limits.wildcardAvailable =
        !connack.has_wildcard_subscription_available() || connack.wildcard_subscription_available() != 0;
    limits.sharedAvailable = !connack.has_shared_subscription_available() || connack.shared_subscription_available() != 0;
    limits.subscriptionIdsAvailable =
        !connack.has_subscription_identifiers_available() || connack.subscription_identifiers_available() != 0;
    limits.topicAliasMaximum = connack.topic_alias_maximum();
    // The server's word replaces ours [5.0 MQTT-3.1.2-21, MQTT-3.2.2-21].
    limits.keepAlive = Seconds(connack.has_server_keep_alive() ? connack.server_keep_alive() : connect.keep_alive());
    return limits;
}

/// [5.0 U5-3.2.2.3.2-2, MQTT-3.1.2-23] [3.1.1 MQTT-3.1.2-4#c, MQTT-3.1.2-6#c]
std::uint32_t effectiveExpiry(const Context &c, const v1::Connack &connack)
{
    if (!c.isV5())
        return c.link.connect.clean() ? 0 : NeverExpires;
    return connack.has_session_expiry_interval() ? connack.session_expiry_interval()
                                                 : c.link.connect.session_expiry_interval();
}

void adopt(Context &c, const v1::Connack &connack)
{
    c.link.phase = Phase::Connected;
    c.link.deadline.reset();
    c.link.limits = limitsOf(connack, c.link.connect);
    c.failedAttempts = 0;
    if (!connack.assigned_client_identifier().empty())
        c.wanted.set_client_id(connack.assigned_client_identifier());
    c.session.clientId = connack.assigned_client_identifier().empty() ? c.link.connect.client_id()
                                                                      : connack.assigned_client_identifier();
    c.session.expiryInterval = effectiveExpiry(c, connack);
    c.session.known = true;
    c.session.disconnectedAt.reset();
}

void establish(Context &c, const v1::Connack &connack, Presence presence)
{
    adopt(c, connack);
    if (presence == Presence::LostAndLeave) {
        resume::lose(c);
        fail(c, 0, "the server has lost the session");
        return;
    }
    c.tell(ConnectedEvent{connack.session_present(), connack});
    if (presence == Presence::Lost)
        resume::lose(c);
    if (presence == Presence::Resume)
        resume::goOn(c);
    if (c.rules.resubscribes(connack.session_present(), c.options))
        subscribing::again(c);
    outbound::pump(c);
}

void scheduleRetry(Context &c, const Ending &how)
{
    c.stays = c.stays && c.options.automaticReconnect && how.mayRetry;
    if (!c.stays)
        return;
    c.again = true;
    c.retryAt = c.now + backOff(c.options, c.failedAttempts++);
}

/// The connection is over.
void conclude(Context &c, const Ending &how)
{
    const Phase before = c.link.phase;
    subscribing::abandon(c);
    if (before == Phase::Connected)
        resume::connectionEnded(c);
    if (before == Phase::Connecting)
        resume::attemptFailed(c);
    c.link = {};
    scheduleRetry(c, how);
    c.tell(DisconnectedEvent{how.why, how.code, how.byClient, c.retryAt});
}

/// A CONNECT that asked for a session to be kept went out and CONNACK is lost: the session may exist [5.0 A5-29].
void noteUnanswered(Context &c)
{
    const v1::Connect &connect = c.link.connect;
    const bool keeps = !c.isV5() || connect.session_expiry_interval() > 0;
    if (connect.clean() || !keeps || connect.client_id().empty() || c.session.known)
        return;
    c.session.known = true;
    c.session.clientId = connect.client_id();
    c.session.expiryInterval = c.isV5() ? connect.session_expiry_interval() : NeverExpires;
    c.session.disconnectedAt = c.now;
}

} // namespace

Checked connect(Context &c, const v1::Connect &connect)
{
    if (c.link.phase != Phase::Idle)
        return refused(c.isConnected() ? "already connected" : "already connecting");
    if (const Checked checked = check(c, connect); !checked)
        return checked;
    c.wanted = connect;
    if (connect.client_id().empty() && !connect.clean() && c.session.known)
        c.wanted.set_client_id(c.session.clientId); // the identifier that the server assigned names the session
    c.stays = true;
    c.again = false;
    c.failedAttempts = 0;
    open(c);
    return {};
}

void disconnect(Context &c, v1::Disconnect disconnect)
{
    c.stays = false;
    const bool waiting = c.retryAt.has_value();
    c.retryAt.reset();
    if (c.isConnected()) {
        if (c.link.connect.session_expiry_interval() == 0 && disconnect.session_expiry_interval() > 0)
            disconnect.clear_session_expiry_interval(); // would be a protocol error [5.0 U5-3.14.2.2.2-3]
        if (c.isV5() && disconnect.has_session_expiry_interval())
            c.session.expiryInterval = disconnect.session_expiry_interval();
        v1::Packet packet;
        *packet.mutable_disconnect() = std::move(disconnect);
        c.send(std::move(packet));
    }
    if (c.link.phase == Phase::Connecting)
        noteUnanswered(c);
    if (c.link.phase != Phase::Idle)
        leave(c, {"disconnected by the application", std::nullopt, true, false});
    else if (waiting)
        c.tell(DisconnectedEvent{"disconnected by the application", std::nullopt, true, std::nullopt});
}

void opened(Context &c)
{
    if (c.link.phase != Phase::Opening)
        return;
    resume::checkExpiry(c);
    c.link.connect = c.rules.connectPacket(c.wanted, c.session, c.again, c.options.version);
    if (c.link.connect.clean())
        resume::startClean(c);
    c.link.phase = Phase::Connecting;
    c.link.deadline = c.now + c.options.connackTimeout;
    v1::Packet packet;
    *packet.mutable_connect() = c.link.connect;
    c.send(std::move(packet));
    outbound::pump(c);
}

void acknowledged(Context &c, const v1::Connack &connack)
{
    if (c.link.phase != Phase::Connecting)
        return fail(c, 0x82, "a second CONNACK");
    if (connack.code() != 0) {
        const std::string_view name = wire::reasonName(v1::Packet::kConnack, c.options.version, connack.code());
        leave(c, {fmt::format("refused: 0x{:02X} {}", connack.code(), name), connack.code(), false,
                  c.rules.retries(connack.code(), c.options.version)});
        return;
    }
    if (c.link.connect.client_id().empty() && c.isV5() && connack.assigned_client_identifier().empty())
        return fail(c, 0x82, "the server assigned no client identifier");
    const Presence presence = c.rules.presence({c.options.version, c.link.connect.clean(), connack.session_present(),
                                                c.session.known, c.session.holdsOld()});
    if (presence == Presence::Impossible)
        return fail(c, 0x82, "the server claims a session that the client has not", false);
    establish(c, connack, presence);
}

void serverDisconnected(Context &c, const v1::Disconnect &disconnect)
{
    if (!c.isV5())
        return fail(c, 0x82, "a DISCONNECT from the server");
    const std::string_view name = wire::reasonName(v1::Packet::kDisconnect, c.options.version, disconnect.code());
    leave(c, {fmt::format("the server disconnected: 0x{:02X} {}", disconnect.code(), name), disconnect.code(), false,
              c.rules.retries(disconnect.code(), c.options.version)});
}

void closed(Context &c)
{
    if (c.link.phase == Phase::Idle)
        return;
    const bool opening = c.link.phase == Phase::Opening;
    if (c.link.phase == Phase::Connecting)
        noteUnanswered(c);
    conclude(c, {opening ? "no connection could be made" : "the connection was lost", {}, false, true});
}

void fail(Context &c, std::uint32_t code, std::string why, bool mayRetry)
{
    if (c.isV5() && c.link.phase != Phase::Opening) {
        v1::Packet packet;
        packet.mutable_disconnect()->set_code(code);
        c.send(std::move(packet));
    }
    leave(c, {std::move(why), c.isV5() ? std::optional(code) : std::nullopt, true, mayRetry});
}

void leave(Context &c, const Ending &how)
{
    c.tell(CloseLink{how.why});
    conclude(c, how);
}

void advanced(Context &c)
{
    if (c.link.phase == Phase::Idle)
        resume::checkExpiry(c);
    if (c.link.deadline && *c.link.deadline <= c.now) {
        const bool opening = c.link.phase == Phase::Opening;
        if (!opening)
            noteUnanswered(c);
        leave(c, {opening ? "no connection in time" : "no CONNACK in time", {}, false, true});
    }
    if (c.link.phase == Phase::Idle && c.retryAt && *c.retryAt <= c.now)
        open(c);
}

std::optional<Time> nextDeadline(const Context &c)
{
    if (c.link.phase != Phase::Idle)
        return c.link.deadline;
    std::optional<Time> next = c.retryAt;
    if (!c.rules.hasExpired(c.session, Time::max()))
        return next;
    const std::optional<Time> end = c.session.endsAt();
    return !next || (end && *end < *next) ? end : next;
}

} // namespace hiatus::client::connecting
