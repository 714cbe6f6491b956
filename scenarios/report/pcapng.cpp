#include "scenarios/report/pcapng.h"

#include "proto/wire/encoder.h"
#include "scenarios/report/names.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

namespace hiatus::report {

namespace {

constexpr std::size_t Segment = 16'000; ///< payload of one made-up segment
constexpr std::uint16_t MqttPort = 1883;
constexpr std::uint32_t Server = 0xC0000201; ///< 192.0.2.1, for documentation
constexpr std::uint32_t Clients = 0xC6120001; ///< 198.18.0.1 and on, for benchmarks

enum Flags : std::uint8_t { Fin = 1, Syn = 2, Rst = 4, Push = 8, Ack = 16 };

std::string little(std::uint64_t value, std::size_t size)
{
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i)
        bytes += static_cast<char>(value >> (8 * i) & 0xFF);
    return bytes;
}

std::string big(std::uint64_t value, std::size_t size)
{
    std::string bytes = little(value, size);
    std::reverse(bytes.begin(), bytes.end());
    return bytes;
}

std::string padded(std::string bytes)
{
    bytes.resize((bytes.size() + 3) / 4 * 4, '\0');
    return bytes;
}

std::string block(std::uint32_t type, const std::string &body)
{
    const std::string length = little(body.size() + 12, 4);
    return little(type, 4) + length + body + length;
}

std::string option(std::uint16_t code, std::string_view value)
{
    return little(code, 2) + little(value.size(), 2) + padded(std::string(value));
}

/// The Internet checksum.
std::uint16_t checksum(std::string_view bytes)
{
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        sum += static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (i % 2 == 0 ? 8 : 0);
    while (sum >> 16)
        sum = (sum & 0xFFFF) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

struct End
{
    std::uint32_t address = 0;
    std::uint16_t port = 0;
    std::uint32_t sequence = 1'000;
    bool hasEnded = false;
};

/// One made-up TCP connection.
struct Connection
{
    End ours;
    End theirs;
};

class Writer
{
public:
    explicit Writer(double started) : m_started(started)
    {
        m_file = block(0x0A0D0D0A, little(0x1A2B3C4D, 4) + little(1, 2) + little(0, 2) + little(~std::uint64_t{0}, 8) + option(4, "hiatus") + option(0, {}));
        m_file += block(1, little(101, 2) + little(0, 2) + little(0, 4)); // raw IP
    }

    void add(const v1::Result &result);
    std::string take() { return std::move(m_file); }

private:
    using Key = std::pair<std::string, std::uint32_t>;

    Connection &open(const v1::Result &result, const v1::TraceEvent &event, const std::string &comment);
    void segment(const v1::TraceEvent &event, End &from, End &to, std::uint8_t flags, std::string_view payload, const std::string &comment);
    void data(const v1::TraceEvent &event, End &from, End &to, std::string_view bytes, const std::string &comment);
    void ended(const v1::TraceEvent &event, Connection &connection);

    double m_started;
    std::string m_file;
    std::map<Key, Connection> m_connections;
    std::uint32_t m_made = 0;
};

/// Do we play the broker on this link? Then its CONNECT is read, not written.
bool isBrokerLink(const v1::Result &result, const v1::TraceEvent &of)
{
    const auto &events = result.trace().event();
    const auto first = std::find_if(events.begin(), events.end(), [&](const v1::TraceEvent &event) {
        return event.lane() == of.lane() && event.link() == of.link() && event.has_packet();
    });
    return first != events.end() && first->kind() == v1::TraceEvent::RECEIVED && first->packet().has_connect();
}

/// What the findings say of an event; empty if nothing.
std::string commentOn(const v1::Result &result, int event)
{
    std::string comment;
    for (const auto &finding : result.finding()) {
        if (std::find(finding.event().begin(), finding.event().end(), static_cast<std::uint32_t>(event)) == finding.event().end())
            continue;
        comment += (comment.empty() ? "" : "\n") + finding.reason() + (finding.field().empty() ? "" : " " + finding.field()) + " "
                   + citation(finding) + ": " + finding.text();
    }
    return comment;
}

void Writer::add(const v1::Result &result)
{
    m_connections.clear();
    for (int i = 0; i < result.trace().event_size(); ++i) {
        const v1::TraceEvent &event = result.trace().event(i);
        const bool isSent = event.kind() == v1::TraceEvent::SENT || event.kind() == v1::TraceEvent::RAW_SENT;
        const bool isReceived = event.kind() == v1::TraceEvent::RECEIVED || event.kind() == v1::TraceEvent::MALFORMED;
        const bool isEnd = event.kind() == v1::TraceEvent::CLOSED || event.kind() == v1::TraceEvent::DROPPED;
        const auto known = m_connections.find({event.lane(), event.link()});
        if (isEnd && known != m_connections.end())
            ended(event, known->second);
        if (!isSent && !isReceived && event.kind() != v1::TraceEvent::OPENED)
            continue;
        Connection &connection = known != m_connections.end() ? known->second : open(result, event, result.variant() + ", lane " + event.lane());
        const std::string bytes = event.bytes().empty() && event.has_packet() ? wire::encode(event.packet(), versionOf(event, versionOf(result))) : event.bytes();
        if (isSent)
            data(event, connection.ours, connection.theirs, bytes, commentOn(result, i));
        if (isReceived)
            data(event, connection.theirs, connection.ours, bytes, commentOn(result, i));
    }
}

Connection &Writer::open(const v1::Result &result, const v1::TraceEvent &event, const std::string &comment)
{
    Connection &connection = m_connections[{event.lane(), event.link()}];
    const End client{Clients + m_made / 40'000, static_cast<std::uint16_t>(20'000 + m_made % 40'000)};
    ++m_made;
    const End server{Server, MqttPort};
    const bool isBroker = isBrokerLink(result, event);
    connection.ours = isBroker ? server : client;
    connection.theirs = isBroker ? client : server;
    End &caller = isBroker ? connection.theirs : connection.ours;
    End &called = isBroker ? connection.ours : connection.theirs;
    segment(event, caller, called, Syn, {}, comment);
    ++caller.sequence;
    segment(event, called, caller, Syn | Ack, {}, {});
    ++called.sequence;
    segment(event, caller, called, Ack, {}, {});
    return connection;
}

void Writer::data(const v1::TraceEvent &event, End &from, End &to, std::string_view bytes, const std::string &comment)
{
    for (std::size_t at = 0; at < bytes.size(); at += Segment) {
        const std::string_view part = bytes.substr(at, Segment);
        segment(event, from, to, Push | Ack, part, at == 0 ? comment : std::string());
        from.sequence += static_cast<std::uint32_t>(part.size());
    }
}

void Writer::ended(const v1::TraceEvent &event, Connection &connection)
{
    const std::string &text = event.text();
    const bool isDrop = event.kind() == v1::TraceEvent::DROPPED;
    const bool isOurs = isDrop || text.find("by us") != std::string::npos;
    End &who = isOurs ? connection.ours : connection.theirs;
    End &other = isOurs ? connection.theirs : connection.ours;
    const bool staysOpen = isDrop && text.find("FIN") == std::string::npos && text.find("RST") == std::string::npos;
    if (staysOpen || std::exchange(who.hasEnded, true))
        return;
    const bool isReset = text.find("RST") != std::string::npos || text.find("reset") != std::string::npos;
    segment(event, who, other, isReset ? Rst | Ack : Fin | Ack, {}, {});
    who.sequence += isReset ? 0 : 1;
}

void Writer::segment(const v1::TraceEvent &event, End &from, End &to, std::uint8_t flags, std::string_view payload, const std::string &comment)
{
    std::string tcp = big(from.port, 2) + big(to.port, 2) + big(from.sequence, 4) + big(flags & Ack ? to.sequence : 0, 4)
                      + big(0x50, 1) + big(flags, 1) + big(0xFFFF, 2) + big(0, 4) + std::string(payload);
    const std::string pseudo = big(from.address, 4) + big(to.address, 4) + big(6, 2) + big(tcp.size(), 2);
    tcp.replace(16, 2, big(checksum(pseudo + tcp), 2));
    std::string ip = big(0x4500, 2) + big(20 + tcp.size(), 2) + big(0, 2) + big(0x4000, 2) + big(0x4006, 2) + big(0, 2)
                     + big(from.address, 4) + big(to.address, 4);
    ip.replace(10, 2, big(checksum(ip), 2));
    const std::string packet = ip + tcp;
    const auto micros = static_cast<std::uint64_t>((m_started + event.at()) * 1'000);
    std::string body = little(0, 4) + little(micros >> 32, 4) + little(micros & 0xFFFFFFFF, 4) + little(packet.size(), 4) + little(packet.size(), 4) + padded(packet);
    if (!comment.empty())
        body += option(1, comment) + option(0, {});
    m_file += block(6, body);
}

} // namespace

std::string toPcapng(const v1::Report &report)
{
    Writer writer(report.started());
    for (const auto &result : report.result())
        writer.add(result);
    return writer.take();
}

std::string toPcapng(const v1::Report &report, const v1::Result &result)
{
    Writer writer(report.started());
    writer.add(result);
    return writer.take();
}

} // namespace hiatus::report
