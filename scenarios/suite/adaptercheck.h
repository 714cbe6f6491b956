#pragma once

#include "hiatus/v1/target.pb.h"

#include <string>
#include <vector>

namespace hiatus::suite {

/// What an adapter did with one command.
struct AdapterAnswer
{
    std::string command; ///< "connect", "publish QoS 2", …
    bool isNeeded = true; ///< without it no scenario can be run
    enum class Kind { Done, Unsupported, Failed, Silent } kind = Kind::Silent;
    std::string detail;
};

/// Drives the adapter of a profile through every command, against a broker of our own, within a deadline for each. Stops at
/// the first that is needed and not done.
std::vector<AdapterAnswer> checkAdapter(const v1::Target &profile, v1::Version version);

} // namespace hiatus::suite
