#include "client/net/client.h"

#include "client/net/client_p.h"
#include "proto/session/savedsession.h"

#include <algorithm>
#include <iterator>

namespace hiatus {

Client::Client(QObject *parent) : QObject(parent), d(std::make_unique<Private>(this))
{
    d->connect.set_clean(true);
    d->connect.set_keep_alive(60);
    // So that clients of one start don't come back as one: the only accident in the client, and outside the engine.
    d->options.seed = static_cast<std::uint64_t>(QDateTime::currentMSecsSinceEpoch()) ^ reinterpret_cast<std::uintptr_t>(this);
}

Client::~Client() = default;

QString Client::clientId() const
{
    return QString::fromStdString(d->connect.client_id());
}

bool Client::setClientId(const QString &clientId)
{
    return d->change("clientId", [&] { d->connect.set_client_id(clientId.toStdString()); });
}

bool Client::cleanSession() const
{
    return d->connect.clean();
}

bool Client::setCleanSession(bool clean)
{
    return d->change("cleanSession", [&] { d->connect.set_clean(clean); });
}

quint32 Client::sessionExpiryInterval() const
{
    return d->connect.session_expiry_interval();
}

bool Client::setSessionExpiryInterval(quint32 seconds)
{
    return d->change("sessionExpiryInterval", [&] { d->connect.set_session_expiry_interval(seconds); });
}

quint16 Client::keepAlive() const
{
    return static_cast<quint16>(d->connect.keep_alive());
}

bool Client::setKeepAlive(quint16 seconds)
{
    return d->change("keepAlive", [&] { d->connect.set_keep_alive(seconds); });
}

QString Client::userName() const
{
    return QString::fromStdString(d->connect.user_name());
}

bool Client::setUserName(const QString &name)
{
    return d->change("userName", [&] { d->connect.set_user_name(name.toStdString()); });
}

bool Client::setPassword(const QByteArray &password)
{
    return d->change("password", [&] { d->connect.set_password(password.toStdString()); });
}

bool Client::setWill(const QString &topic, const QByteArray &payload, int qos, bool retain)
{
    return d->change("will", [&] {
        v1::Will &will = *d->connect.mutable_will();
        will.set_topic(topic.toStdString());
        will.set_payload(payload.toStdString());
        will.set_qos(static_cast<std::uint32_t>(qos));
        will.set_retain(retain);
    });
}

bool Client::clearWill()
{
    return d->change("will", [&] { d->connect.clear_will(); });
}

bool Client::setConnectFields(const v1::Connect &connect)
{
    return d->change("connect fields", [&] { d->connect = connect; });
}

Client::Version Client::version() const
{
    return d->options.version == v1::V3 ? Version::Mqtt311 : Version::Mqtt5;
}

bool Client::setVersion(Version version)
{
    return d->configure("version", [&] { d->options.version = version == Version::Mqtt311 ? v1::V3 : v1::V5; });
}

bool Client::automaticReconnect() const
{
    return d->options.automaticReconnect;
}

bool Client::setAutomaticReconnect(bool on)
{
    return d->configure("automaticReconnect", [&] { d->options.automaticReconnect = on; });
}

bool Client::manualAcknowledge() const
{
    return d->options.manualAcknowledge;
}

bool Client::setManualAcknowledge(bool on)
{
    return d->configure("manualAcknowledge", [&] { d->options.manualAcknowledge = on; });
}

bool Client::setResubscribe(bool on)
{
    return d->configure("resubscribe", [&] { d->options.resubscribe = on; });
}

bool Client::setRepublish(bool on)
{
    return d->configure("republish", [&] {
        d->options.onSessionLost = on ? client::OnSessionLost::Republish : client::OnSessionLost::Discard;
    });
}

bool Client::setPubackEndsQos2(bool on)
{
    return d->configure("pubackEndsQos2", [&] { d->options.pubackEndsQos2 = on; });
}

bool Client::connectToHost(const QString &host, quint16 port)
{
    return d->connectTo({host, port, std::nullopt, {}});
}

bool Client::connectToHostEncrypted(const QString &host, quint16 port, const QSslConfiguration &configuration)
{
    return d->connectTo({host, port, configuration, {}});
}

bool Client::connectToUrl(const QUrl &url, const QSslConfiguration &configuration)
{
    struct Scheme { const char *name; int port; bool isTls; bool isWebSocket; };
    static constexpr Scheme schemes[] = {{"mqtt", 1883, false, false}, {"mqtts", 8883, true, false}, {"ws", 80, false, true}, {"wss", 443, true, true}};
    const auto *scheme = std::find_if(std::begin(schemes), std::end(schemes), [&](const Scheme &row) { return url.scheme() == QLatin1String(row.name); });
    if (!url.isValid() || scheme == std::end(schemes) || url.host().isEmpty())
        return d->fail(tr("%1 is no URL of an MQTT server").arg(url.toDisplayString(QUrl::RemovePassword)));
    if (!url.userName().isEmpty() && !(setUserName(url.userName()) && setPassword(url.password().toUtf8())))
        return false;
    client::Peer peer{url.host(), static_cast<quint16>(url.port(scheme->port)), std::nullopt, {}};
    if (scheme->isTls)
        peer.tls = configuration;
    if (scheme->isWebSocket)
        peer.webSocketPath = url.path().isEmpty() ? QStringLiteral("/mqtt") : url.toString(QUrl::RemoveScheme | QUrl::RemoveAuthority | QUrl::FullyEncoded);
    return d->connectTo(std::move(peer));
}

void Client::disconnectFromHost()
{
    d->pump().input([](client::Client &engine, Time now) { return engine.disconnect({}, now); });
}

void Client::disconnectFromHost(quint32 sessionExpiryInterval)
{
    v1::Disconnect disconnect;
    disconnect.set_session_expiry_interval(sessionExpiryInterval);
    d->pump().input([&](client::Client &engine, Time now) { return engine.disconnect(disconnect, now); });
}

qint64 Client::publish(const QString &topic, const QByteArray &payload, int qos, bool retain)
{
    v1::Publish message;
    message.set_topic(topic.toStdString());
    message.set_payload(payload.toStdString());
    message.set_qos(static_cast<std::uint32_t>(qos));
    message.set_retain(retain);
    return publish(message);
}

qint64 Client::publish(const v1::Publish &publish)
{
    client::ClientPump &pump = d->pump();
    return d->started(pump.engine().publish(publish, pump.now()));
}

qint64 Client::subscribe(const QString &filter, int qos)
{
    v1::Subscribe request;
    request.add_filter()->set_filter(filter.toStdString());
    request.mutable_filter(0)->set_qos(static_cast<std::uint32_t>(qos));
    return subscribe(request);
}

qint64 Client::subscribe(const v1::Subscribe &subscribe)
{
    client::ClientPump &pump = d->pump();
    return d->started(pump.engine().subscribe(subscribe, pump.now()));
}

qint64 Client::unsubscribe(const QString &filter)
{
    v1::Unsubscribe request;
    request.add_filter(filter.toStdString());
    client::ClientPump &pump = d->pump();
    return d->started(pump.engine().unsubscribe(request, pump.now()));
}

bool Client::acknowledge(qint64 delivery)
{
    client::ClientPump &pump = d->pump();
    auto actions = pump.engine().acknowledge(static_cast<client::Token>(delivery), pump.now());
    if (!actions)
        return d->fail(QString::fromStdString(actions.error()));
    pump.carryOut(*std::move(actions));
    return true;
}

QString Client::saveSession() const
{
    const client::ClientPump &pump = d->pump();
    const v1::ClientSession session = pump.engine().snapshot(pump.now());
    if (!session.client_id().empty() && session.session_expiry_interval() > 0)
        return QString::fromStdString(hiatus::saveSession(session));
    d->fail(tr("there is no session that outlives its connection"));
    return {};
}

bool Client::restoreSession(const QString &saved)
{
    if (d->state != State::Disconnected)
        return d->fail(tr("a session can't be restored while connected"));
    const auto session = hiatus::restoreSession(saved.toStdString(), d->connect.client_id(), d->pump().now());
    if (!session)
        return d->fail(QString::fromStdString(session.error().text));
    return d->restore(*session);
}

Client::State Client::state() const
{
    return d->state;
}

bool Client::sessionPresent() const
{
    return d->sessionPresent;
}

QString Client::errorString() const
{
    return d->error;
}

} // namespace hiatus
