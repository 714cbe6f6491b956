#pragma once

#include "hiatus/v1/client_control.pb.h"
#include "scenarios/report/names.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace hiatus::report {

/// Where a script is to connect if it is not told otherwise.
struct ReproBroker
{
    std::string host = "localhost";
    std::uint16_t port = 1883;
    bool isTls = false;
    std::string webSocketPath; ///< empty: no WebSocket
    std::string certificateFile, keyFile;
    std::vector<std::string> alpn;
};

/// Which client a script is to start if it is not told otherwise.
struct ReproClient
{
    std::vector<std::string> adapter; ///< program and arguments
    v1::Setup setup;
};

/// What the finding's step is about, as the plan of the variant says.
struct ReproStep
{
    std::string lane;  ///< on which something was missing; empty: not known
    bool isAccept = false;
    bool isOld = false;  ///< about the connection before the lane's present one
    bool isRace = false; ///< parties act at once: each time in another order
    int event = 0;     ///< number of the ClientEvent that the application was to see, or not; 0: it is about packets
};

/// A script for Python 3, standard library only, that replays the trace of a failed result byte by byte: exit 1 with the
/// same reason code, 0 if the target does right, 2 if it went another way before. Error: why there can be none.
tl::expected<std::string, std::string> toRepro(const v1::Result &result, const ReproStep &step, const ReproBroker &broker);
/// The same for a client under test: the script is the broker, and drives the client through its adapter.
tl::expected<std::string, std::string> toRepro(const v1::Result &result, const ReproStep &step, const ReproClient &client);

} // namespace hiatus::report
