#pragma once
// Seam 1 in small, for faults that show packet by packet: what goes out, and what comes in, may be changed or swallowed.

#include "minibroker/deviation/rows.h"
#include "minibroker/engine/decorator.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace hiatus::broker {

Rows wayDeviations();           ///< right for one way of losing a connection, or one version, and wrong for another
Rows exchangeDeviations();      ///< identifiers, DUP, who answers what
Rows flowDeviations();          ///< quota, order, the queue
Rows messageExpiryDeviations(); ///< too much, too little

/// What a rewriting fault may know of the link that a packet goes over.
struct LinkFacts
{
    LinkId link = 0;
    std::string client;
    v1::Version version = v1::V5;
    bool resumed = false; ///< CONNACK said session present 1
    std::uint32_t receiveMaximum = 65535;
    std::map<std::uint32_t, std::uint32_t> outstanding; ///< PUBLISHes sent here and not acknowledged: identifier -> QoS
    Time now{};
};

struct Rewriting
{
    /// A packet to the client. False: it is swallowed. `more` follows it.
    std::function<bool(SendAction &send, const LinkFacts &facts, Actions &more)> out = {};
    /// A packet from the client. False: the broker does not get it. `answers` go out before the broker's.
    std::function<bool(v1::Packet &packet, const LinkFacts &facts, Actions &answers)> in = {};
    /// What the codec refused. True: the link goes on, and only `answers` go out.
    std::function<bool(const wire::Malformed &what, const LinkFacts &facts, Actions &answers)> unreadable = {};
};

/// A row's `apply` that makes a Rewriting anew for each broker.
std::function<void(Setup &)> rewriting(std::function<Rewriting()> make);

/// The same for one that needs no memory.
std::function<void(Setup &)> rewritingOut(std::function<void(v1::Packet &packet, const LinkFacts &facts)> change);

/// A row that breaks statements in a way asked for by them, or that a field scenario names.
inline Alteration fault(std::string name, std::string sentence, std::vector<StatementRef> breaks, std::string seen,
                        std::function<void(Setup &)> apply)
{
    return {.name = std::move(name),
            .sentence = std::move(sentence),
            .breaks = std::move(breaks),
            .seen = std::move(seen),
            .apply = std::move(apply)};
}

} // namespace hiatus::broker
