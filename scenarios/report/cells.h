#pragma once
// Text in columns: a line of character cells that is drawn upon, and the width of UTF-8.

#include <string>
#include <string_view>
#include <vector>

namespace hiatus::report {

/// UTF-8 to code points; what is not UTF-8, and every control character, becomes U+FFFD. Nothing that a packet carried
/// may move the cursor of a terminal or break an XML file.
std::u32string decoded(std::string_view text);
std::string encoded(std::u32string_view text);

/// The same, as UTF-8: safe to print. Line feeds stay if `keepsLines`.
std::string printable(std::string_view text, bool keepsLines = false);

/// At most `width` cells; what was cut ends in "..".
std::u32string clipped(std::u32string_view text, std::size_t width);

/// Words in lines of at most `width` cells; longer words are broken.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// One line of a fixed number of cells. Drawing outside is cut off.
class Line
{
public:
    explicit Line(std::size_t width) : m_cells(width, U' ') {}

    void put(std::size_t column, std::u32string_view text);
    void put(std::size_t column, char32_t cell);
    /// Repeats `pattern` over [from, to).
    void fill(std::size_t from, std::size_t to, std::u32string_view pattern);
    /// UTF-8 without trailing blanks.
    std::string text() const;

private:
    std::u32string m_cells;
};

} // namespace hiatus::report
