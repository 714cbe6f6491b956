#include "proto/wire/reader.h"

#include "proto/wire/utf8.h"

namespace hiatus::wire {

VariableInteger readVariableInteger(std::string_view bytes)
{
    VariableInteger result;
    while (result.size < bytes.size() && result.size < 4) {
        const auto byte = static_cast<std::uint8_t>(bytes[result.size]);
        result.value |= static_cast<std::uint32_t>(byte & 0x7F) << (7 * result.size);
        ++result.size;
        if ((byte & 0x80) == 0) {
            result.state = VariableInteger::State::Whole;
            result.minimal = byte != 0 || result.size == 1;
            return result;
        }
    }
    result.state = result.size == 4 ? VariableInteger::State::TooLong : VariableInteger::State::Cut;
    return result;
}

void Reader::fail(const Fault &fault, std::size_t offset, const char *field)
{
    if (m_fault)
        return;
    m_fault = &fault;
    m_faultOffset = offset;
    m_faultField = field;
    m_end = m_offset;
}

bool Reader::has(std::size_t count, const char *field)
{
    if (left() >= count)
        return true;
    fail(fault::Truncated, m_offset, field);
    return false;
}

std::uint8_t Reader::byte(const char *field)
{
    if (!has(1, field))
        return 0;
    return at(m_offset++);
}

std::uint16_t Reader::two(const char *field)
{
    if (!has(2, field))
        return 0;
    const auto value = static_cast<std::uint16_t>(at(m_offset) << 8 | at(m_offset + 1));
    m_offset += 2;
    return value;
}

std::uint32_t Reader::four(const char *field)
{
    if (!has(4, field))
        return 0;
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i)
        value = value << 8 | at(m_offset++);
    return value;
}

std::uint32_t Reader::variable(const char *field)
{
    if (!ok())
        return 0;
    const VariableInteger integer = readVariableInteger(m_bytes.substr(m_offset, left()));
    if (integer.state == VariableInteger::State::Cut)
        fail(fault::Truncated, m_offset, field);
    else if (integer.state == VariableInteger::State::TooLong)
        fail(fault::IntegerTooLong, m_offset + integer.size - 1, field);
    else if (!integer.minimal)
        fail(fault::IntegerNotMinimal, m_offset + integer.size - 1, field);
    if (!ok())
        return 0;
    m_offset += integer.size;
    return integer.value;
}

std::string_view Reader::binary(const char *field)
{
    const std::size_t start = m_offset;
    const std::size_t length = two(field);
    if (!ok())
        return {};
    if (left() < length) {
        fail(fault::Truncated, start, field);
        return {};
    }
    const std::string_view data = m_bytes.substr(m_offset, length);
    m_offset += length;
    return data;
}

std::string_view Reader::text(const char *field)
{
    const std::string_view data = binary(field);
    const Utf8Fault wrong = utf8Fault(data);
    if (wrong.kind == Utf8Fault::None)
        return data;
    fail(wrong.kind == Utf8Fault::Null ? fault::NullCharacter : fault::BadUtf8, m_offset - data.size() + wrong.offset,
         field);
    return {};
}

std::string_view Reader::rest()
{
    const std::string_view data = m_bytes.substr(m_offset, left());
    m_offset = m_end;
    return data;
}

std::size_t Reader::narrow(std::uint32_t length, std::size_t lengthOffset, const char *field)
{
    const std::size_t outer = m_end;
    if (length > left())
        fail(fault::Truncated, lengthOffset, field);
    else
        m_end = m_offset + length;
    return outer;
}

} // namespace hiatus::wire
