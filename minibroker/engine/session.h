#pragma once
// The live tables: what the broker keeps of a session, and of a network connection. Plain structs; rules see them
// constant, only the conversations change them.

#include "minibroker/engine/fifo.h"
#include "minibroker/engine/publication.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hiatus::broker {

struct Connection;

/// One subscription of one session, as granted.
struct Subscription
{
    std::string filter;           ///< as subscribed, with $share/group/
    std::uint32_t identifier = 0; ///< 0: none
    std::uint8_t qos = 0;
    std::uint8_t retainHandling = 0;
    bool noLocal = false;
    bool retainAsPublished = false;
    bool shared = false;
};

/// Orders subscriptions by their filter, which is in them once.
struct ByFilter
{
    using is_transparent = void;
    bool operator()(const Subscription &a, const Subscription &b) const { return a.filter < b.filter; }
    bool operator()(const Subscription &a, std::string_view b) const { return a.filter < b; }
    bool operator()(std::string_view a, const Subscription &b) const { return a < b.filter; }
};

/// A message sent and not completely acknowledged.
struct Inflight
{
    Message message;
    std::uint64_t order = 0; ///< of first transmission within the session
    PacketId packetId = 0;
    v1::Stage stage = v1::STAGE_UNSPECIFIED;
    bool counted = false; ///< takes a place in the present connection's window
    bool owed = false;    ///< to be sent again on the present connection, and not yet
};

/// A session [3.1.1 U311-3.1.2.4-2] [5.0 U5-4.1-2]. Its existence is part of the state, even if empty.
struct Session
{
    std::string clientId;
    std::uint64_t number = 0;                      ///< running, of the engine
    v1::Version version = v1::VERSION_UNSPECIFIED; ///< of the latest connection
    bool clean = false;                            ///< the flag of the latest connection
    std::uint32_t expiryInterval = 0;              ///< seconds, effective; 3.1.1: 0 or NeverExpires
    std::uint32_t resumptions = 0;
    std::string userName;
    Connection *connection = nullptr; ///< while connected
    Time connectedAt{};
    std::optional<Time> disconnectedAt;

    std::set<Subscription, ByFilter> subscriptions;
    Fifo<Message> pending;
    std::unordered_map<PacketId, Inflight> inflight;
    std::map<PacketId, PublicationPtr> received; ///< QoS 2 ids; with the message where it waits for PUBREL
    std::unique_ptr<v1::Will> will;

    std::uint64_t lastSequence = 0;
    std::uint64_t lastOrder = 0;
    std::size_t pendingQos0 = 0;
    PacketId lastPacketId = 0;

    std::optional<Time> endsAt;   ///< when its expiry interval has passed; nothing while connected, or never
    std::optional<Time> sweepDue; ///< its place among the deadlines
    std::optional<Time> willDue;  ///< the same
};

/// A network connection.
struct Connection
{
    LinkId link = 0;
    v1::Version version = v1::VERSION_UNSPECIFIED;
    Session *session = nullptr;        ///< nothing before CONNECT was accepted
    std::uint32_t requestedExpiry = 0; ///< of CONNECT, absent as 0
    std::uint32_t grantedExpiry = 0;   ///< as CONNACK says or leaves unsaid
    std::optional<std::uint16_t> toldKeepAlive; ///< Server Keep Alive of CONNACK

    Time lastReceived{};
    Milliseconds patience{}; ///< silence that ends it; 0: none does
    std::optional<Time> due; ///< its place among the deadlines

    std::uint16_t receiveMaximum = 65535;
    std::uint32_t maximumPacketSize = 0; ///< 0: unlimited
    std::uint16_t topicAliasMaximum = 0;
    bool resumed = false; ///< accepted with session present 1

    std::map<std::uint16_t, std::string> aliasesIn;
    std::unordered_map<std::string, std::uint16_t> aliasesOut;
    std::set<PacketId> open;       ///< QoS 2 received on this connection and not released
    Fifo<PacketId> resends;        ///< owed since the resumption, in order
    std::uint32_t outstanding = 0; ///< PUBLISH sent on this connection and not acknowledged
    std::uint64_t sent = 0;        ///< QoS 1 and 2 messages first sent on this connection
};

} // namespace hiatus::broker
