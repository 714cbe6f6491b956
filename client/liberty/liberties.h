#pragma once
// The client's lawful choices: by them the suite's fairness is proved. Every scenario must acquit each.

#include "client/engine/alteration.h"

#include <vector>

namespace hiatus::client {

const std::vector<Alteration> &liberties();

} // namespace hiatus::client
