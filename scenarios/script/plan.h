#pragma once
// What the interpreter runs: a scenario with its axes bound, every `when` decided, fragments spliced in, `until_point`
// and `repeat` unrolled, citations resolved. A plan is a value; nothing in it points back into the script.

#include "hiatus/v1/scenario.pb.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace hiatus::script {

/// Where in a file something stands; line and column count from 1.
struct Location
{
    std::string file;
    int line = 0;
    int column = 0;

    std::string text() const; ///< "file:line:column"
};

/// A statement that a broken check is charged to.
struct PlannedCite
{
    std::string of;        ///< as Cite.of; empty: the whole step
    std::string statement; ///< id in the catalogue, for the version
    v1::Version version = v1::VERSION_UNSPECIFIED; ///< the lane's; the variant's where the check is on no lane
    v1::Role role = v1::ROLE_UNSPECIFIED;
    bool fallback = false; ///< not written in the script: the verb's default (defaultcites.h)
};

struct PlannedStep;

/// Tracks of `parallel`, branches of `one_of`.
struct PlannedBlock
{
    std::string name; ///< branch name
    std::vector<PlannedStep> steps;
    std::vector<PlannedCite> should; ///< Branch.should
};

struct PlannedStep
{
    std::uint32_t index = 0; ///< depth-first number within the variant, from 0; names the step in traces
    Location at;
    /// The step without `when`, and with the axes' values written in: `drop.how`, `qos` of subscribe, publish and fence,
    /// `open.clean`, `cut_when.how`, `send.split`, and every Set whose `of` is an axis or a number is applied to the
    /// packet or message it fills. Sets that need values of the run (names, granted(), min, max of those) remain.
    /// Nested steps are moved to `blocks`.
    v1::Step step;
    std::vector<PlannedCite> cites;
    bool setup = false; ///< before the first `drop` and without a citation of its own: a failure is INCONCLUSIVE
    std::vector<PlannedBlock> blocks;
};

/// A scenario with its axes bound: what runs and gets a verdict.
struct Variant
{
    std::string id;       ///< "topic/slug[v5,qos2,rst]"
    std::string scenario; ///< "topic/slug"
    std::string title;
    std::string file;
    v1::Version version = v1::VERSION_UNSPECIFIED;
    v1::Role role = v1::SERVER;
    bool fact = false;
    bool alone = false;   ///< it stops the target, or keeps it busy: over the network nothing else runs beside it
    std::vector<std::string> needs;
    std::vector<std::pair<std::string, std::string>> axes; ///< name -> value as text, in the order of the id
    std::vector<v1::Lane> lanes;
    std::vector<PlannedStep> steps;
    std::vector<PlannedCite> surplus; ///< Scenario.surplus
    double plannedSeconds = 0;        ///< sum of the spec timers it waits for, at their written values

    const std::string *axis(const std::string &name) const;
    v1::Version versionOf(const std::string &lane) const; ///< what the lane speaks; the variant's where there is no such lane
};

} // namespace hiatus::script
