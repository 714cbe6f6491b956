#include "proto/wire/writer.h"

#include <algorithm>
#include <cstring>

namespace hiatus::wire {

namespace {
constexpr std::size_t LongestString = 65535;
constexpr std::size_t LongestVariable = 5;
} // namespace

std::size_t variableSize(std::uint64_t value)
{
    std::size_t size = 1;
    while ((value >>= 7) != 0 && size < LongestVariable)
        ++size;
    return size;
}

void Writer::byte(std::uint32_t value)
{
    if (m_size < m_capacity)
        m_buffer[m_size] = static_cast<char>(value & 0xFF);
    ++m_size;
}

void Writer::two(std::uint32_t value)
{
    byte(value >> 8);
    byte(value);
}

void Writer::four(std::uint32_t value)
{
    two(value >> 16);
    two(value);
}

void Writer::variable(std::uint64_t value, std::size_t bytes)
{
    const std::size_t size = std::clamp(bytes, variableSize(value), LongestVariable);
    for (std::size_t i = 1; i < size; ++i) {
        byte(static_cast<std::uint32_t>(value & 0x7F) | 0x80u);
        value >>= 7;
    }
    byte(static_cast<std::uint32_t>(value & 0x7F));
}

void Writer::raw(std::string_view data)
{
    if (m_size < m_capacity) {
        const std::size_t fits = std::min(data.size(), m_capacity - m_size);
        std::memcpy(m_buffer + m_size, data.data(), fits);
    }
    m_size += data.size();
}

void Writer::binary(std::string_view data)
{
    const std::string_view fits = data.substr(0, LongestString);
    two(static_cast<std::uint32_t>(fits.size()));
    raw(fits);
}

} // namespace hiatus::wire
