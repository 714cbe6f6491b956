// hiatus judge: verdicts anew from the traces of a report, without a target.

#include "scenarios/command/common.h"

#include "scenarios/judge/judge.h"
#include "scenarios/report/jsonreport.h"
#include "scenarios/report/terminal.h"

#include <iostream>
#include <map>

namespace hiatus::command {

namespace {

void rejudge(const std::string &path, Environment &environment)
{
    auto report = report::readReport(path);
    std::vector<std::string> patterns;
    const auto library = report ? openLibrary(environment, {}, patterns) : std::nullopt;
    if (!library) {
        if (!report)
            std::cerr << "hiatus: " << report.error() << "\n";
        environment.status = report::UsageError;
        return;
    }
    std::map<std::string, const script::Variant *> variants;
    for (const auto *variant : suite::select(*library, {}))
        variants[variant->id] = variant;
    std::size_t changed = 0;
    for (auto &result : *report->mutable_result()) {
        const auto variant = variants.find(result.variant());
        if (variant == variants.end() || !result.has_trace())
            continue;
        v1::Result again = judge::judge(*variant->second, result.trace(), library->catalogue);
        if (again.verdict() != result.verdict()) {
            ++changed;
            std::cout << result.variant() << ": " << report::verdictName(result.verdict()) << " -> " << report::verdictName(again.verdict()) << "\n";
        }
        *again.mutable_trace() = std::move(*result.mutable_trace());
        again.set_rerun(result.rerun());
        again.set_duration(result.duration());
        result = std::move(again);
    }
    std::cout << report::told(*report, {}, contextOf(*library), terminalOptions());
    std::cerr << changed << " verdicts changed\n";
    environment.status = report::exitStatus(report->result(), {});
}

} // namespace

void addJudge(CLI::App &app, Environment &environment)
{
    auto *command = app.add_subcommand("judge", "Judge the traces of a JSON report again, without a target");
    addRequirements(*command, environment);
    auto path = std::make_shared<std::string>();
    command->add_option("REPORT", *path, "a file of --report json:FILE, made with --trace all")->required();
    command->callback([&environment, path] { rejudge(*path, environment); });
}

} // namespace hiatus::command
