#pragma once
// How a verdict looks: a letter in a shape, and a word; colour only repeats it.

#include "scenarios/report/html/markup.h"
#include "scenarios/report/matrix.h"

namespace hiatus::report::html {

/// "P", "F", "W", "?", "S", "E"; "·" for nothing.
std::string letterOf(v1::Verdict verdict);

/// "v FAIL expected changed": classes of the badge.
std::string classesOf(v1::Verdict verdict, bool isExpected, bool isChanged = false);

/// Letter and word of one result.
void badge(Markup &out, const v1::Result &result);

/// What the letters, shapes and marks mean.
void legend(Markup &out, bool isComparison);

} // namespace hiatus::report::html
