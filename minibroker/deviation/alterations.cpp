#include "minibroker/deviation/alterations.h"

#include <algorithm>

namespace hiatus::broker {

namespace {

const Alteration *find(const std::vector<Alteration> &rows, std::string_view name)
{
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const Alteration &row) { return row.name == name; });
    return found == rows.end() ? nullptr : &*found;
}

} // namespace

const Alteration *findAlteration(std::string_view name)
{
    const auto *deviation = find(deviations(), name);
    return deviation != nullptr ? deviation : find(liberties(), name);
}

tl::expected<MadeBroker, std::string> makeBroker(BrokerOptions options, std::span<const std::string> names,
                                                 Kept kept, Time now)
{
    Setup setup;
    setup.options = std::move(options);
    for (const auto &name : names) {
        const auto *row = findAlteration(name);
        if (row == nullptr)
            return tl::unexpected("no broker deviation or liberty is called \"" + name + "\"");
        row->apply(setup);
    }
    for (auto &session : *kept.state.mutable_session()) {
        const v1::ServerSession before = session;
        for (const auto &hook : setup.restarts)
            hook(session, before, kept.why);
    }
    auto engine = BrokerEngine::create(std::move(setup.options), std::move(setup.rules), kept.state, now);
    if (!engine)
        return tl::unexpected(engine.error());
    MadeBroker made;
    made.engine = engine->get();
    made.broker = std::move(*engine);
    for (const auto &decorate : setup.decorators)
        made.broker = decorate(std::move(made.broker));
    return made;
}

} // namespace hiatus::broker
