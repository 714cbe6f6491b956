#pragma once
// What belongs to one network connection and dies with it.

#include "client/engine/client.h"
#include "proto/session/packetids.h"
#include "proto/session/values.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hiatus::client {

enum class Phase {
    Idle,       ///< no link
    Opening,    ///< OpenLink was said
    Connecting, ///< CONNECT went out
    Connected,  ///< CONNACK came
};

/// What CONNACK allows us.
struct Limits
{
    std::uint32_t receiveMaximum = 65'535;
    std::uint32_t maximumQos = 2;
    bool retainAvailable = true;
    bool wildcardAvailable = true;
    bool sharedAvailable = true;
    bool subscriptionIdsAvailable = true;
    std::optional<std::uint32_t> maximumPacketSize;
    std::uint32_t topicAliasMaximum = 0;
    Seconds keepAlive{0};
};

/// SUBSCRIBE or UNSUBSCRIBE that awaits its answer.
struct Request
{
    Token token = 0; ///< 0: the engine's own, when it subscribes again
    PacketId id = 0;
    v1::Packet packet;
};

/// An acknowledgement that the application or its turn holds back.
struct Owed
{
    Token token = 0;
    PacketId id = 0;
    bool acknowledged = false;
};

struct Connection
{
    Phase phase = Phase::Idle;
    v1::Connect connect; ///< as it went out
    Limits limits;
    std::optional<Time> deadline;   ///< of opening or CONNACK
    std::optional<Time> pingSentAt; ///< set while PINGRESP is outstanding
    Time lastSent{};
    bool resentAll = false; ///< nothing of earlier connections is left to send
    std::vector<Request> requests;
    std::deque<Owed> owedPubacks; ///< in order of arrival [3.1.1 MQTT-4.6.0-2] [5.0 MQTT-4.6.0-2]
    std::deque<Owed> owedPubrecs; ///< in order of arrival [3.1.1 MQTT-4.6.0-3] [5.0 MQTT-4.6.0-3]
    std::set<PacketId> inboundOpen;   ///< QoS 1 and 2 received here and not finished
    std::uint32_t carriedOver = 0;    ///< exchanges of earlier connections finished here: each widens the peer's window
    std::map<std::uint32_t, std::string> aliasesIn;
    std::map<std::string, std::uint32_t> aliasesOut;
};

} // namespace hiatus::client
