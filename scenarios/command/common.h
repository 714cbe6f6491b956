#pragma once
// What several subcommands need.

#include "scenarios/command/command.h"
#include "scenarios/report/names.h"
#include "scenarios/report/terminal.h"
#include "scenarios/suite/library.h"

#include <optional>

namespace hiatus::command {

/// The library, or a message on standard error and the status set. Files that do not load, or do not pass lint, are
/// errors unless `lenient`.
std::optional<suite::Library> openLibrary(Environment &environment, const std::vector<std::string> &arguments,
                                          std::vector<std::string> &patterns, bool lenient = false);

/// `--requirements FILE`, for subcommands that read citations.
void addRequirements(CLI::App &command, Environment &environment);

/// For this terminal: colour, and its width (COLUMNS, else what the terminal says, else 120; 60 to 200).
report::TerminalOptions terminalOptions();

/// "did you mean …" for a name that is near to one of `known`; empty if none is.
std::string nearest(const std::string &name, const std::vector<std::string> &known);

/// "V3", "3.1.1", "v5", … to a version; unspecified if it is none.
v1::Version versionFrom(const std::string &text);
v1::Role roleFrom(const std::string &text);

} // namespace hiatus::command
