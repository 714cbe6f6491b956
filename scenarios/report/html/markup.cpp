#include "scenarios/report/html/markup.h"

#include "scenarios/report/cells.h"

namespace hiatus::report::html {

std::string escaped(std::string_view text)
{
    std::string result;
    for (const char c : printable(text, true)) {
        switch (c) {
        case '&':
            result += "&amp;";
            break;
        case '<':
            result += "&lt;";
            break;
        case '>':
            result += "&gt;";
            break;
        case '"':
            result += "&quot;";
            break;
        case '\'':
            result += "&#39;";
            break;
        default:
            result += c;
        }
    }
    return result;
}

void Markup::begin(std::string_view element, Attributes attributes)
{
    m_text += '<';
    m_text += element;
    for (const auto &[name, value] : attributes) {
        if (!value.empty())
            ((m_text += ' ') += name) += "=\"" + escaped(value) + '"';
    }
    m_text += '>';
}

Markup &Markup::open(std::string_view element, Attributes attributes)
{
    begin(element, attributes);
    m_open.emplace_back(element);
    return *this;
}

Markup &Markup::close()
{
    if (m_open.empty())
        return *this;
    m_text += "</" + m_open.back() + '>';
    m_open.pop_back();
    return *this;
}

Markup &Markup::text(std::string_view words)
{
    m_text += escaped(words);
    return *this;
}

Markup &Markup::leaf(std::string_view element, std::string_view words, Attributes attributes)
{
    return open(element, attributes).text(words).close();
}

Markup &Markup::single(std::string_view element, Attributes attributes)
{
    begin(element, attributes);
    m_text.insert(m_text.size() - 1, "/");
    return *this;
}

Markup &Markup::raw(std::string_view markup)
{
    m_text += markup;
    return *this;
}

Markup &Markup::line()
{
    m_text += '\n';
    return *this;
}

} // namespace hiatus::report::html
