#include "proto/wire/codec.h"
#include "proto/wire/filterfault.h"
#include "proto/wire/propertyreader.h"
#include "proto/wire/propertywriter.h"
#include "proto/wire/reasoncode.h"

#include <string>

namespace hiatus::wire {

namespace {

constexpr std::uint8_t NoLocal = 0x04;
constexpr std::uint8_t RetainAsPublished = 0x08;

std::uint16_t readId(Reader &reader, const Fault &zero)
{
    const std::size_t offset = reader.offset();
    const std::uint16_t id = reader.two("packet identifier");
    if (id == 0)
        reader.fail(zero, offset);
    return id;
}

std::string_view readFilter(Reader &reader, v1::Version version)
{
    const std::size_t lengthOffset = reader.offset();
    const std::string_view filter = reader.text("topic filter");
    if (!reader.ok())
        return filter;
    const TopicFault wrong = filterFault(filter, version);
    if (wrong.fault)
        reader.fail(*wrong.fault, filter.empty() ? lengthOffset : reader.offset() - filter.size() + wrong.offset);
    return filter;
}

/// [3.1.1 MQTT-3.8.3-4] [5.0 MQTT-3.8.3-4, MQTT-3.8.3-5]
void readOptions(Reader &reader, const Body &body, v1::Filter &filter)
{
    const bool v5 = body.version == v1::V5;
    const std::size_t offset = reader.offset();
    const std::uint8_t options = reader.byte("subscription options");
    const std::uint32_t handling = options >> 4 & 3u;
    if ((options & (v5 ? 0xC0 : 0xFC)) != 0)
        reader.fail(fault::SubscribeOptions, offset);
    else if ((options & 3) == 3)
        reader.fail(fault::SubscribeQos, offset);
    else if (handling == 3)
        reader.fail(fault::RetainHandling, offset);
    else if ((options & NoLocal) != 0 && isShared(filter.filter()))
        reader.fail(fault::NoLocalShared, offset);
    filter.set_qos(options & 3);
    if (!v5)
        return;
    filter.set_no_local((options & NoLocal) != 0);
    filter.set_retain_as_published((options & RetainAsPublished) != 0);
    filter.set_retain_handling(handling);
}

std::uint32_t optionsOf(const v1::Filter &filter, v1::Version version)
{
    if (version != v1::V5)
        return filter.qos();
    return (filter.qos() & 3) | (filter.no_local() ? NoLocal : 0u) |
           (filter.retain_as_published() ? RetainAsPublished : 0u) | (filter.retain_handling() << 4);
}

} // namespace

void readSubscribe(Reader &reader, const Body &body, v1::Subscribe &subscribe)
{
    subscribe.set_packet_id(readId(reader, fault::ClientPacketIdZero));
    if (body.version == v1::V5)
        readProperties(reader, place::Subscribe, body.direction, subscribe);
    if (reader.left() == 0)
        reader.fail(fault::EmptySubscribe, reader.offset());
    while (reader.left() > 0) {
        v1::Filter &filter = *subscribe.add_filter();
        const std::string_view text = readFilter(reader, body.version);
        filter.set_filter(text.data(), text.size());
        readOptions(reader, body, filter);
    }
}

void readUnsubscribe(Reader &reader, const Body &body, v1::Unsubscribe &unsubscribe)
{
    unsubscribe.set_packet_id(readId(reader, fault::ClientPacketIdZero));
    if (body.version == v1::V5)
        readProperties(reader, 1u << body.kind, body.direction, unsubscribe);
    if (reader.left() == 0)
        reader.fail(fault::EmptyUnsubscribe, reader.offset());
    while (reader.left() > 0) {
        const std::string_view text = readFilter(reader, body.version);
        unsubscribe.add_filter(text.data(), text.size());
    }
}

void readSuback(Reader &reader, const Body &body, v1::Suback &suback)
{
    const bool unsubscribed = body.kind == v1::Packet::kUnsuback;
    suback.set_packet_id(readId(reader, fault::SubackPacketIdZero));
    if (body.version == v1::V5)
        readProperties(reader, 1u << body.kind, body.direction, suback);
    else if (unsubscribed)
        return;
    if (reader.left() == 0)
        reader.fail(unsubscribed ? fault::EmptyUnsuback : fault::EmptySuback, reader.offset());
    while (reader.left() > 0) {
        const std::size_t offset = reader.offset();
        const std::uint8_t code = reader.byte("code");
        if (!isListedCode(body.kind, body.version, body.direction, code))
            reader.fail(unsubscribed ? fault::UnsubackCode : fault::SubackCode, offset);
        suback.add_code(code);
    }
}

void writeSubscribe(Writer &writer, v1::Version version, const v1::Subscribe &subscribe)
{
    writer.two(subscribe.packet_id());
    if (version == v1::V5)
        writeProperties(writer, subscribe);
    for (const v1::Filter &filter : subscribe.filter()) {
        writer.binary(filter.filter());
        writer.byte(optionsOf(filter, version));
    }
}

void writeUnsubscribe(Writer &writer, v1::Version version, const v1::Unsubscribe &unsubscribe)
{
    writer.two(unsubscribe.packet_id());
    if (version == v1::V5)
        writeProperties(writer, unsubscribe);
    for (const std::string &filter : unsubscribe.filter())
        writer.binary(filter);
}

void writeSuback(Writer &writer, v1::Version version, v1::Packet::KindCase kind, const v1::Suback &suback)
{
    writer.two(suback.packet_id());
    if (version == v1::V5)
        writeProperties(writer, suback);
    else if (kind == v1::Packet::kUnsuback)
        return;
    for (const std::uint32_t code : suback.code())
        writer.byte(code);
}

} // namespace hiatus::wire
