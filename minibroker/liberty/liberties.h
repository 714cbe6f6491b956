#pragma once
// Named lawful choices of brokers: by them the suite's fairness is proved.

#include "minibroker/engine/alteration.h"

#include <vector>

namespace hiatus::broker {

const std::vector<Alteration> &liberties();

} // namespace hiatus::broker
