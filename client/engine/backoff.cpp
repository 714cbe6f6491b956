#include "client/engine/backoff.h"

#include <algorithm>

namespace hiatus::client {

namespace {

/// SplitMix64: a well-mixed number from a seed and a counter.
std::uint64_t mixed(std::uint64_t seed, std::uint64_t counter)
{
    std::uint64_t z = seed + (counter + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

} // namespace

Milliseconds backOff(const ClientOptions &options, unsigned failedAttempts)
{
    Milliseconds delay = options.firstBackOff;
    for (unsigned i = 0; i < failedAttempts && delay < options.longestBackOff; ++i)
        delay *= 2;
    delay = std::min(delay, options.longestBackOff);
    if (options.seed == 0 || delay.count() < 2)
        return delay;
    const auto half = static_cast<std::uint64_t>(delay.count()) / 2;
    return delay - Milliseconds(mixed(options.seed, failedAttempts) % (half + 1));
}

} // namespace hiatus::client
