#pragma once
// What hiatus::Client is made of.

#include "client/engine/options.h"
#include "client/net/client.h"
#include "client/net/clientpump.h"
#include "client/store/sessionstore.h"

#include <functional>
#include <memory>

namespace hiatus {

struct Client::Private
{
    explicit Private(Client *client) : q(client) {}

    /// A property that may change only while not connected; false, with a warning, otherwise.
    bool change(const char *property, const std::function<void()> &set);
    /// A property that the engine is built with.
    bool configure(const char *property, const std::function<void()> &set);
    client::ClientPump &pump(); ///< made at first use
    bool connectTo(client::Peer peer);
    bool restore(const v1::ClientSession &session);
    void publishAnew(const v1::ClientSession &session);
    void store();
    bool fail(const QString &error);
    void setState(State state);
    qint64 started(tl::expected<client::Started, std::string> started);

    void happened(const client::Action &event);
    void told(const client::ConnectedEvent &event);
    void told(const client::DisconnectedEvent &event);
    void told(const client::DeliveredEvent &event);
    void told(const client::CompletedEvent &event);
    void told(const client::SubscribedEvent &event);
    void told(const client::SessionLostEvent &event);
    void told(const client::OpenLink &) {}
    void told(const client::SendPacket &) {}
    void told(const client::CloseLink &) {}

    Client *q;
    client::ClientOptions options;
    v1::Connect connect;
    State state = State::Disconnected;
    bool sessionPresent = false;
    QString error;
    QString socketError; ///< of the attempt under way
    std::unique_ptr<client::SessionStore> sessionStore;
    std::unique_ptr<client::ClientPump> enginePump;
};

} // namespace hiatus
