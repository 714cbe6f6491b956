#pragma once

#include "hiatus/v1/target.pb.h"

#include <string>

namespace hiatus::command {

/// A profile file with `client`. A program named without a folder is looked for beside ours first.
bool readClientProfile(const std::string &file, v1::Target &target);

} // namespace hiatus::command
