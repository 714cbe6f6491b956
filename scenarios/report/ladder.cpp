#include "scenarios/report/ladder.h"

#include "scenarios/report/cells.h"
#include "scenarios/report/ladderrows.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace hiatus::report {

namespace {

using Kind = LadderRow::Kind;
using Mark = LadderRow::Mark;

constexpr std::size_t gutter = 10; // "!! " and the time
constexpr std::size_t widestLane = 12;
constexpr std::size_t narrowLane = 4;
constexpr std::size_t widestPlace = 26;
constexpr std::size_t narrow = 80;     // columns: too few for names of files
constexpr std::size_t narrowPlace = 4; // ":123"
constexpr std::size_t noteLines = 3;   // at most

std::size_t cells(const std::string &text)
{
    return decoded(text).size();
}

/// "file" of "file:12".
std::string fileOf(const std::string &place)
{
    return place.substr(0, place.rfind(':'));
}

class Drawing
{
public:
    Drawing(const LadderRows &ladder, const LadderOptions &options);
    std::string text() const;

private:
    struct Stroke
    {
        std::u32string_view line = U"-"; ///< repeated along the arrow
        char32_t atLane = U'|';
        char32_t atTarget = U'|';
        bool fromTarget = false;
        bool toTarget = false;
    };

    void measure();
    std::string header() const;
    std::string drawn(const LadderRow &row, bool showsTime) const;
    void drawStroke(Line &line, const LadderRow &row, const Stroke &stroke) const;
    std::string notes(const LadderRow &row) const;
    std::string coloured(std::string line, const LadderRow &row) const;
    Line lifelines(const LadderRow &row) const;
    std::string placeShown(const std::string &place) const;
    static Stroke strokeOf(const LadderRow &row);

    const LadderRows &m_ladder;
    const LadderOptions &m_options;
    std::string m_file; ///< most places are in it; it stands in the header
    std::size_t m_width;
    std::size_t m_pitch = 6;
    std::size_t m_first = gutter + 2; ///< column of the first lane
    std::size_t m_label = 0;          ///< where texts begin
    std::size_t m_target = 0;
    std::size_t m_place = 0;
    std::size_t m_placeWidth = widestPlace;
};

Drawing::Drawing(const LadderRows &ladder, const LadderOptions &options)
    : m_ladder(ladder), m_options(options), m_width(std::max<std::size_t>(options.width, 60))
{
    measure();
}

void Drawing::measure()
{
    std::map<std::string, int> files;
    for (const LadderRow &row : m_ladder.rows) {
        if (!row.place.empty())
            ++files[fileOf(row.place)];
    }
    int most = 0;
    for (const auto &[file, times] : files) {
        if (times > most)
            std::tie(m_file, most) = std::tie(file, times);
    }
    std::size_t placeWidth = m_width < narrow ? 0 : cells(m_file);
    for (const LadderRow &row : m_ladder.rows)
        placeWidth = std::max(placeWidth, cells(placeShown(row.place)));
    m_placeWidth = m_width < narrow ? narrowPlace : widestPlace;
    placeWidth = std::min(placeWidth, m_placeWidth);

    std::size_t widest = 3;
    for (const std::string &lane : m_ladder.lanes)
        widest = std::max(widest, cells(lane));
    m_pitch = std::min(widest, m_width < narrow ? narrowLane : widestLane) + 2;
    m_label = m_first + (m_ladder.lanes.size() - 1) * m_pitch + 6;
    m_target = m_width - 1 - (placeWidth == 0 ? 0 : placeWidth + 2);
    m_target = std::max(
        m_target,
        m_label + (m_width < narrow ? 20 : 24)); // many lanes: the ladder grows wider than asked rather than mute
    m_place = m_target + 3;
}

std::string Drawing::placeShown(const std::string &place) const
{
    const bool isShort = m_width < narrow || fileOf(place) == m_file;
    return place.empty() || !isShort ? place : place.substr(fileOf(place).size());
}

std::string Drawing::header() const
{
    Line line(m_place + widestPlace);
    line.put(gutter - 2, U"ms");
    for (std::size_t i = 0; i < m_ladder.lanes.size(); ++i)
        line.put(m_first + i * m_pitch, clipped(decoded(m_ladder.lanes[i]), m_pitch - 1));
    const std::u32string target = clipped(decoded(m_options.target), m_target - m_label);
    line.put(m_target + 1 - target.size(), target);
    line.put(m_place, m_width < narrow ? U"" : clipped(decoded(m_file), m_placeWidth));
    return line.text() + '\n';
}

Line Drawing::lifelines(const LadderRow &row) const
{
    Line line(m_place + widestPlace);
    for (std::size_t i = 0; i < row.life.size(); ++i)
        line.put(m_first + i * m_pitch, static_cast<char32_t>(row.life[i]));
    line.put(m_target, U'|');
    return line;
}

Drawing::Stroke Drawing::strokeOf(const LadderRow &row)
{
    switch (row.kind) {
    case Kind::Sent:
        return {U"-", U'|', U'|', false, true};
    case Kind::Received:
        return {U"-", U'|', U'|', true, false};
    case Kind::Command:
        return {U"~", U'|', U'|', false, true};
    case Kind::Event:
        return {U"~", U'|', U'|', true, false};
    case Kind::Opened:
        return {U"=", U'o', U'|', false, false};
    case Kind::Dropped:
        return {U"=", U'x', U'|', false, false};
    case Kind::Closed:
        return {U"=", U'x', U'x', false, false};
    default:
        return {U"- ", U'|', U'|', true, false}; // Missing
    }
}

void Drawing::drawStroke(Line &line, const LadderRow &row, const Stroke &stroke) const
{
    const std::size_t lane = m_first + row.lane * m_pitch;
    line.fill(lane + 1, m_target, stroke.line);
    line.put(lane, stroke.atLane);
    line.put(m_target, stroke.atTarget);
    if (stroke.fromTarget)
        line.put(lane + 1, U'<');
    if (stroke.toTarget)
        line.put(m_target - 1, U'>');
    const std::u32string text = clipped(decoded(row.text), m_target - m_label - 4);
    line.put(m_label - 1, U' ');
    line.put(m_label, text);
    line.put(m_label + text.size(), U' ');
    line.fill(m_label + text.size() + 1, stroke.toTarget ? m_target - 1 : m_target, stroke.line);
}

std::string Drawing::notes(const LadderRow &row) const
{
    std::string lines;
    const std::size_t room = m_width - m_label;
    for (const std::string &words : wrapped(encoded(clipped(decoded(row.text), noteLines * room)), room)) {
        Line line = lifelines(row);
        line.put(m_target, decoded(words).size() + m_label < m_target ? U'|' : U' ');
        line.put(0, row.mark == Mark::Charged ? U"!!" : U"");
        line.put(m_label, decoded(words));
        lines += coloured(line.text(), row) + '\n';
    }
    return lines;
}

std::string Drawing::drawn(const LadderRow &row, bool showsTime) const
{
    if (row.kind == Kind::Note)
        return notes(row);
    Line line = lifelines(row);
    if (row.kind == Kind::Gap) {
        const std::u32string words = decoded(row.text);
        line.put(gutter - std::min(gutter, words.size()), words);
        for (std::size_t i = 0; i < row.life.size(); ++i)
            line.put(m_first + i * m_pitch, row.life[i] == '|' ? U'~' : static_cast<char32_t>(row.life[i]));
        line.put(m_target, U'~');
    } else if (row.kind == Kind::Left) {
        line.put(m_label, clipped(decoded("... " + row.text + " ..."), m_width - m_label));
    } else {
        drawStroke(line, row, strokeOf(row));
    }
    if (row.mark != Mark::None)
        line.put(0, row.mark == Mark::Charged ? U"!!" : U"!");
    if (showsTime)
        line.put(2, decoded(fmt::format("{:>8.1f}", *row.at)));
    line.put(m_place, clipped(decoded(placeShown(row.place)), m_placeWidth));
    return coloured(line.text(), row) + '\n';
}

std::string Drawing::coloured(std::string line, const LadderRow &row) const
{
    if (!m_options.colour || row.mark != Mark::Charged)
        return line;
    return "\x1b[31m" + line + "\x1b[0m";
}

std::string Drawing::text() const
{
    std::string text = header();
    std::optional<double> shown;
    for (const LadderRow &row : m_ladder.rows) {
        const bool isNew = row.at && row.kind != Kind::Left && (!shown || *shown != *row.at);
        text += drawn(row, isNew);
        if (isNew)
            shown = row.at;
        if (row.kind == Kind::Gap || row.kind == Kind::Left)
            shown.reset();
    }
    return m_options.legend ? text + ladderLegend(m_width) : text;
}

} // namespace

std::string ladderLegend(std::size_t width)
{
    static const std::string_view marks[] = {"| connected",
                                             ". not connected",
                                             ": dropped by us, not closed",
                                             "o opened",
                                             "x ended",
                                             "~ time passes",
                                             "{m=12} the script calls it m",
                                             "!! broken here",
                                             "- - due, but it did not come"};
    const std::string indent(width < narrow ? 2 : 12, ' ');
    std::string text;
    std::string line;
    for (const std::string_view mark : marks) {
        if (!line.empty() && indent.size() + line.size() + 3 + mark.size() > std::min<std::size_t>(width, 110)) {
            text += indent + line + '\n';
            line.clear();
        }
        (line += line.empty() ? "" : "   ") += mark;
    }
    return text + indent + line + '\n';
}

std::string ladder(const v1::Trace &trace, const LadderOptions &options)
{
    LadderRows rows = ladderRows(trace, options.version, options.findings);
    if (rows.lanes.empty() || rows.rows.empty())
        return {};
    std::erase_if(rows.rows, [](const LadderRow &row) { return row.kind == Kind::Fence; });
    foldRows(rows.rows, options.rows);
    return Drawing(rows, options).text();
}

} // namespace hiatus::report
