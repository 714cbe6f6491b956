#pragma once
// Runs variants against a broker on the network, all in one event loop under three bounds: open connections, pending
// connects (both the hub's) and variants at work. A variant parked on a spec timer holds no place; the longest planned
// wait starts first, so that a run lasts little more than its longest variant.

#include "hiatus/v1/report.pb.h"
#include "hiatus/v1/target.pb.h"
#include "scenarios/judge/judge.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/lifecycle/targetprocess.h"
#include "scenarios/script/plan.h"
#include "scenarios/suite/overture.h"
#include "scenarios/world/networkhub.h"

#include <tl/expected.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hiatus::suite {

class TargetHandle;

struct NetworkRunOptions
{
    v1::Target target;
    lifecycle::TargetProcess *process = nullptr; ///< the target, if it is ours to start
    /// Makes one more of it, not prepared yet; none if there can be but one.
    std::function<tl::expected<std::unique_ptr<TargetHandle>, std::string>()> another;
    std::uint64_t seed = 0;
    bool isFailFast = false;
    unsigned confirm = 1; ///< how often a FAIL or WARN is run again alone before it is reported
    std::function<void(const script::Variant &, run::RunOptions &)> debug; ///< a log, a step to hold at
    /// Run before all others, and not judged: what they tell is missing is a missing capability. None: the profile alone says.
    std::vector<const script::Variant *> overture;
    /// Is it what the baseline expects? Then it has been looked at, and is not run again.
    std::function<bool(const v1::Result &)> isExpected;
    const std::atomic<bool> *stop = nullptr;
    /// Called about twice a second: how many are done, failed, and the variant that has been at it for longest.
    std::function<void(std::size_t done, std::size_t failed, const std::string &slowest)> progress;
};

struct NetworkRunEnd
{
    std::vector<v1::Result> results; ///< in the order of the variants; those not run have no verdict
    Learnt found;                    ///< by the overture
    std::string note;                ///< e.g. too few descriptors; may be empty
    bool isTargetGone = false;       ///< it answered at first, and no more
};

/// Starts the target if it is ours to start, probes it, runs, and runs every FAIL and WARN again alone before it is reported. Error: what is wrong with
/// the target, in a sentence; nothing was run.
/// - A target of ours that dies is started again, and each variant that was at work then is run alone: whoever kills it
///   again is a FAIL, TARGET_DIED.
/// - What has to be alone (a variant that stops the target, one to be confirmed) runs on further instances of the target, as
///   many as its profile allows, or last, one by one.
tl::expected<NetworkRunEnd, std::string> runOnNetwork(const std::vector<const script::Variant *> &variants,
                                                      const requirements::Catalogue &catalogue, const NetworkRunOptions &options);

/// Runs CLIENT scenarios against a client library behind the adapter of `options.target.client`. Error: as above.
tl::expected<NetworkRunEnd, std::string> runOnClient(const std::vector<const script::Variant *> &variants,
                                                     const requirements::Catalogue &catalogue, const NetworkRunOptions &options);

} // namespace hiatus::suite
