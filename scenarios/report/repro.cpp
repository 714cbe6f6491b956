#include "scenarios/report/repro.h"

#include "proto/wire/text.h"
#include "scenarios/report/reasons.h"
#include "scenarios/report/reproscript.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

namespace hiatus::report {

namespace {

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

/// A drop, or how a connection that the target left open ended in the end.
bool isOurReset(const v1::TraceEvent &event)
{
    if (event.kind() == v1::TraceEvent::DROPPED)
        return event.text() == "RST";
    return event.kind() == v1::TraceEvent::CLOSED && event.text().find("reset by us") != std::string::npos;
}

/// One line of STEPS; empty for what is not replayed.
std::string stepOf(const v1::TraceEvent &event)
{
    const auto step = [&](const char *what, const std::string &data) {
        return fmt::format("    ({}, {}, {:.3f}, {}),  # {}\n", quoted(what), quoted(linkName(event)), event.at() / 1'000, data, event.text());
    };
    const std::string bytes = "bytes.fromhex(\"" + wire::hex(event.bytes()) + "\")";
    switch (event.kind()) {
    case v1::TraceEvent::OPENED: return step("open", "b\"\"");
    case v1::TraceEvent::SENT:
    case v1::TraceEvent::RAW_SENT: return step("send", bytes);
    case v1::TraceEvent::RECEIVED:
    case v1::TraceEvent::MALFORMED: return event.ambient() && event.packet().has_pingresp() ? "" : step("recv", bytes);
    case v1::TraceEvent::DROPPED: return step("drop", quoted(event.text()));
    case v1::TraceEvent::CLOSED: return event.text().rfind("closed by the peer", 0) == 0 ? step("closed", "b\"\"") : isOurReset(event) ? step("drop", "\"RST\"") : "";
    case v1::TraceEvent::APP_COMMAND: return step("app", bytes);
    case v1::TraceEvent::APP_EVENT: return step("event", bytes);
    case v1::TraceEvent::HALTED: return step("target", quoted("to be stopped: " + event.text()));
    case v1::TraceEvent::STARTED: return step("target", "\"to be started again\"");
    default: return {};
    }
}

std::string whyNot(const v1::Result &result, const v1::Finding *finding)
{
    if (!finding)
        return "has no finding to reproduce";
    const auto &events = result.trace().event();
    if (std::any_of(events.begin(), events.end(), [](const auto &event) { return event.kind() == v1::TraceEvent::PASSED_BY; }))
        return "has tens of thousands of messages that its trace does not keep: run it alone (" + result.rerun() + ")";
    const auto &trace = result.trace();
    const auto isPing = [&trace](std::uint32_t at) { return at < static_cast<std::uint32_t>(trace.event_size()) && trace.event(static_cast<int>(at)).packet().has_pingresp(); };
    if (std::any_of(finding->event().begin(), finding->event().end(), isPing))
        return "is about a PINGRESP, and one is like the other: a script could not tell which; run it again with\n  " + result.rerun();
    return trace.event_size() == 0 ? "has no trace (--trace failed, the default, keeps it)" : "";
}

std::string listOf(const std::vector<std::string> &texts)
{
    std::string list;
    for (const auto &text : texts)
        list += (list.empty() ? "" : ", ") + quoted(text);
    return "[" + list + "]";
}

/// The lines of STEPS, and what the finding points at among them.
struct Steps
{
    std::string lines;
    std::string link; ///< the last one of the lane in question
    std::vector<std::string> other; ///< lanes that speak the other version than the variant
    int at = -1;      ///< the step that is the witness; none: something did not come
    double until = 0; ///< milliseconds: so long nothing came
};

bool isOnLink(const v1::TraceEvent &event, const v1::TraceEvent &other) { return event.lane() == other.lane() && event.link() == other.link(); }

/// The events in the order of their causes: a drop is recorded once its effects are seen, and comes before them here: right after
/// the last that was said on its connection, in the step that drops.
std::vector<int> causalOrder(const v1::Trace &trace)
{
    std::vector<int> order;
    for (int i = 0; i < trace.event_size(); ++i) {
        const v1::TraceEvent &event = trace.event(i);
        const auto isBefore = [&](int j) {
            const v1::TraceEvent &other = trace.event(j);
            return other.kind() == v1::TraceEvent::STEP || (isOnLink(other, event) && other.kind() != v1::TraceEvent::CLOSED);
        };
        auto place = order.end();
        while (event.kind() == v1::TraceEvent::DROPPED && place != order.begin() && !isBefore(*std::prev(place)))
            --place;
        order.insert(place, i);
    }
    return order;
}

/// Where the finding's step is over: the next one begins.
int endOfStep(const v1::Trace &trace, const v1::Finding &finding)
{
    bool isBegun = false;
    for (int i = 0; i < trace.event_size(); ++i) {
        if (isBegun && trace.event(i).kind() == v1::TraceEvent::STEP)
            return i;
        isBegun = isBegun || (trace.event(i).kind() == v1::TraceEvent::STEP && trace.event(i).step() == finding.step());
    }
    return trace.event_size();
}

/// Nothing but the end of the run follows: there everything is reset.
bool isLastWord(const v1::Trace &trace, int at)
{
    const auto isSaid = [](const v1::TraceEvent &event) { return event.kind() == v1::TraceEvent::RECEIVED && !event.packet().has_pingresp(); };
    return std::none_of(trace.event().begin() + at, trace.event().end(), isSaid);
}

Steps stepsOf(const v1::Result &result, const v1::Finding &finding, const ReproStep &about)
{
    const bool hasEvent = finding.event_size() > 0 && !isAbsence(finding.reason()) && finding.reason() != "CLOSED" && about.event == 0;
    const std::uint32_t witness = hasEvent ? *std::max_element(finding.event().begin(), finding.event().end()) : 0;
    const int end = endOfStep(result.trace(), finding);
    Steps steps;
    steps.until = end < result.trace().event_size() ? result.trace().event(end).at() : result.duration();
    std::vector<std::string> links; // of the lane in question
    std::set<std::string> reset;
    int number = 0;
    for (const int i : causalOrder(result.trace())) {
        const auto &event = result.trace().event(i);
        const std::string step = stepOf(event);
        if (finding.reason() == "STILL_OPEN" && i >= end) // in the end we close it ourselves
            continue;
        if (step.empty() || (isOurReset(event) && (!reset.insert(linkName(event)).second || (event.kind() == v1::TraceEvent::CLOSED && isLastWord(result.trace(), i)))))
            continue;
        if (event.kind() == v1::TraceEvent::OPENED && i < end && !about.isAccept && (about.lane.empty() || event.lane() == about.lane))
            links.push_back(linkName(event));
        if (event.has_version() && std::find(steps.other.begin(), steps.other.end(), event.lane()) == steps.other.end())
            steps.other.push_back(event.lane());
        if (hasEvent && static_cast<std::uint32_t>(i) == witness)
            steps.at = number;
        steps.lines += step;
        if (steps.at >= 0)
            break;
        ++number;
    }
    const std::size_t back = about.isOld ? 2 : 1;
    steps.link = links.size() < back ? std::string() : links[links.size() - back];
    return steps;
}

constexpr auto Modules = "import base64\nimport itertools\nimport os\nimport random\nimport re\nimport select\nimport socket\nimport ssl\nimport struct\nimport subprocess\nimport sys\nimport tempfile\nimport time\n";

/// `target`: the script's lines on what is under test.
tl::expected<std::string, std::string> script(const v1::Result &result, const ReproStep &about, const std::string &usage, const std::string &target, bool isClient)
{
    const v1::Finding *finding = leadingFinding(result);
    if (const std::string problem = whyNot(result, finding); !problem.empty())
        return tl::make_unexpected(result.variant() + " " + problem);
    const Steps steps = stepsOf(result, *finding, about);
    return fmt::format("#!/usr/bin/env python3\n# {} by `hiatus repro`: python3 THIS [{}]; exit 1: it happens again, 0: it does not, 2: cannot tell.\n{}\n{}V5 = {}\nOTHER = {}  # lanes that speak the other version\n"
                       "FINDING = {{\"reason\": {}, \"field\": {}, \"expected\": {}, \"statement\": {},\n"
                       "           \"text\": {}, \"step\": {}, \"link\": {}, \"event\": {},\n           \"until\": {:.3f}, \"tries\": {}, \"rerun\": {}}}\n"
                       "# (what, lane#connection, seconds since the start, bytes)\nSTEPS = [\n{}]\n\n",
                       result.variant(), usage, Modules, target, versionOf(result) == v1::V5 ? "True" : "False", listOf(steps.other),
                       quoted(finding->reason()),
                       quoted(finding->field()), quoted(finding->expected()), quoted(citation(*finding)), quoted(citation(*finding) + " " + finding->text()),
                       steps.at, quoted(steps.link), about.event, steps.until / 1'000, about.isRace ? 5 : 1, quoted(result.rerun()), steps.lines) +
           reproScript(isClient);
}

} // namespace

tl::expected<std::string, std::string> toRepro(const v1::Result &result, const ReproStep &step, const ReproBroker &broker)
{
    const std::string target = fmt::format("HOST, PORT, TLS, WS_PATH = {}, {}, {}, {}\nCERTIFICATE, KEY, ALPN = {}, {}, {}\nCLIENT = None\n", quoted(broker.host),
                                           broker.port, broker.isTls ? "True" : "False", quoted(broker.webSocketPath), quoted(broker.certificateFile),
                                           quoted(broker.keyFile), listOf(broker.alpn));
    return script(result, step, "HOST:PORT", target, false);
}

tl::expected<std::string, std::string> toRepro(const v1::Result &result, const ReproStep &step, const ReproClient &client)
{
    const std::string target = fmt::format("WS_PATH = \"\"\nCLIENT = {}  # the adapter of the client under test\nSETUP = bytes.fromhex(\"{}\")\n",
                                           listOf(client.adapter), wire::hex(client.setup.SerializeAsString()));
    return script(result, step, "ADAPTER [ARGUMENT...]", target, true);
}

} // namespace hiatus::report
