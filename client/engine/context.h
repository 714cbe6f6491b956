#pragma once
// What the conversations share: state, connection, rules, and the actions gathered so far.

#include "client/engine/connection.h"
#include "client/engine/options.h"
#include "client/engine/rules.h"
#include "client/engine/sessionstate.h"

#include <set>
#include <utility>

namespace hiatus::client {

struct Context
{
    ClientOptions options;
    Rules rules;
    StateHook hook;

    SessionState session;
    PacketIds ids;              ///< taken by in-flight messages, open requests and retired ones
    std::set<PacketId> retired; ///< given up half-way: the server may still hold them until the session ends
    std::vector<v1::Subscription> subscriptions; ///< the application's, granted
    Connection link;

    v1::Connect wanted;       ///< the application's CONNECT, with the identifier the server assigned
    bool stays = false;       ///< the application wants to be connected
    bool again = false;       ///< the next CONNECT is an automatic reconnect
    unsigned failedAttempts = 0;
    std::optional<Time> retryAt;

    Token lastToken = 0;
    Time now{};
    Actions actions;

    bool isV5() const { return options.version == v1::V5; }
    bool isConnected() const { return link.phase == Phase::Connected; }
    void tell(Action action) { actions.push_back(std::move(action)); }
    void send(v1::Packet packet)
    {
        link.lastSent = now;
        tell(SendPacket{std::move(packet)});
    }
};

} // namespace hiatus::client
