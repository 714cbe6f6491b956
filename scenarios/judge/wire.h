#pragma once
// What passed between one client and the broker of a pair, read off a trace.

#include "hiatus/v1/report.pb.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hiatus::judge {

/// An exchange as its sender had to see it.
struct WireExchange
{
    std::string payload;
    std::uint32_t qos = 0;
    bool isReceived = false;  ///< PUBACK or PUBREC came back
    bool isReleased = false;  ///< PUBREL arrived
    bool isDone = false;      ///< PUBACK, PUBCOMP or a refusal came back
    std::uint32_t lastWord = 0; ///< connection on which the sender last spoke of it
};

/// One direction of the wire.
struct WireHalf
{
    std::map<std::uint32_t, WireExchange> open; ///< by packet identifier, those not done
    std::map<std::string, unsigned> exchanges;  ///< payload -> how often it was begun, not counting lawful repeats
    std::vector<std::string> order;             ///< payloads by first arrival
    std::set<std::string> arrived;
    std::set<std::string> reused;               ///< sent under an identifier that still meant another message
    std::set<std::string> rejected;             ///< the receiver said PUBREC from 0x80 on, arrived or not
};

/// How the client's session fared over its connections.
struct WireSession
{
    std::uint32_t connections = 0; ///< CONNECTs that arrived
    bool isAnswered = false;       ///< the latest was accepted
    bool isCutSince = false;       ///< and lost again
    std::optional<v1::Role> broken; ///< who ended the session early: began clean, or no longer knew it
};

struct Wire
{
    std::set<std::string> seen; ///< payloads of PUBLISH in either direction, arrived or lost
    WireHalf toServer;
    WireHalf toClient;
    WireSession session;
    std::map<std::string, unsigned> delivered; ///< payload -> how often the application was handed it
};

/// The wire of an APP lane.
Wire wireOf(const v1::Trace &trace, const std::string &lane);

} // namespace hiatus::judge
