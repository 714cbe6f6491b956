#pragma once
// What a profile says of how its target is reached and used.

#include "hiatus/v1/target.pb.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/world/networkhub.h"

#include <tl/expected.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace hiatus::suite {

/// Where the target is and how it is spoken to: its URL, certificates, and the password from the environment. Error: what
/// is wrong with the profile, in a sentence.
tl::expected<world::NetworkOptions, std::string> networkOptionsOf(const v1::Target &target);

/// Deadlines and tolerances from a profile.
run::Timing timingOf(const v1::Target &target, Milliseconds latency);

/// Whom the lanes may say they are; the first is the one of the URL where the profile has no accounts.
std::vector<run::Account> accountsOf(const v1::Target &target, const world::NetworkTarget &first);

/// Variants at work at once. Who may only open so many connections in a second has no use for many that wait for one.
std::size_t jobsOf(const v1::Target &target);

} // namespace hiatus::suite
