#pragma once

#include "scenarios/command/runoptions.h"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace hiatus::command {

/// Which of the variants this run takes: those that failed in the report of --rerun-failed, of them the part of --shard.
/// Error: a sentence.
tl::expected<std::vector<const script::Variant *>, std::string> narrowed(const RunOptions &options,
                                                                         std::vector<const script::Variant *> variants);

} // namespace hiatus::command
