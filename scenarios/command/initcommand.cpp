// hiatus init: a folder to begin with. What it writes works as written.

#include "scenarios/command/common.h"

#include "scenarios/report/jsonreport.h"

#include <filesystem>
#include <iostream>
#include <utility>

namespace hiatus::command {

namespace {

namespace fs = std::filesystem;

struct Options
{
    std::string name;
    std::string url = "mqtt://localhost:1883";
};

/// {NAME} and {URL} are replaced.
std::vector<std::pair<std::string, std::string>> starter()
{
    return {
        {"target.txtpb", R"file(# proto-file: hiatus/v1/target.proto
# proto-message: hiatus.v1.Target
# The broker under test. Every value but the url is optional: proto/hiatus/v1/target.proto says what there is.
name: "{NAME}"
url: "{URL}"            # mqtt://user@host:port (the password: HIATUS_PASSWORD in the environment), mqtts://, ws://host:port/path, wss://
# ca_file: "ca.pem"      # mqtts://, wss://: who signed its certificate
# late_limit_ms: 15000   # later than this after a timer's grain is a FAIL
# capability { name: "shared" present: false why: "not in this edition" }
)file"},
        {"baseline.txtpb", R"file(# proto-file: hiatus/v1/target.proto
# proto-message: hiatus.v1.Baseline
# What we know of and live with, each entry with why. `hiatus run … --baseline baseline.txtpb --baseline-update` keeps it.
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
# Our own scenarios and the catalogue's against the broker of target.txtpb. Arguments go to hiatus: ./run --plan
set -uo pipefail
cd "$(dirname "$0")"
exec hiatus run scenarios/*.txtpb queue/qos1_resume session_present/table --role server --requirements requirements.txtpb \
    --target target.txtpb --baseline baseline.txtpb --report json:report.json --report junit:report.xml "$@"
)file"},
        {"ci.yml", R"file(# A job for GitHub Actions (.github/workflows/{NAME}.yml): start your broker where it says so, then the gate.
name: {NAME}
on: [push]
jobs:
  session-conformance:
    runs-on: ubuntu-latest
    container: debian:12
    steps:
      - uses: actions/checkout@v4
      # - run: start your broker here; target.txtpb says where it listens
      - run: {NAME}/run
      - if: always()
        uses: actions/upload-artifact@v4
        with: { name: hiatus, path: "{NAME}/report.*" }
)file"},
    };
}

std::string filledIn(std::string text, const Options &options)
{
    for (const auto &[mark, value] : {std::pair<std::string, std::string>{"{NAME}", fs::path(options.name).filename().string()}, {"{URL}", options.url}}) {
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size()))
            text.replace(at, mark.size(), value);
    }
    return text;
}

tl::expected<void, std::string> begin(const Options &options)
{
    const fs::path folder(options.name);
    std::error_code error;
    if (fs::exists(folder, error))
        return tl::make_unexpected(options.name + " is already there; nothing was written");
    fs::create_directories(folder / "scenarios", error);
    if (error)
        return tl::make_unexpected(options.name + ": " + error.message());
    for (const auto &[path, text] : starter()) {
        const fs::path file = folder / path;
        if (const auto written = report::writeWhole(file.string(), filledIn(text, options)); !written)
            return written;
        if (path == "run")
            fs::permissions(file, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec, fs::perm_options::add, error);
        std::cout << file.string() << "\n";
    }
    std::cout << "Now: " << (folder / "run").string() << "\n";
    return {};
}

} // namespace

void addInit(CLI::App &app, Environment &environment)
{
    auto options = std::make_shared<Options>();
    auto *command = app.add_subcommand("init", "Write a folder to begin with: profile, baseline, scenario, statements, CI job");
    command->add_option("NAME", options->name, "the folder; it must not be there yet")->required();
    command->add_option("--url", options->url, "where your broker listens")->capture_default_str();
    command->callback([options, &environment] {
        if (const auto begun = begin(*options); !begun) {
            std::cerr << "hiatus: " << begun.error() << "\n";
            environment.status = report::UsageError;
        }
    });
}

} // namespace hiatus::command
