#pragma once
// `--report html:DIR` and `hiatus compare … --html DIR`: a folder with one page, which opens from disk, needs no
// network and, for reading, no script (but for the details of cases beyond the first of a kind, where there are many); and
// the traces to download. One report gives the page of a run; several are columns.

#include "scenarios/report/matrix.h"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace hiatus::report {

/// What the page tells of; everything but `reports` may be missing.
struct PageInput
{
    Reports reports;
    Reports proofs; ///< of `hiatus mutants`: what the suite itself is worth
    Context context;
    std::map<std::string, std::string> sources;   ///< scenario and fragment files -> text (see sourceFiles)
    std::map<std::string, v1::Result> references; ///< variant -> what the reference broker did with it, with its trace
};

struct PageOptions
{
    std::size_t bytes = 3'450'000; ///< of the whole folder, about: cases beyond that are named, and not told
    std::size_t plain = 350'000;   ///< of it for cases that read without a script; the others are packed
    std::size_t ladderRows = 90;
};

struct PageFile
{
    std::string name; ///< below the folder: "index.html", "traces/….json"
    std::string content;
};

/// The page comes first.
std::vector<PageFile> toPage(const PageInput &input, const PageOptions &options = {});

/// The files that a page of these reports quotes: name in PageInput::sources -> path.
std::map<std::string, std::string> sourceFiles(const Reports &reports, const Context &context);

/// Which variants a page of these reports wants to show beside the reference broker's: those that are not a plain PASS
/// and have a trace.
std::vector<std::string> variantsToCompare(const Reports &reports);

} // namespace hiatus::report
