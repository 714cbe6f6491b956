// hiatus compare: reports side by side, on the terminal and as a page.

#include "scenarios/command/common.h"
#include "scenarios/command/page.h"
#include "scenarios/report/comparison.h"
#include "scenarios/report/jsonreport.h"

#include <iostream>

namespace hiatus::command {

namespace {

struct CompareOptions
{
    std::vector<std::string> paths;
    std::string page;
};

/// Nothing if one cannot be read; why is on standard error.
std::vector<v1::Report> readAll(const std::vector<std::string> &paths)
{
    std::vector<v1::Report> reports;
    for (const auto &path : paths) {
        auto report = report::readReport(path);
        if (!report) {
            std::cerr << "hiatus: " << report.error() << "\n";
            return {};
        }
        reports.push_back(std::move(*report));
    }
    return reports;
}

int statusOf(const report::Reports &reports)
{
    const auto comparison = report::compared(reports);
    if (comparison.common == 0)
        return report::NothingRan;
    return comparison.hasRegression() ? report::Unexpected : report::AsExpected;
}

void compare(const CompareOptions &options, Environment &environment)
{
    const auto read = readAll(options.paths);
    std::vector<std::string> patterns;
    const auto library = read.empty() ? std::nullopt : openLibrary(environment, {}, patterns, true);
    if (!library) {
        environment.status = report::UsageError;
        return;
    }
    const ReportsByKind reports = sorted(read);
    std::cout << report::comparisonText(reports.runs, contextOf(*library), terminalOptions());
    environment.status = statusOf(reports.runs);
    if (options.page.empty())
        return;
    if (const auto written = writePage(options.page, reports, *library); !written) {
        std::cerr << "hiatus: " << written.error() << "\n";
        environment.status = report::UsageError;
    }
}

} // namespace

void addCompare(CLI::App &app, Environment &environment)
{
    auto options = std::make_shared<CompareOptions>();
    auto *command = app.add_subcommand("compare", "Say what differs between reports: verdicts, statements, facts");
    command->add_option("REPORT", options->paths, "files of --report json:FILE, the older one first; one of hiatus mutants gives the page its kills")->required();
    command->add_option("--html", options->page, "also write a page with a column per report into this folder");
    command->footer("Exit status: 0 nothing is worse than in the report before; 1 something is, and the baseline does not\n"
                    "expect it; 3 the reports have no variant in common; 64 a report cannot be read.");
    command->callback([&environment, options] { compare(*options, environment); });
}

} // namespace hiatus::command
