#pragma once
// What a target is, found out by asking it: for `hiatus probe`, and for the profile that `hiatus init` begins with.

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

struct Probed
{
    int status = 0;  ///< report::AsExpected: the portrait is whole
    std::string why; ///< what is wrong, without passwords; nothing after an interruption
};

/// Asks `target`: "sim", a URL or a profile. Takes some seconds.
Probed probe(const std::string &target, const suite::Library &library, Portrait &portrait);

} // namespace hiatus::command
