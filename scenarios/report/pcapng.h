#pragma once
// Traces as a capture file: every link of every lane is a TCP connection that is made up around the bytes that were really
// sent, so that Wireshark dissects them as MQTT. Below TLS and WebSocket there was more; it is not in the trace.

#include "hiatus/v1/report.pb.h"

#include <string>

namespace hiatus::report {

/// pcapng of all results that have a trace. Findings are comments on the packets that witness them.
std::string toPcapng(const v1::Report &report);

/// The same of one result; `report` says when.
std::string toPcapng(const v1::Report &report, const v1::Result &result);

} // namespace hiatus::report
