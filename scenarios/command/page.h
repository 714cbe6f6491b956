#pragma once
// The page of a report or of several, with the reference broker's ladders beside those that failed.

#include "scenarios/report/matrix.h"
#include "scenarios/suite/library.h"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace hiatus::command {

/// Reports of runs are columns; those of `hiatus mutants` tell what the suite is worth.
struct ReportsByKind
{
    report::Reports runs;
    report::Reports proofs;
};
ReportsByKind sorted(const std::vector<v1::Report> &reports);

/// Writes index.html and traces/ into the folder, which it makes. Error: a sentence with the path.
tl::expected<void, std::string> writePage(const std::string &directory, const ReportsByKind &reports,
                                          const suite::Library &library);

} // namespace hiatus::command
