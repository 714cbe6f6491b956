#pragma once
// Man page and shell completion, made from the option table of the command line itself: they cannot fall behind it.

#include <CLI/CLI.hpp>

#include <string>

namespace hiatus::commandline {

/// A page of section 1, as roff.
std::string manualOf(const CLI::App &app, const std::string &version);

/// A completion script for "bash" or "zsh".
std::string completionOf(const CLI::App &app, const std::string &shell);

/// Hidden options that print these and end: --man, --completion SHELL. For the build; packagers may like them too.
void addManual(CLI::App &app, const std::string &version);

/// What all three are made of.
struct OptionRow
{
    std::string name;   ///< "--port", or "FILE" of a positional
    bool isPositional = false;
    bool takesValue = false;
    std::vector<std::string> choices; ///< of its value, where they are few and known
    std::string description;
};
std::vector<OptionRow> optionsOf(const CLI::App &app);
std::vector<const CLI::App *> subcommandsOf(const CLI::App &app);

} // namespace hiatus::commandline
