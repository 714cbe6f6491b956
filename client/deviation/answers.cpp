// Acknowledgements with a wrong code, a wrong identifier, or of the wrong kind.

#include "client/deviation/rows.h"

#include <utility>

namespace hiatus::client::deviation {

namespace {

constexpr std::uint32_t Unlisted = 0x42;      ///< of no packet
constexpr std::uint32_t ShuttingDown = 0x8B;  ///< a server's
constexpr std::uint32_t OtherId = 20'000;     ///< added to the identifier

/// The acknowledgement that the packet is; nullptr for any other.
v1::Ack *acknowledgement(v1::Packet &packet)
{
    switch (packet.kind_case()) {
    case v1::Packet::kPuback: return packet.mutable_puback();
    case v1::Packet::kPubrec: return packet.mutable_pubrec();
    case v1::Packet::kPubrel: return packet.mutable_pubrel();
    case v1::Packet::kPubcomp: return packet.mutable_pubcomp();
    default: return nullptr;
    }
}

/// Changes what the client answers with; false: it does not leave.
template <typename Change>
void changeAnswers(Assembly &assembly, Change change)
{
    FilterRules rules;
    rules.passes = [change](Action &action, Time) {
        auto *sent = std::get_if<SendPacket>(&action);
        return !sent || change(sent->packet);
    };
    decorate(assembly, std::move(rules));
}

Alteration unlistedCode(const char *name, const char *sentence, v1::Packet::KindCase kind, const char *statement)
{
    return {name, sentence, v5({statement}), {}, {}, "", [kind](Assembly &assembly) {
                changeAnswers(assembly, [kind](v1::Packet &packet) {
                    if (packet.kind_case() == kind)
                        acknowledgement(packet)->set_code(Unlisted);
                    return true;
                });
            }};
}

void leaveAsServer(Assembly &assembly)
{
    changeAnswers(assembly, [](v1::Packet &packet) {
        if (packet.has_disconnect())
            packet.mutable_disconnect()->set_code(ShuttingDown);
        return true;
    });
}

void answerUnderOtherId(Assembly &assembly)
{
    changeAnswers(assembly, [](v1::Packet &packet) {
        if (v1::Ack *ack = acknowledgement(packet))
            ack->set_packet_id((ack->packet_id() + OtherId) % 65'535 + 1);
        return true;
    });
}

void answerQos2WithPuback(Assembly &assembly)
{
    changeAnswers(assembly, [](v1::Packet &packet) {
        if (packet.has_pubrec()) {
            const std::uint32_t id = packet.pubrec().packet_id();
            packet.mutable_puback()->set_packet_id(id);
        }
        return true;
    });
}

/// A PUBREL leaves when the session is resumed, and not before.
void answerNoPubrec(Assembly &assembly)
{
    FilterRules rules;
    rules.admits = [](v1::Packet &packet, Time) { return !packet.has_pubrec() || packet.pubrec().code() >= 0x80; };
    decorate(assembly, std::move(rules));
}

} // namespace

std::vector<Alteration> ofAnswers()
{
    return {
        unlistedCode("unlisted-code-in-puback", "PUBACK has a reason code that the standard does not list.", v1::Packet::kPuback,
                     "MQTT-3.4.2-1"),
        unlistedCode("unlisted-code-in-pubrec", "PUBREC has a reason code that the standard does not list.", v1::Packet::kPubrec,
                     "MQTT-3.5.2-1"),
        unlistedCode("unlisted-code-in-pubrel", "PUBREL has a reason code that the standard does not list.", v1::Packet::kPubrel,
                     "MQTT-3.6.2-1"),
        unlistedCode("unlisted-code-in-pubcomp", "PUBCOMP has a reason code that the standard does not list.", v1::Packet::kPubcomp,
                     "MQTT-3.7.2-1"),
        {"disconnects-with-a-servers-code", "DISCONNECT has a reason code that only servers may send.", v5({"MQTT-3.14.2-1"}), {}, {}, "",
         leaveAsServer},
        {"client-answers-under-other-id", "PUBACK, PUBREC, PUBREL and PUBCOMP have another identifier than what they answer.",
         both(v3({"MQTT-2.3.1-6"}), v5({"MQTT-2.2.1-5"})), {}, {}, "", answerUnderOtherId},
        {"answers-qos2-with-puback", "A QoS 2 PUBLISH is answered with PUBACK.", both(v3({"MQTT-3.3.4-1"}), v5({"MQTT-3.3.4-1"})),
         both(v3({"MQTT-4.3.3-2#a", "MQTT-2.3.1-6"}), v5({"MQTT-4.3.3-8", "MQTT-2.2.1-5"})), {},
         "clients that deliver QoS 2 as QoS 1", answerQos2WithPuback},
        {"pubrec-unanswered", "PUBREC is not answered with PUBREL.", both(v3({"MQTT-4.3.3-1#d"}), v5({"MQTT-4.3.3-4"})), {}, {}, "",
         answerNoPubrec},
    };
}

} // namespace hiatus::client::deviation
