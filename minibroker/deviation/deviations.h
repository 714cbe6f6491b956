#pragma once
// Named faults of brokers, each seen in the field: by them the suite's power is proved.

#include "minibroker/engine/alteration.h"

#include <vector>

namespace hiatus::broker {

/// All of them, by what they get wrong.
const std::vector<Alteration> &deviations();

} // namespace hiatus::broker
