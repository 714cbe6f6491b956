#pragma once
// The deadlines and tolerances of a run: from the target's profile, or those of the virtual clock.

#include "proto/session/values.h"

#include <algorithm>
#include <optional>

namespace hiatus::run {

struct Timing
{
    Milliseconds reply{2000}; ///< a reply, a delivery, a close: later is a finding, since silence is the commonest defect
    Milliseconds grain{1500}; ///< how late a spec timer of the target may be without remark
    Milliseconds early{300};  ///< how much before its instant a spec timer may seem to fire: clock and network, both ways
    std::optional<Milliseconds> lateLimit; ///< beyond grain: from WARN to FAIL; unset: max(5 s, T)
    Milliseconds queueing{0}; ///< how long a connection may have to wait for its turn, where their rate is bounded
    Milliseconds restart{50'000}; ///< a stop, or a start, of the target; the world gives up before that, with the reason
    Milliseconds silence{30'000}; ///< waited for at most where the server has set a longer keep alive than was asked for
    static constexpr int roundReplies = 30; ///< reply deadlines that identifiers may take to come round; a target too slow for that is not judged (SKIP)
    Milliseconds lateness{250}; ///< our own loop later than this: the verdict is not to be trusted

    Milliseconds lateLimitOf(Milliseconds span) const
    {
        return lateLimit.value_or(std::max(Milliseconds(5000), span));
    }
    static Timing ofVirtualClock()
    {
        Timing timing;
        timing.early = Milliseconds(0);
        timing.lateLimit = Milliseconds(0);
        timing.silence = Milliseconds::max();
        return timing;
    }
};

} // namespace hiatus::run
