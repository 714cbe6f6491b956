#pragma once
// The pieces of the page that html.cpp puts together.

#include "scenarios/report/html.h"

#include <map>
#include <string>
#include <string_view>

namespace hiatus::report::html {

/// Text that may stand in an element or in a quoted attribute, whatever a packet carried.
std::string escaped(std::string_view text);

/// Style and script of the page.
std::string_view style();
std::string_view script();

/// "P", "F", …: the letter that goes with a verdict's colour, and the sentence of the legend.
char letter(v1::Verdict verdict);
std::string legend();

/// A span with letter and word.
std::string badge(const v1::Result &result);

/// The section of one case.
std::string caseSection(const v1::Result &result, const std::string &anchor, const Context &context,
                        std::size_t ladderRows);

/// Facts and capabilities, a column per report.
std::string factsTable(const std::vector<const v1::Report *> &reports);

/// Statements: what asserts them and the worst verdict that was charged to them; untested ones with their reason.
std::string statementsTable(const v1::Report &report, const Context &context);

} // namespace hiatus::report::html
