#pragma once
// One connection to the target. What is done to it is what the peer sees: every write is one send(), FIN is a shutdown,
// RST is a linger of 0, and a link that is not read is not read.

#include "scenarios/world/world.h"

#include <QHostAddress>
#include <QObject>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

class QSslConfiguration;

namespace hiatus::world {

/// Told from the event loop only, never from inside a call into the link.
struct LinkEvents
{
    std::function<void()> opened;
    std::function<void(std::string_view bytes)> received;
    /// Once; nothing follows. The link may be deleted later, not now.
    std::function<void(Ending how, const std::string &why)> ended;
};

class NetworkLink : public QObject
{
public:
    ~NetworkLink() override = default;

    void setEvents(LinkEvents events) { m_events = std::move(events); }
    virtual void start(const QHostAddress &host, std::uint16_t port) = 0;
    /// Bytes that travel together; kept until the connection is up.
    virtual void write(std::string bytes) = 0;
    /// FIN once everything is written; reading goes on.
    virtual void shutdown() = 0;
    /// RST at once; ended(Reset) follows from the loop.
    virtual void reset() = 0;
    virtual void stopReading() = 0;
    virtual void resumeReading() = 0;
    /// Gives up a connection that does not come up in time.
    virtual void giveUp(const std::string &why) = 0;

protected:
    LinkEvents m_events;
};

std::unique_ptr<NetworkLink> makePlainLink();
/// A connection that somebody made to us; it is open.
std::unique_ptr<NetworkLink> makeAcceptedLink(int descriptor);
/// `hostName` is what the certificate has to say.
std::unique_ptr<NetworkLink> makeTlsLink(const std::string &hostName, const QSslConfiguration &configuration);
/// WebSocket over one of these; `host` as in a URL, with the port.
std::unique_ptr<NetworkLink> makeWebSocketLink(std::unique_ptr<NetworkLink> under, const std::string &host, const std::string &path);

} // namespace hiatus::world
