// What a queue does wrong once it is full.

#include "minibroker/deviation/rewriter.h"
#include "minibroker/deviation/rows.h"

#include <algorithm>

namespace hiatus::broker {

namespace {

/// Is its queue as full as it can be?
bool isFull(const v1::ServerSession &session, std::size_t limit) { return static_cast<std::size_t>(session.pending_size()) >= limit; }

/// Acts on a session that comes back to a full queue. The limit is read when the engine has its options.
std::function<void(Setup &)> onceFull(std::function<void(v1::ServerSession &)> act)
{
    return [act = std::move(act)](Setup &setup) {
        const std::size_t limit = setup.options.queueLimit;
        setup.rules.hooks.push_back(on(Reason::Resumed, [act, limit](auto &after, const auto &) {
            if (isFull(after, limit))
                act(after);
        }));
    };
}

void dropTheOtherEnd(Setup &setup)
{
    auto &policy = setup.options.queuePolicy;
    policy = policy == QueuePolicy::DropOldest ? QueuePolicy::DropNewest : QueuePolicy::DropOldest;
}

} // namespace

Rows overflowDeviations()
{
    const std::vector<StatementRef> lost{v3("MQTT-3.1.2-5"), v3("MQTT-4.5.0-1"), v3("D311-9"), v5("MQTT-4.5.0-1"), v5("D5-12")};
    return {
        fault("overflow-drops-the-other-end", "A full queue drops its newest message where the oldest has to go, and the reverse.", lost, "field scenario B28",
              dropTheOtherEnd),
        fault("queue-limit-ignored", "A queue grows beyond the limit that its owner set.", {v3("D311-9"), v5("D5-12")}, "field scenario B28",
              [](Setup &setup) { setup.options.queueLimit *= 1'000; }),
        fault("queue-limit-one-less", "A queue holds one message less than its owner set.", lost, "an error by one",
              [](Setup &setup) { --setup.options.queueLimit; }),
        fault("overflow-empties-the-queue", "A queue that was full is thrown away whole.", lost, "field scenario B28",
              onceFull([](auto &after) { after.clear_pending(); })),
        fault("overflow-turns-the-queue", "A queue that was full comes with its newest message first.", {v3("MQTT-4.6.0-6#b"), v5("MQTT-4.6.0-5")},
              "field scenario B28", onceFull([](auto &after) { std::reverse(after.mutable_pending()->begin(), after.mutable_pending()->end()); })),
    };
}

} // namespace hiatus::broker
