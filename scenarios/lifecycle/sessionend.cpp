#include "scenarios/lifecycle/sessionend.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace hiatus::lifecycle {

namespace {

/// proc(5): pid (comm) state ppid pgrp session …; comm may have anything in it.
bool isAliveIn(pid_t session, const std::filesystem::path &process)
{
    std::ifstream file(process / "stat");
    std::string line;
    std::getline(file, line);
    const auto end = line.rfind(')');
    if (end == std::string::npos)
        return false;
    std::istringstream rest(line.substr(end + 1));
    char state = 0;
    pid_t parent = 0, group = 0, its = 0;
    rest >> state >> parent >> group >> its;
    return its == session && state != 'Z' && state != 'X';
}

std::vector<pid_t> membersOf(pid_t session)
{
    std::vector<pid_t> found;
    std::error_code ignored; // processes go while one looks
    for (const auto &entry : std::filesystem::directory_iterator("/proc", ignored)) {
        const std::string name = entry.path().filename();
        if (std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; }) && isAliveIn(session, entry.path()))
            found.push_back(static_cast<pid_t>(std::stol(name)));
    }
    return found;
}

/// Until `process` has ended; false: at `deadline` it had not.
bool waitFor(pid_t process, std::chrono::steady_clock::time_point deadline)
{
    const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, process, 0)); // glibc 2.36 declares it for C only
    if (descriptor < 0)
        return true; // gone
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd waiting{descriptor, POLLIN, 0};
    const bool hasEnded = ::poll(&waiting, 1, std::max(0, static_cast<int>(left.count()))) > 0;
    ::close(descriptor);
    return hasEnded;
}

} // namespace

bool endSession(pid_t session, std::chrono::milliseconds within)
{
    const auto deadline = std::chrono::steady_clock::now() + within;
    for (auto members = membersOf(session); !members.empty(); members = membersOf(session)) { // one may have had another
        for (const pid_t process : members)
            ::kill(process, SIGKILL);
        for (const pid_t process : members) {
            if (!waitFor(process, deadline))
                return false;
        }
    }
    return true;
}

} // namespace hiatus::lifecycle
