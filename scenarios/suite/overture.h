#pragma once
// What a target is, before anybody judges it: a few scenarios of catalog/facts, each of some round trips on connections that
// clean up after themselves, and what their traces tell. Pure: whoever has run them, in whatever world, asks here.

#include "hiatus/v1/report.pb.h"
#include "hiatus/v1/target.pb.h"
#include "scenarios/suite/library.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hiatus::suite {

/// Values of a fact, and in which versions.
using FactTable = std::map<std::string, std::map<std::string, std::set<v1::Version>>>;

struct Learnt
{
    /// Present or absent, for each version that the target speaks; what it did not tell is not in here. Absent is only what
    /// the standard lets a server leave out, and it said so: what is missing without a word is a scenario's to judge.
    std::vector<v1::CapabilityFound> capabilities;
    FactTable facts;
    std::string version; ///< of the target, by itself; often empty
    std::string refusal; ///< the CONNACK of one that does not let us in, whatever the version
};

/// The few that every run against a network target begins with.
std::vector<const script::Variant *> overture(const Library &library);
/// All that `hiatus probe` runs, the overture among them: of each scenario the first variant of each version, which is the one
/// where nothing is a race.
std::vector<const script::Variant *> probing(const Library &library);

/// Adds what a result tells; one that was not run, or came to nothing, tells nothing.
void learn(Learnt &into, const v1::Result &result);
Learnt learnt(const std::vector<v1::Result> &results);

/// Nothing if nobody knows. What the profile says wins over what was found.
std::optional<v1::CapabilityFound> capabilityOf(const v1::Target &profile, const Learnt &found, const std::string &name, v1::Version version);

/// Sentences on what the profile says and the target does not.
std::vector<std::string> contradictions(const v1::Target &profile, const Learnt &found);

/// Into the header of a report: capabilities (the profile's where they win), facts, the target's version.
void describe(v1::Report &report, const v1::Target &profile, const Learnt &found);

} // namespace hiatus::suite
