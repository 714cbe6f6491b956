#pragma once
// Bounded writer of packet fields. Without a buffer it only counts, so sizes and bytes come from the same code.

#include "proto/wire/property.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hiatus::wire {

/// Bytes that a number takes in the variable byte encoding; five beyond what the standard allows.
std::size_t variableSize(std::uint64_t value);

class Writer
{
public:
    /// Counts.
    Writer() = default;
    /// Writes; what does not fit is counted and dropped.
    Writer(char *buffer, std::size_t capacity) : m_buffer(buffer), m_capacity(capacity) {}

    std::size_t size() const { return m_size; }

    void byte(std::uint32_t value);
    void two(std::uint32_t value);
    void four(std::uint32_t value);
    /// At least `bytes` long, non-minimal if need be.
    void variable(std::uint64_t value, std::size_t bytes = 1);
    void raw(std::string_view data);
    /// Two bytes of length and the data, cut to 65,535 bytes.
    void binary(std::string_view data);

private:
    char *m_buffer = nullptr;
    std::size_t m_capacity = 0;
    std::size_t m_size = 0;
};

} // namespace hiatus::wire
