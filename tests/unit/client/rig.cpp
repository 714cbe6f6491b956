#include "tests/unit/client/rig.h"

#include "client/deviation/makeclient.h"
#include "proto/session/savedsession.h"
#include "proto/wire/text.h"

#include <QTest>

namespace hiatus::client {

namespace {

QString line(const std::string &text)
{
    return QString::fromStdString(text);
}

QString publishLine(const v1::Publish &publish)
{
    QString text = QStringLiteral("PUBLISH");
    if (publish.qos() > 0)
        text += QStringLiteral(" %1").arg(publish.packet_id());
    text += QStringLiteral(" q%1").arg(publish.qos());
    if (publish.dup())
        text += QStringLiteral(" dup");
    if (publish.topic_alias() > 0)
        text += QStringLiteral(" alias %1").arg(publish.topic_alias());
    return text + QStringLiteral(" %1=%2").arg(line(publish.topic()), line(publish.payload()));
}

QString ackLine(const char *name, const v1::Ack &ack)
{
    QString text = QStringLiteral("%1 %2").arg(QLatin1String(name)).arg(ack.packet_id());
    return ack.code() == 0 ? text : text + QStringLiteral(" 0x%1").arg(ack.code(), 2, 16, QLatin1Char('0'));
}

QString packetLine(const v1::Packet &packet)
{
    switch (packet.kind_case()) {
    case v1::Packet::kPublish: return publishLine(packet.publish());
    case v1::Packet::kPuback: return ackLine("PUBACK", packet.puback());
    case v1::Packet::kPubrec: return ackLine("PUBREC", packet.pubrec());
    case v1::Packet::kPubrel: return ackLine("PUBREL", packet.pubrel());
    case v1::Packet::kPubcomp: return ackLine("PUBCOMP", packet.pubcomp());
    case v1::Packet::kConnect:
        return QStringLiteral("CONNECT %1%2").arg(line(packet.connect().client_id()),
                                                  packet.connect().clean() ? QStringLiteral(" clean") : QString());
    case v1::Packet::kSubscribe: return QStringLiteral("SUBSCRIBE %1").arg(packet.subscribe().packet_id());
    case v1::Packet::kUnsubscribe: return QStringLiteral("UNSUBSCRIBE %1").arg(packet.unsubscribe().packet_id());
    case v1::Packet::kDisconnect: return QStringLiteral("DISCONNECT 0x%1").arg(packet.disconnect().code(), 2, 16, QLatin1Char('0'));
    default: return QString::fromLatin1(wire::kindName(packet.kind_case()).data());
    }
}

} // namespace

Rig::Rig(ClientOptions options, Life life, std::vector<std::string> alterations)
    : m_options(options), m_life(life), m_alterations(std::move(alterations)), m_client(made())
{
    if (!m_client)
        qFatal("unknown alteration");
}

std::unique_ptr<Client> Rig::made() const
{
    return makeClient(m_options, m_alterations);
}

v1::Connect Rig::usual(bool clean, std::uint32_t expiry) const
{
    v1::Connect connect;
    connect.set_client_id("c");
    connect.set_clean(clean);
    if (m_options.version == v1::V5 && expiry > 0)
        connect.set_session_expiry_interval(expiry);
    return connect;
}

void Rig::begin(const v1::Connect &connect)
{
    const auto actions = m_client->connect(connect, m_now);
    if (!actions)
        qFatal("connect refused: %s", actions.error().c_str());
    carryOut(*actions);
    opened();
}

void Rig::connect(const v1::Connect &connect, bool sessionPresent, v1::Connack connack)
{
    begin(connect);
    sent();
    connack.set_session_present(sessionPresent);
    v1::Packet packet;
    *packet.mutable_connack() = connack;
    receive(packet);
}

void Rig::connect(bool clean, bool sessionPresent, std::uint32_t expiry)
{
    connect(usual(clean, expiry), sessionPresent);
}

void Rig::cut()
{
    closed();
    if (m_life == Life::Kept)
        return;
    const v1::ClientSession state = m_client->snapshot(m_now);
    m_client = made();
    if (m_life == Life::FromState) {
        if (const auto restored = m_client->restore(state, m_now); !restored)
            qFatal("restore refused: %s", restored.error().c_str());
        return;
    }
    const auto read = restoreSession(saveSession(state), "c", m_now);
    if (!read || !m_client->restore(*read, m_now))
        qFatal("restore from string refused");
}

Token Rig::publish(const std::string &topic, const std::string &payload, std::uint32_t qos)
{
    v1::Publish message;
    message.set_topic(topic);
    message.set_payload(payload);
    message.set_qos(qos);
    return publish(message);
}

Token Rig::publish(const v1::Publish &message)
{
    const auto started = m_client->publish(message, m_now);
    if (!started) {
        m_events << QStringLiteral("refused: ") + line(started.error());
        return 0;
    }
    carryOut(started->actions);
    return started->token;
}

Token Rig::subscribe(const v1::Subscribe &subscribe)
{
    const auto started = m_client->subscribe(subscribe, m_now);
    if (!started) {
        m_events << QStringLiteral("refused: ") + line(started.error());
        return 0;
    }
    carryOut(started->actions);
    return started->token;
}

std::string Rig::acknowledge(Token token)
{
    const auto actions = m_client->acknowledge(token, m_now);
    if (!actions)
        return actions.error();
    carryOut(*actions);
    return {};
}

void Rig::disconnect(const v1::Disconnect &disconnect)
{
    carryOut(m_client->disconnect(disconnect, m_now));
}

void Rig::receive(const v1::Packet &packet)
{
    carryOut(m_client->received(packet, m_now));
}

void Rig::receivePublish(const std::string &topic, const std::string &payload, std::uint32_t qos, std::uint32_t id, bool dup)
{
    v1::Packet packet;
    v1::Publish &publish = *packet.mutable_publish();
    publish.set_topic(topic);
    publish.set_payload(payload);
    publish.set_qos(qos);
    publish.set_dup(dup);
    if (qos > 0)
        publish.set_packet_id(id);
    receive(packet);
}

void Rig::puback(std::uint32_t id, std::uint32_t code)
{
    v1::Packet packet;
    packet.mutable_puback()->set_packet_id(id);
    packet.mutable_puback()->set_code(code);
    receive(packet);
}

void Rig::pubrec(std::uint32_t id, std::uint32_t code)
{
    v1::Packet packet;
    packet.mutable_pubrec()->set_packet_id(id);
    packet.mutable_pubrec()->set_code(code);
    receive(packet);
}

void Rig::pubrel(std::uint32_t id)
{
    v1::Packet packet;
    packet.mutable_pubrel()->set_packet_id(id);
    receive(packet);
}

void Rig::pubcomp(std::uint32_t id, std::uint32_t code)
{
    v1::Packet packet;
    packet.mutable_pubcomp()->set_packet_id(id);
    packet.mutable_pubcomp()->set_code(code);
    receive(packet);
}

void Rig::opened()
{
    carryOut(m_client->opened(m_now));
}

void Rig::closed()
{
    carryOut(m_client->closed(m_now));
}

void Rig::pass(Milliseconds time)
{
    m_now += time;
    carryOut(m_client->advanced(m_now));
}

void Rig::toDeadline()
{
    const std::optional<Time> deadline = m_client->nextDeadline();
    if (!deadline)
        qFatal("no deadline");
    pass(*deadline - m_now);
}

QStringList Rig::sent()
{
    return std::exchange(m_sent, {});
}

QStringList Rig::events()
{
    return std::exchange(m_events, {});
}

void Rig::carryOut(const Actions &actions)
{
    for (const Action &action : actions)
        note(action);
}

void Rig::note(const Action &action)
{
    if (const auto *send = std::get_if<SendPacket>(&action)) {
        m_packets.push_back(send->packet);
        m_sent << packetLine(send->packet);
    } else if (std::holds_alternative<OpenLink>(action)) {
        m_events << QStringLiteral("open");
    } else if (std::holds_alternative<CloseLink>(action)) {
        m_events << QStringLiteral("close");
    } else if (const auto *connected = std::get_if<ConnectedEvent>(&action)) {
        m_events << (connected->sessionPresent ? QStringLiteral("connected, present") : QStringLiteral("connected"));
    } else if (const auto *disconnected = std::get_if<DisconnectedEvent>(&action)) {
        m_events << (disconnected->retryAt ? QStringLiteral("disconnected, retries") : QStringLiteral("disconnected"));
    } else if (const auto *delivered = std::get_if<DeliveredEvent>(&action)) {
        m_lastDelivery = delivered->token;
        m_events << QStringLiteral("delivered %1=%2").arg(line(delivered->publish.topic()), line(delivered->publish.payload()));
    } else if (const auto *completed = std::get_if<CompletedEvent>(&action)) {
        m_events << (completed->error.empty() ? QStringLiteral("completed %1").arg(completed->code)
                                              : QStringLiteral("given up"));
    } else if (const auto *subscribed = std::get_if<SubscribedEvent>(&action)) {
        m_events << (subscribed->error.empty() ? QStringLiteral("subscribed") : QStringLiteral("not subscribed"));
    } else if (const auto *lost = std::get_if<SessionLostEvent>(&action)) {
        m_events << QStringLiteral("session lost %1 %2").arg(lost->discardedPublishes).arg(lost->discardedReceipts);
    }
}

QStringList lines(std::initializer_list<const char *> all)
{
    QStringList list;
    for (const char *each : all)
        list << QString::fromLatin1(each);
    return list;
}

void addVersions()
{
    QTest::addColumn<v1::Version>("version");
    QTest::newRow("3.1.1") << v1::V3;
    QTest::newRow("5.0") << v1::V5;
}

void addLives()
{
    QTest::addColumn<v1::Version>("version");
    QTest::addColumn<Life>("life");
    const std::pair<const char *, Life> lives[] = {
        {"client kept", Life::Kept}, {"rebuilt from state", Life::FromState}, {"rebuilt from string", Life::FromString}};
    for (const auto &[name, life] : lives) {
        QTest::addRow("3.1.1, %s", name) << v1::V3 << life;
        QTest::addRow("5.0, %s", name) << v1::V5 << life;
    }
}

Rig rigOfLife()
{
    QFETCH(v1::Version, version);
    QFETCH(Life, life);
    ClientOptions options;
    options.version = version;
    return Rig(options, life);
}

Rig rigOfVersion(ClientOptions options)
{
    QFETCH(v1::Version, version);
    options.version = version;
    return Rig(std::move(options));
}

v1::Subscribe subscribeTo(const char *filter)
{
    v1::Subscribe subscribe;
    subscribe.add_filter()->set_filter(filter);
    subscribe.mutable_filter(0)->set_qos(1);
    return subscribe;
}

v1::Packet connackOf(bool present, std::uint32_t code)
{
    v1::Packet packet;
    packet.mutable_connack()->set_session_present(present);
    packet.mutable_connack()->set_code(code);
    return packet;
}

} // namespace hiatus::client
