#include "client/deviation/deviations.h"

#include "client/deviation/rows.h"

#include <iterator>
#include <memory>
#include <utility>

namespace hiatus::client {

namespace deviation {

namespace {

std::vector<Statement> statements(v1::Version version, std::initializer_list<const char *> ids)
{
    std::vector<Statement> all;
    for (const char *id : ids)
        all.push_back({version, id});
    return all;
}

std::vector<Alteration> collect()
{
    std::vector<Alteration> all;
    for (auto rows : {ofSessionLoss, ofReplay, ofReplayOrder, ofWindow, ofReceipt, ofReconnect, ofFidelity, ofLimits, ofAcknowledging,
                      ofKeeping, ofEnding, ofBytes, ofAnswers, ofViolations, ofLasting}) {
        std::vector<Alteration> some = rows();
        std::move(some.begin(), some.end(), std::back_inserter(all));
    }
    return all;
}

} // namespace

std::vector<Statement> v3(std::initializer_list<const char *> ids)
{
    return statements(v1::V3, ids);
}

std::vector<Statement> v5(std::initializer_list<const char *> ids)
{
    return statements(v1::V5, ids);
}

std::vector<Statement> both(std::vector<Statement> first, const std::vector<Statement> &second)
{
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

void decorate(Assembly &assembly, FilterRules rules)
{
    assembly.decorators.push_back([rules = std::move(rules)](std::unique_ptr<Client> inner) {
        return std::make_unique<Filter>(std::move(inner), rules);
    });
}

} // namespace deviation

const std::vector<Alteration> &deviations()
{
    static const std::vector<Alteration> All = deviation::collect();
    return All;
}

} // namespace hiatus::client
