#pragma once

#include "scenarios/report/names.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <string>

namespace hiatus::report {

/// Where a script is to connect if it is not told otherwise.
struct ReproTarget
{
    std::string host = "localhost";
    std::uint16_t port = 1883;
    bool isTls = false;
    bool isVerified = true;
    std::string lane; ///< on which something was missing; empty: not known
};

/// A script for Python 3, standard library only, that replays the trace of a failed result byte by byte: exit 1 with the
/// same reason code, 0 if the target does right, 2 if it went another way before. Error: why there can be none.
tl::expected<std::string, std::string> toRepro(const v1::Result &result, const ReproTarget &target);

} // namespace hiatus::report
