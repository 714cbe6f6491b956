#pragma once
// A scenario of the catalogue, or a file of one's own, run from inside a test:
//
//     const auto outcome = hiatus::scenarios::run({.what = "queue/qos1_resume", .target = url});
//     QVERIFY2(outcome.passed, outcome.text.c_str());

#include "hiatus/v1/report.pb.h"

#include <cstdint>
#include <string>
#include <vector>

namespace hiatus::scenarios {

struct Request
{
    std::string what;           ///< id of a scenario or variant, a glob on ids, or a .txtpb file
    std::string target = "sim"; ///< the in-process pair on the virtual clock; mqtt://host:port; or a profile file
    std::vector<std::string> alterations = {}; ///< sim: names of deviations and liberties
    std::uint64_t seed = 0;
};

struct Outcome
{
    bool passed = false; ///< something ran, nothing is FAIL, WARN, INCONCLUSIVE or ERROR
    std::string text;    ///< as `hiatus run` tells it, with the ladder of what failed; or why nothing ran
    v1::Report report;
};

/// Runs the variants in question and judges them.
/// - A network target runs in a Qt event loop of this thread: a broker in the same thread answers meanwhile.
/// - `data` is the folder that holds `scenarios/`: catalogue, fragments and statements.
Outcome run(const Request &request, const std::string &data);

#ifdef HIATUS_DATA
inline Outcome run(const Request &request)
{
    return run(request, HIATUS_DATA);
}
#endif

} // namespace hiatus::scenarios
