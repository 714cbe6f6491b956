#pragma once
// Properties of a message onto the wire, in the order of the table.

#include "proto/wire/property.h"
#include "proto/wire/writer.h"

namespace hiatus::wire {

inline void writeNumber(Writer &writer, std::uint32_t id, PropertyType type, std::uint32_t value)
{
    writer.variable(id);
    switch (type) {
    case PropertyType::Byte:
        return writer.byte(value);
    case PropertyType::Two:
        return writer.two(value);
    case PropertyType::Four:
        return writer.four(value);
    default:
        return writer.variable(value);
    }
}

/// Without the property length.
template <class Message> void writePropertyList(Writer &writer, const Message &message)
{
#define HIATUS_WIRE_PUT(id, type, field, name, word, places, repeats, least, most)                                     \
    if constexpr (PropertyType::type == PropertyType::Pair) {                                                          \
        for (const v1::UserProperty &pair : message.user_property()) {                                                 \
            writer.variable(id);                                                                                       \
            writer.binary(pair.key());                                                                                 \
            writer.binary(pair.value());                                                                               \
        }                                                                                                              \
    } else if constexpr (requires { message.has_##field(); }) {                                                        \
        if (message.has_##field()) {                                                                                   \
            if constexpr (isNumber(PropertyType::type)) {                                                              \
                writeNumber(writer, id, PropertyType::type, message.field());                                          \
            } else {                                                                                                   \
                writer.variable(id);                                                                                   \
                writer.binary(message.field());                                                                        \
            }                                                                                                          \
        }                                                                                                              \
    } else if constexpr (requires { message.field##_size(); }) {                                                       \
        for (const std::uint32_t value : message.field())                                                              \
            writeNumber(writer, id, PropertyType::type, value);                                                        \
    }
    HIATUS_WIRE_PROPERTIES(HIATUS_WIRE_PUT)
#undef HIATUS_WIRE_PUT
}

template <class Message> std::size_t propertySize(const Message &message)
{
    Writer counter;
    writePropertyList(counter, message);
    return counter.size();
}

/// Property length and properties.
template <class Message> void writeProperties(Writer &writer, const Message &message)
{
    writer.variable(propertySize(message));
    writePropertyList(writer, message);
}

} // namespace hiatus::wire
