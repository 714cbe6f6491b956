#pragma once
// What a run says on a terminal, or in the log of a CI job. Everything is told by words; colour only repeats it.

#include "scenarios/report/counts.h"

#include <cstddef>
#include <string>
#include <vector>

namespace hiatus::report {

struct TerminalOptions
{
    enum class Detail {
        Quiet,   ///< what is unexpected, one line each, and the summary
        Normal,  ///< a block for everything unexpected, then the summary
        Verbose, ///< a line for every result, blocks also for what the baseline expects
    };
    Detail detail = Detail::Normal;
    bool colour = false; ///< the output is a terminal
    std::size_t width = 120;
    std::size_t ladderRows = 40;
    std::size_t blocks = 20; ///< told in full at most, one of those that are alike; the rest gets a line each
    std::size_t lines = 60;  ///< of those lines at most
    std::size_t slowest = 0; ///< variants named at the end; where the clock is virtual, none
    bool describesTarget = false; ///< begins with what ran where
    bool legend = true;      ///< under a ladder; told() says it once
};

/// "FAIL  resume/owed_pubrel[v5,rst]  5.0 s  MISSING [5.0 MQTT-4.4.0-1#b]", without a line feed.
std::string resultLine(const v1::Result &result, const TerminalOptions &options);

/// Everything that a person needs to act on a result: statement and paraphrase, expected over actual, the ladder around
/// it, the step's file:line:column, the command that runs it alone. Ends in '\n'.
std::string block(const v1::Result &result, const Context &context, const TerminalOptions &options);

/// All that is said at the end of a run: what ran where, blocks, facts in detail, skipped capabilities, baseline problems, expected failures and, as
/// the last line, the summary.
std::string told(const v1::Report &report, const std::vector<std::string> &baselineProblems, const Context &context,
                 const TerminalOptions &options);

} // namespace hiatus::report
