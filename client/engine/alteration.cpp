#include "client/engine/alteration.h"

#include "client/engine/clientengine.h"

#include <utility>

namespace hiatus::client {

std::unique_ptr<Client> assemble(Assembly assembly)
{
    StateHook hook;
    if (!assembly.hooks.empty()) {
        hook = [hooks = std::move(assembly.hooks)](SessionState &state, Reason reason) {
            for (const StateHook &each : hooks)
                each(state, reason);
        };
    }
    std::unique_ptr<Client> client =
        std::make_unique<ClientEngine>(assembly.options, std::move(assembly.rules), std::move(hook));
    for (const auto &decorate : assembly.decorators)
        client = decorate(std::move(client));
    return client;
}

} // namespace hiatus::client
