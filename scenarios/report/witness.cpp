#include "scenarios/report/witness.h"

#include "scenarios/report/laddertext.h"
#include "scenarios/report/names.h"
#include "scenarios/report/reasons.h"

#include <fmt/format.h>

#include <algorithm>

namespace hiatus::report {

namespace {

using Event = v1::TraceEvent;

bool isPacket(const Event &event)
{
    return event.kind() == Event::SENT || event.kind() == Event::RECEIVED || event.kind() == Event::MALFORMED;
}

/// The last event that the finding points at, -1 if there is none.
int witnessEvent(const v1::Finding &finding, const v1::Trace &trace)
{
    int last = -1;
    for (const std::uint32_t event : finding.event()) {
        if (event < static_cast<std::uint32_t>(trace.event_size()))
            last = std::max(last, static_cast<int>(event));
    }
    return last;
}

/// "dev had come back with session_present=1 at 6.0 ms" if the lane had been away before the event.
std::string resumption(const v1::Trace &trace, int until, const std::string &lane)
{
    std::string text;
    int links = 0;
    for (int i = 0; i < until; ++i) {
        const Event &event = trace.event(i);
        if (event.lane() != lane)
            continue;
        links += event.kind() == Event::OPENED ? 1 : 0;
        if (links > 1 && event.kind() == Event::RECEIVED && event.packet().has_connack())
            text = fmt::format("{} had come back at {:.1f} ms, session_present={}", lane, event.at(),
                               event.packet().connack().session_present() ? 1 : 0);
    }
    return text;
}

std::string joined(const std::string &base, const std::string &more)
{
    if (more.empty())
        return base;
    const bool isSentence = !base.empty() && base.back() == '.';
    return base + (base.empty() ? "" : isSentence ? " " : ". ") + more + '.';
}

} // namespace

std::string witnessOf(const v1::Finding &finding, const v1::Trace &trace, v1::Version version)
{
    const int index = witnessEvent(finding, trace);
    if (index < 0 || isAbsence(finding.reason()) || !isPacket(trace.event(index)))
        return finding.text();
    const Event &event = trace.event(index);
    const std::string packet = eventText(event, version, false);
    const std::string back = resumption(trace, index, event.lane());
    const std::string seen = fmt::format("Seen at {:.1f} ms: {} {} {}", event.at(), packet,
                                         event.kind() == Event::SENT ? "from" : "to", event.lane());
    return joined(finding.text(), seen + (back.empty() ? "" : "; " + back));
}

} // namespace hiatus::report
