#pragma once
// One text-format file into one message: all errors, all places.

#include "scenarios/script/script.h"

namespace hiatus::script {

/// Parses `text` into `message`, a Scenario or a Fragment, records where its fields stand, and reports what is wrong.
void parseTextFile(std::string_view text, google::protobuf::Message &message, Positions &positions, Problems &problems);

/// The bytes of a regular file of sensible size, or why there are none.
tl::expected<std::string, std::string> readTextFile(const std::string &path);

} // namespace hiatus::script
