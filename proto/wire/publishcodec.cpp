#include "proto/wire/codec.h"
#include "proto/wire/filterfault.h"
#include "proto/wire/propertyreader.h"
#include "proto/wire/propertywriter.h"
#include "proto/wire/reasoncode.h"

namespace hiatus::wire {

namespace {

constexpr std::size_t LengthBytes = 2; // of a string; what is wrong with an empty one is its length
constexpr std::uint8_t Retain = 0x01;
constexpr std::uint8_t Dup = 0x08;

/// [3.1.1 MQTT-3.3.1-2, MQTT-3.3.1-4] [5.0 MQTT-3.3.1-2, MQTT-3.3.1-4]
void readPublishFlags(Reader &reader, const Body &body, v1::Publish &publish)
{
    const std::uint32_t qos = body.flags >> 1 & 3u;
    const bool dup = (body.flags & Dup) != 0;
    if (qos == 3)
        reader.fail(fault::PublishQos, 0);
    else if (qos == 0 && dup)
        reader.fail(fault::DupOnQos0, 0);
    publish.set_qos(qos);
    publish.set_dup(dup);
    publish.set_retain((body.flags & Retain) != 0);
}

void readPublishId(Reader &reader, const Body &body, v1::Publish &publish)
{
    const std::size_t offset = reader.offset();
    const std::uint16_t id = reader.two("packet identifier");
    if (id == 0)
        reader.fail(body.direction == Direction::ToServer ? fault::ClientPacketIdZero : fault::ServerPacketIdZero,
                    offset);
    publish.set_packet_id(id);
}

const Fault &ackIdFault(v1::Packet::KindCase kind)
{
    return kind == v1::Packet::kPubcomp ? fault::PubcompPacketIdZero : fault::AckPacketIdZero;
}

const Fault &ackCodeFault(v1::Packet::KindCase kind)
{
    switch (kind) {
    case v1::Packet::kPuback:
        return fault::PubackCode;
    case v1::Packet::kPubrec:
        return fault::PubrecCode;
    case v1::Packet::kPubrel:
        return fault::PubrelCode;
    default:
        return fault::PubcompCode;
    }
}

} // namespace

void readPublish(Reader &reader, const Body &body, v1::Publish &publish)
{
    readPublishFlags(reader, body, publish);
    const std::string_view topic = reader.text("topic name");
    const std::size_t topicOffset = reader.offset() - topic.size();
    const std::size_t wildcard = wildcardOffset(topic);
    if (wildcard != std::string_view::npos)
        reader.fail(fault::PublishWildcard, topicOffset + wildcard);
    if (topic.empty() && body.version == v1::V3)
        reader.fail(fault::TopicEmpty, topicOffset - LengthBytes);
    publish.set_topic(topic.data(), topic.size());
    if (publish.qos() != 0)
        readPublishId(reader, body, publish);
    if (body.version == v1::V5) {
        const PropertyBlock block = readProperties(reader, place::Publish, body.direction, publish);
        if (topic.empty() && !block.has(PropertyId::topic_alias))
            reader.fail(fault::TopicMissing, topicOffset - LengthBytes);
    }
    const std::string_view payload = reader.rest();
    publish.set_payload(payload.data(), payload.size());
}

void readAck(Reader &reader, const Body &body, v1::Ack &ack)
{
    const std::size_t idOffset = reader.offset();
    const std::uint16_t id = reader.two("packet identifier");
    if (id == 0)
        reader.fail(ackIdFault(body.kind), idOffset);
    ack.set_packet_id(id);
    if (body.version != v1::V5)
        return;
    if (reader.left() == 0) {
        ack.set_code(0);
        return;
    }
    const std::size_t codeOffset = reader.offset();
    const std::uint8_t code = reader.byte("reason code");
    if (!isListedCode(body.kind, body.version, body.direction, code))
        reader.fail(ackCodeFault(body.kind), codeOffset);
    ack.set_code(code);
    if (reader.left() > 0)
        readProperties(reader, 1u << body.kind, body.direction, ack);
}

void writePublish(Writer &writer, v1::Version version, const v1::Publish &publish)
{
    writer.binary(publish.topic());
    if ((publish.qos() & 3) != 0)
        writer.two(publish.packet_id());
    if (version == v1::V5)
        writeProperties(writer, publish);
    writer.raw(publish.payload());
}

void writeAck(Writer &writer, v1::Version version, const v1::Ack &ack)
{
    writer.two(ack.packet_id());
    if (version != v1::V5)
        return;
    const std::size_t properties = propertySize(ack);
    if (ack.code() == 0 && properties == 0)
        return;
    writer.byte(ack.code());
    if (properties != 0)
        writeProperties(writer, ack);
}

} // namespace hiatus::wire
