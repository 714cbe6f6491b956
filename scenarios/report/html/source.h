#pragma once
// A script with the lines marked that a case is about.

#include "scenarios/report/html/markup.h"

#include <set>
#include <string>
#include <utility>

namespace hiatus::report::html {

/// "file" and line of "file:line:column"; line 0 if it has no such shape.
std::pair<std::string, int> placeOf(const std::string &at);

/// A file of ours from `scenarios/` on, wherever the house stood when it was written; others as they are.
std::string houseFile(const std::string &file);

/// The text with line numbers; `marked` lines stand out.
void source(Markup &out, const std::string &text, const std::set<int> &marked);

} // namespace hiatus::report::html
