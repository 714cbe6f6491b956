// Variants per second on the virtual clock, one core. Aim: 2,000.

#include "scenarios/requirements/dataroot.h"
#include "scenarios/suite/library.h"
#include "scenarios/suite/simulation.h"

#include <benchmark/benchmark.h>

using namespace hiatus;

namespace {

void simulateCatalogue(benchmark::State &state, v1::Role role)
{
    std::vector<std::string> patterns;
    const auto library = suite::loadLibrary({dataRoot({}), {}}, {}, patterns);
    if (!library)
        return state.SkipWithError(library.error().c_str());
    suite::Selection selection;
    selection.role = role;
    const auto variants = suite::select(*library, selection);
    std::size_t ran = 0;
    for (auto _ : state) { // one variant each time, in turn
        auto result = suite::simulate(*variants[ran++ % variants.size()], library->catalogue, {});
        benchmark::DoNotOptimize(result);
    }
    state.SetItemsProcessed(std::int64_t(ran));
}

BENCHMARK_CAPTURE(simulateCatalogue, server, v1::SERVER);
BENCHMARK_CAPTURE(simulateCatalogue, client, v1::CLIENT);

} // namespace
