// hiatus repro: a script that fails alone, for the one who has to mend the target and has no Hiatus.

#include "scenarios/command/common.h"
#include "scenarios/command/profile.h"

#include "hiatus/v1/client_control.pb.h"
#include "scenarios/report/counts.h"
#include "scenarios/report/jsonreport.h"
#include "scenarios/report/repro.h"
#include "scenarios/script/appsetup.h"
#include "scenarios/script/verbs.h"
#include "scenarios/suite/targethandle.h"
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

/// Nothing if the catalogue does not have the variant (a file of the user's own).
const script::Variant *variantOf(const suite::Library &library, const std::string &id)
{
    for (const auto *variant : suite::select(library, {})) {
        if (variant->id == id)
            return variant;
    }
    return nullptr;
}

/// A scenario of the user's own has to be told where it is; its findings know.
std::vector<std::string> fileOf(const v1::Result &result)
{
    const auto *finding = report::leadingFinding(result);
    const std::string file = finding ? finding->at().substr(0, finding->at().find(".txtpb:")) + ".txtpb" : std::string();
    return std::filesystem::exists(file) ? std::vector{file} : std::vector<std::string>();
}

/// Which event the application was to see: the number of a field of ClientEvent.
int eventOf(const v1::App &app)
{
    switch (app.do_case()) {
    case v1::App::kDelivered: return v1::ClientEvent::kDelivery;
    case v1::App::kCompleted: return v1::ClientEvent::kCompletion;
    case v1::App::kConnect: return app.connect().refused() ? v1::ClientEvent::kDisconnected : v1::ClientEvent::kConnected;
    case v1::App::kClosed:
    case v1::App::kDisconnect: return v1::ClientEvent::kDisconnected;
    case v1::App::kSubscribe:
    case v1::App::kUnsubscribe: return v1::ClientEvent::kSuback;
    case v1::App::kSave: return v1::ClientEvent::kSaved;
    default: return v1::ClientEvent::kDone;
    }
}

report::ReproStep aboutOf(const v1::Result &result, const script::Variant &variant)
{
    const auto *finding = report::leadingFinding(result);
    const auto *step = finding ? stepOf(variant.steps, finding->step()) : nullptr;
    if (!step)
        return {};
    const bool isApp = step->step.has_app() && finding->event_size() == 0;
    const bool isRace = std::any_of(variant.steps.begin(), variant.steps.end(), [](const auto &each) { return each.step.has_parallel(); });
    return {script::laneOf(step->step), step->step.has_accept() && finding->event_size() == 0, step->step.closed().old(), isRace, isApp ? eventOf(step->step.app()) : 0};
}

bool isAboutClient(const v1::Result &result)
{
    const auto &events = result.trace().event();
    return std::any_of(events.begin(), events.end(), [](const auto &event) { return event.kind() == v1::TraceEvent::APP_COMMAND; });
}

/// The profile that the run was made with, as its command names it; empty: there was none.
std::string profileIn(const v1::Report &report)
{
    const std::string &command = report.command();
    for (const std::string option : {" --client ", " --target "}) {
        const auto at = command.find(option);
        if (at == std::string::npos)
            continue;
        const auto begin = at + option.size();
        const std::string word = command.substr(begin, command.find(' ', begin) - begin);
        if (std::filesystem::exists(word))
            return word;
    }
    return {};
}

tl::expected<std::string, std::string> forBroker(const Options &options, const v1::Report &report, const v1::Result &result, const report::ReproStep &about)
{
    std::string named = !options.target.empty() ? options.target : report.target().find("://") != std::string::npos ? report.target() : profileIn(report);
    if (named.empty())
        named = "mqtt://localhost:1883";
    const auto handle = suite::TargetHandle::open(named);
    if (!handle)
        return tl::make_unexpected(handle.error());
    const v1::Target &profile = (*handle)->target();
    if (profile.has_start() && options.target.empty())
        return tl::make_unexpected(named + " starts its target anew on another port each time: start it by hand, and name its address with --target");
    const auto parsed = world::parseTarget(profile.url());
    if (!parsed)
        return tl::make_unexpected(parsed.error());
    report::ReproBroker broker{parsed->host, parsed->port, parsed->tls, parsed->webSocket ? parsed->path : std::string(), profile.certificate_file(), profile.key_file(),
                               {profile.alpn().begin(), profile.alpn().end()}};
    return report::toRepro(result, about, broker);
}

tl::expected<std::string, std::string> forClient(const Options &options, const v1::Report &report, const v1::Result &result, const script::Variant *variant)
{
    if (!variant)
        return tl::make_unexpected(result.variant() + " is not in the catalogue, and its plan says how the client is set up");
    if (!script::playsBroker(*variant))
        return tl::make_unexpected(result.variant() + " judges a client and a broker together, on the virtual clock: over a network nobody could cut the wire between "
                                   "them at the same packet again, and a script can play only one of them; rerun it with\n  " + result.rerun());
    const std::string named = options.target.empty() ? profileIn(report) : options.target;
    v1::Target profile;
    profile.mutable_client()->add_argument("hiatus-client-adapter");
    if (!named.empty() && !readClientProfile(named, profile))
        return tl::make_unexpected(std::string("the client's profile cannot be read; name it with --target"));
    const auto &lanes = variant->lanes;
    const auto app = std::find_if(lanes.begin(), lanes.end(), [](const v1::Lane &lane) { return lane.party() == v1::APP; });
    report::ReproClient client{{profile.client().argument().begin(), profile.client().argument().end()}, {}};
    if (app != lanes.end())
        client.setup = script::setupOf(*variant, app->name());
    client.setup.set_host("127.0.0.1");
    if (app != lanes.end() && app->stored())
        client.setup.set_store("session");
    return report::toRepro(result, aboutOf(result, *variant), client);
}

tl::expected<void, std::string> write(const Options &options, Environment &environment)
{
    const auto report = report::readReport(options.report);
    if (!report)
        return tl::make_unexpected(report.error());
    const auto result = chosen(*report, options);
    if (!result)
        return tl::make_unexpected(result.error());
    std::vector<std::string> patterns;
    auto library = openLibrary(environment, {}, patterns, true);
    const script::Variant *variant = library ? variantOf(*library, (*result)->variant()) : nullptr;
    if (const auto file = fileOf(**result); library && !variant && !file.empty()) {
        library = openLibrary(environment, file, patterns, true);
        variant = library ? variantOf(*library, (*result)->variant()) : nullptr;
    }
    const auto about = variant ? aboutOf(**result, *variant) : report::ReproStep{};
    const auto script = isAboutClient(**result) ? forClient(options, *report, **result, variant) : forBroker(options, *report, **result, about);
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
    command->add_option("--target", options->target, "URL, or profile: the broker to connect to, or the client to start; default: the report's");
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
