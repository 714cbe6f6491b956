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

/// The section with nothing in it but how to run it again; its script fetches the rest: `packed` says from where.
std::string caseShell(const CaseView &view, const std::string &packed);

/// The rest: pieces of markup that follow each other; in the second one, the ladders, rows are relative.
std::vector<std::string> caseParts(const CaseView &view);

/// One line: what it is and how to run it, for a case that stands for others and is not told in full.
std::string caseLine(const CaseView &view);

/// Its axes, and where it is another than `told` what was seen: for a case below one that is alike.
std::string caseMention(const CaseView &view, const v1::Result &told);

/// "unexpected FAIL": what the filters ask.
std::string kindsOf(const v1::Result &result);

} // namespace hiatus::report::html
