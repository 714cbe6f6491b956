#pragma once

#include "minibroker/net/minibroker.h"

#include <tl/expected.hpp>

#include <string>

namespace hiatus::minibroker {

/// Exit statuses (sysexits).
enum ExitStatus { Ok = 0, Usage = 64, BadData = 65, Unavailable = 69, StoreFailed = 74 };

/// What the command line asks for.
struct Arguments
{
    enum class Mode { Serve, HashPassword };
    Mode mode = Mode::Serve;
    MinibrokerOptions options;
    bool logPackets = false;
    bool logConnections = false;
};

/// What is to be said instead of running, and the status to exit with.
struct Farewell
{
    int status = Usage;
    std::string text;
};

tl::expected<Arguments, Farewell> parseArguments(int argc, const char *const *argv);

} // namespace hiatus::minibroker
