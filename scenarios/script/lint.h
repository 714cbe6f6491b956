#pragma once
// What can be wrong with a script that parses: everything that would make it prove nothing, or accuse the wrong side.

#include "scenarios/script/script.h"

#include "hiatus/v1/requirement.pb.h"

#include <functional>
#include <set>
#include <string>

namespace hiatus::script {

/// The row of the statement catalogue about that side, null if there is none.
using RequirementLookup = std::function<const v1::Requirement *(v1::Version version, const std::string &id, v1::Role role)>;

using CapabilityNames = std::set<std::string>;

/// The capabilities that target.proto lists.
const CapabilityNames &knownCapabilities();

/// What a script is found to be.
struct Examined
{
    Problems problems;             ///< in the order of the files' lines; none for a script that may run
    std::vector<Variant> variants; ///< as expand() has them: lint reads every plan, so nobody has to make them twice
};

/// Takes any script that loads.
Examined examine(const Script &script, const RequirementLookup &requirements,
                 const CapabilityNames &capabilities = knownCapabilities());

/// The problems only.
Problems lint(const Script &script, const RequirementLookup &requirements,
              const CapabilityNames &capabilities = knownCapabilities());

} // namespace hiatus::script
