#include "scenarios/report/repro.h"

#include "scenarios/report/reasons.h"
#include "scenarios/report/reproscript.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace hiatus::report {

namespace {

std::string hex(const std::string &bytes)
{
    std::string text;
    for (const char c : bytes)
        text += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return text;
}

/// In Python's notation, which is JSON's.
std::string quoted(const std::string &text)
{
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += std::string("\\") + c;
        else if (static_cast<unsigned char>(c) < ' ')
            result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        else
            result += c;
    }
    return result + "\"";
}

std::string linkName(const v1::TraceEvent &event) { return event.lane() + "#" + std::to_string(event.link()); }

/// One line of STEPS; empty for what is not replayed.
std::string stepOf(const v1::TraceEvent &event)
{
    const auto step = [&](const char *what, const std::string &data) {
        return fmt::format("    ({}, {}, {:.3f}, {}),  # {}\n", quoted(what), quoted(linkName(event)), event.at() / 1'000, data, event.text());
    };
    const std::string bytes = "bytes.fromhex(\"" + hex(event.bytes()) + "\")";
    switch (event.kind()) {
    case v1::TraceEvent::OPENED: return step("open", "b\"\"");
    case v1::TraceEvent::SENT:
    case v1::TraceEvent::RAW_SENT: return step("send", bytes);
    case v1::TraceEvent::RECEIVED:
    case v1::TraceEvent::MALFORMED: return event.ambient() && event.packet().has_pingresp() ? "" : step("recv", bytes);
    case v1::TraceEvent::DROPPED: return step("drop", quoted(event.text()));
    case v1::TraceEvent::CLOSED: return event.text().rfind("closed by the peer", 0) == 0 ? step("closed", "b\"\"") : "";
    default: return {};
    }
}

/// The fields that the script knows how to compare.
bool isComparable(const std::string &field)
{
    static const auto known = {"dup", "qos", "retain", "topic", "payload", "packet_id", "session_present", "code"};
    return std::find(known.begin(), known.end(), field) != known.end();
}

std::string whyNot(const v1::Result &result, const v1::Finding *finding)
{
    if (!finding)
        return "has no finding to reproduce";
    if (!result.has_trace() || result.trace().event_size() == 0)
        return "has no trace (--trace failed, the default, keeps it)";
    const auto &events = result.trace().event();
    if (std::any_of(events.begin(), events.end(), [](const auto &event) { return event.kind() == v1::TraceEvent::APP_COMMAND; }))
        return "is about a client: a script of packets cannot play its application";
    const bool isFieldless = finding->reason() == "MISMATCH" && !isComparable(finding->field());
    return isFieldless ? "is about the field " + finding->field() + ", which the script cannot compare" : "";
}

} // namespace

tl::expected<std::string, std::string> toRepro(const v1::Result &result, const ReproTarget &target)
{
    const v1::Finding *finding = leadingFinding(result);
    if (const std::string problem = whyNot(result, finding); !problem.empty())
        return tl::make_unexpected(result.variant() + " " + problem);
    const bool hasEvent = finding->event_size() > 0 && !isAbsence(finding->reason()) && finding->reason() != "CLOSED";
    const std::uint32_t witness = hasEvent ? *std::max_element(finding->event().begin(), finding->event().end()) : 0;
    std::string steps;
    std::string latestLink;
    std::set<std::string> other; // lanes that speak the other version
    int number = 0;
    int at = -1;
    for (int i = 0; i < result.trace().event_size(); ++i) {
        const auto &event = result.trace().event(i);
        const std::string step = stepOf(event);
        if (step.empty())
            continue;
        if (event.has_version())
            other.insert(quoted(event.lane()));
        if (event.kind() == v1::TraceEvent::OPENED && (target.lane.empty() || event.lane() == target.lane))
            latestLink = linkName(event);
        if (hasEvent && static_cast<std::uint32_t>(i) == witness)
            at = number;
        steps += step;
        ++number;
        if (at >= 0)
            break;
    }
    const bool isV5 = versionOf(result) == v1::V5;
    const std::string head = fmt::format(
        "#!/usr/bin/env python3\n# {} by `hiatus repro`: python3 THIS [HOST:PORT]; exit 1: it happens again, 0: it does not, 2: cannot tell.\n"
        "import os\nimport socket\nimport ssl\nimport struct\nimport sys\nimport time\n\nHOST, PORT, TLS, VERIFY = {}, {}, {}, {}\nV5 = {}\nOTHER = [{}]  # lanes that speak the other version\n"
        "FINDING = {{\"reason\": {}, \"field\": {}, \"expected\": {}, \"statement\": {},\n           \"text\": {}, \"step\": {}, \"link\": {}}}\n"
        "# (what, lane#connection, seconds since the start, bytes)\nSTEPS = [\n{}]\n\n",
        result.variant(), quoted(target.host), target.port, target.isTls ? "True" : "False", target.isVerified ? "True" : "False", isV5 ? "True" : "False", fmt::join(other, ", "),
        quoted(finding->reason()), quoted(finding->field()), quoted(finding->expected()), quoted(citation(*finding)),
        quoted(citation(*finding) + " " + finding->text()), at, quoted(latestLink), steps);
    return head + std::string(reproScript());
}

} // namespace hiatus::report
