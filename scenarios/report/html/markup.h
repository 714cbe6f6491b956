#pragma once
// HTML and SVG, written so that nothing a packet carried is ever more than text, and every element that opens also
// closes.

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hiatus::report::html {

/// Text that may stand in an element or in a quoted attribute.
std::string escaped(std::string_view text);

class Markup
{
public:
    /// Name and value; an attribute whose value is empty is left out.
    using Attribute = std::pair<std::string_view, std::string>;
    using Attributes = std::initializer_list<Attribute>;

    Markup &open(std::string_view element, Attributes attributes = {});
    /// Closes the innermost element that is open.
    Markup &close();
    Markup &text(std::string_view words);
    /// An element with nothing but text in it.
    Markup &leaf(std::string_view element, std::string_view words, Attributes attributes = {});
    /// An element that has no end: `<meta>`, `<input>`; in SVG `<path/>`.
    Markup &single(std::string_view element, Attributes attributes = {});
    /// Markup that was written by another Markup, or that we wrote ourselves.
    Markup &raw(std::string_view markup);
    Markup &line();

    const std::string &written() const { return m_text; }

private:
    void begin(std::string_view element, Attributes attributes);

    std::string m_text;
    std::vector<std::string> m_open;
};

} // namespace hiatus::report::html
