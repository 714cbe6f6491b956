#pragma once
// The client's faults, as seen in the field: by them the suite's power is proved.

#include "client/engine/alteration.h"

#include <vector>

namespace hiatus::client {

/// All of them, in the order of the catalogue of field defects.
const std::vector<Alteration> &deviations();

} // namespace hiatus::client
