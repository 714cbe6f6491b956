// Order, and messages that the application publishes while the replay runs.

#include "client/deviation/rows.h"

#include <algorithm>
#include <memory>
#include <set>

namespace hiatus::client::deviation {

namespace {

void reversed(Assembly &assembly)
{
    assembly.hooks.push_back([](SessionState &state, Reason reason) {
        if (reason == Reason::Resumed)
            std::reverse(state.inflight.begin(), state.inflight.end());
    });
}

/// What was there before the replay began survives it; what the application added doesn't.
void loseNewOnes(Assembly &assembly)
{
    auto old = std::make_shared<std::set<Token>>();
    auto replaying = std::make_shared<bool>(false);
    assembly.hooks.push_back([old, replaying](SessionState &state, Reason reason) {
        if (reason == Reason::Resumed && !state.inflight.empty()) {
            old->clear();
            for (const Outgoing &entry : state.inflight)
                old->insert(entry.token);
            *replaying = true;
        }
        if (reason != Reason::Closed || !*replaying)
            return;
        *replaying = false;
        auto &inflight = state.inflight;
        inflight.erase(std::remove_if(inflight.begin(), inflight.end(),
                                      [&](const Outgoing &entry) { return old->count(entry.token) == 0; }),
                       inflight.end());
        state.pending.clear();
    });
}

} // namespace

std::vector<Alteration> ofReplayOrder()
{
    return {
        {"resend-out-of-order", "What is sent again goes out in the order of a map, not of its first transmission.",
         both(v3({"MQTT-4.6.0-1"}), v5({"MQTT-4.6.0-1"})), both(v3({"MQTT-4.6.0-4"}), v5({"MQTT-4.6.0-4"})), {},
         "five client libraries", reversed},
        {"lose-publishes-made-during-replay",
         "Messages that the application publishes while the replay runs vanish when it is cut again.",
         both(v3({"MQTT-4.4.0-1#a", "MQTT-3.1.2-4#c"}), v5({"MQTT-4.4.0-1#a", "MQTT-3.1.2-23"})), {}, {},
         "MQTT.js and one other", loseNewOnes},
    };
}

} // namespace hiatus::client::deviation
