#pragma once
// MQTT over WebSocket (RFC 6455; MQTT section 6) without a socket: bytes in, bytes out. QWebSocket hides its socket: no
// FIN, no RST and no unread connection can be made with it, and it reads without bound.

#include <array>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>

namespace hiatus::wire {

/// One end of one WebSocket connection.
/// - MQTT's bytes are a stream: where frames begin and end means nothing [MQTT-6.0.0-2], and they are handed on as they come.
/// - Only binary frames carry them [MQTT-6.0.0-1], and the subprotocol is "mqtt" [MQTT-6.0.0-3, MQTT-6.0.0-4].
/// - Nothing is buffered but an unfinished header or control frame.
class WebSocket
{
public:
    enum class Side { Client, Server };
    struct Options
    {
        Side side = Side::Client;
        std::string host;            ///< client: "host:port"
        std::string path = "/mqtt";  ///< asked for, or served: any other is answered with 404
        std::uint64_t seed = 0;      ///< client: of key and masks; not to be guessed by others
        std::function<std::string(std::string_view text)> digest; ///< SHA-1, in base64
    };

    explicit WebSocket(Options options);

    /// What the socket brought.
    void feed(std::string_view bytes);
    /// MQTT's bytes among it.
    std::string takeBytes();
    /// What is to be written now because of it: handshake, pongs, the answer to a close.
    std::string takeReplies();
    /// MQTT's bytes as one binary frame.
    std::string frame(std::string_view bytes);
    /// A Close frame; nothing may follow it.
    std::string closing();

    bool isOpen() const { return m_phase == Phase::Open; }
    /// Refused, broken, or closed by the peer: write what is to be written, then leave the connection.
    bool isOver() const { return m_phase == Phase::Over; }
    /// Why it is over, in words.
    const std::string &why() const { return m_why; }

private:
    enum class Phase { Handshake, Open, Over };
    enum Opcode : std::uint8_t { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };
    struct Header
    {
        Opcode opcode = Binary;
        bool isLast = true;
        bool isMasked = false;
        std::uint64_t length = 0;
        std::array<char, 4> mask{};
        std::size_t size = 0; ///< of the header itself
    };

    void handshake();
    void answerRequest(std::string_view head);
    void readResponse(std::string_view head);
    void refuse(const std::string &status, const std::string &why);
    void frames();
    bool readHeader(Header &header) const;
    std::string wrongWith(const Header &header) const;
    void takeData();
    void control(const Header &header, std::string payload);
    std::string encoded(Opcode opcode, std::string_view payload);
    void over(const std::string &why);
    std::string accepted(std::string_view key) const;

    Options m_options;
    std::mt19937_64 m_random;
    Phase m_phase = Phase::Handshake;
    std::string m_key;
    std::string m_input;
    std::string m_bytes;
    std::string m_replies;
    std::string m_why;
    Header m_data;                ///< of the data frame under way
    std::uint64_t m_left = 0;     ///< of its payload
    std::size_t m_maskAt = 0;
    bool m_isFragmented = false;
    bool m_hasClosed = false;
};

} // namespace hiatus::wire
