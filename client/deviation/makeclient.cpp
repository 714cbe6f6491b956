#include "client/deviation/makeclient.h"

#include "client/deviation/deviations.h"
#include "client/liberty/liberties.h"

#include <utility>

namespace hiatus::client {

const Alteration *findAlteration(const std::string &name)
{
    for (const auto *rows : {&deviations(), &liberties()}) {
        for (const Alteration &row : *rows) {
            if (row.name == name)
                return &row;
        }
    }
    return nullptr;
}

std::unique_ptr<Client> makeClient(const ClientOptions &options, const std::vector<std::string> &names)
{
    Assembly assembly;
    assembly.options = options;
    for (const std::string &name : names) {
        const Alteration *row = findAlteration(name);
        if (!row)
            return nullptr;
        row->apply(assembly);
    }
    return assemble(std::move(assembly));
}

} // namespace hiatus::client
