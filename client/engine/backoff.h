#pragma once
// How long to wait before the next attempt.

#include "client/engine/options.h"

namespace hiatus::client {

/// Doubled per failed attempt up to the longest; with a seed, shortened to between half and whole by it, so that many
/// clients don't come back at once. A pure function.
Milliseconds backOff(const ClientOptions &options, unsigned failedAttempts);

} // namespace hiatus::client
