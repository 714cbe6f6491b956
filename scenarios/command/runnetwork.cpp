#include "scenarios/command/runoptions.h"

#include "hiatus/v1/target.pb.h"
#include "scenarios/suite/networkrun.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

#include <unistd.h>

namespace hiatus::command {

namespace {

/// Errors as "file:line:column: error: …".
class Errors final : public google::protobuf::io::ErrorCollector
{
public:
    explicit Errors(std::string file) : m_file(std::move(file)) {}
    void AddError(int line, google::protobuf::io::ColumnNumber column, const std::string &message) override
    {
        std::cerr << m_file << ":" << line + 1 << ":" << column + 1 << ": error: " << message << "\n";
    }

private:
    std::string m_file;
};

/// A URL, or a profile file.
bool readTarget(const std::string &argument, v1::Target &target)
{
    if (argument.find("://") != std::string::npos) {
        target.set_url(argument);
        return true;
    }
    std::ifstream file(argument);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) {
        std::cerr << "hiatus: --target takes sim, mqtt://host:port or a profile file; there is no file " << argument << "\n";
        return false;
    }
    google::protobuf::TextFormat::Parser parser;
    Errors errors(argument);
    parser.RecordErrorsTo(&errors);
    if (!parser.ParseFromString(text.str(), &target))
        return false;
    if (!target.url().empty())
        return true;
    std::cerr << argument << ": error: a profile has to say its url\n";
    return false;
}

} // namespace

bool runNetwork(const RunOptions &options, const suite::Library &library, const std::vector<const script::Variant *> &variants,
                v1::Report &report, const std::atomic<bool> &interrupted, bool &isTargetGone)
{
    if (!options.deviations.empty() || !options.liberties.empty()) {
        std::cerr << "hiatus: --deviation and --liberty change the in-process broker; start `minibroker --deviation NAME` for the network\n";
        return false;
    }
    suite::NetworkRunOptions run;
    if (!readTarget(options.target, run.target))
        return false;
    if (const auto network = suite::networkOptionsOf(run.target); !network) {
        std::cerr << "hiatus: " << network.error() << "\n";
        return false;
    }
    run.seed = options.seed ? options.seed : static_cast<std::uint64_t>(report.started());
    run.isFailFast = options.isFailFast;
    run.stop = &interrupted;
    if (options.jobs)
        run.target.set_jobs(options.jobs);
    if (options.timeScale != 1)
        run.target.set_time_scale(options.timeScale * (run.target.has_time_scale() ? run.target.time_scale() : 1));
    const bool isTerminal = isatty(STDERR_FILENO);
    if (isTerminal)
        run.progress = [&](std::size_t done, std::size_t failed, const std::string &slowest) {
            std::cerr << "\r\033[K" << done << " of " << variants.size() << " done, " << failed << " failing; " << slowest.substr(0, 100) << std::flush;
        };
    for (unsigned round = 0; round < std::max(1u, options.repeat); ++round) {
        auto end = suite::runOnNetwork(variants, library.catalogue, run);
        if (isTerminal)
            std::cerr << "\r\033[K";
        if (!end) {
            std::cerr << "hiatus: " << options.target << ": " << end.error() << "\n";
            isTargetGone = true;
            return false;
        }
        if (!end->note.empty())
            std::cerr << "hiatus: " << end->note << "\n";
        isTargetGone = isTargetGone || end->isTargetGone;
        for (std::size_t i = 0; i < variants.size(); ++i) {
            if (end->results[i].verdict() == v1::VERDICT_UNSPECIFIED)
                continue;
            prepareResult(options, variants[i]->version, end->results[i]);
            *report.add_result() = std::move(end->results[i]);
        }
        run.seed += 7;
    }
    if (isTargetGone)
        std::cerr << "hiatus: " << options.target << " answered at first and is gone now\n";
    return true;
}

} // namespace hiatus::command
