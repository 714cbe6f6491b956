#pragma once
// A broker with any of its deviations and liberties, by name.

#include "minibroker/deviation/deviations.h"
#include "minibroker/engine/brokerengine.h"
#include "minibroker/liberty/liberties.h"

#include <tl/expected.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace hiatus::broker {

/// A broker and the engine inside of it, which it owns: for snapshots and the journal.
struct MadeBroker
{
    std::unique_ptr<Broker> broker;
    BrokerEngine *engine = nullptr;
};

/// The deviation or liberty of that name; nullptr if there is none.
const Alteration *findAlteration(std::string_view name);

/// What an earlier broker left behind, and how it went.
struct Kept
{
    Kept() = default;
    Kept(v1::BrokerState kept, Reason how = Reason::Restarted) : state(std::move(kept)), why(how) {}
    v1::BrokerState state;
    Reason why = Reason::Restarted; ///< or Crashed: what the state hooks are told of every session
};

/// The names are applied in their order; an unknown one, or contradictory state, is refused with a sentence.
tl::expected<MadeBroker, std::string> makeBroker(BrokerOptions options, std::span<const std::string> names = {},
                                                 Kept kept = {}, Time now = {});

} // namespace hiatus::broker
