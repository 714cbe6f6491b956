// hiatus repro: a script that fails alone, for the one who has to mend the target and has no Hiatus.

#include "scenarios/command/common.h"

#include "scenarios/report/counts.h"
#include "scenarios/report/jsonreport.h"
#include "scenarios/report/repro.h"
#include "scenarios/script/verbs.h"
#include "scenarios/world/networktarget.h"

#include <algorithm>
#include <filesystem>
#include <iostream>

namespace hiatus::command {

namespace {

struct Options
{
    std::string report;
    std::string variant;
    std::string target;
    std::string output;
};

tl::expected<const v1::Result *, std::string> chosen(const v1::Report &report, const Options &options)
{
    const auto &results = report.result();
    const auto found = std::find_if(results.begin(), results.end(), [&](const v1::Result &result) {
        return options.variant.empty() ? !report::isAsExpected(result) && result.finding_size() > 0 : result.variant() == options.variant;
    });
    if (found != results.end())
        return &*found;
    return tl::make_unexpected(options.report + (options.variant.empty() ? " has no unexpected finding" : " has no result of " + options.variant));
}

const script::PlannedStep *stepOf(const std::vector<script::PlannedStep> &steps, std::uint32_t index)
{
    for (const auto &step : steps) {
        if (step.index == index)
            return &step;
        for (const auto &block : step.blocks) {
            if (const auto *inner = stepOf(block.steps, index))
                return inner;
        }
    }
    return nullptr;
}

/// The lane of the step that the finding is about; empty if the catalogue does not have the variant.
std::string laneOf(const v1::Result &result, Environment &environment)
{
    std::vector<std::string> patterns;
    const auto library = openLibrary(environment, {}, patterns, true);
    const auto *finding = report::leadingFinding(result);
    if (!library || !finding)
        return {};
    for (const auto *variant : suite::select(*library, {})) {
        if (variant->id != result.variant())
            continue;
        const auto *step = stepOf(variant->steps, finding->step());
        return step ? script::laneOf(step->step) : std::string();
    }
    return {};
}

tl::expected<void, std::string> write(const Options &options, Environment &environment)
{
    const auto report = report::readReport(options.report);
    if (!report)
        return tl::make_unexpected(report.error());
    const auto result = chosen(*report, options);
    if (!result)
        return tl::make_unexpected(result.error());
    report::ReproTarget target;
    const std::string url = !options.target.empty() ? options.target : report->target().find("://") != std::string::npos ? report->target() : "mqtt://localhost:1883";
    const auto parsed = world::parseTarget(url);
    if (!parsed)
        return tl::make_unexpected(parsed.error());
    if (parsed->webSocket)
        return tl::make_unexpected(std::string("a script speaks mqtt:// and mqtts:// only; give one with --target"));
    target.host = parsed->host;
    target.port = parsed->port;
    target.isTls = parsed->tls;
    target.isVerified = false; // its certificate is not what is in question
    target.lane = laneOf(**result, environment);
    const auto script = report::toRepro(**result, target);
    if (!script)
        return tl::make_unexpected(script.error());
    if (options.output.empty()) {
        std::cout << *script;
        return {};
    }
    const auto written = report::writeWhole(options.output, *script);
    std::error_code ignored;
    std::filesystem::permissions(options.output, std::filesystem::perms::owner_exec, std::filesystem::perm_options::add, ignored);
    return written;
}

} // namespace

void addRepro(CLI::App &app, Environment &environment)
{
    auto options = std::make_shared<Options>();
    auto *command = app.add_subcommand("repro", "Write a Python script (standard library only) that fails alone with the same reason");
    command->add_option("RESULT", options->report, "a JSON report; its first unexpected failure is taken")->required();
    command->add_option("--variant", options->variant, "this one instead");
    command->add_option("--target", options->target, "mqtt:// or mqtts:// URL to connect to; default: the report's");
    command->add_option("--output", options->output, "file to write; default: standard output");
    addRequirements(*command, environment);
    command->callback([options, &environment] {
        if (const auto written = write(*options, environment); !written) {
            std::cerr << "hiatus: " << written.error() << "\n";
            environment.status = report::UsageError;
        }
    });
}

} // namespace hiatus::command
