#pragma once
// A named fault (deviation) or a named lawful choice (liberty) of a client, made only through the engine's seams.

#include "client/engine/client.h"
#include "client/engine/options.h"
#include "client/engine/rules.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hiatus::client {

/// The parts that a client is put together from.
struct Assembly
{
    ClientOptions options;
    Rules rules = standardRules();
    std::vector<StateHook> hooks; ///< called in this order
    std::vector<std::function<std::unique_ptr<Client>(std::unique_ptr<Client>)>> decorators; ///< innermost first
};

/// A row of the statement catalogue, role CLIENT.
struct Statement
{
    v1::Version version = v1::VERSION_UNSPECIFIED;
    std::string id;
};

struct Alteration
{
    std::string name;
    std::string sentence;            ///< what it does
    std::vector<Statement> breaks;   ///< deviation: what it breaks; empty: nothing that the standard rules
    std::vector<Statement> also;     ///< side effects accepted
    std::vector<Statement> allowedBy;///< liberty: what leaves the choice
    std::string seen;                ///< where in the field
    std::function<void(Assembly &)> apply;
    std::vector<std::string> lacks = {}; ///< capabilities that it gives up; scenarios that need one are skipped
};

/// Puts a client together.
std::unique_ptr<Client> assemble(Assembly assembly);

} // namespace hiatus::client
