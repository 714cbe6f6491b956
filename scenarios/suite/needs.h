#pragma once
// Whether a target has what a variant asks for.

#include "hiatus/v1/target.pb.h"
#include "scenarios/script/plan.h"
#include "scenarios/suite/overture.h"

#include <string>

namespace hiatus::suite {

struct Missing
{
    std::string capability;  ///< empty: it has everything
    bool isOverride = false; ///< the profile says so, and the target had said that it is there
};

/// The profile wins over what was found; what neither of them speaks of is there.
Missing missingCapability(const script::Variant &variant, const v1::Target &target, const Learnt &found);

/// Does it run although the target says that it lacks something, because the profile says that it does not?
bool isLetIn(const script::Variant &variant, const v1::Target &target, const Learnt &found);

} // namespace hiatus::suite
