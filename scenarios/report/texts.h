#pragma once
// Packets in one line, for whoever reads a trace.

#include "hiatus/v1/report.pb.h"

namespace hiatus::report {

/// Gives every packet of the trace its one-line `text`.
void fillTexts(v1::Result &result, v1::Version version);

} // namespace hiatus::report
