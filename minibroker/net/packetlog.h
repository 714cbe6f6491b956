#pragma once

#include "minibroker/net/brokerserver.h"

#include <string>

namespace hiatus::minibroker {

/// "12:00:01.234 client > PUBLISH …" towards the broker, "client < PUBACK …" from it.
std::string logLine(const SeenPacket &seen);
/// A line with the time before it, on standard error.
void logToStandardError(const std::string &line);

} // namespace hiatus::minibroker
