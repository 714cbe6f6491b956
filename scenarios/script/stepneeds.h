#pragma once
// What a step asks of a target by being what it is.

#include "hiatus/v1/scenario.pb.h"

#include <string>
#include <vector>

namespace hiatus::script {

/// Capabilities (target.proto), in no order and maybe twice.
std::vector<std::string> capabilitiesFor(const v1::Step &step);

/// It stops the target, or keeps it busy: over the network nothing else is to run beside it.
bool wantsToBeAlone(const v1::Step &step);

} // namespace hiatus::script
