#pragma once
// What a session has in flight, as far as a trace tells: the state beside a ladder.

#include "hiatus/v1/report.pb.h"

#include <string>
#include <vector>

namespace hiatus::report {

/// For every event of the trace what its lane's session has in flight after it, where that changed: "dev < 1,2" are
/// packet identifiers of messages from the target that the lane has not acknowledged completely, "dev > 3" of its own
/// that the target has not; "dev -" is nothing any more. Empty where nothing changed.
std::vector<std::string> inFlight(const v1::Trace &trace);

} // namespace hiatus::report
