// hiatus adapter-check: does an adapter do what it is asked?

#include "scenarios/command/common.h"
#include "scenarios/command/profile.h"

#include "scenarios/suite/adaptercheck.h"

#include <algorithm>
#include <iomanip>
#include <iostream>

namespace hiatus::command {

namespace {

const char *wordOf(suite::AdapterAnswer::Kind kind)
{
    using Kind = suite::AdapterAnswer::Kind;
    return kind == Kind::Done ? "done" : kind == Kind::Unsupported ? "unsupported" : kind == Kind::Failed ? "failed" : "silent";
}

void check(const std::string &file, Environment &environment)
{
    v1::Target profile;
    if (!readClientProfile(file, profile)) {
        environment.status = report::UsageError;
        return;
    }
    for (const auto &[version, name] : {std::pair(v1::V3, "3.1.1"), std::pair(v1::V5, "5.0")}) {
        for (const auto &answer : suite::checkAdapter(profile, version)) {
            const bool isDone = answer.kind == suite::AdapterAnswer::Kind::Done;
            const bool isFine = isDone || (!answer.isNeeded && answer.kind == suite::AdapterAnswer::Kind::Unsupported);
            std::cout << name << "  " << std::left << std::setw(14) << answer.command << "  " << wordOf(answer.kind)
                      << (answer.detail.empty() ? "" : ": " + answer.detail) << "\n";
            const bool isAbsent = answer.command == "setup" && answer.kind == suite::AdapterAnswer::Kind::Silent;
            if (!isFine)
                environment.status = isAbsent ? report::TargetGone : std::max<int>(environment.status, report::Unexpected);
        }
    }
    std::cout << (environment.status == report::AsExpected ? "the adapter can be used\n" : "the adapter cannot be used as it is\n");
}

} // namespace

void addAdapterCheck(CLI::App &app, Environment &environment)
{
    auto *command = app.add_subcommand("adapter-check", "Drive the adapter of a client profile through every command, against a broker of our own");
    auto file = std::make_shared<std::string>();
    command->add_option("PROFILE", *file, "a profile with `client`, as of hiatus run --client")->required();
    command->callback([file, &environment] { check(*file, environment); });
}

} // namespace hiatus::command
