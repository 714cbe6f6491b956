#pragma once
// Which side of a pair lost, doubled or held up a message: a function of what passed on the wires.

#include "hiatus/v1/report.pb.h"
#include "scenarios/script/plan.h"

#include <optional>
#include <string>

namespace hiatus::judge {

struct Blame
{
    v1::Role role = v1::ROLE_UNSPECIFIED; ///< unspecified: nobody's fault, the standard has it so
    std::string why; ///< one sentence for a person
};

/// Who is at fault for the broken check of an `app` or `settled` step; nothing if the wires don't tell (they were not
/// seen, or the step is of another kind).
std::optional<Blame> blame(const script::Variant &variant, const script::PlannedStep &step, const v1::CheckRecord &record,
                           const v1::Trace &trace);

} // namespace hiatus::judge
