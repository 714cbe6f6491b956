#pragma once
// Traces and results written by hand, the way the runner and the judge write them.

#include "hiatus/v1/report.pb.h"

#include <string>

namespace sample {

namespace v1 = hiatus::v1;
using Event = v1::TraceEvent;

/// Appends an event; returns its number.
std::uint32_t add(v1::Trace &trace, Event::Kind kind, double at, const std::string &lane, const std::string &text,
                  std::uint32_t link = 1, int step = -1);

/// A step began at `place` ("file:line:column").
void begin(v1::Trace &trace, std::uint32_t step, double at, const std::string &place);

v1::Finding finding(const std::string &reason, const std::string &statement, v1::Version version = v1::V5,
                    v1::Severity severity = v1::SEVERITY_FAIL);

v1::Result result(const std::string &variant, v1::Verdict verdict);

/// A subscriber that is owed PUBREL after a resume and does not get it; the finding is in it.
v1::Result owedPubrel();

/// Without leading and trailing line feeds: goldens begin on the line after R"(.
std::string golden(const char *text);

} // namespace sample
