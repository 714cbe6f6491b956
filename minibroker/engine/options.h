#pragma once
// What a broker's owner may set. Everything has a default that a test or a small installation can live with.

#include "proto/session/values.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hiatus::broker {

/// What gives way when a session's queue is full.
enum class QueuePolicy { DropOldest, DropNewest };

/// Is this user name and password good? Passwords are never kept.
using Authenticator = std::function<bool(std::string_view user, std::string_view password)>;

struct BrokerOptions
{
    /// Unset: every user name is accepted.
    Authenticator authenticate;
    /// May clients connect without a user name?
    bool anonymous = true;

    /// Assigned client identifiers are this and a running number: the engine has no randomness of its own.
    std::string assignedPrefix = "hiatus";
    /// Is an empty client identifier accepted (3.1.1 with Clean Session 1, 5.0 always)?
    bool emptyClientId = true;
    /// How long a network connection may stay without CONNECT.
    Milliseconds connectTimeout = Seconds(10);

    /// Longest session expiry interval granted, in seconds; a lower grant than asked is told in CONNACK. 5.0 only.
    std::uint32_t expiryCap = NeverExpires;
    /// Tells 5.0 clients this keep alive in place of their own, in seconds.
    std::optional<std::uint16_t> serverKeepAlive;
    /// Tells it only those that ask for a longer one, or for none.
    std::optional<std::uint16_t> keepAliveCap;
    /// Highest QoS a client may publish with, or be granted.
    std::uint32_t maximumQos = 2;
    /// QoS 1 and 2 publications that a 5.0 client may have open towards us.
    std::uint16_t receiveMaximum = 65535;
    /// Largest packet accepted, in bytes; 0: no limit of our own.
    std::uint32_t maximumPacketSize = 0;
    /// Highest topic alias a 5.0 client may use towards us; 0: none.
    std::uint16_t topicAliasMaximum = 16;
    /// Highest topic alias we use towards a client that allows some; 0: we use none.
    std::uint16_t topicAliasesUsed = 0;

    bool retain = true;
    bool wildcards = true;
    bool shared = true;
    bool subscriptionIdentifiers = true;
    /// A topic filter that lies within one of these is refused with 0x80, no reason given.
    std::vector<std::string> refusedFilters;

    /// QoS 1 and 2 messages sent to one client and not acknowledged, at most (with the client's Receive Maximum).
    std::uint16_t maximumInflight = 65535;
    /// Packet identifiers given to messages of one client are 1 to this, and come round: a server may use as few as it likes.
    std::uint16_t packetIdentifiers = 65535;
    /// Messages waiting for one session, at most.
    std::size_t queueLimit = 100'000;
    QueuePolicy queuePolicy = QueuePolicy::DropOldest;
    /// Are QoS 0 messages kept for a client that is away?
    bool queueQos0 = false;

    /// Collect journal entries for a durable store (see journal.h).
    bool journal = false;
};

} // namespace hiatus::broker
