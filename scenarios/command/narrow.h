#pragma once

#include "scenarios/command/runoptions.h"

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace hiatus::command {

/// The virtual clock has time for the whole product of the axes; a network run takes a cover, and what was asked for by name.
std::vector<const script::Variant *> covered(const RunOptions &options, const std::vector<std::string> &patterns,
                                             const std::vector<const script::Variant *> &variants);

/// What this run takes of them, in its order: those that failed in the report of --rerun-failed, of them the part of --shard.
/// Error: a sentence.
tl::expected<std::vector<const script::Variant *>, std::string> ordered(const RunOptions &options,
                                                                        std::vector<const script::Variant *> variants);

} // namespace hiatus::command
