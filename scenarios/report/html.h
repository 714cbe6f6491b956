#pragma once
// `--report html:DIR` and `compare --html DIR`: one self-contained page, opens from a file, needs no network and, for
// reading, no script. One report gives the page of a run; several are columns side by side.

#include "scenarios/report/names.h"

#include <cstddef>
#include <string>
#include <vector>

namespace hiatus::report {

struct HtmlOptions
{
    std::size_t cases = 400; ///< told in full at most, over all reports; the page says what it left out
    std::size_t ladderRows = 120;
};

/// Matrix of scenarios by report, facts side by side, the ledger of statements, and a section per case that is not a
/// plain PASS or SKIP (and for those too if their trace is in the report).
std::string toHtml(const std::vector<const v1::Report *> &reports, const Context &context,
                   const HtmlOptions &options = {});

} // namespace hiatus::report
