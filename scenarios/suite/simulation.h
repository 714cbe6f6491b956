#pragma once
// Runs variants against the in-process minibroker (and client) on the virtual clock. A result is a pure function of the
// variant, the alterations and the seed.

#include "hiatus/v1/report.pb.h"
#include "minibroker/engine/alteration.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/judge/judge.h"
#include "scenarios/script/plan.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace hiatus::suite {

/// What is simulated: clean, or with named deviations and liberties of broker and client.
struct SimulationOptions
{
    std::vector<std::string> brokerAlterations;
    std::vector<std::string> clientAlterations;
    broker::Decorate around = {}; ///< wrapped around the broker, alterations and all; nothing: not wrapped
    std::uint64_t seed = 0;
    std::function<void(const script::Variant &, run::RunOptions &)> debug; ///< a log, a step to hold at
};

/// A judged variant; the trace is inside.
v1::Result simulate(const script::Variant &variant, const requirements::Catalogue &catalogue, const SimulationOptions &options);

/// All of them, on `threads` threads. `done` is called from those threads, one call at a time, as results come;
/// `stop` ends the run early. Results are in the order of the variants; those not run have no verdict.
std::vector<v1::Result> simulateAll(const std::vector<const script::Variant *> &variants,
                                    const requirements::Catalogue &catalogue, const SimulationOptions &options, unsigned threads,
                                    const std::function<void(std::size_t index, const v1::Result &)> &done = {},
                                    const std::atomic<bool> *stop = nullptr);

} // namespace hiatus::suite
