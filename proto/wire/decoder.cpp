#include "proto/wire/decoder.h"

#include "proto/wire/codec.h"

namespace hiatus::wire {

namespace {

constexpr std::uint32_t LargestPacket = 268'435'460;
constexpr std::size_t CompactAfter = 64 * 1024;
constexpr std::size_t KeptRoom = 2 * 1024;

struct Options
{
    Direction direction;
    v1::Version version; ///< written when CONNECT tells it
    std::uint32_t maximumPacketSize;
    bool keepBytes;
};

/// The fixed header as far as it came.
struct Header
{
    Body body;
    const Fault *fault = nullptr;
    std::size_t faultOffset = 0;
    std::size_t size = 0;  ///< 0: not whole yet
    std::size_t total = 0; ///< of the packet
};

bool isAllowed(v1::Packet::KindCase kind, Direction direction, v1::Version version)
{
    switch (kind) {
    case v1::Packet::kConnect:
    case v1::Packet::kSubscribe:
    case v1::Packet::kUnsubscribe:
    case v1::Packet::kPingreq:
        return direction == Direction::ToServer;
    case v1::Packet::kConnack:
    case v1::Packet::kSuback:
    case v1::Packet::kUnsuback:
    case v1::Packet::kPingresp:
        return direction == Direction::ToClient;
    case v1::Packet::kDisconnect:
        return direction == Direction::ToServer || version == v1::V5;
    default:
        return true;
    }
}

/// [3.1.1 MQTT-2.2.2-1] [5.0 MQTT-2.1.3-1]
const Fault *flagsFault(v1::Packet::KindCase kind, std::uint8_t flags)
{
    switch (kind) {
    case v1::Packet::kPublish:
        return nullptr;
    case v1::Packet::kPubrel:
        return flags == 2 ? nullptr : &fault::PubrelFlags;
    case v1::Packet::kSubscribe:
        return flags == 2 ? nullptr : &fault::SubscribeFlags;
    case v1::Packet::kUnsubscribe:
        return flags == 2 ? nullptr : &fault::UnsubscribeFlags;
    case v1::Packet::kDisconnect:
        return flags == 0 ? nullptr : &fault::DisconnectFlags;
    case v1::Packet::kAuth:
        return flags == 0 ? nullptr : &fault::AuthFlags;
    default:
        return flags == 0 ? nullptr : &fault::ReservedFlags;
    }
}

const Fault *firstByteFault(const Body &body)
{
    if (body.kind == v1::Packet::KIND_NOT_SET || (body.kind == v1::Packet::kAuth && body.version == v1::V3))
        return &fault::ReservedType;
    if (body.version == v1::VERSION_UNSPECIFIED && body.direction == Direction::ToClient)
        return &fault::VersionUnknown;
    if (body.version == v1::VERSION_UNSPECIFIED && body.kind != v1::Packet::kConnect)
        return &fault::FirstNotConnect;
    if (!isAllowed(body.kind, body.direction, body.version))
        return &fault::WrongDirection;
    return flagsFault(body.kind, body.flags);
}

void readLength(Header &header, std::string_view bytes, std::uint32_t maximumPacketSize)
{
    const VariableInteger length = readVariableInteger(bytes.substr(1));
    if (length.state == VariableInteger::State::Cut)
        return;
    header.size = 1 + length.size;
    header.total = header.size + length.value;
    if (length.state == VariableInteger::State::TooLong) {
        header.fault = &fault::LengthTooLong;
        header.faultOffset = length.size;
        return;
    }
    if (!length.minimal)
        header.body.longLength = length.size;
    if (!length.minimal && header.body.version == v1::V5) { // 3.1.1 does not forbid it
        header.fault = &fault::LengthNotMinimal;
        header.faultOffset = length.size;
    } else if (header.total > maximumPacketSize) {
        header.fault =
            header.body.direction == Direction::ToServer ? &fault::ClientPacketTooLarge : &fault::ServerPacketTooLarge;
        header.faultOffset = 1;
    }
}

Header readHeader(std::string_view bytes, const Options &options)
{
    const auto first = static_cast<std::uint8_t>(bytes.front());
    const auto kind = static_cast<v1::Packet::KindCase>(first >> 4);
    Header header{{options.direction, options.version, kind, static_cast<std::uint8_t>(first & 0x0F)}};
    header.fault = firstByteFault(header.body);
    if (!header.fault)
        readLength(header, bytes, options.maximumPacketSize);
    return header;
}

void readBody(Reader &reader, Body &body, v1::Packet &packet)
{
    switch (body.kind) {
    case v1::Packet::kConnect:
        return readConnect(reader, body, *packet.mutable_connect());
    case v1::Packet::kConnack:
        return readConnack(reader, body, *packet.mutable_connack());
    case v1::Packet::kPublish:
        return readPublish(reader, body, *packet.mutable_publish());
    case v1::Packet::kPuback:
        return readAck(reader, body, *packet.mutable_puback());
    case v1::Packet::kPubrec:
        return readAck(reader, body, *packet.mutable_pubrec());
    case v1::Packet::kPubrel:
        return readAck(reader, body, *packet.mutable_pubrel());
    case v1::Packet::kPubcomp:
        return readAck(reader, body, *packet.mutable_pubcomp());
    case v1::Packet::kSubscribe:
        return readSubscribe(reader, body, *packet.mutable_subscribe());
    case v1::Packet::kSuback:
        return readSuback(reader, body, *packet.mutable_suback());
    case v1::Packet::kUnsubscribe:
        return readUnsubscribe(reader, body, *packet.mutable_unsubscribe());
    case v1::Packet::kUnsuback:
        return readSuback(reader, body, *packet.mutable_unsuback());
    case v1::Packet::kPingreq:
        packet.mutable_pingreq();
        return;
    case v1::Packet::kPingresp:
        packet.mutable_pingresp();
        return;
    case v1::Packet::kDisconnect:
        return readDisconnect(reader, body, *packet.mutable_disconnect());
    case v1::Packet::kAuth:
        return readAuth(reader, body, *packet.mutable_auth());
    case v1::Packet::KIND_NOT_SET:
        return;
    }
}

/// The first packet of the bytes (which are not empty), Malformed, or nothing yet; `used` says how much a packet took.
std::optional<DecodeResult> decodeFirst(std::string_view bytes, Options &options, std::size_t &used)
{
    std::optional<DecodeResult> result;
    Header header = readHeader(bytes, options);
    if (header.fault) {
        const std::string_view come = header.size != 0 ? bytes.substr(0, header.total) : bytes;
        result.emplace(std::in_place_type<Malformed>,
                       malformed(*header.fault, header.faultOffset, options.version, "", come));
        return result;
    }
    if (header.size == 0 || bytes.size() < header.total)
        return result;

    const std::string_view whole = bytes.substr(0, header.total);
    Reader reader(whole, header.size);
    // Built where it is returned: a protobuf message costs more to move than to fill.
    auto &frame = std::get<Frame>(result.emplace(std::in_place_type<Frame>));
    readBody(reader, header.body, frame.packet);
    if (reader.left() > 0)
        reader.fail(fault::TrailingBytes, reader.offset());
    if (header.body.version != v1::VERSION_UNSPECIFIED)
        options.version = header.body.version;
    if (!reader.ok()) {
        result.emplace(std::in_place_type<Malformed>, malformed(*reader.fault(), reader.faultOffset(),
                                                                header.body.version, reader.faultField(), whole));
        return result;
    }
    if (options.keepBytes)
        frame.bytes = whole;
    used = header.total;
    return result;
}

} // namespace

Decoder::Decoder(Direction direction, v1::Version version)
    : m_direction(direction), m_version(version), m_maximumPacketSize(LargestPacket)
{
}

void Decoder::setMaximumPacketSize(std::uint32_t bytes)
{
    m_maximumPacketSize = bytes;
}

void Decoder::setKeepBytes(bool keep)
{
    m_keepBytes = keep;
}

void Decoder::feed(std::string_view bytes)
{
    if (m_broken)
        return;
    if (m_read == m_buffer.size()) {
        m_buffer.clear();
        m_read = 0;
    } else if (m_read >= CompactAfter) {
        m_buffer.erase(0, m_read);
        m_read = 0;
    }
    m_buffer.append(bytes);
}

/// There may be thousands of us, most of them with nothing to do.
void Decoder::giveBackRoom()
{
    if (m_buffer.capacity() <= KeptRoom)
        return;
    m_buffer = std::string();
    m_read = 0;
}

std::optional<DecodeResult> Decoder::next()
{
    if (m_broken)
        return std::nullopt;
    if (m_read == m_buffer.size()) {
        giveBackRoom();
        return std::nullopt;
    }
    Options options{m_direction, m_version, m_maximumPacketSize, m_keepBytes};
    std::size_t used = 0;
    std::optional<DecodeResult> result = decodeFirst(std::string_view(m_buffer).substr(m_read), options, used);
    m_version = options.version;
    m_read += used;
    m_broken = result && used == 0;
    return result;
}

DecodeResult decodeOne(std::string_view bytes, Direction direction, v1::Version version)
{
    Options options{direction, version, LargestPacket, true};
    std::size_t used = 0;
    if (bytes.empty())
        return malformed(fault::Incomplete, 0, version, "", bytes);
    std::optional<DecodeResult> result = decodeFirst(bytes, options, used);
    if (!result)
        return malformed(fault::Incomplete, bytes.size(), version, "", bytes);
    if (std::holds_alternative<Frame>(*result) && used != bytes.size())
        return malformed(fault::BytesAfterPacket, used, options.version, "", bytes);
    return std::move(*result);
}

} // namespace hiatus::wire
