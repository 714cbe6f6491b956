// hiatus probe: what a target is.

#include "scenarios/command/common.h"
#include "scenarios/command/probetable.h"

#include "proto/wire/redact.h"
#include "scenarios/report/jsonreport.h"

#include <iostream>

namespace hiatus::command {

namespace {

struct Options
{
    std::string target;
    bool isJson = false;
    bool isProfile = false;
};

void tell(const Options &options, Environment &environment)
{
    std::vector<std::string> patterns;
    const auto library = openLibrary(environment, {}, patterns);
    if (!library)
        return;
    Portrait portrait;
    portrait.report.set_command(environment.commandLine);
    const Probed probed = probe(options.target, *library, portrait);
    environment.status = probed.status;
    if (!probed.why.empty())
        std::cerr << (probed.why.find(": error: ") == std::string::npos ? "hiatus: " : "") << probed.why << "\n";
    if (probed.status != report::AsExpected)
        return;
    const auto &profile = portrait.profile;
    const ProfileHead head{profile.has_name() ? profile.name() : portrait.report.target(),
                           profile.has_url() && !profile.has_start() ? wire::redacted(profile.url()) : "mqtt://localhost:1883"};
    std::cout << (options.isJson      ? report::toJson(portrait.report) + "\n"
                  : options.isProfile ? profileText(head, &portrait)
                                      : tableOf(portrait, *library));
    for (const auto &sentence : suite::contradictions(portrait.profile, portrait.found)) {
        std::cerr << "hiatus: " << sentence << "\n";
        environment.status = report::Unexpected;
    }
}

} // namespace

void addProbe(CLI::App &app, Environment &environment)
{
    auto options = std::make_shared<Options>();
    auto *command = app.add_subcommand("probe", "Say what a target is: versions, capabilities, and what it does where the standard leaves it free");
    command->add_option("TARGET", options->target, "sim, a profile, or mqtt://[user[:password]@]host[:port], mqtts://, ws://, wss://")->required();
    auto *json = command->add_flag("--json", options->isJson, "the header of a JSON report: capability, target_fact, target_version");
    command->add_flag("--profile", options->isProfile, "a profile to begin with")->excludes(json);
    command->footer("Exit status: 0 it is told; 1 the profile says otherwise; 64 usage or profile; 69 nobody answers, or nobody is let in.");
    command->callback([options, &environment] { tell(*options, environment); });
}

} // namespace hiatus::command
