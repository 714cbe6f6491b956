#pragma once
// What is said to somebody who mistyped a command line.

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace hiatus::command {

/// A sentence for standard error, with what may have been meant; nothing: CLI11's own will do. `arguments` in their order.
std::string mistyped(const CLI::App &app, const std::vector<std::string> &arguments, const CLI::ParseError &error);

} // namespace hiatus::command
