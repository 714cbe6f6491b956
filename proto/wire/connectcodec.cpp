#include "proto/wire/codec.h"
#include "proto/wire/filterfault.h"
#include "proto/wire/propertyreader.h"
#include "proto/wire/propertywriter.h"
#include "proto/wire/reasoncode.h"

#include <string>

namespace hiatus::wire {

namespace {

constexpr std::string_view ProtocolName = "MQTT";
constexpr std::size_t LengthBytes = 2; // of a string; what is wrong with an empty one is its length
constexpr std::uint8_t Level3 = 4;
constexpr std::uint8_t Level5 = 5;

// Bits of the connect flags.
constexpr std::uint8_t Reserved = 0x01;
constexpr std::uint8_t Clean = 0x02;
constexpr std::uint8_t WillFlag = 0x04;
constexpr std::uint8_t WillQosBits = 0x18;
constexpr std::uint8_t WillRetain = 0x20;
constexpr std::uint8_t Password = 0x40;
constexpr std::uint8_t UserName = 0x80;

/// [3.1.1 MQTT-3.1.2-1, MQTT-3.1.2-2] [5.0 MQTT-3.1.2-1, MQTT-3.1.2-2]
void readProtocol(Reader &reader, Body &body, v1::Connect &connect)
{
    const std::size_t nameOffset = reader.offset();
    const v1::Version expected = body.version;
    body.version = v1::VERSION_UNSPECIFIED; // until the bytes have told
    const std::string_view name = reader.binary("protocol name");
    if (reader.ok() && name != ProtocolName)
        return reader.fail(fault::BadProtocolName, nameOffset);
    const std::size_t levelOffset = reader.offset();
    const std::uint8_t level = reader.byte("protocol level");
    if (!reader.ok())
        return;
    const v1::Version version = level == Level3 ? v1::V3 : level == Level5 ? v1::V5 : v1::VERSION_UNSPECIFIED;
    if (version == v1::VERSION_UNSPECIFIED || (expected != v1::VERSION_UNSPECIFIED && version != expected))
        return reader.fail(fault::UnsupportedLevel, levelOffset);
    body.version = version;
    connect.set_protocol_name(ProtocolName.data(), ProtocolName.size());
    connect.set_protocol_level(level);
    if (version == v1::V5 && body.longLength != 0)
        reader.fail(fault::LengthNotMinimal, body.longLength);
}

std::uint8_t readFlags(Reader &reader, v1::Version version)
{
    const std::size_t offset = reader.offset();
    const std::uint8_t flags = reader.byte("connect flags");
    const bool will = (flags & WillFlag) != 0;
    if ((flags & Reserved) != 0)
        reader.fail(fault::ConnectReservedFlag, offset);
    else if (will && (flags & WillQosBits) == WillQosBits)
        reader.fail(fault::WillQos, offset);
    else if (!will && (flags & WillQosBits) != 0)
        reader.fail(fault::WillQosWithoutWill, offset);
    else if (!will && (flags & WillRetain) != 0)
        reader.fail(fault::WillRetainWithoutWill, offset);
    else if (version == v1::V3 && (flags & Password) != 0 && (flags & UserName) == 0)
        reader.fail(fault::PasswordWithoutUserName, offset);
    return flags;
}

void readWill(Reader &reader, const Body &body, std::uint8_t flags, v1::Will &will)
{
    will.set_qos((flags & WillQosBits) >> 3);
    will.set_retain((flags & WillRetain) != 0);
    if (reader.left() == 0)
        return reader.fail(fault::WillMissing, reader.offset());
    if (body.version == v1::V5)
        readProperties(reader, place::Will, body.direction, will);
    const std::string_view topic = reader.text("will topic");
    const std::size_t start = reader.offset() - topic.size();
    const std::size_t wildcard = wildcardOffset(topic);
    if (topic.empty())
        reader.fail(fault::TopicEmpty, start - LengthBytes, "will topic");
    else if (wildcard != std::string_view::npos)
        reader.fail(fault::TopicWildcard, start + wildcard, "will topic");
    will.set_topic(topic.data(), topic.size());
    const std::string_view payload = reader.binary("will payload");
    will.set_payload(payload.data(), payload.size());
}

void readConnectProperties(Reader &reader, const Body &body, v1::Connect &connect)
{
    const PropertyBlock block = readProperties(reader, place::Connect, body.direction, connect);
    if (block.has(PropertyId::authentication_data) && !block.has(PropertyId::authentication_method))
        reader.fail(fault::AuthMethodMissing, block.lengthOffset);
}

std::uint8_t flagsOf(const v1::Connect &connect)
{
    const v1::Will &will = connect.will();
    std::uint32_t flags = 0;
    flags |= connect.clean() ? Clean : 0u;
    flags |= connect.has_user_name() ? UserName : 0u;
    flags |= connect.has_password() ? Password : 0u;
    if (connect.has_will())
        flags |= WillFlag | (will.qos() & 3) << 3 | (will.retain() ? WillRetain : 0u);
    return static_cast<std::uint8_t>(flags);
}

} // namespace

void readConnect(Reader &reader, Body &body, v1::Connect &connect)
{
    readProtocol(reader, body, connect);
    const std::uint8_t flags = readFlags(reader, body.version);
    connect.set_clean((flags & Clean) != 0);
    connect.set_keep_alive(reader.two("keep alive"));
    if (body.version == v1::V5)
        readConnectProperties(reader, body, connect);
    const std::string_view clientId = reader.text("client identifier");
    connect.set_client_id(clientId.data(), clientId.size());
    if ((flags & WillFlag) != 0)
        readWill(reader, body, flags, *connect.mutable_will());
    if ((flags & UserName) != 0) {
        const std::string_view name = reader.text("user name");
        connect.set_user_name(name.data(), name.size());
    }
    if ((flags & Password) != 0) {
        const std::string_view password = reader.binary("password");
        connect.set_password(password.data(), password.size());
    }
}

void readConnack(Reader &reader, const Body &body, v1::Connack &connack)
{
    const std::size_t flagsOffset = reader.offset();
    const std::uint8_t flags = reader.byte("acknowledge flags");
    if ((flags & 0xFE) != 0)
        reader.fail(fault::ConnackFlags, flagsOffset);
    const std::size_t codeOffset = reader.offset();
    const std::uint8_t code = reader.byte("code");
    if (reader.ok() && !isListedCode(body.kind, body.version, body.direction, code))
        reader.fail(fault::ConnackCode, codeOffset);
    if (flags != 0 && code != 0)
        reader.fail(fault::SessionPresentRefused, flagsOffset);
    connack.set_session_present(flags != 0);
    connack.set_code(code);
    if (body.version == v1::V5)
        readProperties(reader, place::Connack, body.direction, connack);
}

void writeConnect(Writer &writer, v1::Version version, const v1::Connect &connect)
{
    const std::uint32_t level = version == v1::V5 ? Level5 : Level3;
    writer.binary(connect.has_protocol_name() ? std::string_view(connect.protocol_name()) : ProtocolName);
    writer.byte(connect.has_protocol_level() ? connect.protocol_level() : level);
    writer.byte(flagsOf(connect));
    writer.two(connect.keep_alive());
    if (version == v1::V5)
        writeProperties(writer, connect);
    writer.binary(connect.client_id());
    if (connect.has_will()) {
        if (version == v1::V5)
            writeProperties(writer, connect.will());
        writer.binary(connect.will().topic());
        writer.binary(connect.will().payload());
    }
    if (connect.has_user_name())
        writer.binary(connect.user_name());
    if (connect.has_password())
        writer.binary(connect.password());
}

void writeConnack(Writer &writer, v1::Version version, const v1::Connack &connack)
{
    writer.byte(connack.session_present() ? 1 : 0);
    writer.byte(connack.code());
    if (version == v1::V5)
        writeProperties(writer, connack);
}

} // namespace hiatus::wire
