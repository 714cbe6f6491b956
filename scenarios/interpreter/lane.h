#pragma once
// A scripted party at run time: its connections, its inbox, and what both sides granted each other.

#include "hiatus/v1/client_control.pb.h"
#include "hiatus/v1/scenario.pb.h"
#include "proto/session/values.h"
#include "proto/wire/decoder.h"
#include "scenarios/interpreter/redeliveries.h"
#include "scenarios/world/world.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hiatus::run {

/// One network connection of a lane.
struct Link
{
    Link(LinkId ownId, std::uint32_t ordinal, wire::Direction direction, v1::Version version)
        : id(ownId), number(ordinal), decoder(direction, version)
    {
    }
    LinkId id;
    std::uint32_t number; ///< within the lane, from 1
    wire::Decoder decoder;
    bool isOpen = false;
    bool isClosed = false;
    bool isDropped = false; ///< we ended it, by the script
    world::Ending ending = world::Ending::Closed;
    std::string why;
    Time closedAt{};
    Time lastSent{};
    std::map<std::uint32_t, std::string> aliases; ///< topic aliases that the target has set
    Redeliveries redeliveries;                    ///< of a 3.1.1 broker under test
};

/// A packet from the target that waits to be consumed.
struct Item
{
    std::uint32_t event; ///< index in the trace
    std::uint32_t link;
    Time at;
    bool isLapsed = false; ///< its link was dropped before anybody asked for it
};

/// What lanes with the same client id share.
struct SessionState
{
    std::string clientId;
    std::set<std::uint32_t> accounts; ///< that have connected with it
    PacketId lastPacketId = 0;
    std::set<PacketId> open; ///< our own identifiers whose exchange is not finished
    std::optional<Time> mayEndAt; ///< 5.0: its interval has passed since its last connection ended
};

/// A numbered stream as one lane has received it.
struct StreamSeen
{
    struct Copy
    {
        PacketId packetId = 0;
        std::uint32_t link = 0;
        std::uint32_t qos = 0;
        bool isReleased = false; ///< PUBREL read
        bool isFinished = false; ///< PUBACK or PUBCOMP written
    };
    std::map<std::uint32_t, Copy> latest;   ///< number -> its latest copy
    std::uint32_t highest = 0;              ///< highest first-seen number
};

/// An expectation with `maybe`, alive until the lane's next fence.
struct Tolerance
{
    v1::Expect expect;
    std::uint32_t step;
    bool completes = false; ///< a `take`: the first such PUBLISH is acknowledged as it comes, to the end of its exchange
    bool isPast = false; ///< its fence is complete, and ordered nothing of it: it may still come, but is a fact no more
};

/// A client behind an APP lane.
struct AppState
{
    world::AppId id = 0;
    std::uint64_t lastCommand = 0;
    std::uint64_t openSync = 0; ///< the command `sync` of a fence, until it is answered
    std::size_t connects = 0; ///< connect commands
    std::vector<v1::ClientEvent> events;
    std::string saved;
    std::uint64_t acknowledged = 0; ///< newest delivery acknowledged by hand
};

struct Lane
{
    v1::Lane script;
    v1::Version version = v1::V5;
    std::shared_ptr<SessionState> session;
    std::vector<std::unique_ptr<Link>> links;
    Link *current = nullptr;
    bool isConnected = false; ///< CONNACK accepted (or, for broker lanes, sent)
    bool isSilent = false;    ///< KEEPALIVE, TAKEOVER, HALF_OPEN: no pings
    v1::Drop left = v1::DROP_UNSPECIFIED; ///< how the present link was dropped
    std::string leftLabel;    ///< label of a TAKEOVER or HALF_OPEN whose end is not known yet
    v1::Connect connect;      ///< as last sent (or, broker lanes, as last read)
    v1::Connack granted;      ///< as last read (or sent)
    std::vector<Item> inbox;
    std::uint64_t pingsSent = 0;
    std::uint64_t pongsReceived = 0;
    std::map<PacketId, v1::Packet::KindCase> exchange; ///< the target's exchanges: last packet read
    std::map<std::string, StreamSeen> streams;
    std::vector<Tolerance> tolerated;
    std::set<std::uint32_t> charged;        ///< events that a fence has charged: a later expectation may still have them
    std::set<PacketId> sentinels;           ///< QoS 2 sentinels of fences whose PUBREL is still to come
    std::set<PacketId> fences;              ///< our own fences by ACK_ORDER: that of a lost branch is acknowledged too
    std::optional<std::uint32_t> lastFence; ///< step
    std::vector<Link *> waiting;            ///< broker lanes: accepted, not yet taken by `accept`
    std::optional<AppState> app;
    /// Asked first about each packet of the present connection: true if it needs no event and is done with.
    std::function<bool(const v1::Packet &packet)> passing;

    const std::string &name() const { return script.name(); }
    v1::Party party() const { return script.has_party() ? script.party() : v1::MQTT_CLIENT; }
    /// Effective keep alive, seconds: Server Keep Alive if given [5.0 MQTT-3.1.2-21].
    std::uint32_t keepAlive() const
    {
        return granted.has_server_keep_alive() ? granted.server_keep_alive() : connect.keep_alive();
    }
};

} // namespace hiatus::run
