#include "proto/wire/printer.h"

#include "proto/wire/text.h"

#include <fmt/format.h>

#include <iterator>

namespace hiatus::wire {

namespace {

constexpr std::size_t Shown = 40;
constexpr std::uint32_t Never = 0xFFFFFFFFu;

bool isPrintable(char c)
{
    return c >= 0x20 && c < 0x7F;
}

bool isBare(std::string_view text)
{
    for (const char c : text) {
        if (!isPrintable(c) || c == ' ' || c == '"' || c == '\\' || c == ',' || c == '=')
            return false;
    }
    return !text.empty();
}

} // namespace

void Printer::space()
{
    if (!m_line.empty() && m_line.back() != '[')
        m_line.push_back(' ');
}

void Printer::quoted(std::string_view bytes)
{
    m_line.push_back('"');
    for (const char c : bytes) {
        if (c == '"' || c == '\\')
            m_line.push_back('\\');
        if (isPrintable(c))
            m_line.push_back(c);
        else
            fmt::format_to(std::back_inserter(m_line), "\\x{:02X}", static_cast<unsigned char>(c));
    }
    m_line.push_back('"');
}

void Printer::cut(std::string_view bytes)
{
    quoted(bytes.substr(0, Shown));
    if (bytes.size() > Shown)
        fmt::format_to(std::back_inserter(m_line), "...({} bytes)", bytes.size());
}

void Printer::word(std::string_view prefix, std::uint32_t value)
{
    space();
    fmt::format_to(std::back_inserter(m_line), "{}{}", prefix, value);
}

void Printer::flag(std::string_view word, bool set)
{
    if (!set)
        return;
    space();
    m_line.append(word);
}

void Printer::number(std::string_view word, std::uint32_t value)
{
    space();
    if (value == Never && word == "session_expiry")
        m_line.append("session_expiry=never");
    else
        fmt::format_to(std::back_inserter(m_line), "{}={}", word, value);
}

void Printer::text(std::string_view word, std::string_view value)
{
    space();
    m_line.append(word).push_back('=');
    quoted(value);
}

void Printer::binary(std::string_view word, std::string_view value)
{
    space();
    m_line.append(word).push_back('=');
    cut(value);
}

void Printer::name(std::string_view topic)
{
    space();
    if (isBare(topic))
        m_line.append(topic);
    else
        quoted(topic);
}

void Printer::data(std::string_view bytes)
{
    space();
    cut(bytes);
}

void Printer::code(std::uint32_t code)
{
    space();
    fmt::format_to(std::back_inserter(m_line), "code=0x{:02X}", code);
    const std::string_view name = reasonName(m_kind, m_version, code);
    if (!name.empty())
        m_line.append(" ").append(name);
}

void Printer::pair(std::string_view word, std::string_view key, std::string_view value)
{
    space();
    m_line.append(word).push_back('.');
    if (isBare(key))
        m_line.append(key);
    else
        quoted(key);
    m_line.push_back('=');
    quoted(value);
}

std::string hex(std::string_view bytes)
{
    std::string out;
    out.reserve(bytes.size() * 3);
    for (const char c : bytes)
        fmt::format_to(std::back_inserter(out), "{}{:02X}", out.empty() ? "" : " ", static_cast<unsigned char>(c));
    return out;
}

} // namespace hiatus::wire
