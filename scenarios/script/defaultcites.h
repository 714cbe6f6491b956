#pragma once
// What a check is charged to when the script does not say: the statement that binds whoever is judged to do what the
// step waits for. Keys of the catalogue, one per version and role.

#include "scenarios/script/plan.h"

namespace hiatus::script {

struct CiteContext
{
    v1::Version version = v1::V5;
    v1::Role role = v1::SERVER;
    bool refused = false; ///< closed: the connection's CONNECT was to be refused
    std::uint32_t qos = 1; ///< of messages that do not say it: the axis, else 1
};

/// The citation without `of` is charged when nothing comes, and for every check without one of its own.
/// Besides the names of Cite.of: "sentinel" is what a fence waits for; "puback", "pubrec", "pubcomp" and "pubrel" on publish and take are those packets
/// missing, "suback" and "unsuback" likewise.
std::vector<PlannedCite> defaultCites(const v1::Step &step, const CiteContext &context);

} // namespace hiatus::script
