#pragma once

#include "scenarios/command/common.h"

#include <string>
#include <vector>

namespace hiatus::command {

/// What --report asks for: json:FILE, junit:FILE, html:DIR, pcapng:FILE or DIR, github:FILE; "-" is standard output.
struct ReportRequest
{
    std::vector<std::string> specs;
    bool isStrict = false;
    std::string root; ///< of the scenarios: annotations name files relative to it
};

/// Writes them all; in a job of GitHub's (GITHUB_ACTIONS) annotations go to standard output unasked. False: one could not be
/// written, why is on standard error.
bool writeReports(const ReportRequest &request, const v1::Report &report, const suite::Library &library);

/// Is the kind known, and a path given? Else a sentence.
std::string wrongWith(const std::string &spec);

} // namespace hiatus::command
