#include "scenarios/script/expression.h"

#include <charconv>
#include <cstdint>

namespace hiatus::script {

namespace {

constexpr int MaxDepth = 16;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isNameStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool isNameChar(char c)
{
    return isNameStart(c) || isDigit(c) || c == '-';
}

std::optional<std::uint64_t> toNumber(const std::string &text)
{
    std::uint64_t value = 0;
    const char *end = text.data() + text.size();
    const auto [last, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || last != end)
        return std::nullopt;
    return value;
}

using Result = tl::expected<Expression, std::string>;

class Reader
{
public:
    explicit Reader(std::string_view text) : m_text(text) {}

    Result whole()
    {
        Result result = expression(0);
        if (!result)
            return result;
        skipSpace();
        if (m_at < m_text.size())
            return tl::unexpected("unexpected '" + std::string(m_text.substr(m_at)) + "' after the expression");
        return result;
    }

private:
    Result expression(int depth)
    {
        if (depth > MaxDepth)
            return tl::unexpected(std::string("expression is nested too deeply"));
        skipSpace();
        if (m_at >= m_text.size())
            return tl::unexpected(std::string("expression is empty"));
        if (isDigit(m_text[m_at]))
            return number();
        if (!isNameStart(m_text[m_at]))
            return tl::unexpected("unexpected '" + std::string(1, m_text[m_at]) + "' in expression");
        const std::string word = name();
        skipSpace();
        if (!eat('('))
            return Expression{Expression::Kind::Name, word, {}, {}};
        if (word == "granted")
            return granted();
        if (word == "declared")
            return declared();
        if (word == "min" || word == "max")
            return minMax(word == "min" ? Expression::Kind::Min : Expression::Kind::Max, depth);
        return tl::unexpected("unknown function '" + word + "'; there are granted, declared, min and max");
    }

    Result number()
    {
        const std::size_t from = m_at;
        while (m_at < m_text.size() && isDigit(m_text[m_at]))
            ++m_at;
        const std::string text(m_text.substr(from, m_at - from));
        if (!toNumber(text))
            return tl::unexpected("number " + text + " is too large");
        return Expression{Expression::Kind::Text, text, {}, {}};
    }

    Result granted()
    {
        skipSpace();
        const std::string lane = name();
        if (lane.empty() || !eat('.') || name() != "connack" || !eat('.'))
            return tl::unexpected(std::string("granted() takes LANE.connack.FIELD"));
        const std::string field = name();
        skipSpace();
        if (field.empty() || !eat(')'))
            return tl::unexpected(std::string("granted() takes LANE.connack.FIELD"));
        return Expression{Expression::Kind::Granted, field, lane, {}};
    }

    Result declared()
    {
        skipSpace();
        const std::string field = name();
        skipSpace();
        if (field != "queue_limit" || !eat(')'))
            return tl::unexpected(std::string("declared() takes queue_limit"));
        return Expression{Expression::Kind::Declared, field, {}, {}};
    }

    Result minMax(Expression::Kind kind, int depth)
    {
        Expression result{kind, {}, {}, {}};
        Result first = expression(depth + 1);
        if (!first)
            return first;
        skipSpace();
        if (!eat(','))
            return tl::unexpected(std::string("min and max take two expressions"));
        Result second = expression(depth + 1);
        if (!second)
            return second;
        skipSpace();
        if (!eat(')'))
            return tl::unexpected(std::string("missing ')' in expression"));
        result.arguments.push_back(std::move(*first));
        result.arguments.push_back(std::move(*second));
        return result;
    }

    std::string name()
    {
        const std::size_t from = m_at;
        if (m_at < m_text.size() && isNameStart(m_text[m_at])) {
            while (m_at < m_text.size() && isNameChar(m_text[m_at]))
                ++m_at;
        }
        return std::string(m_text.substr(from, m_at - from));
    }

    bool eat(char c)
    {
        if (m_at >= m_text.size() || m_text[m_at] != c)
            return false;
        ++m_at;
        return true;
    }

    void skipSpace()
    {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\t'))
            ++m_at;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

std::optional<std::string> evaluateMinMax(const Expression &expression, const Names &names)
{
    if (expression.arguments.size() != 2)
        return std::nullopt;
    const auto first = evaluate(expression.arguments[0], names);
    const auto second = evaluate(expression.arguments[1], names);
    if (!first || !second)
        return std::nullopt;
    const auto a = toNumber(*first);
    const auto b = toNumber(*second);
    if (!a || !b)
        return std::nullopt;
    const bool takeFirst = expression.kind == Expression::Kind::Min ? *a <= *b : *a >= *b;
    return takeFirst ? first : second;
}

} // namespace

tl::expected<Expression, std::string> parseExpression(std::string_view text)
{
    return Reader(text).whole();
}

std::optional<std::string> evaluate(const Expression &expression, const Names &names)
{
    switch (expression.kind) {
    case Expression::Kind::Text:
        return expression.text;
    case Expression::Kind::Name:
        return names.name ? names.name(expression.text) : std::nullopt;
    case Expression::Kind::Granted:
        return names.granted ? names.granted(expression.lane, expression.text) : std::nullopt;
    case Expression::Kind::Declared:
        return names.declared ? names.declared(expression.text) : std::nullopt;
    case Expression::Kind::Min:
    case Expression::Kind::Max:
        return evaluateMinMax(expression, names);
    }
    return std::nullopt;
}

} // namespace hiatus::script
