#include "scenarios/report/laddertext.h"

#include "proto/wire/text.h"
#include "scenarios/report/names.h"

#include <fmt/format.h>

namespace hiatus::report {

using Event = v1::TraceEvent;

namespace {

std::string baseName(const std::string &place)
{
    const std::size_t slash = place.rfind('/');
    return slash == std::string::npos ? place : place.substr(slash + 1);
}

} // namespace

std::string shortPlace(const std::string &place)
{
    const std::string word = place.substr(0, place.find(' '));
    const std::size_t column = word.rfind(':');
    const std::size_t line = column == std::string::npos || column == 0 ? column : word.rfind(':', column - 1);
    return baseName(line == std::string::npos ? word : word.substr(0, column));
}

std::string eventText(const Event &event, v1::Version version, bool ofSeveral)
{
    std::string text = event.text();
    if (text.empty() && event.has_packet())
        text = wire::text(event.packet(), versionOf(event, version));
    switch (event.kind()) {
    case Event::OPENED:
        text = "opened" + (ofSeveral ? fmt::format(" #{}", event.link()) : "") + (text.empty() ? "" : ": " + text);
        break;
    case Event::DROPPED:
        text = "dropped by us" + (text.empty() ? "" : ": " + text);
        break;
    case Event::CLOSED:
        text = text.empty() ? "closed by the target" : text;
        break;
    case Event::RAW_SENT:
        text = "bytes " + (text.empty() ? counted(event.bytes().size(), "byte") : text);
        break;
    case Event::MALFORMED:
        text = "MALFORMED " + (text.empty() ? counted(event.bytes().size(), "byte") : text);
        break;
    case Event::CUT:
        text = text.empty() ? "the link is cut" : text;
        break;
    default:
        break;
    }
    if (event.lost())
        text += " (lost)";
    if (!event.binds().empty())
        text += " {" + event.binds() + '}';
    return text;
}

std::string findingText(const v1::Finding &finding, bool isDrawn)
{
    std::string words = finding.reason();
    if (!finding.field().empty())
        words += ' ' + finding.field();
    if (isDrawn)
        words += finding.actual().empty() ? std::string() : ": " + finding.actual();
    else if (!finding.expected().empty() || !finding.actual().empty())
        words += fmt::format(": expected {}, got {}", finding.expected().empty() ? "-" : finding.expected(),
                             finding.actual().empty() ? "nothing" : finding.actual());
    else if (!finding.text().empty())
        words += ": " + finding.text();
    const std::string cited = citation(finding);
    return cited.empty() ? words : words + ' ' + cited;
}

} // namespace hiatus::report
