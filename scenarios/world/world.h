#pragma once
// What lanes run in. One World belongs to one variant. A world tells what happens through WorldListener, from its own
// loop: never from inside a call that the listener makes into it.

#include "hiatus/v1/client_control.pb.h"
#include "hiatus/v1/scenario.pb.h"
#include "proto/session/values.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace hiatus::world {

using AppId = std::uint32_t;

/// How a link ended, as far as our end can tell.
enum class Ending {
    Closed,  ///< the peer closed it in order (FIN read)
    Reset,   ///< the peer reset it
    Refused, ///< it never came up: refused, unreachable or timed out
};

class WorldListener
{
public:
    virtual ~WorldListener() = default;
    virtual void opened(LinkId link) = 0;
    virtual void received(LinkId link, std::string_view bytes) = 0;
    /// Said once per link, whoever ended it; after it the link is gone.
    virtual void closed(LinkId link, Ending how, const std::string &why) = 0;
    /// The client under test connected to us (broker lanes).
    virtual void accepted(LinkId link) = 0;
    virtual void appEvent(AppId app, const v1::ClientEvent &event) = 0;
    /// A fault armed with cutWhen() struck for the n-th time (from 1).
    virtual void cut(AppId app, std::uint32_t times) = 0;
    /// A packet between a client and the broker has arrived at the other end, or never will. Worlds that can't see the
    /// wire don't tell.
    virtual void passed(AppId, const v1::Packet &, bool /*toServer*/, bool /*isLost*/) {}
    /// The instant asked for with wakeAt() has come.
    virtual void woke() = 0;
    /// After stopTarget() or startTarget(): it is down, it is up, or it is neither as it should be, and why.
    virtual void targetChanged(bool isUp, const std::string &problem) = 0;
};

/// A packet on its way between client and broker.
struct Boundary
{
    v1::Packet::KindCase packet = v1::Packet::KIND_NOT_SET;
    bool toServer = true; ///< "PUBLISH >" : client to broker
};

/// Where a LINK fault strikes.
struct CutPlan
{
    Boundary first;
    Boundary later; ///< of the second strike and those after it
    bool packetLost = true; ///< the packet does not arrive either
    std::uint32_t times = 1;
    v1::Drop how = v1::RST;
    std::string life;   ///< of the client at the cut: "kept", "from state", "from string"
    std::string broker; ///< of the broker at the cut: "kept", "restarted"
};

class World
{
public:
    virtual ~World() = default;

    virtual void setListener(WorldListener *listener) = 0;
    virtual Time now() const = 0;
    virtual bool isVirtual() const = 0;

    /// Opens a connection to the target, or to another node of its cluster; opened() or closed(Refused) follows.
    virtual LinkId connect(std::uint32_t endpoint) = 0;
    /// One write to the socket: its bytes travel together unless the network splits them.
    virtual void write(LinkId link, std::string bytes) = 0;
    /// FIN: shutdown(SHUT_WR); reading goes on, closed() follows when the peer has closed.
    virtual void shutdown(LinkId link) = 0;
    /// RST: SO_LINGER 0 and close; closed() is said at once with Ending::Reset.
    virtual void reset(LinkId link) = 0;
    /// Leaves the link open and unread (TAKEOVER, HALF_OPEN): what comes piles up in the socket.
    virtual void stopReading(LinkId link) = 0;
    /// Reads again: what piled up, and the peer's close, are told.
    virtual void resumeReading(LinkId link) = 0;
    /// One timer; the latest call counts. Time::max(): none.
    virtual void wakeAt(Time when) = 0;

    /// The target goes down: targetChanged() follows. Its connections end as they do. False: this world can't.
    virtual bool stopTarget(v1::Halt how) = 0;
    /// And comes up again from what it kept.
    virtual void startTarget() = 0;

    /// Broker lanes: where a client under test is to connect; accepted() tells of each connection. False: this world can't.
    virtual bool listen() = 0;
    /// A client, the one under test or our own; commands and events by client_control.proto. Nothing: this world can't.
    /// `toLanes`: it connects to our listen() instead of the target.
    virtual AppId startClient(const v1::Setup &setup, bool ours, bool toLanes) = 0;
    /// Is it set up? A client behind a process takes its time to start, which is no time of its protocol.
    virtual bool isReady(AppId) const { return true; }
    virtual void command(AppId app, const v1::ClientCommand &command) = 0;
    /// Arms a fault on the wire between that client and the broker.
    virtual void cutWhen(AppId app, const CutPlan &plan) = 0;
};

} // namespace hiatus::world
