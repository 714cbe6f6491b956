#pragma once
// The command line of `hiatus run`, and the network half of it.

#include "hiatus/v1/report.pb.h"
#include "scenarios/interpreter/run.h"
#include "scenarios/suite/library.h"
#include "scenarios/suite/targethandle.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace hiatus::command {

struct RunOptions
{
    std::vector<std::string> what;
    std::string target = "sim";
    std::string client; ///< a profile: the client under test
    std::string role;
    std::string version;
    std::string statement;
    bool isPlan = false;
    bool isFull = false;
    std::string rerunFailed; ///< a report
    std::string shard;       ///< "I/N"
    unsigned confirm = 1;
    double timeLimit = 0; ///< seconds; 0: none
    std::string wait;     ///< a step
    std::string log;      ///< "packets"
    unsigned jobs = 0;
    std::uint64_t seed = 0;
    bool isShuffled = false;
    unsigned repeat = 1;
    bool isFailFast = false;
    double timeScale = 1;
    std::string baseline;
    bool isBaselineUpdated = false;
    bool isStrict = false;
    std::vector<std::string> reports;
    std::string trace = "failed";
    bool isQuiet = false;
    bool isVerbose = false;
    std::vector<std::string> deviations;
    std::vector<std::string> liberties;
};

/// What --wait and --log ask of a variant.
void debug(const RunOptions &options, const script::Variant &variant, run::RunOptions &run);

/// Rerun command, texts of the packets; drops the trace where nobody wants it.
void prepareResult(const RunOptions &options, v1::Version version, v1::Result &result);

/// A URL, or a profile; nothing: the reason is on standard error.
std::unique_ptr<suite::TargetHandle> openTarget(const std::string &argument);

/// What came of a run.
struct Ran
{
    v1::Report report; ///< of several rounds the worst results
    google::protobuf::RepeatedPtrField<v1::Result> rounds; ///< all of them, as far as a baseline asks
    bool isTargetGone = false;
};

/// Runs against a target on the network. False: nothing was run, the reason is on standard error.
bool runNetwork(const RunOptions &options, const suite::Library &library, const std::vector<const script::Variant *> &variants,
                const std::atomic<bool> &stop, Ran &ran);

} // namespace hiatus::command
