#pragma once

#include <string>

namespace hiatus::report {

/// The files of repro/, which the build puts into the program; client.py only where a client is under test.
std::string reproScript(bool isClient);

} // namespace hiatus::report
