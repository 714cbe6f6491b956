#pragma once
// The liberties by what they choose.

#include "minibroker/engine/alteration.h"

#include <functional>
#include <string>
#include <vector>

namespace hiatus::broker {

using Rows = std::vector<Alteration>;

Rows offerLiberties();   ///< what is not offered, and said so
Rows wordingLiberties(); ///< what need not be said and is
Rows accountLiberties(); ///< whom a session belongs to

inline Alteration liberty(std::string name, std::string sentence, std::vector<StatementRef> allowances, std::function<void(Setup &)> apply)
{
    return {.kind = Alteration::Kind::Liberty,
            .name = std::move(name),
            .sentence = std::move(sentence),
            .breaks = std::move(allowances),
            .also = {},
            .seen = {},
            .lacks = {},
            .apply = std::move(apply)};
}

/// With it the broker has not got that capability.
inline Alteration lacking(std::string capability, Alteration row)
{
    row.lacks.push_back(std::move(capability));
    return row;
}

} // namespace hiatus::broker
