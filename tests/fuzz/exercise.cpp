#include "exercise.h"

#include "proto/wire/decoder.h"
#include "proto/wire/encoder.h"
#include "proto/wire/text.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace hiatus::wire::test {

namespace {

constexpr v1::Version Versions[] = {v1::VERSION_UNSPECIFIED, v1::V3, v1::V5};
constexpr Direction Directions[] = {Direction::ToServer, Direction::ToClient};

[[noreturn]] void fail(const char *what, const std::string &witness)
{
    std::fprintf(stderr, "%s: %s\n", what, witness.c_str());
    std::abort();
}

/// A packet that was decoded has to survive encoding.
void checkRoundTrip(const v1::Packet &packet, Direction direction, v1::Version version)
{
    const std::string bytes = encode(packet, version);
    if (bytes.size() != encodedSize(packet, version))
        fail("encodedSize differs", hex(bytes));
    const DecodeResult again = decodeOne(bytes, direction, version);
    if (const Malformed *fault = std::get_if<Malformed>(&again))
        fail(fault->reason.c_str(), hex(bytes));
    if (std::get<Frame>(again).packet.SerializeAsString() != packet.SerializeAsString())
        fail("another packet comes back", text(packet, version) + " from " + hex(bytes));
}

/// One line per result of the stream.
std::vector<std::string> told(Decoder &decoder, std::string_view bytes, std::size_t piece)
{
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        decoder.feed(bytes.substr(at, piece));
        while (const auto result = decoder.next()) {
            if (const Malformed *fault = std::get_if<Malformed>(&*result))
                lines.push_back(fault->reason + " " + std::to_string(fault->offset) + " " + fault->statement);
            else
                lines.push_back(std::get<Frame>(*result).packet.SerializeAsString());
        }
    }
    return lines;
}

void checkStream(std::string_view bytes, Direction direction, v1::Version version)
{
    Decoder decoder(direction, version);
    decoder.feed(bytes);
    while (const auto result = decoder.next()) {
        const Frame *frame = std::get_if<Frame>(&*result);
        if (!frame)
            break;
        checkRoundTrip(frame->packet, direction, decoder.version());
    }
    Decoder whole(direction, version);
    Decoder pieces(direction, version);
    if (told(whole, bytes, bytes.size() + 1) != told(pieces, bytes, 1 + bytes.size() % 7))
        fail("segmentation matters", hex(bytes));
}

/// Any packet at all can be encoded and printed.
void checkEncoder(std::string_view bytes)
{
    v1::Packet packet;
    if (!packet.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
        return;
    for (const v1::Version version : Versions) {
        if (encode(packet, version).size() != encodedSize(packet, version))
            fail("encodedSize differs", packet.ShortDebugString());
        if (text(packet, version).empty())
            fail("no text", packet.ShortDebugString());
    }
}

} // namespace

void exercise(std::string_view bytes)
{
    for (const v1::Version version : Versions) {
        for (const Direction direction : Directions)
            checkStream(bytes, direction, version);
    }
    checkEncoder(bytes);
}

} // namespace hiatus::wire::test
