// --log and --wait: what a variant does, as it does it.

#include "scenarios/command/runoptions.h"

#include "proto/wire/text.h"

#include <iomanip>
#include <iostream>
#include <sstream>

namespace hiatus::command {

namespace {

/// A line for what happened on a wire.
void logEvent(const script::Variant &variant, const v1::TraceEvent &event)
{
    const bool isOurs = event.kind() == v1::TraceEvent::SENT || event.kind() == v1::TraceEvent::RAW_SENT;
    if (event.kind() == v1::TraceEvent::STEP)
        return;
    const std::string what = event.has_packet() && event.text().empty() ? wire::text(event.packet(), variant.versionOf(event.lane())) : event.text();
    const char *direction = isOurs ? ">" : event.kind() == v1::TraceEvent::RECEIVED || event.kind() == v1::TraceEvent::MALFORMED ? "<" : "-";
    std::ostringstream line;
    line << std::fixed << std::setprecision(1) << std::setw(9) << event.at() << " " << variant.id << " " << event.lane() << " " << direction << " " << (what.empty() ? "opened" : what) << "\n";
    std::cerr << line.str();
}

} // namespace

void debug(const RunOptions &options, const script::Variant &variant, run::RunOptions &run)
{
    if (!options.log.empty())
        run.log = [&variant](const v1::TraceEvent &event) { logEvent(variant, event); };
    run.holdAt = options.wait;
    if (!options.wait.empty())
        run.hold = [&variant](const std::string &place, const std::function<void()> &release) {
            std::cerr << variant.id << " waits before " << place << "; Enter goes on" << std::endl;
            std::string line;
            std::getline(std::cin, line);
            release();
        };
}

} // namespace hiatus::command
