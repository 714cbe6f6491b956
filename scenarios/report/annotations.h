#pragma once

#include "scenarios/report/names.h"

#include <string>

namespace hiatus::report {

/// GitHub's workflow commands: an annotation for every unexpected result, on the step's line in the scenario file. Files
/// below `root` are named relative to it, as a checkout's are.
std::string toAnnotations(const v1::Report &report, const std::string &root);

} // namespace hiatus::report
