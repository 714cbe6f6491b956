#include "scenarios/script/chunks.h"

#include <algorithm>
#include <array>

namespace hiatus::script {

namespace {

constexpr int MaxUnclosed = 20; // each costs a scan to the end of the file

bool isWordChar(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-'
           || c == '+';
}

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

class Scanner
{
public:
    explicit Scanner(std::string_view text) : m_text(text) {}

    std::vector<Chunk> chunks()
    {
        std::vector<Chunk> result;
        std::size_t lineStart = 0;
        std::size_t counted = 0;
        int line = 0;
        for (skipBlank(); m_at < m_text.size(); skipBlank()) {
            const std::size_t from = m_at;
            for (; counted < from; ++counted) {
                if (m_text[counted] != '\n')
                    continue;
                ++line;
                lineStart = counted + 1;
            }
            m_isClosed = true;
            field();
            result.push_back({line, static_cast<int>(from - lineStart), std::string(m_text.substr(from, m_at - from)), m_isClosed});
        }
        return result;
    }

private:
    // name [:] value [,;]  where a value is a block, a list, strings side by side, or a word
    void field()
    {
        const std::size_t from = m_at;
        while (m_at < m_text.size() && isWordChar(m_text[m_at]))
            ++m_at;
        if (m_at == from)
            return junk();
        std::size_t end = m_at;
        skipBlank();
        const bool colon = peek(':');
        if (colon) {
            end = ++m_at;
            skipBlank();
        }
        if (peek('{') || peek('<') || peek('['))
            return block();
        if (!colon || m_at >= m_text.size()) {
            m_at = end; // a name and nothing else
            return;
        }
        scalar(end);
    }

    // No field: a chunk of its own, for the parser to complain about.
    void junk()
    {
        while (m_at < m_text.size() && !isWordChar(m_text[m_at]) && !isSpace(m_text[m_at]))
            ++m_at;
    }

    void scalar(std::size_t end)
    {
        if (peek('"') || peek('\'')) {
            while (peek('"') || peek('\'')) {
                string();
                end = m_at;
                skipBlank();
            }
            m_at = end;
            return separator();
        }
        const std::size_t from = m_at;
        while (m_at < m_text.size() && isWordChar(m_text[m_at]))
            ++m_at;
        if (m_at == from)
            m_at = end;
        separator();
    }

    void separator()
    {
        const std::size_t end = m_at;
        skipBlank();
        if (peek(',') || peek(';'))
            ++m_at;
        else
            m_at = end;
    }

    void block()
    {
        const std::size_t from = m_at;
        int depth = 0;
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (c == '"' || c == '\'') {
                string();
                continue;
            }
            if (c == '#') {
                comment();
                continue;
            }
            ++m_at;
            if (c == '{' || c == '[' || c == '<')
                ++depth;
            if ((c == '}' || c == ']' || c == '>') && --depth == 0)
                return separator();
        }
        m_isClosed = false;
        m_at = ++m_unclosed < MaxUnclosed ? nextTopLevelLine(from) : m_text.size();
    }

    // Where an unclosed block is taken to end.
    std::size_t nextTopLevelLine(std::size_t from) const
    {
        static constexpr std::array Names{"title", "about", "role", "axes", "needs", "fact", "lane", "step", "surplus", "param"};
        for (std::size_t at = m_text.find('\n', from); at != std::string_view::npos; at = m_text.find('\n', at + 1)) {
            const std::string_view rest = m_text.substr(at + 1);
            const auto begins = [rest](std::string_view name) {
                return rest.starts_with(name) && rest.size() > name.size() && !isWordChar(rest[name.size()]);
            };
            if (std::any_of(Names.begin(), Names.end(), begins))
                return at + 1;
        }
        return m_text.size();
    }

    void string()
    {
        const char quote = m_text[m_at++];
        while (m_at < m_text.size() && m_text[m_at] != '\n') {
            const char c = m_text[m_at++];
            if (c == '\\' && m_at < m_text.size() && m_text[m_at] != '\n')
                ++m_at;
            else if (c == quote)
                return;
        }
    }

    void comment() { m_at = std::min(m_text.find('\n', m_at), m_text.size()); }

    void skipBlank()
    {
        while (m_at < m_text.size()) {
            if (isSpace(m_text[m_at]))
                ++m_at;
            else if (m_text[m_at] == '#')
                comment();
            else
                return;
        }
    }

    bool peek(char c) const { return m_at < m_text.size() && m_text[m_at] == c; }

    std::string_view m_text;
    std::size_t m_at = 0;
    int m_unclosed = 0;
    bool m_isClosed = true; ///< the field read last
};

} // namespace

std::vector<Chunk> topLevelChunks(std::string_view text)
{
    return Scanner(text).chunks();
}

} // namespace hiatus::script
