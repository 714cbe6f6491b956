#pragma once
// The section of one case.

#include "scenarios/report/html/cases.h"

namespace hiatus::report::html {

struct CaseView
{
    const Case *shown = nullptr;
    const PageInput *input = nullptr;
    const PageOptions *options = nullptr;
    std::string column; ///< name of the target, where there are several
    std::string trace;  ///< file to download; empty: none
};

std::string caseSection(const CaseView &view);

/// One line: what it is and how to run it, for cases that are not told in full.
std::string caseLine(const CaseView &view);

} // namespace hiatus::report::html
