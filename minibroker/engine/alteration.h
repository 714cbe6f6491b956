#pragma once
// What a broker may do otherwise, as a row: a deviation breaks statements of the standard on purpose, a liberty is a
// lawful choice. Both use the same three seams: rules, state hooks (both in Rules) and decorators.

#include "minibroker/engine/broker.h"
#include "minibroker/engine/options.h"
#include "minibroker/engine/rules.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hiatus::broker {

/// A row of the requirement catalogue, of the server.
struct StatementRef
{
    v1::Version version = v1::VERSION_UNSPECIFIED;
    std::string statement;
};

using Decorate = std::function<std::unique_ptr<Broker>(std::unique_ptr<Broker>)>;

/// What an engine is made from. Rows change it one after the other, before the engine exists.
struct Setup
{
    BrokerOptions options;
    Rules rules;
    std::vector<StateHook> restarts;   ///< Reason::Restarted, Reason::Crashed: what a broker finds when it comes up again
    std::vector<Decorate> decorators; ///< the first is the innermost
};

struct Alteration
{
    enum class Kind { Deviation, Liberty };

    Kind kind = Kind::Deviation;
    std::string name = {};
    std::string sentence = {};
    /// Deviation: the statements it breaks. Liberty: the allowances (or statements that leave it open) that cover it.
    std::vector<StatementRef> breaks = {};
    std::vector<std::string> also = {}; ///< side effects accepted
    std::string seen = {};              ///< where in the field
    std::vector<std::string> lacks = {}; ///< Liberty: capabilities that it gives up
    /// Whatever a row remembers it makes anew here: no two brokers share it.
    std::function<void(Setup &)> apply = {};
};

/// Short hands for rows: the same number is another sentence in the other version.
inline StatementRef v3(std::string statement)
{
    return {v1::V3, std::move(statement)};
}
inline StatementRef v5(std::string statement)
{
    return {v1::V5, std::move(statement)};
}

} // namespace hiatus::broker
