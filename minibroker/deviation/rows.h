#pragma once
// The deviations by what they get wrong.

#include "minibroker/engine/alteration.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hiatus::broker {

using Rows = std::vector<Alteration>;

Rows sessionDeviations();      ///< session present, clean start, expiry, restart
Rows subscriptionDeviations(); ///< kept, lost, doubled
Rows resendDeviations();       ///< what a resumption owes
Rows windowDeviations();       ///< Receive Maximum and the queue's order
Rows receiptDeviations();      ///< inbound QoS 2
Rows takeoverDeviations();     ///< two connections of one client
Rows willDeviations();
Rows willWayDeviations();      ///< lost or published by the way the connection ended
Rows willTimeDeviations();     ///< too early, too late, by the wrong clock
Rows willContentDeviations();  ///< not what CONNECT said
Rows takeoverLossDeviations(); ///< what goes wrong while a session changes hands
Rows silenceDeviations();      ///< keep alive
Rows shareDeviations();        ///< shared subscriptions
Rows handshakeDeviations();    ///< what falls between a request and its answer
Rows hastyDeviations();        ///< acts before it has looked
Rows clientIdDeviations();     ///< two client identifiers taken for one
Rows connectDeviations();      ///< who is let in, and how it is told
Rows endingDeviations();       ///< what one way to lose a connection does and the others do not
Rows lifetimeDeviations();     ///< the session expiry interval
Rows errorDeviations();        ///< what must close a connection and does not
Rows requestDeviations();      ///< SUBSCRIBE, UNSUBSCRIBE, PINGREQ and their answers
Rows answerDeviations();       ///< identifiers and codes of acknowledgements
Rows retainDeviations();       ///< retained messages and the RETAIN flag
Rows routeDeviations();        ///< which copies a session gets
Rows propertyDeviations();     ///< properties of 5.0, forwarded or obeyed

Rows nodeDeviations();         ///< several endpoints of one cluster
Rows overflowDeviations();     ///< a queue that is full
Rows accountDeviations();      ///< another user with the same client id
Rows versionDeviations();      ///< a client, or its publisher, that speaks the other version
Rows restartDeviations();      ///< what a restart does to what was kept

/// What a row remembers of each client.
template <class T> using PerClient = std::map<std::string, T>;

/// A hook that acts on one reason only.
inline StateHook on(Reason reason, std::function<void(v1::ServerSession &after, const v1::ServerSession &before)> act)
{
    return [reason, act = std::move(act)](v1::ServerSession &after, const v1::ServerSession &before, Reason why) {
        if (why == reason)
            act(after, before);
    };
}

/// A hook that acts when a connection ended, whichever way.
inline StateHook onLoss(std::function<void(v1::ServerSession &after)> act)
{
    return [act = std::move(act)](v1::ServerSession &after, const v1::ServerSession &, Reason why) {
        if (why == Reason::Closed || why == Reason::TakenOver)
            act(after);
    };
}

} // namespace hiatus::broker
