#pragma once
// Bytes -> packets, strictly: what a conformant peer may not send is refused with reason, offset and statement.

#include "hiatus/v1/packet.pb.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace hiatus::wire {

/// Which way a stream flows; some packets and reason codes are lawful only one way.
enum class Direction { ToServer, ToClient };

/// Bytes that are no packet. A value, not an exception: a peer's misbehaviour is data.
struct Malformed
{
    std::string reason;    ///< stable code, e.g. "BAD_UTF8", "PACKET_ID_ZERO"
    std::size_t offset = 0; ///< first offending byte, from the start of the packet
    std::string statement; ///< id broken, e.g. "MQTT-2.2.1-3"; empty where none is numbered
    v1::Version version = v1::VERSION_UNSPECIFIED; ///< the statement's version
    std::uint32_t code = 0; ///< 5.0 reason code that answers it: 0x81 malformed, 0x82 protocol error, 0x95 too large
    std::string text;      ///< one sentence
    std::string bytes;     ///< the packet as far as it came, at most 1 KiB
};

/// A whole packet and the bytes it came in.
struct Frame
{
    v1::Packet packet;
    std::string bytes;
};

using DecodeResult = std::variant<Frame, Malformed>;

/// Incremental decoder of one direction of one connection.
/// - Any split or merge of the stream gives the same results.
/// - After the first Malformed nothing more is decoded: the stream's framing is lost.
/// - Unbounded input is bounded by the maximum packet size (default: the protocol's 268,435,460 bytes).
class Decoder
{
public:
    /// With VERSION_UNSPECIFIED the version is learnt from the first CONNECT (Direction::ToServer).
    explicit Decoder(Direction direction, v1::Version version = v1::VERSION_UNSPECIFIED);

    void setMaximumPacketSize(std::uint32_t bytes);
    /// Reports carry Frame::bytes only if asked to (default: true).
    void setKeepBytes(bool keep);
    void feed(std::string_view bytes);
    /// The next whole packet, Malformed, or nothing yet.
    std::optional<DecodeResult> next();

    v1::Version version() const { return m_version; }
    /// Bytes fed and not yet returned.
    std::size_t buffered() const { return m_buffer.size() - m_read; }

private:
    void giveBackRoom();

    Direction m_direction;
    v1::Version m_version;
    std::uint32_t m_maximumPacketSize;
    bool m_keepBytes = true;
    bool m_broken = false;
    std::string m_buffer;
    std::size_t m_read = 0;
};

/// Decodes exactly one packet; trailing bytes are Malformed.
DecodeResult decodeOne(std::string_view bytes, Direction direction, v1::Version version);

} // namespace hiatus::wire
