// What clients make of what no server may send, or of what it lawfully tells them.

#include "client/deviation/rows.h"

#include <memory>
#include <utility>

namespace hiatus::client::deviation {

namespace {

void stayOpenAfterViolation(Assembly &assembly)
{
    FilterRules rules;
    rules.passes = [isByError = true](Action &action, Time) mutable {
        if (const auto *sent = std::get_if<SendPacket>(&action))
            isByError = !sent->packet.has_disconnect() || sent->packet.disconnect().code() >= 0x80;
        return !(isByError && std::holds_alternative<CloseLink>(action));
    };
    decorate(assembly, std::move(rules));
}

/// Bytes that are no packet leave it waiting for the next one.
void ignoreViolations(Assembly &assembly)
{
    auto isConnected = std::make_shared<bool>(false);
    FilterRules rules;
    rules.passes = [isConnected](Action &action, Time) {
        *isConnected = *isConnected && !std::holds_alternative<OpenLink>(action);
        return true;
    };
    rules.heeds = [](const wire::Malformed &) { return false; };
    rules.admits = [isConnected](v1::Packet &packet, Time) {
        const bool isSecond = packet.has_connack() && *isConnected;
        *isConnected = *isConnected || packet.has_connack();
        return !isSecond;
    };
    decorate(assembly, std::move(rules));
}

void stayOpenAfterServersDisconnect(Assembly &assembly)
{
    auto hasToLeave = std::make_shared<bool>(false);
    FilterRules rules;
    rules.admits = [hasToLeave](v1::Packet &packet, Time) {
        *hasToLeave = packet.has_disconnect();
        return true;
    };
    rules.passes = [hasToLeave](Action &action, Time) { return !(*hasToLeave && std::holds_alternative<CloseLink>(action)); };
    decorate(assembly, std::move(rules));
}

/// The engine is given what it closes on in place of the code.
void takeNotFoundForError(Assembly &assembly)
{
    FilterRules rules;
    rules.admits = [](v1::Packet &packet, Time) {
        if (packet.pubcomp().code() == 0x92 || packet.pubrel().code() == 0x92)
            packet.mutable_subscribe();
        return true;
    };
    decorate(assembly, std::move(rules));
}

/// CONNECT names a Receive Maximum that the engine does not know of.
void takeMoreThanAllowed(Assembly &assembly)
{
    auto wanted = std::make_shared<std::uint32_t>(0);
    assembly.rules.connectPacket = [wanted, before = assembly.rules.connectPacket](const v1::Connect &connect, const SessionState &state,
                                                                                   bool again, v1::Version version) {
        v1::Connect packet = before(connect, state, again, version);
        *wanted = packet.receive_maximum();
        packet.clear_receive_maximum();
        return packet;
    };
    FilterRules rules;
    rules.passes = [wanted](Action &action, Time) {
        auto *sent = std::get_if<SendPacket>(&action);
        if (sent && sent->packet.has_connect() && *wanted > 0)
            sent->packet.mutable_connect()->set_receive_maximum(*wanted);
        return true;
    };
    decorate(assembly, std::move(rules));
}

} // namespace

std::vector<Alteration> ofViolations()
{
    return {
        {"stays-open-after-violation", "A packet that no server may send ends the client's work, but not its connection.",
         both(v3({"MQTT-4.8.0-1", "MQTT-3.3.1-4"}), v5({"MQTT-4.13.2-1"})), {}, {}, "", stayOpenAfterViolation},
        {"ignores-violations", "A packet that no server may send is skipped.", both(v3({"MQTT-4.8.0-1"}), v5({"A5-21", "A5-34"})),
         v5({"MQTT-4.13.2-1"}), {}, "most client libraries", ignoreViolations},
        {"stays-open-after-servers-disconnect", "The server's DISCONNECT is taken for the end, and the connection left open.",
         v5({"U5-3.14.4-1"}), {}, {}, "", stayOpenAfterServersDisconnect},
        {"takes-not-found-for-an-error", "PUBCOMP or PUBREL 0x92 after a resume is taken for a protocol error: the client closes.",
         v5({"U5-2.4-1"}), {}, {}, "", takeNotFoundForError},
        {"takes-more-than-its-receive-maximum", "More messages at a time than its own Receive Maximum are taken without a word.",
         v5({"U5-3.3.4-2"}), {}, {}, "most client libraries", takeMoreThanAllowed},
    };
}

} // namespace hiatus::client::deviation
