#pragma once
// The typed right-hand sides of `set`, `within.max_of`, `due.of`, `wait.of` and `repeat.of`:
//   expression = number | NAME | "granted(" LANE ".connack." FIELD ")" | "declared(" FIELD ")"
//              | ("min" | "max") "(" expression "," expression ")"
// NAME is an axis or a name bound before. Evaluated against whatever knows the names; no strings are pasted together.

#include <tl/expected.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hiatus::script {

struct Expression
{
    enum class Kind { Text, Name, Granted, Declared, Min, Max };
    Kind kind = Kind::Text;
    std::string text;  ///< Text: a number as written; Name: the name; Granted: the CONNACK field; Declared: the profile's
    std::string lane;  ///< Granted
    std::vector<Expression> arguments; ///< Min, Max: two
};

/// Error: a sentence that says what is wrong.
tl::expected<Expression, std::string> parseExpression(std::string_view text);

/// What a run, or the planner, knows.
struct Names
{
    std::function<std::optional<std::string>(const std::string &name)> name;
    std::function<std::optional<std::string>(const std::string &lane, const std::string &field)> granted;
    std::function<std::optional<std::string>(const std::string &field)> declared = {};
};

/// The value as text; nothing if a name is not known (yet). min and max compare as numbers.
std::optional<std::string> evaluate(const Expression &expression, const Names &names);

} // namespace hiatus::script
