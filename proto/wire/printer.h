#pragma once
// The words of the one-line text.

#include "proto/wire/property.h"

#include <string>
#include <string_view>
#include <utility>

namespace hiatus::wire {

/// Appends words to a line, each behind a space unless a bracket was just opened.
class Printer
{
public:
    Printer(v1::Packet::KindCase kind, v1::Version version) : m_kind(kind), m_version(version) {}

    /// As it is, without a space.
    void raw(std::string_view text) { m_line.append(text); }
    /// `q1`
    void word(std::string_view prefix, std::uint32_t value);
    /// `DUP` or nothing
    void flag(std::string_view word, bool set);
    /// `expiry=60`
    void number(std::string_view word, std::uint32_t value);
    /// `reason="too bad"`, whole
    void text(std::string_view word, std::string_view value);
    /// `client_id="dev"`, whole up to 100 bytes, else cut
    void id(std::string_view word, std::string_view value) { value.size() > 100 ? binary(word, value) : text(word, value); }
    /// `correlation="\x01\x02"`, cut after 40 bytes
    void binary(std::string_view word, std::string_view value);
    /// `door`, or quoted where it could be misread
    void name(std::string_view topic);
    /// `"open"`, cut after 40 bytes
    void data(std::string_view bytes);
    /// `code=0x00 Success`
    void code(std::uint32_t code);
    /// `user.key="value"`
    void pair(std::string_view word, std::string_view key, std::string_view value);

    std::string take() { return std::move(m_line); }

private:
    void space();
    void quoted(std::string_view bytes);
    void cut(std::string_view bytes);

    v1::Packet::KindCase m_kind;
    v1::Version m_version;
    std::string m_line;
};

template <class Message> void printProperties(Printer &out, const Message &message)
{
#define HIATUS_WIRE_PRINT(id, type, field, name, word, places, repeats, least, most)                                   \
    if constexpr (PropertyType::type == PropertyType::Pair) {                                                          \
        for (const v1::UserProperty &pair : message.user_property())                                                   \
            out.pair(word, pair.key(), pair.value());                                                                  \
    } else if constexpr (requires { message.has_##field(); }) {                                                        \
        if (message.has_##field()) {                                                                                   \
            if constexpr (isNumber(PropertyType::type))                                                                \
                out.number(word, message.field());                                                                     \
            else if constexpr (PropertyType::type == PropertyType::Text)                                               \
                out.text(word, message.field());                                                                       \
            else                                                                                                       \
                out.binary(word, message.field());                                                                     \
        }                                                                                                              \
    } else if constexpr (requires { message.field##_size(); }) {                                                       \
        for (const std::uint32_t value : message.field())                                                              \
            out.number(word, value);                                                                                   \
    }
    HIATUS_WIRE_PROPERTIES(HIATUS_WIRE_PRINT)
#undef HIATUS_WIRE_PRINT
}

} // namespace hiatus::wire
