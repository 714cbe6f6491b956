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

/// The names are applied in their order; an unknown one, or contradictory state, is refused with a sentence.
tl::expected<MadeBroker, std::string> makeBroker(BrokerOptions options, std::span<const std::string> names = {},
                                                 const v1::BrokerState &state = {}, Time now = {});

} // namespace hiatus::broker
