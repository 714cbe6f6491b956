// What comes again is not what was sent, or comes only once.

#include "client/deviation/rows.h"

#include <algorithm>
#include <memory>
#include <set>

namespace hiatus::client::deviation {

namespace {

/// Changes a PUBLISH or PUBREL that is sent again.
template <typename Change>
void changeAgain(Assembly &assembly, Change change)
{
    assembly.rules.resent = [before = assembly.rules.resent, change](const Outgoing &entry) {
        std::optional<v1::Packet> packet = before(entry);
        if (packet)
            change(*packet);
        return packet;
    };
}

void loseProperties(Assembly &assembly)
{
    if (assembly.options.version != v1::V5)
        return;
    changeAgain(assembly, [](v1::Packet &packet) {
        if (!packet.has_publish())
            return;
        v1::Publish &publish = *packet.mutable_publish();
        publish.clear_user_property();
        publish.clear_response_topic();
        publish.clear_correlation_data();
        publish.clear_content_type();
    });
}

void loseRetain(Assembly &assembly)
{
    changeAgain(assembly, [](v1::Packet &packet) {
        if (packet.has_publish())
            packet.mutable_publish()->set_retain(false);
    });
}

void loseFlags(Assembly &assembly)
{
    changeAgain(assembly, [](v1::Packet &packet) {
        if (packet.has_pubrel())
            packet.mutable_wire()->set_flags(0);
    });
}

void forgetOnceResent(Assembly &assembly)
{
    auto resent = std::make_shared<std::set<Token>>();
    assembly.hooks.push_back([resent](SessionState &state, Reason reason) {
        if (reason == Reason::Resumed) {
            for (const Outgoing &entry : state.inflight)
                resent->insert(entry.token);
        }
        if (reason != Reason::Closed)
            return;
        auto &inflight = state.inflight;
        inflight.erase(std::remove_if(inflight.begin(), inflight.end(), [&](const Outgoing &e) { return resent->count(e.token) > 0; }),
                       inflight.end());
    });
}

void expireStarted(Assembly &assembly)
{
    auto now = std::make_shared<Time>();
    assembly.rules.hasExpired = [now, before = assembly.rules.hasExpired](const SessionState &state, Time at) {
        if (at != Time::max())
            *now = at;
        return before(state, at);
    };
    assembly.hooks.push_back([now](SessionState &state, Reason reason) {
        if (reason != Reason::Resumed)
            return;
        auto &inflight = state.inflight;
        inflight.erase(std::remove_if(inflight.begin(), inflight.end(), [&](const Outgoing &e) { return e.expiresAt && *e.expiresAt <= *now; }),
                       inflight.end());
    });
}

} // namespace

std::vector<Alteration> ofFidelity()
{
    return {
        {"resend-loses-properties", "A PUBLISH that is sent again has lost user properties, response topic and content type.",
         v5({"MQTT-4.4.0-1#a"}), {}, {}, "clients that store topic and payload only", loseProperties},
        {"resend-loses-retain", "A PUBLISH that is sent again has RETAIN 0.", both(v3({"MQTT-4.4.0-1#a"}), v5({"MQTT-4.4.0-1#a"})), {},
         {}, "clients that store topic and payload only", loseRetain},
        {"resent-pubrel-without-flags", "A PUBREL that is sent again has the reserved flags 0000.",
         both(v3({"MQTT-3.6.1-1"}), v5({"MQTT-3.6.1-1"})), {}, {}, "clients with a second path for what is sent again", loseFlags},
        {"client-forget-after-first-resend", "An exchange is forgotten once it was sent again, not when it is complete.",
         both(v3({"MQTT-4.4.0-1#a", "MQTT-4.4.0-1#b", "MQTT-4.1.0-1", "MQTT-4.3.2-1#c", "MQTT-4.3.3-1#c", "MQTT-4.3.3-1#e"}),
              v5({"MQTT-4.4.0-1#a", "MQTT-4.4.0-1#b", "MQTT-4.3.2-3", "MQTT-4.3.3-3", "MQTT-4.3.3-5"})),
         {}, {}, "sibling of a broker defect", forgetOnceResent},
        {"expires-started-qos2", "A QoS 2 message that was sent is dropped when its message expiry interval has passed.",
         v5({"MQTT-4.3.3-7"}), v5({"MQTT-4.4.0-1#a"}), {}, "sibling of a broker defect", expireStarted},
    };
}

} // namespace hiatus::client::deviation
