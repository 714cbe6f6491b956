#include "scenarios/report/html/relative.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <vector>

namespace hiatus::report::html {

namespace {

struct Point
{
    double x = 0;
    double y = 0;
};

/// Reads "V12H-3.5l7-3.5" piece by piece.
class PathReader
{
public:
    explicit PathReader(std::string_view path) : m_rest(path) {}

    bool next()
    {
        if (m_rest.empty())
            return false;
        command = m_rest.front();
        const std::size_t size = std::min(m_rest.find_first_of("MmHhVvLlz", 1), m_rest.size());
        numbers.clear();
        const std::string text(m_rest.substr(1, size - 1));
        for (const char *at = text.c_str(); *at != '\0';) {
            char *end = nullptr;
            numbers.push_back(std::strtod(at, &end));
            at = end == at ? at + 1 : end;
        }
        m_rest.remove_prefix(size);
        return true;
    }

    char command = 0;
    std::vector<double> numbers;

private:
    std::string_view m_rest;
};

std::string pair(double x, double y) { return fmt::format("{:g}{}{:g}", x, y < 0 ? "" : " ", y); }

} // namespace

std::string relativePath(std::string_view path)
{
    std::string result;
    Point at;
    Point start;
    for (PathReader reader(path); reader.next();) {
        const auto &n = reader.numbers;
        const Point before = at;
        switch (reader.command) {
        case 'M': at = {n[0], n[1]}; break;
        case 'm':
        case 'l': at = {at.x + n[0], at.y + n[1]}; break;
        case 'H': at.x = n[0]; break;
        case 'h': at.x += n[0]; break;
        case 'V': at.y = n[0]; break;
        case 'v': at.y += n[0]; break;
        default: at = start;
        }
        switch (reader.command) {
        case 'M':
        case 'm': result += 'm' + pair(at.x - before.x, at.y - before.y); start = at; break;
        case 'l': result += 'l' + pair(n[0], n[1]); break;
        case 'H':
        case 'h': result += fmt::format("h{:g}", at.x - before.x); break;
        case 'V':
        case 'v': result += fmt::format("v{:g}", at.y - before.y); break;
        default: result += 'z';
        }
    }
    return result;
}

std::string relativeRows(std::string_view markup)
{
    constexpr std::string_view row = " y=\""; // quotes that a packet carried are escaped
    std::string result;
    int before = 0;
    for (std::size_t at = markup.find(row); at != std::string_view::npos; at = markup.find(row)) {
        at += row.size();
        int y = 0;
        const auto end = std::from_chars(markup.data() + at, markup.data() + markup.size(), y).ptr;
        result.append(markup.substr(0, at)).append(std::to_string(y - before));
        before = y;
        markup.remove_prefix(static_cast<std::size_t>(end - markup.data()));
    }
    return result.append(markup);
}

} // namespace hiatus::report::html
