#include "proto/wire/property.h"

#include <array>

namespace hiatus::wire {

namespace {

constexpr std::size_t Identifiers = 0x2B;

constexpr std::array<PropertyRow, Identifiers> makeRows()
{
    using namespace place;
    std::array<PropertyRow, Identifiers> rows{};
#define HIATUS_WIRE_ROW(id, type, field, name, word, places, repeats, least, most)                                     \
    rows[id] = {id, PropertyType::type, name, places, repeats, least, most};
    HIATUS_WIRE_PROPERTIES(HIATUS_WIRE_ROW)
#undef HIATUS_WIRE_ROW
    return rows;
}

constexpr std::array<PropertyRow, Identifiers> Rows = makeRows();

} // namespace

const PropertyRow *propertyRow(std::uint32_t id)
{
    if (id >= Rows.size() || Rows[id].name == nullptr)
        return nullptr;
    return &Rows[id];
}

} // namespace hiatus::wire
