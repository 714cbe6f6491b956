#include "scenarios/report/ladderrows.h"

#include "scenarios/report/laddertext.h"
#include "scenarios/report/names.h"
#include "scenarios/report/reasons.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace hiatus::report {

namespace {

using Kind = LadderRow::Kind;
using Mark = LadderRow::Mark;
using Event = v1::TraceEvent;

constexpr double gapFrom = 400; // milliseconds without an event that are worth a row

/// Pings that keep a lane alive, and their answers, belong to no step.
bool isOfStep(const Event &event)
{
    return event.has_step() && !event.ambient();
}

/// Where a finding shows: at an event, or before one, where something was due.
struct Spot
{
    int event = -1;     ///< row to mark
    int dueBefore = -1; ///< Missing row goes before this event
};

class Builder
{
public:
    Builder(const v1::Trace &trace, v1::Version version, const std::vector<const v1::Finding *> &findings)
        : m_trace(trace), m_version(version), m_findings(findings)
    {
        collectLanes();
        collectPlaces();
        for (const auto *finding : m_findings)
            m_spots.push_back(spotOf(*finding));
    }

    LadderRows build();

private:
    void collectLanes();
    void collectPlaces();
    Spot spotOf(const v1::Finding &finding) const;
    int stepBegan(std::uint32_t step) const;
    std::size_t laneOf(const v1::Finding &finding, int before) const;
    std::size_t laneIndex(const std::string &name) const;
    void addFindings(int before);
    void addMissing(const v1::Finding &finding, int before);
    void addEvent(int index);
    void addFence(const Event &event);
    void addGap(double until);
    bool isOwnReset(const Event &event) const;
    void push(LadderRow row);
    Mark markOf(int index) const;
    std::string textOf(const Event &event) const;
    void live(const Event &event);

    const v1::Trace &m_trace;
    v1::Version m_version;
    const std::vector<const v1::Finding *> &m_findings;
    std::vector<Spot> m_spots;
    std::map<std::uint32_t, std::string> m_places;
    std::map<std::string, std::uint32_t> m_links; ///< lane -> highest link number of the whole trace
    std::map<std::string, std::uint32_t> m_open;  ///< lane -> link that the lifeline shows
    std::string m_life;
    std::string m_step; ///< place of the step that began last
    std::optional<double> m_last;
    LadderRows m_result;
};

void Builder::collectLanes()
{
    for (const Event &event : m_trace.event()) {
        if (event.lane().empty())
            continue;
        if (std::find(m_result.lanes.begin(), m_result.lanes.end(), event.lane()) == m_result.lanes.end())
            m_result.lanes.push_back(event.lane());
        m_links[event.lane()] = std::max(m_links[event.lane()], event.link());
    }
    m_life.assign(m_result.lanes.size(), '.');
}

void Builder::collectPlaces()
{
    for (const Event &event : m_trace.event()) {
        if (event.kind() == Event::STEP && !event.text().empty())
            m_places[event.step()] = shortPlace(event.text());
    }
    for (const auto *finding : m_findings) {
        if (finding->has_step() && !finding->at().empty())
            m_places.emplace(finding->step(), shortPlace(finding->at()));
    }
}

int Builder::stepBegan(std::uint32_t step) const
{
    for (int i = 0; i < m_trace.event_size(); ++i) {
        if (m_trace.event(i).kind() == Event::STEP && m_trace.event(i).step() == step)
            return i;
    }
    return -1;
}

Spot Builder::spotOf(const v1::Finding &finding) const
{
    int last = -1;
    for (const std::uint32_t event : finding.event()) {
        if (event < static_cast<std::uint32_t>(m_trace.event_size()))
            last = std::max(last, static_cast<int>(event));
    }
    if (last >= 0 && !isAbsence(finding.reason()))
        return {last, -1};
    int due = finding.has_step() ? stepBegan(finding.step()) : -1;
    if (due < 0)
        return {-1, last < 0 ? m_trace.event_size() : last + 1};
    // It was waited for until the next step began, or the script ended.
    for (++due; due < m_trace.event_size() && m_trace.event(due).kind() != Event::STEP;)
        ++due;
    return {-1, std::max(due, last + 1)};
}

std::size_t Builder::laneIndex(const std::string &name) const
{
    const auto lane = std::find(m_result.lanes.begin(), m_result.lanes.end(), name);
    return static_cast<std::size_t>(lane - m_result.lanes.begin());
}

std::size_t Builder::laneOf(const v1::Finding &finding, int before) const
{
    std::string lane;
    for (int i = 0; i < m_trace.event_size(); ++i) {
        const Event &event = m_trace.event(i);
        if (event.lane().empty())
            continue;
        if (finding.has_step() && isOfStep(event) && event.step() == finding.step())
            return laneIndex(event.lane());
        if (i < before)
            lane = event.lane();
    }
    return laneIndex(lane);
}

void Builder::push(LadderRow row)
{
    if (row.life.empty())
        row.life = m_life;
    m_result.rows.push_back(std::move(row));
}

void Builder::addMissing(const v1::Finding &finding, int before)
{
    LadderRow row;
    if (before < m_trace.event_size()) {
        addGap(m_trace.event(before).at());
        row.at = m_trace.event(before).at();
    }
    row.kind = Kind::Missing;
    row.lane = std::min(laneOf(finding, before), m_result.lanes.size() - 1);
    row.text = (finding.expected().empty() ? finding.reason() : finding.expected()) + " (missing)";
    row.place = finding.has_step() ? m_places[finding.step()] : shortPlace(finding.at());
    row.mark = Mark::Charged;
    push(row);
}

/// What is to be said between the events `before - 1` and `before`.
void Builder::addFindings(int before)
{
    for (std::size_t i = 0; i < m_findings.size(); ++i) {
        const bool isDue = m_spots[i].dueBefore == before && !m_result.lanes.empty();
        const bool isSeen = before > 0 && m_spots[i].event == before - 1;
        if (m_findings[i]->consequent() || !(isDue || isSeen))
            continue;
        if (isDue)
            addMissing(*m_findings[i], before);
        push({Kind::Note, {}, 0, "^ " + findingText(*m_findings[i], isDue), {}, Mark::Charged, {}});
    }
}

Mark Builder::markOf(int index) const
{
    Mark mark = Mark::None;
    for (std::size_t i = 0; i < m_findings.size(); ++i) {
        if (m_findings[i]->consequent())
            continue;
        if (m_spots[i].event == index)
            return Mark::Charged;
        const auto &witnesses = m_findings[i]->event();
        if (std::find(witnesses.begin(), witnesses.end(), static_cast<std::uint32_t>(index)) != witnesses.end())
            mark = Mark::Witness;
    }
    return mark;
}

std::string Builder::textOf(const Event &event) const
{
    const std::string text = eventText(event, m_version, m_links.at(event.lane()) > 1);
    const auto open = m_open.find(event.lane());
    if (event.kind() != Event::OPENED && open != m_open.end() && event.has_link() && event.link() < open->second)
        return fmt::format("#{}: {}", event.link(), text);
    return text;
}

/// Brings the lifelines up to date. The lifeline shows the lane's newest link.
void Builder::live(const Event &event)
{
    char &cell = m_life[laneIndex(event.lane())];
    const auto open = m_open.find(event.lane());
    const bool isOld = open != m_open.end() && event.has_link() && event.link() < open->second;
    if (event.kind() == Event::OPENED) {
        m_open[event.lane()] = event.link();
        cell = '|';
    } else if (isOld) {
        return;
    } else if (event.kind() == Event::DROPPED) {
        cell = ':';
    } else if (event.kind() == Event::CLOSED) {
        cell = '.';
    } else if (cell == '.' && (event.kind() == Event::APP_COMMAND || event.kind() == Event::APP_EVENT)) {
        cell = '|';
    }
}

Kind kindOf(const Event &event)
{
    switch (event.kind()) {
    case Event::SENT:
    case Event::RAW_SENT:
        return Kind::Sent;
    case Event::RECEIVED:
    case Event::MALFORMED:
        return Kind::Received;
    case Event::OPENED:
        return Kind::Opened;
    case Event::DROPPED:
    case Event::CUT:
        return Kind::Dropped;
    case Event::CLOSED:
        return Kind::Closed;
    case Event::APP_COMMAND:
        return Kind::Command;
    case Event::APP_EVENT:
        return Kind::Event;
    default:
        return Kind::Note;
    }
}

void Builder::addGap(double until)
{
    if (m_last && until - *m_last >= gapFrom)
        push({Kind::Gap, {}, 0, "~ " + duration(until - *m_last), m_step, Mark::None, {}});
    m_last = std::max(m_last.value_or(until), until);
}

/// A reset is told twice, as our deed and as the end of the link: one row says both.
bool Builder::isOwnReset(const Event &event) const
{
    if (event.kind() != Event::CLOSED || m_result.rows.empty() || event.text().rfind("reset by us", 0) != 0)
        return false;
    const LadderRow &last = m_result.rows.back();
    return last.kind == Kind::Dropped && last.mark == Mark::None && m_result.lanes[last.lane] == event.lane();
}

/// The step's text is its place and its verb.
void Builder::addFence(const Event &event)
{
    static const std::string verb = " fence";
    const std::string &text = event.text();
    if (text.size() < verb.size() || text.compare(text.size() - verb.size(), verb.size(), verb) != 0)
        return;
    LadderRow row;
    row.kind = Kind::Fence;
    row.text = "fence: what has not come now never comes";
    row.place = m_step;
    push(std::move(row));
}

void Builder::addEvent(int index)
{
    const Event &event = m_trace.event(index);
    if (event.kind() == Event::STEP) {
        m_step = m_places[event.step()];
        addFence(event);
        return;
    }
    if (event.lane().empty()) {
        if (event.kind() == Event::HALTED || event.kind() == Event::STARTED) {
            addGap(event.at());
            push({Kind::Note, event.at(), 0, "### " + event.text() + " ###", m_step, markOf(index), {}});
        }
        return;
    }
    const bool isApp = event.kind() == Event::APP_COMMAND || event.kind() == Event::APP_EVENT;
    if (isApp && event.ambient())
        return; // a fence's own
    if (isOwnReset(event) && markOf(index) == Mark::None) {
        live(event);
        m_result.rows.back().kind = Kind::Closed;
        return;
    }
    addGap(event.at());
    LadderRow row;
    row.kind = kindOf(event);
    row.at = event.at();
    row.lane = laneIndex(event.lane());
    row.text = textOf(event);
    row.place = isOfStep(event) ? m_places[event.step()] : std::string();
    row.mark = markOf(index);
    row.event = index;
    live(event);
    push(row);
}

LadderRows Builder::build()
{
    for (int i = 0; i < m_trace.event_size(); ++i) {
        addFindings(i);
        addEvent(i);
    }
    addFindings(m_trace.event_size());
    foldPings(m_result.rows);
    return std::move(m_result);
}

} // namespace

LadderRows ladderRows(const v1::Trace &trace, v1::Version version, const std::vector<const v1::Finding *> &findings)
{
    return Builder(trace, version, findings).build();
}

} // namespace hiatus::report
