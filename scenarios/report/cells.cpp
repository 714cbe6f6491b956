#include "scenarios/report/cells.h"

#include <algorithm>

namespace hiatus::report {

namespace {

constexpr char32_t replacement = 0xFFFD;

/// Length of the sequence that `lead` begins; 0: none can begin so.
std::size_t sequenceLength(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead < 0xE0)
        return 2;
    if (lead >= 0xE0 && lead < 0xF0)
        return 3;
    return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

/// The code point of one sequence; `replacement` with `isValid` false if it is none.
char32_t codePoint(std::string_view sequence, bool &isValid)
{
    isValid = false;
    static constexpr unsigned char masks[] = {0x7F, 0x1F, 0x0F, 0x07};
    static constexpr char32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    char32_t value = static_cast<unsigned char>(sequence[0]) & masks[sequence.size() - 1];
    for (const char c : sequence.substr(1)) {
        if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U)
            return replacement;
        value = value << 6U | (static_cast<unsigned char>(c) & 0x3FU);
    }
    const bool isSurrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < smallest[sequence.size() - 1] || value > 0x10FFFF || isSurrogate)
        return replacement;
    isValid = true;
    return value;
}

bool isControl(char32_t c)
{
    // C0, DEL, C1; bidirectional overrides; the two code points that XML has no room for.
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) || c == 0xFFFE || c == 0xFFFF;
}

} // namespace

std::u32string decoded(std::string_view text)
{
    std::u32string cells;
    cells.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = sequenceLength(static_cast<unsigned char>(text.front()));
        const bool whole = length != 0 && length <= text.size();
        bool isValid = false;
        const char32_t c = whole ? codePoint(text.substr(0, length), isValid) : replacement;
        cells += isControl(c) ? replacement : c;
        text.remove_prefix(isValid ? length : 1);
    }
    return cells;
}

std::string encoded(std::u32string_view text)
{
    std::string bytes;
    bytes.reserve(text.size());
    for (const char32_t c : text) {
        const auto tail = [c](unsigned shift) { return static_cast<char>(0x80U | ((c >> shift) & 0x3FU)); };
        if (c < 0x80)
            bytes += static_cast<char>(c);
        else if (c < 0x800)
            bytes += {static_cast<char>(0xC0U | (c >> 6U)), tail(0)};
        else if (c < 0x10000)
            bytes += {static_cast<char>(0xE0U | (c >> 12U)), tail(6), tail(0)};
        else
            bytes += {static_cast<char>(0xF0U | (c >> 18U)), tail(12), tail(6), tail(0)};
    }
    return bytes;
}

std::string printable(std::string_view text, bool keepsLines)
{
    if (!keepsLines)
        return encoded(decoded(text));
    std::string lines;
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        lines += encoded(decoded(text.substr(0, end))) + '\n';
        text.remove_prefix(end + 1);
    }
    return lines + encoded(decoded(text));
}

std::u32string clipped(std::u32string_view text, std::size_t width)
{
    if (text.size() <= width)
        return std::u32string(text);
    if (width < 2)
        return std::u32string(width, U'.');
    return std::u32string(text.substr(0, width - 2)) + U"..";
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width)
{
    std::vector<std::string> lines;
    std::u32string rest = decoded(text);
    width = std::max<std::size_t>(width, 8);
    while (rest.size() > width) {
        std::size_t cut = rest.rfind(U' ', width);
        const bool atBlank = cut != std::u32string::npos && cut > 0;
        if (!atBlank)
            cut = width;
        lines.push_back(encoded(std::u32string_view(rest).substr(0, cut)));
        rest.erase(0, atBlank ? cut + 1 : cut);
    }
    if (!rest.empty() || lines.empty())
        lines.push_back(encoded(rest));
    return lines;
}

void Line::put(std::size_t column, std::u32string_view text)
{
    for (const char32_t cell : text)
        put(column++, cell);
}

void Line::put(std::size_t column, char32_t cell)
{
    if (column < m_cells.size())
        m_cells[column] = cell;
}

void Line::fill(std::size_t from, std::size_t to, std::u32string_view pattern)
{
    for (std::size_t column = from; column < to; ++column)
        put(column, pattern[(column - from) % pattern.size()]);
}

std::string Line::text() const
{
    const std::size_t last = m_cells.find_last_not_of(U' ');
    return last == std::u32string::npos ? std::string() : encoded(std::u32string_view(m_cells).substr(0, last + 1));
}

} // namespace hiatus::report
