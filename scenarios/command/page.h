#pragma once
// The page of a report or of several, with the reference broker's ladders beside those that failed.

#include "scenarios/report/matrix.h"
#include "scenarios/suite/library.h"

#include <tl/expected.hpp>

#include <string>

namespace hiatus::command {

/// Writes index.html and traces/ into the folder, which it makes. Error: a sentence with the path.
tl::expected<void, std::string> writePage(const std::string &directory, const report::Reports &reports,
                                          const suite::Library &library);

} // namespace hiatus::command
