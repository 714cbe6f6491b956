#include "client/engine/inbound.h"

#include "client/engine/aliasing.h"
#include "client/engine/connecting.h"

namespace hiatus::client::inbound {

namespace {

enum class Answer { Puback, Pubrec };

/// Sends what is acknowledged, in the order of arrival: what is held back holds back what came later
/// [3.1.1 MQTT-4.6.0-2, MQTT-4.6.0-3] [5.0 MQTT-4.6.0-2, MQTT-4.6.0-3].
void flush(Context &c, std::deque<Owed> &owed, Answer answer)
{
    while (!owed.empty() && owed.front().acknowledged) {
        const PacketId id = owed.front().id;
        owed.pop_front();
        v1::Packet packet;
        (answer == Answer::Puback ? packet.mutable_puback() : packet.mutable_pubrec())->set_packet_id(id);
        if (answer == Answer::Puback)
            c.link.inboundOpen.erase(id);
        c.send(std::move(packet));
    }
}

/// More than our Receive Maximum, with the allowance that finished exchanges of earlier connections give the server
/// [5.0 U5-3.3.4-2, A5-33].
bool exceedsReceiveMaximum(const Context &c, PacketId id)
{
    const v1::Connect &connect = c.link.connect;
    if (!c.isV5() || !connect.has_receive_maximum() || c.link.inboundOpen.count(id) > 0)
        return false;
    return c.link.inboundOpen.size() >= connect.receive_maximum() + c.link.carriedOver;
}

Token deliver(Context &c, v1::Publish publish)
{
    const Token token = ++c.lastToken;
    c.tell(DeliveredEvent{token, std::move(publish)});
    return token;
}

/// After PUBACK the identifier means a new message whatever DUP says [3.1.1 MQTT-4.3.2-2#b] [5.0 MQTT-4.3.2-5].
void takeQos1(Context &c, v1::Publish publish)
{
    const auto id = static_cast<PacketId>(publish.packet_id());
    const Token token = deliver(c, std::move(publish));
    c.link.owedPubacks.push_back({token, id, !c.options.manualAcknowledge});
    flush(c, c.link.owedPubacks, Answer::Puback);
}

/// Each PUBLISH is answered, the application gets it once [3.1.1 MQTT-4.3.3-2#b] [5.0 MQTT-4.3.3-10].
void takeQos2(Context &c, v1::Publish publish)
{
    const auto id = static_cast<PacketId>(publish.packet_id());
    if (!c.rules.isRepeated(c.session, publish))
        c.session.received[id] = {deliver(c, std::move(publish)), !c.options.manualAcknowledge};
    const Receipt &receipt = c.session.received[id];
    c.link.owedPubrecs.push_back({receipt.token, id, receipt.acknowledged});
    flush(c, c.link.owedPubrecs, Answer::Pubrec);
}

bool mark(std::deque<Owed> &owed, Token delivery)
{
    bool found = false;
    for (Owed &entry : owed) {
        if (entry.token == delivery && !entry.acknowledged)
            found = entry.acknowledged = true;
    }
    return found;
}

} // namespace

void publish(Context &c, v1::Publish publish)
{
    if (const auto error = resolveAlias(c, publish))
        return connecting::fail(c, *error, "a topic alias that was not agreed on");
    if (publish.qos() == 0) {
        deliver(c, std::move(publish));
        return;
    }
    const auto id = static_cast<PacketId>(publish.packet_id());
    if (exceedsReceiveMaximum(c, id))
        return connecting::fail(c, 0x93, "more messages at a time than our Receive Maximum");
    c.link.inboundOpen.insert(id);
    if (publish.qos() == 1)
        takeQos1(c, std::move(publish));
    else
        takeQos2(c, std::move(publish));
}

void pubrel(Context &c, const v1::Ack &ack)
{
    const auto id = static_cast<PacketId>(ack.packet_id());
    const bool known = c.session.received.erase(id) > 0;
    if (c.link.inboundOpen.erase(id) == 0)
        ++c.link.carriedOver;
    if (std::optional<v1::Packet> answer = c.rules.answerToPubrel(id, known, c.options.version))
        c.send(*std::move(answer));
}

tl::expected<void, std::string> acknowledge(Context &c, Token delivery)
{
    bool found = mark(c.link.owedPubacks, delivery);
    found = mark(c.link.owedPubrecs, delivery) || found;
    for (auto &[id, receipt] : c.session.received) {
        if (receipt.token == delivery && !receipt.acknowledged)
            found = receipt.acknowledged = true;
    }
    if (!found)
        return tl::unexpected<std::string>("no such delivery waits; one of QoS 1 comes again on the next connection");
    flush(c, c.link.owedPubacks, Answer::Puback);
    flush(c, c.link.owedPubrecs, Answer::Pubrec);
    return {};
}

} // namespace hiatus::client::inbound
