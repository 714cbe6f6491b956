#include "scenarios/report/html/ladderdrawing.h"

#include "scenarios/report/cells.h"
#include "scenarios/report/html/markup.h"
#include "scenarios/report/html/relative.h"
#include "scenarios/report/inflight.h"
#include "scenarios/report/ladderrows.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace hiatus::report::html {

namespace {

using Kind = LadderRow::Kind;
using Mark = LadderRow::Mark;

// Pixels.
constexpr double letter = 6.4; // of the monospace font at 10.5 px
constexpr int timeWidth = 66;
constexpr int pairWidth = 570; // two of this width stand side by side on a screen of 1280
constexpr int narrowLabel = 250;
constexpr int wideLabel = 340;
constexpr int placeWidth = 42;
constexpr int headHeight = 26;
constexpr int arrowHeight = 22;
constexpr int noteLine = 14;
constexpr std::size_t longestNote = 4; // lines

std::string fileOf(const std::string &place)
{
    return place.substr(0, place.rfind(':'));
}

class Drawing
{
public:
    Drawing(const LadderRows &ladder, const std::vector<std::string> &state, const std::string &target);
    std::string svg();

private:
    void measure();
    int heightOf(const LadderRow &row) const;
    int laneX(std::size_t lane) const { return timeWidth + 14 + static_cast<int>(lane) * m_pitch; }
    std::vector<std::string> noteLines(const LadderRow &row) const;
    std::size_t letters(int pixels) const { return static_cast<std::size_t>(std::max(pixels / letter, 4.0)); }
    void head();
    void lifelines();
    void time(const LadderRow &row, int y);
    void rowDrawn(const LadderRow &row, int y);
    void arrow(const LadderRow &row, int y, bool toTarget, const char *style);
    void connection(const LadderRow &row, int y);
    void band(const LadderRow &row, int y);
    void note(const LadderRow &row, int y);
    void label(const LadderRow &row, int y);
    void beside(const LadderRow &row, int y);
    void path(const char *style, const std::string &way);
    std::string ways();
    void words(const char *style, int x, int y, std::string_view text);

    const LadderRows &m_ladder;
    const std::vector<std::string> &m_state;
    std::string m_targetName;
    std::string m_file;
    std::vector<int> m_tops;
    int m_pitch = 40;
    int m_label = 0;
    int m_labelWidth = 0;
    int m_target = 0;
    int m_stateWidth = 0;
    int m_width = 0;
    int m_height = 0;
    std::optional<double> m_shown;
    bool m_isMarked = false;
    std::map<std::string, std::string> m_ways; ///< of unmarked rows by style: one element for all of them
    Markup m_out;
};

Drawing::Drawing(const LadderRows &ladder, const std::vector<std::string> &state, const std::string &target)
    : m_ladder(ladder), m_state(state), m_targetName(target)
{
    measure();
}

void Drawing::measure()
{
    std::size_t widest = 3;
    for (const std::string &lane : m_ladder.lanes)
        widest = std::max(widest, decoded(lane).size());
    m_pitch = std::clamp(static_cast<int>(static_cast<double>(widest + 1) * letter), 28, 80);
    m_label = laneX(m_ladder.lanes.size() - 1) + 14;
    std::map<std::string, int> files;
    std::size_t longestState = 0;
    for (const LadderRow &row : m_ladder.rows) {
        if (!row.place.empty())
            ++files[fileOf(row.place)];
        if (row.event >= 0)
            longestState = std::max(longestState, decoded(m_state[static_cast<std::size_t>(row.event)]).size());
    }
    int most = 0;
    for (const auto &[file, times] : files) {
        if (times > most)
            std::tie(m_file, most) = std::tie(file, times);
    }
    m_stateWidth = longestState == 0 ? 0 : static_cast<int>(std::max(static_cast<double>(longestState), 9.0) * 6) + 8;
    m_labelWidth = std::clamp(pairWidth - m_label - placeWidth - m_stateWidth, narrowLabel, wideLabel);
    m_target = m_label + m_labelWidth;
    m_width = m_target + placeWidth + m_stateWidth;
    m_height = headHeight;
    for (const LadderRow &row : m_ladder.rows) {
        m_tops.push_back(m_height);
        m_height += heightOf(row);
    }
    m_height += 8;
}

std::vector<std::string> Drawing::noteLines(const LadderRow &row) const
{
    const std::size_t room = letters(m_labelWidth + placeWidth);
    return wrapped(encoded(clipped(decoded(row.text), longestNote * room)), room);
}

int Drawing::heightOf(const LadderRow &row) const
{
    if (row.kind == Kind::Note)
        return static_cast<int>(noteLines(row).size()) * noteLine + 8;
    return arrowHeight;
}

void Drawing::path(const char *style, const std::string &way)
{
    if (m_isMarked)
        m_out.single("path", {{"class", style}, {"d", way}});
    else
        m_ways[style] += way;
}

std::string Drawing::ways()
{
    Markup out;
    for (const auto &[style, way] : m_ways)
        out.single("path", {{"class", style}, {"d", relativePath(way)}});
    return out.written();
}

void Drawing::words(const char *style, int x, int y, std::string_view text)
{
    m_out.leaf("text", text, {{"class", style}, {"x", std::to_string(x)}, {"y", std::to_string(y)}});
}

void Drawing::head()
{
    words("t n", timeWidth - 8, 14, "ms");
    for (std::size_t i = 0; i < m_ladder.lanes.size(); ++i)
        words("l m", laneX(i), 14, encoded(clipped(decoded(m_ladder.lanes[i]), letters(m_pitch))));
    words("l m", m_target, 14, encoded(clipped(decoded(m_targetName), 30)));
    if (m_stateWidth > 0)
        words("l", m_target + placeWidth, 14, "in flight");
}

/// A bracket per connection, dashes while it is lost and not closed, dots where there is none.
void Drawing::lifelines()
{
    path("g", fmt::format("M{} {}V{}", m_target, headHeight - 6, m_height));
    for (std::size_t lane = 0; lane < m_ladder.lanes.size(); ++lane) {
        char state = '.';
        int from = headHeight - 6;
        const auto finish = [&](int to, char next) {
            const int x = laneX(lane);
            if (state == '|')
                path("c", fmt::format("M{0} {1}V{3}H{2}V{1}z", x - 4, from, x + 4, to));
            else
                path(state == ':' ? "c0" : "c1", fmt::format("M{} {}V{}", x, from, to));
            from = to;
            state = next;
        };
        for (std::size_t i = 0; i < m_ladder.rows.size(); ++i) {
            const LadderRow &row = m_ladder.rows[i];
            const char now = lane < row.life.size() ? row.life[lane] : '.';
            const bool isReopened = row.kind == Kind::Opened && row.lane == lane && state == '|';
            if (now != state || isReopened)
                finish(m_tops[i] + heightOf(row) / 2 + 3, now);
        }
        finish(m_height - 4, state);
    }
}

void Drawing::time(const LadderRow &row, int y)
{
    if (row.kind == Kind::Gap || row.kind == Kind::Left) {
        m_shown.reset();
        return;
    }
    if (!row.at || (m_shown && *m_shown == *row.at))
        return;
    m_shown = row.at;
    words("t n", timeWidth - 8, y, fmt::format("{:.1f}", *row.at));
}

void Drawing::label(const LadderRow &row, int y)
{
    const std::u32string full = decoded(row.text);
    const std::u32string shown = clipped(full, letters(m_labelWidth - 16));
    m_out.open("text", {{"x", std::to_string(m_label)}, {"y", std::to_string(y)}});
    m_out.text(encoded(shown));
    if (shown.size() < full.size())
        m_out.leaf("title", encoded(clipped(full, 400)));
    m_out.close();
}

void Drawing::arrow(const LadderRow &row, int y, bool toTarget, const char *style)
{
    const int lane = laneX(row.lane) + 4;
    path(style, fmt::format("M{} {}H{}", lane, y, m_target));
    path("h", toTarget ? fmt::format("M{} {}l-7-3.5v7z", m_target, y) : fmt::format("M{} {}l7-3.5v7z", lane, y));
    label(row, y - 4);
}

void Drawing::connection(const LadderRow &row, int y)
{
    const int x = laneX(row.lane);
    if (row.kind == Kind::Opened) {
        path("k", fmt::format("M{} {}H{}", x + 4, y, m_target));
        m_out.single("circle", {{"class", "o"}, {"cx", std::to_string(x)}, {"cy", std::to_string(y)}, {"r", "4"}});
    } else {
        path("cut",
             fmt::format("M{} {}H{}", x - 6, y, row.kind == Kind::Closed ? m_target : m_label + m_labelWidth - 12));
        path("x", fmt::format("M{0} {1}l8 8m0-8l-8 8", x - 4, y - 4));
    }
    label(row, y - 4);
}

/// Gaps, rows left out, and fences run over all lanes.
void Drawing::band(const LadderRow &row, int y)
{
    if (row.kind == Kind::Gap) {
        path("gap", fmt::format("M{} {}H{}", 4, y, m_target));
        words("t w", m_label, y - 4, row.text);
        return;
    }
    if (row.kind == Kind::Fence) {
        path("f", fmt::format("M{} {}H{}", timeWidth, y, m_target + placeWidth - 6));
        words("t w", m_label, y - 4, row.text);
        return;
    }
    words("t", m_label, y + 4, "… " + row.text + " …");
}

void Drawing::note(const LadderRow &row, int y)
{
    const auto lines = noteLines(row);
    m_out.single("rect", {{"class", "nb"},
                          {"x", std::to_string(m_label - 6)},
                          {"y", std::to_string(y + 1)},
                          {"width", std::to_string(m_labelWidth + placeWidth)},
                          {"height", std::to_string(static_cast<int>(lines.size()) * noteLine + 4)},
                          {"rx", "3"}});
    for (const std::string &words : lines)
        this->words("nt", m_label, y += noteLine, words);
}

/// Script line and state.
void Drawing::beside(const LadderRow &row, int y)
{
    if (!row.place.empty()) {
        const bool isMain = fileOf(row.place) == m_file;
        m_out.open("text", {{"class", "t"}, {"x", std::to_string(m_target + 8)}, {"y", std::to_string(y + 3)}});
        m_out.text((isMain ? "" : "↳") + row.place.substr(fileOf(row.place).size()));
        if (!isMain)
            m_out.leaf("title", row.place);
        m_out.close();
    }
    if (row.event >= 0 && !m_state[static_cast<std::size_t>(row.event)].empty())
        words("s", m_target + placeWidth, y + 3, m_state[static_cast<std::size_t>(row.event)]);
}

void Drawing::rowDrawn(const LadderRow &row, int y)
{
    const int middle = y + heightOf(row) / 2 + 3;
    time(row, middle + 3);
    switch (row.kind) {
    case Kind::Sent:
        arrow(row, middle, true, "p");
        break;
    case Kind::Received:
        arrow(row, middle, false, "p");
        break;
    case Kind::Command:
        arrow(row, middle, true, "a");
        break;
    case Kind::Event:
        arrow(row, middle, false, "a");
        break;
    case Kind::Missing:
        arrow(row, middle, false, "miss");
        break;
    case Kind::Opened:
    case Kind::Dropped:
    case Kind::Closed:
        connection(row, middle);
        break;
    case Kind::Note:
        note(row, y);
        break;
    default:
        band(row, middle);
    }
    if (row.kind != Kind::Note)
        beside(row, middle);
}

std::string Drawing::svg()
{
    lifelines();
    head();
    for (std::size_t i = 0; i < m_ladder.rows.size(); ++i) {
        const LadderRow &row = m_ladder.rows[i];
        m_isMarked = row.mark != Mark::None;
        if (m_isMarked)
            m_out.open("g", {{"class", row.mark == Mark::Charged ? "bad" : "wit"}});
        if (row.mark == Mark::Charged && row.kind != Kind::Note)
            words("bang", 2, m_tops[i] + heightOf(row) / 2 + 7, "!!");
        rowDrawn(row, m_tops[i]);
        if (m_isMarked)
            m_out.close();
    }
    Markup whole;
    whole.open("svg", {{"class", "ladder"},
                       {"role", "img"},
                       {"aria-label", "ladder of the packets; the same as text follows"},
                       {"width", std::to_string(m_width)},
                       {"height", std::to_string(m_height)},
                       {"viewBox", fmt::format("0 0 {} {}", m_width, m_height)}});
    return whole.raw(ways()).raw(m_out.written()).close().written();
}

} // namespace

std::string ladderDrawing(const v1::Trace &trace, const LadderOptions &options)
{
    LadderRows rows = ladderRows(trace, options.version, options.findings);
    if (rows.lanes.empty() || rows.rows.empty())
        return {};
    foldRows(rows.rows, options.rows);
    return Drawing(rows, inFlight(trace), options.target).svg();
}

std::string drawingLegend()
{
    Markup out;
    out.open("p", {{"class", "marks"}});
    out.text(
        "A column per scripted party, the target on the right. A framed lifeline is a connection; dashes: lost and not "
        "closed; dots: none. ○ opened, × ended, !! broken here, a dashed red arrow was due and did not come. "
        "A number with a colon is the script's line (↳: of a fragment). “dev < 1,2”: messages from the target that dev "
        "has not "
        "acknowledged completely; “dev > 3”: dev's own; “dev -”: none.");
    return out.close().written();
}

} // namespace hiatus::report::html
