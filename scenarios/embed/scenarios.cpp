#include "scenarios/embed/scenarios.h"

#include "client/deviation/makeclient.h"
#include "hiatus/v1/target.pb.h"
#include "minibroker/deviation/alterations.h"
#include "scenarios/report/counts.h"
#include "scenarios/report/terminal.h"
#include "scenarios/report/texts.h"
#include "scenarios/requirements/textfile.h"
#include "scenarios/suite/library.h"
#include "scenarios/suite/networkrun.h"
#include "scenarios/suite/simulation.h"

namespace hiatus::scenarios {

namespace {

using Results = tl::expected<std::vector<v1::Result>, std::string>;
using Variants = std::vector<const script::Variant *>;

/// What is wrong with the files, a line each; empty if nothing is.
std::string problemsOf(const suite::Library &library)
{
    std::string lines;
    for (const auto &line : library.unreadable)
        lines += line + "\n";
    for (const auto &entry : library.entries) {
        for (const auto &problem : entry->problems)
            lines += problem.text() + "\n";
    }
    return lines;
}

tl::expected<v1::Target, std::string> targetOf(const std::string &argument)
{
    v1::Target target;
    if (argument.find("://") != std::string::npos) {
        target.set_url(argument);
        return target;
    }
    const auto text = readFile(argument);
    if (!text)
        return tl::make_unexpected(text.error());
    if (const auto parsed = parseText(argument, *text, target); !parsed)
        return tl::make_unexpected(parsed.error());
    return target;
}

Results simulated(const Request &request, const Variants &variants, const requirements::Catalogue &catalogue)
{
    suite::SimulationOptions options;
    options.seed = request.seed;
    for (const auto &name : request.alterations) {
        if (broker::findAlteration(name))
            options.brokerAlterations.push_back(name);
        else if (client::findAlteration(name))
            options.clientAlterations.push_back(name);
        else
            return tl::make_unexpected("no deviation or liberty is called " + name);
    }
    return suite::simulateAll(variants, catalogue, options, 1);
}

Results overTheNetwork(const Request &request, const Variants &variants, const requirements::Catalogue &catalogue)
{
    if (!request.alterations.empty())
        return tl::make_unexpected("alterations change the in-process pair; a broker on the network is what it is");
    const auto target = targetOf(request.target);
    if (!target)
        return tl::make_unexpected(target.error());
    suite::NetworkRunOptions options;
    options.target = *target;
    options.seed = request.seed;
    auto end = suite::runOnNetwork(variants, catalogue, options);
    if (!end)
        return tl::make_unexpected(end.error());
    return std::move(end->results);
}

Outcome nothingRan(const std::string &why)
{
    return {false, "nothing ran: " + why + "\n", {}};
}

} // namespace

Outcome run(const Request &request, const std::string &data)
{
    std::vector<std::string> patterns;
    const auto library = suite::loadLibrary({data, {}}, {request.what}, patterns);
    if (!library)
        return nothingRan(library.error());
    if (const std::string problems = problemsOf(*library); !problems.empty())
        return nothingRan(problems);
    suite::Selection selection;
    selection.patterns = patterns;
    const Variants variants = suite::select(*library, selection);
    if (variants.empty())
        return nothingRan("no scenario is called " + request.what);
    auto results = request.target == "sim" ? simulated(request, variants, library->catalogue)
                                           : overTheNetwork(request, variants, library->catalogue);
    if (!results)
        return nothingRan(results.error());
    Outcome outcome;
    outcome.report.set_target(request.target);
    for (std::size_t i = 0; i < results->size(); ++i) {
        report::fillTexts((*results)[i], variants[i]->version);
        *outcome.report.add_result() = std::move((*results)[i]);
    }
    const report::Counts counts = report::count(outcome.report.result());
    outcome.passed = counts.passed > 0 && counts.passed + counts.skipped == counts.total();
    outcome.text = report::told(outcome.report, {}, suite::contextOf(*library), {});
    return outcome;
}

} // namespace hiatus::scenarios
