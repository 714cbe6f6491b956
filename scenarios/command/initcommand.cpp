// hiatus init: a folder to begin with. What it writes works as written.

#include "scenarios/command/common.h"

#include "proto/wire/redact.h"
#include "scenarios/command/portrait.h"
#include "scenarios/command/probetable.h"
#include "scenarios/report/jsonreport.h"

#include <filesystem>
#include <iostream>
#include <optional>
#include <utility>

namespace hiatus::command {

namespace {

namespace fs = std::filesystem;

struct Options
{
    std::string name;
    std::string url = "mqtt://localhost:1883";
};

/// {NAME} is replaced.
std::vector<std::pair<std::string, std::string>> starter()
{
    return {
        {"baseline.txtpb", R"file(# proto-file: hiatus/v1/target.proto
# proto-message: hiatus.v1.Baseline
# What we know of and live with, each entry with why. `./run --baseline-update` writes what is new, and takes out what is gone.
)file"},
        {"requirements.txtpb", R"file(# proto-file: hiatus/v1/requirement.proto
# proto-message: hiatus.v1.RequirementCatalog
# Statements of our own, which scenarios cite like the standard's.
requirement {
  id: "OURS-1" version: V3 role: SERVER level: "MUST" severity: SEVERITY_FAIL topic: "queue" basis: "derived"
  text: "Commands that were sent while a device was away reach it, in order, when it comes back."
}
requirement {
  id: "OURS-1" version: V5 role: SERVER level: "MUST" severity: SEVERITY_FAIL topic: "queue" basis: "derived"
  text: "Commands that were sent while a device was away reach it, in order, when it comes back."
}
)file"},
        {"scenarios/commands_wait.txtpb", R"file(# proto-file: hiatus/v1/scenario.proto
# proto-message: hiatus.v1.Scenario
title: "Commands wait for a device that is away"
axes { drop: [FIN, RST] }
lane { name: "device" keep_for: 300 }
lane { name: "office" }

step { open { on: "device" session_present: false } }
step { subscribe { on: "device" filter: "commands" qos: 1 } }
step { drop { on: "device" } }
step { open { on: "office" } }
step { publish { on: "office" topic: "commands" payload: "open" qos: 1 } }
step { publish { on: "office" topic: "commands" payload: "close" qos: 1 } }
step { open { on: "device" session_present: true } }
step { take { on: "device" publish { topic: "commands" payload: "open" qos: 1 } cite { v3: "OURS-1" v5: "OURS-1" } } }
step { take { on: "device" publish { topic: "commands" payload: "close" qos: 1 } cite { v3: "OURS-1" v5: "OURS-1" } } }
step { fence { on: "device" from: "office" topic: "commands" cite { v3: "MQTT-4.3.2-1#c" v5: "MQTT-4.3.2-3" } } }
)file"},
        {"run", R"file(#!/usr/bin/env bash
# The gate: our own scenarios and the whole catalogue against the broker of target.txtpb, held to the baseline. Options go to hiatus:
# ./run --plan, ./run --version 5.0, ./run --baseline-update
set -uo pipefail
cd "$(dirname "$0")"
exec hiatus run scenarios/*.txtpb '*' --role server --requirements requirements.txtpb --target target.txtpb --baseline baseline.txtpb \
    --report json:report.json --report junit:report.xml --report html:page "$@"
)file"},
        {"ci.yml", R"file(# A job for GitHub Actions: keep it as .github/workflows/{NAME}.yml. Elsewhere the same three steps do: hiatus in PATH, your
# broker up, {NAME}/run.
name: {NAME}
on: [push]
jobs:
  session-conformance:
    runs-on: ubuntu-latest
    container: debian:12
    steps:
      - uses: actions/checkout@v4
      # Hiatus, built from its sources. Quicker: `apt-get install ./hiatus_*.deb`, a package that `cpack -G DEB` makes of a build.
      - uses: actions/checkout@v4
        with: { repository: OWNER/hiatus, path: .hiatus }
      - run: .hiatus/scenarios/run session_present/table && echo "$PWD/.hiatus/build/release/bin" >> "$GITHUB_PATH"
      # Start your broker here; {NAME}/target.txtpb says where it listens. A broker with a password: HIATUS_PASSWORD from your secrets.
      # - run: your-broker --port 1883 &
      - run: {NAME}/run
      - if: always()
        uses: actions/upload-artifact@v4
        with: { name: hiatus, path: "{NAME}/report.*\n{NAME}/page" }
)file"},
    };
}

std::string filledIn(std::string text, const std::string &name)
{
    constexpr std::string_view Mark = "{NAME}";
    for (auto at = text.find(Mark); at != std::string::npos; at = text.find(Mark, at + name.size()))
        text.replace(at, Mark.size(), name);
    return text;
}

/// "mqtt://user@host": a password belongs into the environment, not into a file that is kept.
std::string withoutPassword(const std::string &url)
{
    const auto shown = wire::redacted(url);
    const auto hidden = shown.find(":***@");
    return hidden == std::string::npos ? url : shown.substr(0, hidden) + shown.substr(hidden + 4);
}

/// The profile: what the broker says of itself, if it is there. False: the URL is none, or interrupted; why is on standard error.
std::optional<std::string> profileOf(const Options &options, Environment &environment)
{
    if (options.url.find("://") == std::string::npos) {
        std::cerr << "hiatus: --url takes mqtt://[user@]host[:port], mqtts://, ws:// or wss://, not \"" << options.url << "\"\n";
        return std::nullopt;
    }
    std::vector<std::string> patterns;
    const auto library = openLibrary(environment, {}, patterns);
    if (!library)
        return std::nullopt;
    std::cout << "Asking " << wire::redacted(options.url) << " what it is\n" << std::flush;
    Portrait portrait;
    const Probed probed = probe(options.url, *library, portrait);
    const bool isTold = probed.status == report::AsExpected;
    if (!probed.why.empty())
        std::cerr << "hiatus: " << probed.why << "\n";
    if (!isTold && probed.status != report::TargetGone) {
        environment.status = probed.status;
        return std::nullopt;
    }
    if (!isTold)
        std::cerr << "hiatus: so the profile declares nothing but the address; once it can be reached: hiatus probe " << withoutPassword(options.url) << " --profile\n";
    return profileText({fs::path(options.name).filename().string(), withoutPassword(options.url)}, isTold ? &portrait : nullptr);
}

tl::expected<void, std::string> write(const fs::path &folder, const std::string &profile)
{
    std::error_code error;
    fs::create_directories(folder / "scenarios", error);
    if (error)
        return tl::make_unexpected(folder.string() + ": " + error.message());
    auto files = starter();
    files.insert(files.begin(), {"target.txtpb", profile});
    for (const auto &[path, text] : files) {
        const fs::path file = folder / path;
        if (const auto written = report::writeWhole(file.string(), filledIn(text, folder.filename().string())); !written)
            return written;
        if (path == "run")
            fs::permissions(file, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec, fs::perm_options::add, error);
        std::cout << file.string() << "\n";
    }
    return {};
}

void begin(const Options &options, Environment &environment)
{
    const fs::path folder(options.name);
    environment.status = report::UsageError;
    std::error_code error;
    if (fs::exists(folder, error)) {
        std::cerr << "hiatus: " << folder.string() << " is already there; nothing was written\n";
        return;
    }
    const auto profile = profileOf(options, environment);
    if (!profile)
        return;
    if (const auto written = write(folder, *profile); !written) {
        std::cerr << "hiatus: " << written.error() << "\n";
        return;
    }
    std::cout << "Now: " << (folder / "run").string() << " --baseline-update   # runs everything, and writes what fails into the baseline, for you to explain\n"
              << "     " << (folder / "run").string() << "                     # the gate: 0 as expected\n";
    environment.status = report::AsExpected;
}

} // namespace

void addInit(CLI::App &app, Environment &environment)
{
    auto options = std::make_shared<Options>();
    auto *command = app.add_subcommand("init", "Write a folder to begin with: profile, baseline, scenario, statements, gate, CI job");
    command->add_option("NAME", options->name, "the folder; it must not be there yet")->required();
    command->add_option("--url", options->url, "where your broker listens; if it answers, the profile declares what it is")->capture_default_str();
    command->callback([options, &environment] {
        while (options->name.size() > 1 && options->name.back() == '/')
            options->name.pop_back();
        begin(*options, environment);
    });
}

} // namespace hiatus::command
