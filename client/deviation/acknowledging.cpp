// Acknowledgements in the wrong order, at the wrong time, or for the wrong message.

#include "client/deviation/rows.h"

#include <algorithm>
#include <memory>
#include <set>

namespace hiatus::client::deviation {

namespace {

void ignoreDup(Assembly &assembly)
{
    FilterRules rules;
    rules.admits = [](v1::Packet &packet, Time) { return packet.publish().qos() == 0 || !packet.publish().dup(); };
    decorate(assembly, std::move(rules));
}

void dedupeQos1(Assembly &assembly)
{
    auto seen = std::make_shared<std::set<std::uint32_t>>();
    FilterRules rules;
    rules.passes = [seen](Action &action, Time) {
        const auto *delivered = std::get_if<DeliveredEvent>(&action);
        if (!delivered || delivered->publish.qos() != 1)
            return true;
        return seen->insert(delivered->publish.packet_id()).second || !delivered->publish.dup();
    };
    decorate(assembly, std::move(rules));
}

void rememberReceivedForEver(Assembly &assembly)
{
    auto seen = std::make_shared<std::set<std::uint32_t>>();
    assembly.rules.isRepeated = [seen](const SessionState &, const v1::Publish &publish) {
        return !seen->insert(publish.packet_id()).second;
    };
}

void mixDirections(Assembly &assembly)
{
    assembly.rules.isRepeated = [before = assembly.rules.isRepeated](const SessionState &state, const v1::Publish &publish) {
        const auto isIt = [&](const Outgoing &entry) { return entry.id == publish.packet_id(); };
        return before(state, publish) || std::any_of(state.inflight.begin(), state.inflight.end(), isIt);
    };
}

/// Of every two such packets the first leaves behind the second.
void swapPairs(Assembly &assembly, const std::function<bool(const v1::Packet &)> &isOne)
{
    struct Held
    {
        std::optional<v1::Packet> first;
        bool isSecond = false;
    };
    auto held = std::make_shared<Held>();
    FilterRules rules;
    rules.passes = [held, isOne](Action &action, Time) {
        if (std::holds_alternative<OpenLink>(action))
            held->first.reset();
        const auto *sent = std::get_if<SendPacket>(&action);
        if (!sent || !isOne(sent->packet))
            return true;
        held->isSecond = held->first.has_value();
        if (!held->isSecond)
            held->first = sent->packet;
        return held->isSecond;
    };
    rules.follows = [held](const Action &, Time) {
        if (!std::exchange(held->isSecond, false))
            return Actions{};
        const v1::Packet first = *held->first;
        held->first.reset();
        return Actions{SendPacket{first}};
    };
    decorate(assembly, std::move(rules));
}

void swapPubacks(Assembly &assembly)
{
    swapPairs(assembly, [](const v1::Packet &packet) { return packet.has_puback(); });
}

void swapPubrecs(Assembly &assembly)
{
    swapPairs(assembly, [](const v1::Packet &packet) { return packet.has_pubrec(); });
}

void swapPubrels(Assembly &assembly)
{
    swapPairs(assembly, [](const v1::Packet &packet) { return packet.has_pubrel(); });
}

/// What was delivered and not acknowledged is acknowledged on the next connection, whatever that resumes.
void acknowledgeLate(Assembly &assembly)
{
    auto owed = std::make_shared<std::vector<v1::Publish>>();
    FilterRules rules;
    rules.passes = [owed](Action &action, Time) {
        if (const auto *delivered = std::get_if<DeliveredEvent>(&action); delivered && delivered->publish.qos() > 0)
            owed->push_back(delivered->publish);
        const auto *sent = std::get_if<SendPacket>(&action);
        const std::uint32_t id = sent ? sent->packet.puback().packet_id() + sent->packet.pubrec().packet_id() : 0;
        owed->erase(std::remove_if(owed->begin(), owed->end(), [id](const v1::Publish &p) { return p.packet_id() == id; }), owed->end());
        return true;
    };
    rules.follows = [owed](const Action &action, Time) {
        Actions acks;
        if (!std::holds_alternative<ConnectedEvent>(action))
            return acks;
        for (const v1::Publish &publish : *owed) {
            v1::Packet packet;
            (publish.qos() == 1 ? packet.mutable_puback() : packet.mutable_pubrec())->set_packet_id(publish.packet_id());
            acks.push_back(SendPacket{packet});
        }
        owed->clear();
        return acks;
    };
    decorate(assembly, std::move(rules));
}

void ignoreUnwanted(Assembly &assembly)
{
    auto wanted = std::make_shared<std::set<std::string>>();
    FilterRules rules;
    rules.passes = [wanted](Action &action, Time) {
        if (const auto *sent = std::get_if<SendPacket>(&action)) {
            for (const v1::Filter &filter : sent->packet.subscribe().filter())
                wanted->insert(filter.filter());
        }
        return true;
    };
    rules.admits = [wanted](v1::Packet &packet, Time) { return !packet.has_publish() || wanted->count(packet.publish().topic()) > 0; };
    decorate(assembly, std::move(rules));
}

void ignoreRejection(Assembly &assembly)
{
    FilterRules rules;
    rules.admits = [](v1::Packet &packet, Time) { return packet.puback().code() < 0x80 && packet.pubrec().code() < 0x80; };
    decorate(assembly, std::move(rules));
}

} // namespace

std::vector<Alteration> ofAcknowledging()
{
    return {
        {"ignores-dup", "A PUBLISH with DUP 1 is taken for one that was seen: neither acknowledged nor delivered.",
         both(v3({"MQTT-4.3.2-2#a", "MQTT-4.3.3-2#b"}), v5({"MQTT-4.3.2-4", "MQTT-4.3.3-10"})),
         both(v3({"MQTT-4.3.3-2#a"}), v5({"MQTT-4.3.3-8"})), {}, "two client libraries", ignoreDup},
        {"dedupes-qos1-by-id", "A QoS 1 PUBLISH with DUP 1 under an identifier seen before is acknowledged and not delivered.",
         both(v3({"MQTT-4.3.2-2#b"}), v5({"MQTT-4.3.2-5"})), {}, {}, "", dedupeQos1},
        {"keeps-received-ids-after-pubcomp", "An identifier once received is for ever taken as received: later messages under it are swallowed.",
         both(v3({"MQTT-4.3.3-2#d"}), v5({"MQTT-4.3.3-12"})),
         both(v3({"MQTT-3.1.2-6#a", "MQTT-4.3.3-2#a"}), v5({"MQTT-3.1.2-4", "MQTT-3.2.2-5", "MQTT-4.3.3-8"})), {},
         "two client libraries", rememberReceivedForEver},
        {"mixes-up-directions", "A QoS 2 message from the server under an identifier that the client itself uses is taken as received before.",
         both(v3({"MQTT-4.3.3-2#a", "U311-2.3.1-1"}), v5({"MQTT-4.3.3-8", "U5-2.2.1-2"})), {}, {},
         "clients with one table for both directions", mixDirections},
        {"pubacks-out-of-order", "Of two PUBACKs the earlier one leaves last.", both(v3({"MQTT-4.6.0-2"}), v5({"MQTT-4.6.0-2"})),
         both(v3({"MQTT-4.3.2-2#a"}), v5({"MQTT-4.3.2-4"})), {}, "clients that acknowledge from a pool of threads", swapPubacks},
        {"pubrecs-out-of-order", "Of two PUBRECs the earlier one leaves last.", both(v3({"MQTT-4.6.0-3"}), v5({"MQTT-4.6.0-3"})),
         both(v3({"MQTT-4.3.3-2#a", "MQTT-4.3.3-2#b"}), v5({"MQTT-4.3.3-8", "MQTT-4.3.3-10"})), {},
         "clients that acknowledge from a pool of threads", swapPubrecs},
        {"pubrels-out-of-order", "Of two PUBRELs the earlier one leaves last.",
         both(v3({"MQTT-4.6.0-4"}), v5({"MQTT-4.6.0-4"})),
         both(v3({"MQTT-4.3.3-1#d", "MQTT-4.4.0-1#b"}), v5({"MQTT-4.3.3-4", "MQTT-4.4.0-1#b"})), {}, "", swapPubrels},
        {"acknowledges-on-the-next-connection", "What was delivered and not acknowledged is acknowledged once connected again, session or not.",
         both(v3({"MQTT-3.1.2-6#a"}), v5({"MQTT-3.2.2-5", "MQTT-3.1.2-4"})), {}, {}, "two client libraries", acknowledgeLate},
        {"ignores-unwanted-messages", "A message on a topic that this process has not subscribed to is neither delivered nor acknowledged.",
         both(v3({"MQTT-4.5.0-2"}), v5({"MQTT-4.5.0-2"})),
         both(v3({"MQTT-4.3.2-2#a", "MQTT-4.3.3-2#a"}), v5({"MQTT-4.3.2-4", "MQTT-4.3.3-8"})), {}, "", ignoreUnwanted},
        {"ignores-rejection", "PUBACK and PUBREC with a code from 0x80 on are not read: the message is sent again.",
         v5({"MQTT-4.4.0-2"}), {}, {}, "clients written for 3.1.1", ignoreRejection},
    };
}

} // namespace hiatus::client::deviation
