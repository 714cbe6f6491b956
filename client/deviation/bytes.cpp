// Packets that no client may send.

#include "client/deviation/rows.h"
#include "proto/wire/encoder.h"
#include "proto/wire/text.h"


#include <cstddef>
#include <memory>
#include <utility>

namespace hiatus::client::deviation {

namespace {

constexpr std::uint8_t WillFlag = 0x04;
constexpr std::uint8_t WillQos1 = 0x08;
constexpr std::uint8_t WillQos3 = 0x18;
constexpr std::uint8_t WillRetain = 0x20;
constexpr std::uint32_t Qos3 = 0x06;

/// Changes every packet on its way out.
template <typename Change>
void changeSent(Assembly &assembly, Change change)
{
    FilterRules rules;
    rules.passes = [change](Action &action, Time) {
        if (auto *sent = std::get_if<SendPacket>(&action))
            change(sent->packet);
        return true;
    };
    decorate(assembly, std::move(rules));
}

/// The flags of CONNECT stand behind fixed header, protocol name and level.
std::size_t placeOfFlags(const std::string &connect)
{
    std::size_t place = 1;
    while (static_cast<unsigned char>(connect[place]) >= 0x80)
        ++place;
    constexpr std::size_t NameAndLevel = 7;
    return place + 1 + NameAndLevel;
}

/// Sets bits in the flags of every CONNECT with a will, or of every one without, and leaves the rest as it is.
void setFlags(Assembly &assembly, bool hasWill, std::uint8_t bits)
{
    changeSent(assembly, [version = assembly.options.version, hasWill, bits](v1::Packet &packet) {
        if (!packet.has_connect() || packet.connect().has_will() != hasWill)
            return;
        std::string bytes = wire::encode(packet, version);
        char &flags = bytes[placeOfFlags(bytes)];
        flags = static_cast<char>(static_cast<unsigned char>(flags) | bits);
        packet.mutable_wire()->set_hex(wire::hex(bytes));
    });
}

void askUnderIdZero(Assembly &assembly)
{
    changeSent(assembly, [](v1::Packet &packet) {
        if (packet.has_subscribe())
            packet.mutable_subscribe()->set_packet_id(0);
        if (packet.publish().qos() > 0)
            packet.mutable_publish()->set_packet_id(0);
    });
}

void speakBeforeConnect(Assembly &assembly)
{
    auto held = std::make_shared<std::optional<v1::Packet>>();
    FilterRules rules;
    rules.passes = [held](Action &action, Time) {
        auto *sent = std::get_if<SendPacket>(&action);
        if (!sent || !sent->packet.has_connect())
            return true;
        held->emplace(std::exchange(sent->packet, {}));
        sent->packet.mutable_pingreq();
        return true;
    };
    rules.follows = [held](const Action &, Time) {
        Actions connect;
        if (*held)
            connect.push_back(SendPacket{**held});
        held->reset();
        return connect;
    };
    decorate(assembly, std::move(rules));
}

void dupAtQos0(Assembly &assembly)
{
    changeSent(assembly, [](v1::Packet &packet) {
        if (packet.has_publish() && packet.publish().qos() == 0)
            packet.mutable_publish()->set_dup(true);
    });
}

void publishAtQos3(Assembly &assembly)
{
    changeSent(assembly, [](v1::Packet &packet) {
        if (packet.publish().qos() > 0)
            packet.mutable_wire()->set_flags(Qos3);
    });
}

void publishSubscriptionId(Assembly &assembly)
{
    changeSent(assembly, [](v1::Packet &packet) {
        if (packet.has_publish())
            packet.mutable_publish()->add_subscription_identifier(1);
    });
}

void acknowledgeWithMore(Assembly &assembly)
{
    changeSent(assembly, [](v1::Packet &packet) {
        if (packet.has_puback())
            packet.mutable_wire()->set_append_hex("000000"); // in 5.0 a reason code, no properties, and a byte too many
    });
}

void noLocalOnShared(Assembly &assembly)
{
    changeSent(assembly, [](v1::Packet &packet) {
        if (!packet.has_subscribe())
            return;
        for (v1::Filter &filter : *packet.mutable_subscribe()->mutable_filter())
            filter.set_no_local(true);
    });
}

std::vector<Alteration> ofWillFlags()
{
    return {
        {"will-flag-without-will", "CONNECT says that it has a will, and has none.",
         both(v3({"MQTT-3.1.2-9"}), v5({"MQTT-3.1.2-9"})), {}, {}, "", [](Assembly &a) { setFlags(a, false, WillFlag); }},
        {"will-qos-without-will", "CONNECT without a will says which QoS it has.",
         both(v3({"MQTT-3.1.2-13"}), v5({"MQTT-3.1.2-11"})), {}, {}, "", [](Assembly &a) { setFlags(a, false, WillQos1); }},
        {"will-retain-without-will", "CONNECT without a will says that it is to be retained.",
         both(v3({"MQTT-3.1.2-15"}), v5({"MQTT-3.1.2-13"})), {}, {}, "", [](Assembly &a) { setFlags(a, false, WillRetain); }},
        {"will-at-qos-3", "The will has both QoS bits set.", both(v3({"MQTT-3.1.2-14"}), v5({"MQTT-3.1.2-12"})), {}, {}, "",
         [](Assembly &a) { setFlags(a, true, WillQos3); }},
    };
}

} // namespace

std::vector<Alteration> ofBytes()
{
    std::vector<Alteration> rows = {
        {"asks-under-id-0", "PUBLISH and SUBSCRIBE have the packet identifier 0.", both(v3({"MQTT-2.3.1-1"}), v5({"MQTT-2.2.1-3"})), {},
         {}, "clients whose identifiers wrap to 0", askUnderIdZero},
        {"speaks-before-connect", "A PINGREQ leaves before CONNECT.", both(v3({"MQTT-3.1.0-1"}), v5({"MQTT-3.1.0-1"})), {}, {}, "",
         speakBeforeConnect},
        {"client-dup-at-qos-0", "A QoS 0 PUBLISH has DUP 1.",
         both(v3({"MQTT-3.3.1-2", "MQTT-4.3.1-1"}), v5({"MQTT-3.3.1-2", "MQTT-4.3.1-1"})), {}, {}, "", dupAtQos0},
        {"publishes-at-qos-3", "PUBLISH has both QoS bits set.", both(v3({"MQTT-3.3.1-4"}), v5({"MQTT-3.3.1-4"})), {}, {}, "",
         publishAtQos3},
        {"publishes-subscription-id", "PUBLISH has a Subscription Identifier.", v5({"MQTT-3.3.4-6"}), {}, {},
         "clients that pass on what they received", publishSubscriptionId},
        {"acknowledges-with-more", "PUBACK goes on after its last field.", both(v3({"U311-7.1.2-1"}), v5({"U5-7.1.2-1"})), {}, {},
         "clients with one encoder for both versions", acknowledgeWithMore},
        {"no-local-on-shared", "Every filter asks for No Local, shared ones too.", v5({"MQTT-3.8.3-4"}), {}, {}, "bridges",
         noLocalOnShared},
    };
    for (Alteration &row : ofWillFlags())
        rows.push_back(std::move(row));
    return rows;
}

} // namespace hiatus::client::deviation
