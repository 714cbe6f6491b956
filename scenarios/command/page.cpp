#include "scenarios/command/page.h"

#include "scenarios/command/common.h"
#include "scenarios/report/html/page.h"
#include "scenarios/report/jsonreport.h"
#include "scenarios/requirements/textfile.h"
#include "scenarios/suite/simulation.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <thread>

namespace hiatus::command {

namespace {

constexpr std::size_t mostReferences = 1'000; // more than a page has room for

/// The reference broker is the clean in-process one, run now.
std::map<std::string, v1::Result> referencesFor(const report::Reports &reports, const suite::Library &library)
{
    suite::Selection selection;
    selection.patterns = report::variantsToCompare(reports);
    if (selection.patterns.empty())
        return {};
    if (selection.patterns.size() > mostReferences)
        selection.patterns.resize(mostReferences);
    const auto variants = suite::select(library, selection);
    auto results = suite::simulateAll(variants, library.catalogue, {}, std::max(1u, std::thread::hardware_concurrency()));
    std::map<std::string, v1::Result> references;
    for (auto &result : results)
        references[result.variant()] = std::move(result);
    return references;
}

tl::expected<void, std::string> write(const std::filesystem::path &directory, const std::vector<report::PageFile> &files)
{
    std::error_code error;
    for (const auto &file : files) {
        const auto path = directory / file.name;
        std::filesystem::create_directories(path.parent_path(), error);
        if (error)
            return tl::make_unexpected(path.parent_path().string() + ": " + error.message());
        if (const auto written = report::writeWhole(path.string(), file.content); !written)
            return written;
    }
    return {};
}

} // namespace

ReportsByKind sorted(const std::vector<v1::Report> &reports)
{
    ReportsByKind kinds;
    for (const auto &each : reports)
        (each.mutant_size() > 0 && each.result_size() == 0 ? kinds.proofs : kinds.runs).push_back(&each);
    return kinds;
}

tl::expected<void, std::string> writePage(const std::string &directory, const ReportsByKind &reports,
                                          const suite::Library &library)
{
    report::PageInput input;
    input.reports = reports.runs;
    input.proofs = reports.proofs;
    input.context = contextOf(library);
    for (const auto &[name, path] : report::sourceFiles(reports.runs, input.context)) {
        if (auto text = readFile(path))
            input.sources[name] = std::move(*text);
    }
    input.references = referencesFor(reports.runs, library);
    return write(directory, report::toPage(input));
}

} // namespace hiatus::command
