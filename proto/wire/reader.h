#pragma once
// Bounded, sticky reader over one packet: after the first fault every read gives zero and moves nothing.

#include "proto/wire/fault.h"

#include <cstdint>
#include <string_view>

namespace hiatus::wire {

/// A length in the variable byte encoding, as far as it could be read.
struct VariableInteger
{
    enum class State { Whole, Cut, TooLong };
    State state = State::Cut;
    bool minimal = true;
    std::uint32_t value = 0;
    std::size_t size = 0; ///< bytes looked at
};

VariableInteger readVariableInteger(std::string_view bytes);

/// Reads the fields of one whole packet. Offsets count from the packet's first byte.
class Reader
{
public:
    Reader(std::string_view packet, std::size_t offset) : m_bytes(packet), m_offset(offset), m_end(packet.size()) {}

    bool ok() const { return m_fault == nullptr; }
    const Fault *fault() const { return m_fault; }
    std::size_t faultOffset() const { return m_faultOffset; }
    std::string_view faultField() const { return m_faultField; }

    std::size_t offset() const { return m_offset; }
    std::size_t left() const { return m_end - m_offset; }

    std::uint8_t byte(const char *field);
    std::uint16_t two(const char *field);
    std::uint32_t four(const char *field);
    std::uint32_t variable(const char *field);
    /// Two bytes of length and as many of data.
    std::string_view binary(const char *field);
    /// Binary that is UTF-8 without U+0000 [3.1.1 MQTT-1.5.3-1, MQTT-1.5.3-2] [5.0 MQTT-1.5.4-1, MQTT-1.5.4-2].
    std::string_view text(const char *field);
    std::string_view rest();

    /// Only the first fault counts; the reader stands still from then on.
    void fail(const Fault &fault, std::size_t offset, const char *field = "");

    /// Ends the readable part `length` bytes from here; widen() with the result undoes it.
    std::size_t narrow(std::uint32_t length, std::size_t lengthOffset, const char *field);
    void widen(std::size_t end) { m_end = end; }

private:
    bool has(std::size_t count, const char *field);
    std::uint8_t at(std::size_t index) const { return static_cast<std::uint8_t>(m_bytes[index]); }

    std::string_view m_bytes;
    std::size_t m_offset;
    std::size_t m_end;
    const Fault *m_fault = nullptr;
    std::size_t m_faultOffset = 0;
    const char *m_faultField = "";
};

} // namespace hiatus::wire
