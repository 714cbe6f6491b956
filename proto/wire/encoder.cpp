#include "proto/wire/encoder.h"

#include "proto/wire/codec.h"

#include <optional>

namespace hiatus::wire {

namespace {

void writeBody(Writer &writer, const v1::Packet &packet, v1::Version version)
{
    const auto kind = packet.kind_case();
    switch (kind) {
    case v1::Packet::kConnect:
        return writeConnect(writer, version, packet.connect());
    case v1::Packet::kConnack:
        return writeConnack(writer, version, packet.connack());
    case v1::Packet::kPublish:
        return writePublish(writer, version, packet.publish());
    case v1::Packet::kPuback:
        return writeAck(writer, version, packet.puback());
    case v1::Packet::kPubrec:
        return writeAck(writer, version, packet.pubrec());
    case v1::Packet::kPubrel:
        return writeAck(writer, version, packet.pubrel());
    case v1::Packet::kPubcomp:
        return writeAck(writer, version, packet.pubcomp());
    case v1::Packet::kSubscribe:
        return writeSubscribe(writer, version, packet.subscribe());
    case v1::Packet::kSuback:
        return writeSuback(writer, version, kind, packet.suback());
    case v1::Packet::kUnsubscribe:
        return writeUnsubscribe(writer, version, packet.unsubscribe());
    case v1::Packet::kUnsuback:
        return writeSuback(writer, version, kind, packet.unsuback());
    case v1::Packet::kDisconnect:
        return writeDisconnect(writer, version, packet.disconnect());
    case v1::Packet::kAuth:
        return writeAuth(writer, packet.auth());
    case v1::Packet::kPingreq:
    case v1::Packet::kPingresp:
    case v1::Packet::KIND_NOT_SET:
        return;
    }
}

std::uint32_t flagsOf(const v1::Packet &packet)
{
    switch (packet.kind_case()) {
    case v1::Packet::kPublish:
        return (packet.publish().dup() ? 8u : 0u) | (packet.publish().qos() & 3) << 1 |
               (packet.publish().retain() ? 1u : 0u);
    case v1::Packet::kPubrel:
    case v1::Packet::kSubscribe:
    case v1::Packet::kUnsubscribe:
        return 2;
    default:
        return 0;
    }
}

std::uint32_t firstByte(std::uint32_t kind, std::uint32_t flags)
{
    return kind << 4 | (flags & 0x0F);
}

std::optional<unsigned> digit(char c)
{
    if (c >= '0' && c <= '9')
        return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f')
        return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F')
        return static_cast<unsigned>(c - 'A' + 10);
    return {};
}

/// Pairs of hex digits; everything between the digits is skipped, a last lone digit too.
std::string fromHex(std::string_view text)
{
    std::string bytes;
    std::optional<unsigned> high;
    for (const char c : text) {
        const auto value = digit(c);
        if (!value)
            continue;
        if (high)
            bytes.push_back(static_cast<char>(*high << 4 | *value));
        high = high ? std::optional<unsigned>() : value;
    }
    return bytes;
}

/// A packet as the standard writes it.
void appendPlain(std::string &out, const v1::Packet &packet, v1::Version version)
{
    Writer counter;
    writeBody(counter, packet, version);
    const std::size_t total = 1 + variableSize(counter.size()) + counter.size();
    const std::size_t start = out.size();
    out.resize(start + total);
    Writer writer(out.data() + start, total);
    writer.byte(firstByte(packet.kind_case(), flagsOf(packet)));
    writer.variable(counter.size());
    writeBody(writer, packet, version);
}

/// A packet as its `wire {}` wants it.
void appendOverridden(std::string &out, const v1::Packet &packet, v1::Version version)
{
    const v1::Wire &wire = packet.wire();
    Writer counter;
    writeBody(counter, packet, version);
    std::string body(counter.size(), '\0');
    Writer bodyWriter(body.data(), body.size());
    writeBody(bodyWriter, packet, version);
    body += fromHex(wire.append_hex());

    char header[6];
    Writer writer(header, sizeof header);
    writer.byte(firstByte(packet.kind_case(), wire.has_flags() ? wire.flags() : flagsOf(packet)));
    writer.variable(wire.has_remaining_length() ? wire.remaining_length() : body.size(), wire.length_bytes());
    const std::string whole = std::string(header, writer.size()) + body;
    out.append(whole, 0, wire.has_truncate_to() ? wire.truncate_to() : whole.size());
}

} // namespace

void encodeTo(std::string &out, const v1::Packet &packet, v1::Version version)
{
    if (packet.has_wire() && packet.wire().has_hex())
        out += fromHex(packet.wire().hex());
    else if (packet.kind_case() == v1::Packet::KIND_NOT_SET)
        return;
    else if (packet.has_wire())
        appendOverridden(out, packet, version);
    else
        appendPlain(out, packet, version);
}

std::string encode(const v1::Packet &packet, v1::Version version)
{
    std::string out;
    encodeTo(out, packet, version);
    return out;
}

std::size_t encodedSize(const v1::Packet &packet, v1::Version version)
{
    if (packet.has_wire())
        return encode(packet, version).size();
    if (packet.kind_case() == v1::Packet::KIND_NOT_SET)
        return 0;
    Writer counter;
    writeBody(counter, packet, version);
    return 1 + variableSize(counter.size()) + counter.size();
}

} // namespace hiatus::wire
