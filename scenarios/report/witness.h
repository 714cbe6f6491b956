#pragma once
// One sentence that says what was broken, by which packet, in which state of the session.

#include "hiatus/v1/report.pb.h"

#include <string>

namespace hiatus::report {

/// The finding's text, then what the trace adds: the packet, its lane and time, and how often the lane had come back.
std::string witnessOf(const v1::Finding &finding, const v1::Trace &trace, v1::Version version);

} // namespace hiatus::report
