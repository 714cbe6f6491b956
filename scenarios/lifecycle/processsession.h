#pragma once
// A program of ours as a session of processes: whatever it starts ends with it, what has a process group of its own included.

#include <chrono>

#include <sys/types.h>

class QProcess;

namespace hiatus::lifecycle {

/// To be said before it is started: Ctrl-C is for us, not for it, and should we be killed, it goes with us.
void leadSession(QProcess &process);

/// Kills every process of `session`, the process id of its leader, and waits until none is left, `within` at most.
void endSession(pid_t session, std::chrono::milliseconds within);

} // namespace hiatus::lifecycle
