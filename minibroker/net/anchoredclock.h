#pragma once
// The one place where a pump reads clocks.

#include "proto/session/values.h"

#include <chrono>

namespace hiatus {

/// Milliseconds since the Unix epoch that never go back: wall time once, at construction, monotonic time from then on.
class AnchoredClock
{
public:
    Time now() const
    {
        const auto elapsed = std::chrono::steady_clock::now() - m_start;
        return m_epoch + std::chrono::duration_cast<Milliseconds>(elapsed);
    }

private:
    Time m_epoch = std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

} // namespace hiatus
