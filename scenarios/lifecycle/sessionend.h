#pragma once
// The end of a whole session of processes, those with a process group of their own included.

#include <chrono>

#include <sys/types.h>

namespace hiatus::lifecycle {

/// Kills every process of `session` and waits until none is left, `within` at most. False: some are.
bool endSession(pid_t session, std::chrono::milliseconds within);

} // namespace hiatus::lifecycle
