#pragma once
// Properties of a packet or will into the message's fields, by direct setters.

#include "proto/wire/property.h"
#include "proto/wire/reader.h"

namespace hiatus::wire {

/// A property's value: number, text or binary, or key and value.
struct PropertyValue
{
    std::uint32_t number = 0;
    std::string_view text;
    std::string_view second;
};

/// One block of properties while it is read.
struct PropertyBlock
{
    Places place;
    Direction direction;
    std::uint64_t seen = 0;       ///< bit n: identifier n occurred
    std::size_t lengthOffset = 0; ///< where the block begins

    bool has(std::uint32_t id) const { return (seen >> id & 1u) != 0; }
};

/// The next property's row; null (and a fault) if it is unknown, misplaced or repeated.
const PropertyRow *readPropertyRow(Reader &reader, PropertyBlock &block);

/// Its value, checked for type and range.
PropertyValue readPropertyValue(Reader &reader, const PropertyRow &row, const PropertyBlock &block);

template <class Message> void setProperty(Message &message, std::uint32_t id, const PropertyValue &value)
{
    switch (id) {
#define HIATUS_WIRE_SET(identifier, type, field, name, word, places, repeats, least, most)                             \
    case identifier:                                                                                                   \
        if constexpr (PropertyType::type == PropertyType::Pair) {                                                      \
            if constexpr (requires { message.add_user_property(); }) {                                                 \
                auto &pair = *message.add_user_property();                                                             \
                pair.set_key(value.text.data(), value.text.size());                                                    \
                pair.set_value(value.second.data(), value.second.size());                                              \
            }                                                                                                          \
        } else if constexpr (!isNumber(PropertyType::type)) {                                                          \
            if constexpr (requires { message.set_##field(value.text.data(), value.text.size()); })                     \
                message.set_##field(value.text.data(), value.text.size());                                             \
        } else if constexpr (requires { message.add_##field(value.number); }) {                                        \
            message.add_##field(value.number);                                                                         \
        } else if constexpr (requires { message.set_##field(value.number); }) {                                        \
            message.set_##field(value.number);                                                                         \
        }                                                                                                              \
        break;
        HIATUS_WIRE_PROPERTIES(HIATUS_WIRE_SET)
#undef HIATUS_WIRE_SET
    default:
        break;
    }
}

/// Property length and properties [5.0 MQTT-1.5.5-1].
template <class Message>
PropertyBlock readProperties(Reader &reader, Places place, Direction direction, Message &message)
{
    PropertyBlock block{place, direction};
    block.lengthOffset = reader.offset();
    const std::uint32_t length = reader.variable("Property Length");
    if (length == 0)
        return block;
    const std::size_t end = reader.narrow(length, block.lengthOffset, "Property Length");
    while (reader.ok() && reader.left() > 0) {
        const PropertyRow *row = readPropertyRow(reader, block);
        if (!row)
            break;
        const PropertyValue value = readPropertyValue(reader, *row, block);
        if (reader.ok())
            setProperty(message, row->id, value);
    }
    if (reader.ok())
        reader.widen(end);
    return block;
}

} // namespace hiatus::wire
