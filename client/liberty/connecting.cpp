// Choices about connections and what is kept between them.

#include "client/liberty/rows.h"

namespace hiatus::client::liberty {

namespace {

void alwaysCleanStart(Assembly &assembly)
{
    assembly.rules.connectPacket = [before = assembly.rules.connectPacket](const v1::Connect &wanted, const SessionState &state,
                                                                           bool again, v1::Version version) {
        v1::Connect connect = before(wanted, state, again, version);
        connect.set_clean(true);
        return connect;
    };
}

/// Its session lives as long as its connection; so that the server does not go on with one, it begins clean from then on.
void keepsNothing(Assembly &assembly)
{
    assembly.hooks.push_back([](SessionState &state, Reason reason) {
        if (reason == Reason::Closed)
            state.expiryInterval = 0;
    });
    alwaysCleanStart(assembly);
}

void resubscribesEveryTime(Assembly &assembly)
{
    assembly.rules.resubscribes = [](bool, const ClientOptions &) { return true; };
}

void closesOnSessionLoss(Assembly &assembly)
{
    assembly.rules.presence = [before = assembly.rules.presence](const PresenceCase &c) {
        const Presence presence = before(c);
        return presence == Presence::Lost && c.holding ? Presence::LostAndLeave : presence;
    };
}

/// No statement rules that a client makes its subscriptions anew when the server has lost them: it stays deaf.
void neverResubscribes(Assembly &assembly)
{
    assembly.options.resubscribe = false;
    assembly.rules.resubscribes = [](bool, const ClientOptions &) { return false; };
}

void skipsExpiryClock(Assembly &assembly)
{
    assembly.rules.hasExpired = [](const SessionState &, Time) { return false; };
}

void pingsOften(Assembly &assembly)
{
    assembly.rules.pingAfter = [](Seconds keepAlive) { return Milliseconds(keepAlive) / 4; };
}

} // namespace

std::vector<Alteration> ofConnecting()
{
    return {
        {"always-clean-start", "Every CONNECT asks for a clean start, the first too.", {}, {},
         {{v1::V5, "A5-22"}}, "clients that keep no session", alwaysCleanStart, {"persistent-sessions"}},
        {"keeps-nothing-over-reconnect", "Gives up all exchanges when the connection ends, and begins clean.", {}, {},
         {{v1::V5, "A5-22"}}, "clients that keep state in memory of the connection", keepsNothing,
         {"persistent-sessions"}},
        {"resubscribes-every-time", "Subscribes again after each CONNACK, session present or not.", {}, {},
         {{v1::V5, "A5-22"}}, "most auto-reconnecting clients", resubscribesEveryTime},
        {"never-resubscribes", "Leaves it to the application to subscribe again when the server has lost the session.", {}, {},
         {{v1::V5, "A5-22"}}, "two client libraries", neverResubscribes},
        {"closes-on-sp0-with-state", "Discards its state and closes when the server has lost the session.", {}, {},
         {{v1::V5, "A5-37"}, {v1::V3, "A311-1"}}, "", closesOnSessionLoss},
        {"skips-own-expiry-clock", "Relies on session present alone to learn that its session has expired.", {}, {},
         {{v1::V5, "A5-5"}}, "most clients", skipsExpiryClock},
        {"pings-often", "PINGREQ after a quarter of Keep Alive.", {}, {}, {{v1::V3, "MQTT-3.1.2-23"}, {v1::V5, "MQTT-3.1.2-20"}},
         "", pingsOften},
    };
}

} // namespace hiatus::client::liberty
