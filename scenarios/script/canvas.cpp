#include "scenarios/script/canvas.h"

#include <algorithm>

namespace hiatus::script {

namespace {

constexpr std::size_t Width = 120;
constexpr std::size_t FirstLane = 8;
constexpr std::size_t MaxName = 10;

void overlay(std::string &line, std::size_t at, const std::string &text)
{
    if (line.size() < at + text.size())
        line.resize(at + text.size(), ' ');
    line.replace(at, text.size(), text);
}

std::string trimmed(std::string line)
{
    while (!line.empty() && line.back() == ' ')
        line.pop_back();
    return line;
}

} // namespace

std::vector<std::string> wrapped(const std::string &text, std::size_t width)
{
    std::vector<std::string> lines;
    std::string line;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        std::string word = text.substr(at, end - at);
        at = end + 1;
        if (!line.empty() && line.size() + 1 + word.size() > width) {
            lines.push_back(line);
            line.clear();
        }
        while (word.size() > width) {
            lines.push_back(word.substr(0, width));
            word.erase(0, width);
        }
        line += (line.empty() ? "" : " ") + word;
    }
    if (!line.empty())
        lines.push_back(line);
    return lines;
}

Canvas::Canvas(std::vector<std::string> lanes, const std::string &target) : m_lanes(std::move(lanes))
{
    if (m_lanes.size() > 5)
        m_lanes.resize(5);
    m_target = std::max<std::size_t>(FirstLane + m_lanes.size() * MaxName + 38, 72);
    std::string head;
    for (const std::string &lane : m_lanes)
        overlay(head, column(lane) - std::min<std::size_t>(lane.size() / 2, 4), lane.substr(0, MaxName - 1));
    overlay(head, m_target - target.size() / 2, target);
    m_text = trimmed(head) + "\n" + trimmed(bars()) + "\n";
}

std::size_t Canvas::column(const std::string &lane) const
{
    const auto found = std::find(m_lanes.begin(), m_lanes.end(), lane);
    const auto index = found == m_lanes.end() ? m_lanes.size() - (m_lanes.empty() ? 0 : 1)
                                              : static_cast<std::size_t>(found - m_lanes.begin());
    return FirstLane + index * MaxName;
}

std::string Canvas::bars() const
{
    std::string line(m_target + 1, ' ');
    for (const std::string &lane : m_lanes)
        line[column(lane)] = '|';
    line[m_target] = '|';
    return line;
}

void Canvas::put(std::string line, int number, const std::vector<std::string> &remarks)
{
    if (number > 0) {
        const std::string text = std::to_string(number);
        overlay(line, text.size() < 4 ? 4 - text.size() : 0, text);
    }
    const std::size_t margin = std::max(line.size(), m_target) + 2;
    std::vector<std::string> right;
    if (margin < Width - 16) {
        for (const std::string &remark : remarks) {
            const std::vector<std::string> lines = wrapped(remark, Width - margin);
            right.insert(right.end(), lines.begin(), lines.end());
        }
        if (!right.empty())
            overlay(line, margin, right.front());
    } else {
        right = remarks;
        right.insert(right.begin(), std::string());
    }
    m_text += trimmed(line) + "\n";
    for (std::size_t i = 1; i < right.size(); ++i) {
        std::string more = bars();
        overlay(more, margin < Width - 16 ? margin : m_target + 2, right[i]);
        m_text += trimmed(more) + "\n";
    }
}

void Canvas::arrow(std::string &line, std::size_t from, const std::string &text, Rung::Kind kind) const
{
    for (std::size_t i = from + 1; i < m_target; ++i)
        line[i] = '-';
    if (kind == Rung::Kind::Out || kind == Rung::Kind::Both)
        line[m_target - 1] = '>';
    if (kind == Rung::Kind::In || kind == Rung::Kind::Both)
        line[from + 1] = '<';
    overlay(line, from + 4, " " + text + " ");
}

void Canvas::draw(const Rung &rung, int line, int depth, const std::vector<std::string> &remarks)
{
    if (rung.kind == Rung::Kind::Banner)
        return banner(rung.text, line, depth, remarks);
    const std::size_t from = column(rung.lane);
    const std::size_t room = m_target - from - 8;
    std::vector<std::string> lines = wrapped(rung.text, room);
    if (lines.empty())
        lines.emplace_back();
    std::string first = bars();
    if (rung.kind == Rung::Kind::Cut)
        overlay(first, from, "X  " + lines.front());
    else if (rung.kind == Rung::Kind::Remark)
        overlay(first, from + 2, lines.front());
    else
        arrow(first, from, lines.front(), rung.kind);
    std::vector<std::string> rest = remarks;
    put(first, line, lines.size() > 1 ? std::vector<std::string>() : rest);
    for (std::size_t i = 1; i < lines.size(); ++i) {
        std::string more = bars();
        overlay(more, from + 5, lines[i]);
        put(more, 0, i + 1 == lines.size() ? rest : std::vector<std::string>());
    }
}

void Canvas::banner(const std::string &text, int line, int depth, const std::vector<std::string> &remarks)
{
    const auto indent = FirstLane - 2 + 2 * static_cast<std::size_t>(std::min(depth, 10));
    const std::vector<std::string> lines = wrapped(text, m_target - indent - 2);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::string drawn = bars();
        overlay(drawn, indent, lines[i] + " ");
        put(drawn, i == 0 ? line : 0, i + 1 == lines.size() ? remarks : std::vector<std::string>());
    }
}

} // namespace hiatus::script
