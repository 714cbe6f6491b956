// hiatus merge: the reports of the parts of a run (--shard) as one.

#include "scenarios/command/common.h"
#include "scenarios/command/writereports.h"

#include "scenarios/report/counts.h"
#include "scenarios/report/jsonreport.h"
#include "scenarios/report/terminal.h"

#include <algorithm>
#include <iostream>
#include <set>

namespace hiatus::command {

namespace {

struct Options
{
    std::vector<std::string> files;
    ReportRequest reports;
};

/// What has to be the same in all of them; empty, or a sentence.
std::string mismatch(const v1::Report &first, const v1::Report &other)
{
    if (first.target() != other.target())
        return "is about another target: " + other.target() + ", not " + first.target();
    if (first.catalog_version() != other.catalog_version())
        return "comes from another catalogue: " + other.catalog_version() + ", not " + first.catalog_version();
    return {};
}

/// "2/3, 3/3" of the parts that no report is of; empty if none is missing.
std::string missingParts(const std::set<std::string> &shards)
{
    std::string missing;
    for (const auto &shard : shards) {
        const std::string of = shard.substr(shard.find('/'));
        for (int i = 1; i <= std::stoi("0" + of.substr(1)); ++i) {
            const std::string part = std::to_string(i) + of;
            if (!shards.count(part) && missing.find(part) == std::string::npos)
                missing += (missing.empty() ? "" : ", ") + part;
        }
    }
    return missing;
}

/// Adds a report to those merged so far. Error: a sentence.
tl::expected<void, std::string> add(v1::Report &merged, v1::Report report, std::set<std::string> &variants)
{
    for (auto &result : *report.mutable_result()) {
        if (!variants.insert(result.variant()).second)
            return tl::make_unexpected("has a result of " + result.variant() + " too: these are no parts of one run");
        *merged.add_result() = std::move(result);
    }
    for (const auto &fact : report.fact()) {
        const bool isKnown = std::any_of(merged.fact().begin(), merged.fact().end(), [&](const auto &known) { return known.name() == fact.name() && known.value() == fact.value(); });
        if (!isKnown)
            *merged.add_fact() = fact;
    }
    const double end = std::max(merged.started() + merged.duration(), report.started() + report.duration());
    merged.set_started(std::min(merged.started(), report.started()));
    merged.set_duration(end - merged.started());
    if (report.has_partial())
        merged.set_partial(report.partial());
    return {};
}

tl::expected<v1::Report, std::string> mergedFrom(const std::vector<std::string> &files)
{
    v1::Report merged;
    std::set<std::string> variants;
    std::set<std::string> shards;
    for (std::size_t i = 0; i < files.size(); ++i) {
        auto report = report::readReport(files[i]);
        if (!report)
            return report;
        if (report->has_shard())
            shards.insert(report->shard());
        if (i == 0) {
            merged = *report;
            merged.clear_result();
            merged.clear_shard();
        }
        const std::string wrong = mismatch(merged, *report);
        const auto added = wrong.empty() ? add(merged, std::move(*report), variants) : tl::make_unexpected(wrong);
        if (!added)
            return tl::make_unexpected(files[i] + " " + added.error());
    }
    if (const std::string missing = missingParts(shards); !missing.empty())
        merged.set_partial("without part " + missing);
    return merged;
}

void merge(const Options &options, Environment &environment)
{
    auto merged = mergedFrom(options.files);
    std::vector<std::string> patterns;
    const auto library = merged ? openLibrary(environment, {}, patterns, true) : std::nullopt;
    if (!library) {
        if (!merged)
            std::cerr << "hiatus: " << merged.error() << "\n";
        environment.status = report::UsageError;
        return;
    }
    if (merged->has_partial())
        std::cout << "PARTIAL (" << merged->partial() << ")\n";
    if (!writeReports(options.reports, *merged, *library)) {
        environment.status = report::UsageError;
        return;
    }
    report::TerminalOptions terminal;
    terminal.colour = isColourful();
    std::cout << report::told(*merged, {}, contextOf(*library), terminal);
    report::RunEnd end;
    end.isStrict = options.reports.isStrict;
    end.isPartial = merged->has_partial();
    environment.status = report::exitStatus(merged->result(), end);
}

} // namespace

void addMerge(CLI::App &app, Environment &environment)
{
    auto options = std::make_shared<Options>();
    options->reports.root = environment.root;
    auto *command = app.add_subcommand("merge", "Put the JSON reports of a run's parts (--shard) together");
    command->add_option("REPORT", options->files, "files of --report json:FILE")->required();
    command->add_option("--report", options->reports.specs, "as of hiatus run")->allow_extra_args(false);
    command->add_flag("--strict", options->reports.isStrict, "an unexpected WARN is an error too");
    addRequirements(*command, environment);
    command->callback([options, &environment] { merge(*options, environment); });
}

} // namespace hiatus::command
