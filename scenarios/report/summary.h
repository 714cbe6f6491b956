#pragma once
// The end of a run on the terminal, after the blocks: what was broken, facts, skips, the slowest, the target.

#include "scenarios/report/counts.h"
#include "scenarios/report/terminal.h"

#include <string>
#include <vector>

namespace hiatus::report {

/// Results that are alike: same scenario, verdict and broken check. In order of their first.
std::vector<std::vector<const v1::Result *>> alike(const std::vector<const v1::Result *> &results);

/// "broken statements", a paragraph each with the number of variants and their scenarios, most variants first.
std::string brokenStatements(const std::vector<const v1::Result *> &results, const Context &context,
                             const TerminalOptions &options);

std::string factLines(const v1::Report &report, const TerminalOptions &options);
std::string skipLines(const Results &results, const TerminalOptions &options);

/// "slowest: will/by_close[v5,fin] 12.0 s, …"; `number` of them.
std::string slowestLines(const Results &results, std::size_t number, const TerminalOptions &options);

/// What ran where: the version of hiatus, the world, the command line, then targetLines().
std::string headerLines(const v1::Report &report, const TerminalOptions &options);
/// "target: mosquitto 2.0.11; lacks shared, topic-alias (5.0)".
std::string targetLines(const v1::Report &report, const TerminalOptions &options);

/// Words in lines of the terminal's width, each indented.
std::string indented(const std::string &text, std::size_t indent, std::size_t width);

} // namespace hiatus::report
