#include "proto/wire/websocket.h"

#include <algorithm>
#include <utility>

namespace hiatus::wire {

namespace {

constexpr std::size_t LongestHead = 16 * 1024;
constexpr std::size_t LongestControl = 125;
constexpr std::string_view Guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

std::string base64(std::string_view bytes)
{
    static constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i)
            group = group << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0u);
        for (std::size_t i = 0; i < 4; ++i)
            text += at + i > bytes.size() ? '=' : digits[group >> (18 - 6 * i) & 63];
    }
    return text;
}

std::string lower(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return result;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

std::string_view firstLine(std::string_view head) { return head.substr(0, head.find("\r\n")); }

/// The value of a header field; empty if it is not there.
std::string field(std::string_view head, std::string_view name)
{
    for (auto at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
        const std::string_view line = firstLine(head.substr(at + 2));
        const auto colon = line.find(':');
        if (colon != std::string_view::npos && lower(line.substr(0, colon)) == name)
            return std::string(trimmed(line.substr(colon + 1)));
    }
    return {};
}

/// Is the word in a list with commas?
bool lists(std::string_view list, std::string_view word)
{
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        if (lower(trimmed(list.substr(0, comma))) == word)
            return true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

/// For a message: no control characters, and not too long.
std::string shown(std::string_view text)
{
    std::string result(text.substr(0, 60));
    std::replace_if(result.begin(), result.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return result;
}

} // namespace

WebSocket::WebSocket(Options options) : m_options(std::move(options)), m_random(m_options.seed)
{
    if (m_options.side == Side::Server)
        return;
    std::string nonce(16, '\0');
    std::generate(nonce.begin(), nonce.end(), [this] { return static_cast<char>(m_random() & 0xFF); });
    m_key = base64(nonce);
    m_replies = "GET " + m_options.path + " HTTP/1.1\r\nHost: " + m_options.host + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Key: " + m_key + "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";
}

void WebSocket::feed(std::string_view bytes)
{
    if (m_phase == Phase::Over)
        return;
    m_input.append(bytes);
    if (m_phase == Phase::Handshake)
        handshake();
    if (m_phase == Phase::Open)
        frames();
}

std::string WebSocket::takeBytes() { return std::exchange(m_bytes, {}); }

std::string WebSocket::takeReplies() { return std::exchange(m_replies, {}); }

void WebSocket::over(const std::string &why)
{
    m_phase = Phase::Over;
    m_why = why;
    m_input.clear();
}

// ---- the handshake

void WebSocket::handshake()
{
    if (m_options.side == Side::Client && m_input.size() >= 5 && m_input.compare(0, 5, "HTTP/") != 0)
        return over("answers the WebSocket handshake with what is no HTTP");
    const auto end = m_input.find("\r\n\r\n");
    if (end == std::string::npos || end > LongestHead) {
        if (m_input.size() > LongestHead)
            over("the head of the WebSocket handshake is longer than " + std::to_string(LongestHead) + " bytes");
        return;
    }
    const std::string head = m_input.substr(0, end);
    m_input.erase(0, end + 4);
    if (m_options.side == Side::Server)
        answerRequest(head);
    else
        readResponse(head);
}

void WebSocket::refuse(const std::string &status, const std::string &why)
{
    m_replies += "HTTP/1.1 " + status + "\r\nSec-WebSocket-Version: 13\r\nContent-Type: text/plain\r\nContent-Length: "
                 + std::to_string(why.size() + 1) + "\r\nConnection: close\r\n\r\n" + why + "\n";
    over(why);
}

void WebSocket::answerRequest(std::string_view head)
{
    const std::string_view line = firstLine(head);
    if (line.substr(0, 4) != "GET ")
        return refuse("405 Method Not Allowed", "a WebSocket handshake is a GET");
    const std::string_view target = line.substr(4, line.find(' ', 4) - 4);
    if (target.substr(0, target.find('?')) != m_options.path)
        return refuse("404 Not Found", "MQTT is served at " + m_options.path);
    const std::string key = field(head, "sec-websocket-key");
    if (!lists(field(head, "upgrade"), "websocket") || !lists(field(head, "connection"), "upgrade") || key.empty())
        return refuse("426 Upgrade Required", "MQTT is spoken here over WebSocket");
    if (field(head, "sec-websocket-version") != "13")
        return refuse("426 Upgrade Required", "WebSocket version 13 is spoken here");
    if (!lists(field(head, "sec-websocket-protocol"), "mqtt"))
        return refuse("400 Bad Request", "the subprotocol mqtt has to be offered");
    m_replies += "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                 + accepted(key) + "\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";
    m_phase = Phase::Open;
}

void WebSocket::readResponse(std::string_view head)
{
    const std::string_view line = firstLine(head);
    if (line.substr(0, 13) != "HTTP/1.1 101 " && line != "HTTP/1.1 101")
        return over("refuses the WebSocket handshake at " + m_options.path + ": " + shown(line));
    if (lower(field(head, "upgrade")) != "websocket" || field(head, "sec-websocket-accept") != accepted(m_key))
        return over("answers the WebSocket handshake at " + m_options.path + " with what is no answer to it");
    const std::string protocol = field(head, "sec-websocket-protocol");
    if (protocol != "mqtt")
        return over(protocol.empty() ? "does not choose the WebSocket subprotocol mqtt" : "chooses the WebSocket subprotocol " + shown(protocol) + ", not mqtt");
    m_phase = Phase::Open;
}

std::string WebSocket::accepted(std::string_view key) const
{
    return m_options.digest(std::string(key) + std::string(Guid));
}

// ---- frames

void WebSocket::frames()
{
    while (m_phase == Phase::Open && !m_input.empty()) {
        if (m_left > 0) {
            takeData();
            continue;
        }
        Header header;
        if (!readHeader(header))
            return;
        if (const std::string wrong = wrongWith(header); !wrong.empty()) {
            m_replies += closing();
            return over(wrong);
        }
        const bool isControl = header.opcode >= Close;
        if (isControl && m_input.size() < header.size + header.length)
            return;
        m_input.erase(0, header.size);
        if (isControl) {
            std::string payload = m_input.substr(0, header.length);
            m_input.erase(0, header.length);
            control(header, std::move(payload));
            continue;
        }
        m_isFragmented = !header.isLast;
        m_data = header;
        m_left = header.length;
        m_maskAt = 0;
    }
}

bool WebSocket::readHeader(Header &header) const
{
    const auto byte = [this](std::size_t at) { return static_cast<unsigned char>(m_input[at]); };
    if (m_input.size() < 2)
        return false;
    header.isLast = byte(0) & 0x80;
    header.opcode = static_cast<Opcode>(byte(0) & 0x7F); // reserved bits make it an unknown one
    header.isMasked = byte(1) & 0x80;
    header.length = byte(1) & 0x7F;
    const std::size_t extended = header.length == 127 ? 8 : header.length == 126 ? 2 : 0;
    header.size = 2 + extended + (header.isMasked ? 4 : 0);
    if (m_input.size() < header.size)
        return false;
    if (extended > 0)
        header.length = 0;
    for (std::size_t i = 0; i < extended; ++i)
        header.length = header.length << 8 | byte(2 + i);
    for (std::size_t i = 0; header.isMasked && i < 4; ++i)
        header.mask[i] = m_input[2 + extended + i];
    return true;
}

/// What the standard forbids in a header; empty if it is lawful.
std::string WebSocket::wrongWith(const Header &header) const
{
    if (header.isMasked != (m_options.side == Side::Server))
        return header.isMasked ? "sends masked WebSocket frames, and it is a server" : "sends WebSocket frames without mask";
    switch (header.opcode) {
    case Continuation: return m_isFragmented ? "" : "sends a WebSocket continuation of nothing";
    case Binary: return m_isFragmented ? "begins a WebSocket message inside another" : "";
    case Text: return "sends a WebSocket text frame; MQTT is binary [MQTT-6.0.0-1]";
    case Close:
    case Ping:
    case Pong: return header.length > LongestControl || !header.isLast ? "sends a WebSocket control frame that is too long" : "";
    }
    return "sends a WebSocket frame of unknown kind";
}

void WebSocket::takeData()
{
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(m_left, m_input.size()));
    for (std::size_t i = 0; i < count; ++i)
        m_bytes += m_data.isMasked ? static_cast<char>(m_input[i] ^ m_data.mask[m_maskAt++ % 4]) : m_input[i];
    m_input.erase(0, count);
    m_left -= count;
}

void WebSocket::control(const Header &header, std::string payload)
{
    for (std::size_t i = 0; header.isMasked && i < payload.size(); ++i)
        payload[i] = static_cast<char>(payload[i] ^ header.mask[i % 4]);
    if (header.opcode == Ping)
        m_replies += encoded(Pong, payload);
    if (header.opcode != Close)
        return;
    std::string why = "closed by the peer's WebSocket";
    if (payload.size() >= 2)
        why += " with " + std::to_string(static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]));
    if (payload.size() > 2)
        why += ": " + shown(payload.substr(2));
    m_replies += closing();
    over(why);
}

std::string WebSocket::frame(std::string_view bytes) { return encoded(Binary, bytes); }

std::string WebSocket::closing()
{
    return std::exchange(m_hasClosed, true) ? std::string() : encoded(Close, std::string_view("\x03\xE8", 2)); // 1000: normal
}

std::string WebSocket::encoded(Opcode opcode, std::string_view payload)
{
    const bool isMasked = m_options.side == Side::Client;
    std::string frame(1, static_cast<char>(0x80 | opcode));
    const std::size_t extended = payload.size() > 0xFFFF ? 8 : payload.size() > 125 ? 2 : 0;
    const std::size_t length = extended == 8 ? 127 : extended == 2 ? 126 : payload.size();
    frame += static_cast<char>((isMasked ? 0x80 : 0) | length);
    for (std::size_t i = extended; i > 0; --i)
        frame += static_cast<char>(static_cast<std::uint64_t>(payload.size()) >> (8 * (i - 1)) & 0xFF);
    if (!isMasked)
        return frame.append(payload);
    const std::uint64_t mask = m_random();
    const auto maskByte = [mask](std::size_t at) { return static_cast<char>(mask >> (8 * (at % 4)) & 0xFF); };
    for (std::size_t i = 0; i < 4; ++i)
        frame += maskByte(i);
    for (std::size_t i = 0; i < payload.size(); ++i)
        frame += static_cast<char>(payload[i] ^ maskByte(i));
    return frame;
}

} // namespace hiatus::wire
