#pragma once
// The client's whole interface: verbs and facts in with the time as argument, actions out, one deadline. A decorator
// (a deviation or a liberty) has the same interface.

#include "hiatus/v1/packet.pb.h"
#include "hiatus/v1/session.pb.h"
#include "proto/session/values.h"
#include "proto/wire/decoder.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hiatus::client {

/// Names a publish, subscribe, unsubscribe or delivery towards the application; never reused by one engine.
using Token = std::uint64_t;

/// Make a network connection; opened() or closed() answers.
struct OpenLink {};
/// Write this packet.
struct SendPacket { v1::Packet packet; };
/// Write out what is queued, then close the network connection. The client forgets the link at once: no closed() for it.
struct CloseLink { std::string why; };
/// CONNACK accepted the connection.
struct ConnectedEvent { bool sessionPresent = false; v1::Connack connack; };
/// The connection ended, was refused or could not be made. `retryAt` is set when automatic reconnect will try again.
struct DisconnectedEvent { std::string why; std::optional<std::uint32_t> code; bool byClient = false; std::optional<Time> retryAt; };
/// A message for the application; under manual acknowledgement it waits for acknowledge(token).
struct DeliveredEvent { Token token = 0; v1::Publish publish; };
/// A publish ended: acknowledged with `code`, or given up with `error`.
struct CompletedEvent { Token token = 0; std::uint32_t code = 0; std::string error; };
/// SUBACK or UNSUBACK; or the connection ended before it came (`error`).
struct SubscribedEvent { Token token = 0; v1::Suback suback; std::string error; };
/// Session present 0 although we held state: what was discarded [5.0 MQTT-3.2.2-5].
struct SessionLostEvent { std::uint32_t discardedPublishes = 0; std::uint32_t discardedReceipts = 0; };

using Action = std::variant<OpenLink, SendPacket, CloseLink, ConnectedEvent, DisconnectedEvent, DeliveredEvent,
                            CompletedEvent, SubscribedEvent, SessionLostEvent>;
using Actions = std::vector<Action>; ///< to be carried out in order

/// What a verb did, and the token its events will carry.
struct Started { Token token = 0; Actions actions; };

/// Contract: `now` never goes back; opened() and closed() follow OpenLink, closed() unless CloseLink came first; packets are given in order of arrival.
class Client
{
public:
    virtual ~Client() = default;

    /// Connect with these CONNECT fields. Refused while connected or connecting.
    virtual tl::expected<Actions, std::string> connect(const v1::Connect &connect, Time now) = 0;
    /// QoS 1 and 2 are kept until complete, over reconnects too; while offline they wait.
    virtual tl::expected<Started, std::string> publish(const v1::Publish &publish, Time now) = 0;
    virtual tl::expected<Started, std::string> subscribe(const v1::Subscribe &subscribe, Time now) = 0;
    virtual tl::expected<Started, std::string> unsubscribe(const v1::Unsubscribe &unsubscribe, Time now) = 0;
    /// Manual acknowledgement of a delivery.
    virtual tl::expected<Actions, std::string> acknowledge(Token delivery, Time now) = 0;
    virtual Actions disconnect(const v1::Disconnect &disconnect, Time now) = 0;

    virtual Actions opened(Time now) = 0;
    virtual Actions received(const v1::Packet &packet, Time now) = 0;
    virtual Actions malformed(const wire::Malformed &what, Time now) = 0;
    virtual Actions closed(Time now) = 0;
    virtual Actions advanced(Time now) = 0;
    virtual std::optional<Time> nextDeadline() const = 0;

    /// The client's half of the session as a value [3.1.1 U311-3.1.2.4-1] [5.0 U5-4.1-1].
    virtual v1::ClientSession snapshot(Time now) const = 0;
    /// Takes a half back, all or nothing; refuses another client's, an expired or a contradictory one. Not while connected.
    virtual tl::expected<void, std::string> restore(const v1::ClientSession &session, Time now) = 0;
};

} // namespace hiatus::client
