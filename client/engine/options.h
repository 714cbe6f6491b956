#pragma once
// What an application settles about its client, once.

#include "hiatus/v1/packet.pb.h"
#include "proto/session/values.h"

#include <cstddef>
#include <cstdint>

namespace hiatus::client {

/// What becomes of sent, unacknowledged messages when the server has lost the session.
enum class OnSessionLost {
    Discard,   ///< given up, each with an error
    Republish, ///< published anew: first in the queue, DUP 0, new identifiers; may arrive twice
};

struct ClientOptions
{
    v1::Version version = v1::V5;
    bool manualAcknowledge = false;
    bool automaticReconnect = false;
    OnSessionLost onSessionLost = OnSessionLost::Discard;
    /// Subscribe again to what the application had subscribed to when the server has no session. Subscriptions are the
    /// application's, not the client's session state [3.1.1 U311-3.1.2.4-1] [5.0 U5-4.1-1]: never saved.
    bool resubscribe = false;
    /// Take PUBACK for a QoS 2 PUBLISH as its end, as servers mean it that lower QoS 2 to 1 without a word (RabbitMQ before
    /// 3.13). Else it is a protocol violation, and the client closes [3.1.1 MQTT-4.8.0-1] [5.0 MQTT-4.13.2-1].
    bool pubackEndsQos2 = false;
    bool topicAliases = false; ///< use as many aliases as the server allows

    std::size_t maximumPending = 10'000; ///< messages that wait to be sent; more are refused
    Milliseconds openTimeout{30'000};    ///< OpenLink until opened()
    Milliseconds connackTimeout{10'000};
    Milliseconds pingTimeout{10'000};

    Milliseconds firstBackOff{1'000}; ///< doubled at each failed attempt
    Milliseconds longestBackOff{60'000};
    std::uint64_t seed = 0; ///< of the back-off's jitter (half to whole); 0: none
};

} // namespace hiatus::client
