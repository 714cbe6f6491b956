// CONNECT: may it be accepted, which session does it get, what does CONNACK say.

#include "minibroker/engine/state.h"

namespace hiatus::broker {

namespace {

struct Refusal
{
    std::uint32_t code = 0;
    std::string why;
};

constexpr std::uint32_t Level311 = 4, Level5 = 5;

std::optional<Refusal> badProtocol(Connection &connection, const v1::Connect &packet)
{
    const auto level = packet.has_protocol_level() ? packet.protocol_level() : Level311;
    connection.version = level == Level5 ? v1::V5 : v1::V3;
    if (packet.has_protocol_name() && packet.protocol_name() != "MQTT")
        return Refusal{code::UnsupportedProtocolVersion, "unknown protocol name"};
    if (level != Level311 && level != Level5)
        return Refusal{code::UnsupportedProtocolVersion, "unknown protocol level"};
    return {};
}

/// [3.1.1 MQTT-3.1.3-8] [3.1.1 MQTT-3.1.3-9] [5.0 MQTT-3.1.3-8]
std::optional<Refusal> badClientId(const State &state, const Connection &connection, const v1::Connect &packet)
{
    if (!packet.client_id().empty())
        return {};
    if (!state.options.emptyClientId || (connection.version != v1::V5 && !packet.clean()))
        return Refusal{code::ClientIdentifierNotValid, "empty client identifier"};
    return {};
}

std::optional<Refusal> badUser(const State &state, const v1::Connect &packet)
{
    if (packet.has_authentication_method())
        return Refusal{code::BadAuthenticationMethod, "no enhanced authentication here"};
    if (!packet.has_user_name()) {
        if (state.options.anonymous)
            return {};
        return Refusal{code::NotAuthorized, "a user name is needed"};
    }
    if (state.options.authenticate && !state.options.authenticate(packet.user_name(), packet.password()))
        return Refusal{code::BadUserNameOrPassword, "bad user name or password"};
    return {};
}

/// [5.0 MQTT-3.2.2-12] [5.0 MQTT-3.2.2-13]; 3.1.1 has no code for these: the will is published as we can.
std::optional<Refusal> badWill(const State &state, const Connection &connection, const v1::Connect &packet)
{
    if (!packet.has_will() || connection.version != v1::V5)
        return {};
    if (packet.will().qos() > state.options.maximumQos)
        return Refusal{code::QosNotSupported, "will QoS not supported"};
    if (packet.will().retain() && !state.options.retain)
        return Refusal{code::RetainNotSupported, "no retained messages here"};
    return {};
}

std::optional<Refusal> badValues(const v1::Connect &packet)
{
    if (packet.has_receive_maximum() && packet.receive_maximum() == 0)
        return Refusal{code::ProtocolError, "Receive Maximum 0"};
    if (packet.has_maximum_packet_size() && packet.maximum_packet_size() == 0)
        return Refusal{code::ProtocolError, "Maximum Packet Size 0"};
    return {};
}

std::optional<Refusal> refusalOf(const State &state, Connection &connection, const v1::Connect &packet)
{
    if (auto refusal = badProtocol(connection, packet))
        return refusal;
    if (auto refusal = badValues(packet))
        return refusal;
    if (auto refusal = badUser(state, packet))
        return refusal;
    if (auto refusal = badClientId(state, connection, packet))
        return refusal;
    return badWill(state, connection, packet);
}

/// [5.0 MQTT-3.2.2-16] [3.1.1 MQTT-3.1.3-6]
std::string assignId(State &state)
{
    std::string id;
    do
        id = state.options.assignedPrefix + std::to_string(++state.idsAssigned);
    while (state.sessions.contains(id));
    return id;
}

/// The keep alive that holds for a 5.0 client [5.0 MQTT-3.2.2-21].
std::uint32_t effectiveKeepAlive(const BrokerOptions &options, std::uint32_t asked)
{
    if (options.serverKeepAlive)
        return *options.serverKeepAlive;
    const bool isLonger = options.keepAliveCap && (asked == 0 || asked > *options.keepAliveCap);
    return isLonger ? *options.keepAliveCap : asked;
}

void takeLimits(const State &state, Connection &connection, const v1::Connect &packet)
{
    auto keepAlive = packet.keep_alive();
    if (connection.version == v1::V5) {
        connection.requestedExpiry = packet.session_expiry_interval();
        if (packet.has_receive_maximum())
            connection.receiveMaximum = static_cast<std::uint16_t>(packet.receive_maximum());
        connection.maximumPacketSize = packet.maximum_packet_size();
        connection.topicAliasMaximum = static_cast<std::uint16_t>(
            std::min<std::uint32_t>(packet.topic_alias_maximum(), state.options.topicAliasesUsed));
        keepAlive = effectiveKeepAlive(state.options, keepAlive);
        if (state.options.serverKeepAlive || keepAlive != packet.keep_alive())
            connection.toldKeepAlive = static_cast<std::uint16_t>(keepAlive);
    }
    connection.patience = keepAlive == 0 ? Milliseconds(0) : state.rules.patience(keepAlive);
}

/// The session now belongs to this connection, with the values of its CONNECT.
void attach(State &state, Connection &connection, Session &session, const v1::Connect &packet)
{
    settleWill(state, session);
    connection.session = &session;
    session.connection = &connection;
    session.version = connection.version;
    session.clean = packet.clean();
    session.connectedAt = state.now;
    session.disconnectedAt.reset();
    session.userName = packet.user_name();
    connection.grantedExpiry = state.rules.grantedExpiry(packet, connection.version, state.options.expiryCap);
    session.expiryInterval = connection.grantedExpiry;
    scheduleEnd(state, session, Reason::Resumed);
    if (packet.has_will())
        session.will = std::make_unique<v1::Will>(packet.will());
}

/// What CONNACK need not say is left out.
void describe(const State &state, const Connection &connection, v1::Connack &connack)
{
    const auto &options = state.options;
    if (connection.grantedExpiry != connection.requestedExpiry)
        connack.set_session_expiry_interval(connection.grantedExpiry);
    if (options.receiveMaximum != 65535)
        connack.set_receive_maximum(options.receiveMaximum);
    if (options.maximumQos < 2)
        connack.set_maximum_qos(options.maximumQos);
    if (!options.retain)
        connack.set_retain_available(0);
    if (options.maximumPacketSize != 0)
        connack.set_maximum_packet_size(options.maximumPacketSize);
    if (options.topicAliasMaximum != 0)
        connack.set_topic_alias_maximum(options.topicAliasMaximum);
    if (!options.wildcards)
        connack.set_wildcard_subscription_available(0);
    if (!options.subscriptionIdentifiers)
        connack.set_subscription_identifiers_available(0);
    if (!options.shared)
        connack.set_shared_subscription_available(0);
    if (connection.toldKeepAlive)
        connack.set_server_keep_alive(*connection.toldKeepAlive);
}

/// Says whether CONNACK went out: a client may have set a Maximum Packet Size that it does not fit into.
bool accept(State &state, const Connection &connection, bool sessionPresent, const std::string &assigned)
{
    v1::Packet packet;
    auto &connack = *packet.mutable_connack();
    connack.set_session_present(sessionPresent);
    connack.set_code(0);
    if (connection.version == v1::V5) {
        describe(state, connection, connack);
        if (!assigned.empty())
            connack.set_assigned_client_identifier(assigned);
    }
    return send(state, connection, std::move(packet));
}

Session *find(State &state, const std::string &clientId)
{
    const auto found = state.sessions.find(clientId);
    return found == state.sessions.end() ? nullptr : found->second.get();
}

/// The stored session, its connection taken over and its death by age seen to; nothing if there is none to continue.
Session *storedSession(State &state, const std::string &clientId, ConnectFacts &facts)
{
    auto *session = find(state, clientId);
    if (session != nullptr && session->connection != nullptr) {
        takeOver(state, *session->connection);
        session = find(state, clientId);
    }
    facts.found = session != nullptr;
    facts.expired = facts.found && isExpired(state, *session);
    if (facts.expired && !endSession(state, *session, WillCause::SessionEnded))
        return nullptr;
    return session;
}

void goOn(State &state, Connection &connection, Session &session, const v1::Connect &packet)
{
    v1::ServerSession before;
    if (!state.rules.hooks.empty())
        before = exportSession(session);
    ++session.resumptions;
    connection.resumed = true;
    attach(state, connection, session, packet);
    if (!state.rules.routesToRestored)
        showSubscriptions(state, session);
    runHooks(state, session, before, Reason::Resumed);
}

void startAnew(State &state, Connection &connection, Session *old, const std::string &clientId,
               const v1::Connect &packet)
{
    v1::ServerSession before;
    if (old != nullptr && !state.rules.hooks.empty())
        before = exportSession(*old);
    if (old != nullptr)
        endSession(state, *old, WillCause::CleanStarted);
    auto &session = makeSession(state, clientId);
    attach(state, connection, session, packet);
    if (old != nullptr)
        runHooks(state, session, before, Reason::CleanStarted);
}

std::uint32_t returnCode(std::uint32_t code)
{
    switch (code) {
    case code::UnsupportedProtocolVersion:
        return 1;
    case code::ClientIdentifierNotValid:
        return 2;
    case code::BadUserNameOrPassword:
        return 4;
    case code::NotAuthorized:
        return 5;
    default:
        return 0; // none fits [3.1.1 MQTT-3.2.2-6]
    }
}

} // namespace

void connect(State &state, Connection &connection, const v1::Connect &packet)
{
    if (const auto refusal = refusalOf(state, connection, packet)) {
        refuseConnect(state, connection, refusal->code, refusal->why);
        return;
    }
    const auto assigned = packet.client_id().empty() ? assignId(state) : std::string();
    const auto &clientId = assigned.empty() ? packet.client_id() : assigned;
    ConnectFacts facts{.clean = packet.clean()};
    auto *stored = storedSession(state, clientId, facts);

    takeLimits(state, connection, packet);
    if (stored != nullptr && !facts.clean)
        goOn(state, connection, *stored, packet);
    else
        startAnew(state, connection, stored, clientId, packet);
    noteSession(state, *connection.session);
    armSilence(state, connection);
    if (accept(state, connection, state.rules.sessionPresent(facts), assigned))
        return resume(state, *connection.session);
    close(state, connection, "it would not take CONNACK"); // and nothing comes before CONNACK
    detach(state, connection, Reason::Closed);
}

void refuseConnect(State &state, Connection &connection, std::uint32_t code, const std::string &why)
{
    const auto answer = connection.version == v1::V5 ? code : returnCode(code);
    if (answer != 0 && (connection.version != v1::V5 || state.rules.answersRefusals)) {
        v1::Packet packet;
        packet.mutable_connack()->set_session_present(false);
        packet.mutable_connack()->set_code(answer);
        send(state, connection, std::move(packet));
    }
    close(state, connection, why);
    detach(state, connection, Reason::Closed);
}

} // namespace hiatus::broker
