#pragma once
// The cases that are not fine, each in a section of its own: what was broken, the ladder, the reference broker beside
// it.

#include "scenarios/report/html/markup.h"
#include "scenarios/report/html/page.h"

#include <map>
#include <string>
#include <vector>

namespace hiatus::report::html {

/// A result that is told. Those that break the same check of the same scenario are alike and stand together.
struct Case
{
    const v1::Result *result = nullptr;
    std::size_t column = 0;
    std::string anchor; ///< "case-resume/owed_pubrel[v5,rst]", with the column's number from the second on
    std::string alike;  ///< the same for those that are alike
};

/// Gravest and unexpected ones first; those that are alike follow each other.
std::vector<Case> casesOf(const Reports &reports);

/// Anchors by result, for links.
using Anchors = std::map<const v1::Result *, std::string>;
Anchors anchorsOf(const std::vector<Case> &cases);

/// Writes the section of every case while `bytes` last, those beyond `plain` packed, and below those that are alike the names
/// of the others; traces that are not packed go into `files`.
void cases(Markup &out, const std::vector<Case> &all, const PageInput &input, const PageOptions &options,
           std::vector<PageFile> &files);

} // namespace hiatus::report::html
