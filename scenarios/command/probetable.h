#pragma once
// What `hiatus probe` says of a target, as a table for people and as a profile to go on from.

#include "hiatus/v1/report.pb.h"
#include "hiatus/v1/target.pb.h"
#include "scenarios/suite/library.h"
#include "scenarios/suite/overture.h"

#include <string>

namespace hiatus::command {

struct Portrait
{
    v1::Report report; ///< its header: target, version, capabilities
    v1::Target profile;
    suite::Learnt found;
};

/// Versions, capabilities and how they are known, facts, what would be skipped for what, and where the profile errs.
std::string tableOf(const Portrait &portrait, const suite::Library &library);

/// A profile in text format that says the same. `url` without a password.
std::string profileText(const Portrait &portrait, const std::string &url);

} // namespace hiatus::command
