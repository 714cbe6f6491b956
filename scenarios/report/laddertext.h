#pragma once
// The words in a ladder.

#include "hiatus/v1/report.pb.h"

#include <string>

namespace hiatus::report {

/// "file:12" of "dir/file:12:3", or of "dir/file:12:3 and more words".
std::string shortPlace(const std::string &place);

/// What happened, in one line: the event's text, else its packet's. `ofSeveral`: the lane opens more than one link.
std::string eventText(const v1::TraceEvent &event, v1::Version version, bool ofSeveral);

/// "MISMATCH dup: expected 1, got 0 [5.0 MQTT-3.3.1-1]". `isDrawn`: a row above says already what was expected.
std::string findingText(const v1::Finding &finding, bool isDrawn);

} // namespace hiatus::report
