#pragma once

#include <string_view>

namespace hiatus::report {

/// repro.py, which the build puts into the program.
std::string_view reproScript();

} // namespace hiatus::report
