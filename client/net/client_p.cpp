#include "client/net/client_p.h"

#include "client/engine/clientengine.h"

#include <QLoggingCategory>

#include <utility>
#include <variant>

namespace hiatus {

namespace {

Q_LOGGING_CATEGORY(log, "hiatus.client")

bool hasExpired(const v1::ClientSession &session, Time now)
{
    if (session.session_expiry_interval() == NeverExpires)
        return false;
    if (session.session_expiry_interval() == 0)
        return true;
    return session.has_disconnected_at()
        && Time(Milliseconds(session.disconnected_at())) + Seconds(session.session_expiry_interval()) <= now;
}

} // namespace

bool Client::Private::change(const char *property, const std::function<void()> &set)
{
    if (state != State::Disconnected) {
        error = tr("%1 can't be changed once connected").arg(QLatin1String(property));
        qCWarning(log).noquote() << error;
        return false;
    }
    set();
    return true;
}

bool Client::Private::configure(const char *property, const std::function<void()> &set)
{
    if (enginePump) {
        error = tr("%1 can't be changed once the client is in use").arg(QLatin1String(property));
        qCWarning(log).noquote() << error;
        return false;
    }
    set();
    return true;
}

client::ClientPump &Client::Private::pump()
{
    if (enginePump)
        return *enginePump;
    enginePump = std::make_unique<client::ClientPump>(std::make_unique<client::ClientEngine>(options), options.version);
    enginePump->setBeforeSending([this] { store(); });
    QObject::connect(enginePump.get(), &client::ClientPump::happened, q,
                     [this](const client::Action &event) { happened(event); });
    QObject::connect(enginePump.get(), &client::ClientPump::socketFailed, q, [this](const QString &why) { socketError = why; });
    return *enginePump;
}

bool Client::Private::connectTo(client::Peer peer)
{
    if (state == State::Connected || state == State::Connecting)
        return fail(tr("already connected, or about to be"));
    if (options.version == v1::V5 && !connect.clean() && connect.session_expiry_interval() == 0)
        qCWarning(log) << "MQTT 5.0: without sessionExpiryInterval the session ends with its connection";
    client::ClientPump &pump = this->pump();
    auto actions = pump.engine().connect(connect, pump.now());
    if (!actions)
        return fail(QString::fromStdString(actions.error()));
    pump.setPeer(std::move(peer));
    pump.setMaximumPacketSize(connect.maximum_packet_size());
    socketError.clear();
    setState(State::Connecting);
    pump.carryOut(*std::move(actions));
    return true;
}

bool Client::Private::restore(const v1::ClientSession &session)
{
    client::ClientPump &pump = this->pump();
    if (const auto restored = pump.engine().restore(session, pump.now()); !restored)
        return fail(QString::fromStdString(restored.error()));
    connect.set_client_id(session.client_id());
    connect.set_clean(false);
    if (options.version == v1::V5 && connect.session_expiry_interval() == 0)
        connect.set_session_expiry_interval(session.session_expiry_interval());
    return true;
}

bool Client::setStore(const QString &path)
{
    if (d->enginePump)
        return d->fail(tr("the store is to be set before the client is in use"));
    auto opened = client::SessionStore::open(path);
    if (!opened)
        return d->fail(opened.error());
    std::unique_ptr<client::SessionStore> store = *std::move(opened);
    const std::optional<v1::ClientSession> found = store->found();
    if (found && !d->connect.client_id().empty() && d->connect.client_id() != found->client_id())
        return d->fail(tr("%1: the stored session is that of \"%2\"").arg(path, QString::fromStdString(found->client_id())));
    const bool expired = found && hasExpired(*found, client::Clock().now());
    if (found && !expired && !d->restore(*found))
        return false;
    d->sessionStore = std::move(store);
    if (expired)
        d->publishAnew(*found);
    return true;
}

/// The session is over; what was never sent is no part of it.
void Client::Private::publishAnew(const v1::ClientSession &session)
{
    sessionStore->clear();
    connect.set_client_id(session.client_id());
    for (const v1::StoredMessage &message : session.pending()) {
        if (!message.has_expires_at() || Time(Milliseconds(message.expires_at())) > pump().now())
            q->publish(message.publish());
    }
}

/// Before anything that follows from it is on the wire.
void Client::Private::store()
{
    if (!sessionStore)
        return;
    v1::ClientSession session = enginePump->engine().snapshot(enginePump->now());
    if (session.client_id().empty())
        session.set_client_id(connect.client_id()); // never connected yet
    if (session.client_id().empty())
        return; // nobody's
    if (const auto written = sessionStore->write(session); !written) {
        error = tr("the session could not be stored: %1").arg(written.error());
        Q_EMIT q->errorOccurred(error);
    }
}

bool Client::Private::fail(const QString &why)
{
    error = why;
    return false;
}

void Client::Private::setState(State next)
{
    if (std::exchange(state, next) != next)
        Q_EMIT q->stateChanged(next);
}

qint64 Client::Private::started(tl::expected<client::Started, std::string> started)
{
    if (!started) {
        fail(QString::fromStdString(started.error()));
        return -1;
    }
    pump().carryOut(std::move(started->actions));
    return static_cast<qint64>(started->token);
}

void Client::Private::happened(const client::Action &event)
{
    std::visit([this](const auto &what) { told(what); }, event);
}

void Client::Private::told(const client::ConnectedEvent &event)
{
    sessionPresent = event.sessionPresent;
    if (!event.connack.assigned_client_identifier().empty())
        connect.set_client_id(event.connack.assigned_client_identifier());
    setState(State::Connected);
    Q_EMIT q->connected(sessionPresent);
}

void Client::Private::told(const client::DisconnectedEvent &event)
{
    error = QString::fromStdString(event.why);
    if (!socketError.isEmpty())
        error += QStringLiteral(" (%1)").arg(socketError);
    socketError.clear();
    setState(event.retryAt ? State::Waiting : State::Disconnected);
    Q_EMIT q->disconnected(error);
}

void Client::Private::told(const client::DeliveredEvent &event)
{
    const v1::Publish &publish = event.publish;
    const auto delivery = static_cast<qint64>(event.token);
    Q_EMIT q->messageReceived({delivery, QString::fromStdString(publish.topic()), QByteArray::fromStdString(publish.payload()),
                               static_cast<int>(publish.qos()), publish.retain(), publish.dup()});
    Q_EMIT q->delivered(delivery, publish);
}

void Client::Private::told(const client::CompletedEvent &event)
{
    const auto id = static_cast<qint64>(event.token);
    if (event.error.empty())
        Q_EMIT q->published(id, static_cast<int>(event.code));
    else
        Q_EMIT q->publishFailed(id, QString::fromStdString(event.error));
}

void Client::Private::told(const client::SubscribedEvent &event)
{
    const auto id = static_cast<qint64>(event.token);
    if (!event.error.empty()) {
        Q_EMIT q->subscribeFailed(id, QString::fromStdString(event.error));
        return;
    }
    Q_EMIT q->subscribed(id, QList<int>(event.suback.code().begin(), event.suback.code().end()));
}

void Client::Private::told(const client::SessionLostEvent &event)
{
    Q_EMIT q->sessionLost(static_cast<int>(event.discardedPublishes), static_cast<int>(event.discardedReceipts));
}

} // namespace hiatus
