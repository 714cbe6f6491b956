#include "proto/wire/propertyreader.h"

#include "proto/wire/filterfault.h"

namespace hiatus::wire {

namespace {

constexpr std::size_t LengthBytes = 2; // of a string; what is wrong with an empty one is its length

const Fault *misplaced(const PropertyRow &row, const PropertyBlock &block)
{
    if ((row.places & block.place) == 0)
        return &fault::PropertyMisplaced;
    if (row.id == PropertyId::subscription_identifier && block.place == place::Publish &&
        block.direction == Direction::ToServer)
        return &fault::SubscriptionIdFromClient;
    if (row.id == PropertyId::session_expiry_interval && block.place == place::Disconnect &&
        block.direction == Direction::ToClient)
        return &fault::ExpiryFromServer;
    return nullptr;
}

const Fault *repeated(const PropertyRow &row, const PropertyBlock &block)
{
    if (!block.has(row.id) || (row.repeats & block.place) != 0)
        return nullptr;
    if (row.id == PropertyId::session_expiry_interval && block.place == place::Connect)
        return &fault::ExpiryRepeated;
    return &fault::PropertyRepeated;
}

std::uint32_t readNumber(Reader &reader, const PropertyRow &row)
{
    switch (row.type) {
    case PropertyType::Byte:
        return reader.byte(row.name);
    case PropertyType::Two:
        return reader.two(row.name);
    case PropertyType::Four:
        return reader.four(row.name);
    default:
        return reader.variable(row.name);
    }
}

/// A response topic is a topic name [5.0 MQTT-3.3.2-14, MQTT-4.7.3-1].
void checkResponseTopic(Reader &reader, const PropertyRow &row, const PropertyBlock &block, std::string_view topic)
{
    const std::size_t start = reader.offset() - topic.size();
    const std::size_t wildcard = wildcardOffset(topic);
    if (topic.empty())
        reader.fail(fault::TopicEmpty, start - LengthBytes, row.name);
    else if (wildcard != std::string_view::npos)
        reader.fail(block.place == place::Publish ? fault::ResponseWildcard : fault::TopicWildcard, start + wildcard,
                    row.name);
}

} // namespace

const PropertyRow *readPropertyRow(Reader &reader, PropertyBlock &block)
{
    const std::size_t start = reader.offset();
    const std::uint32_t id = reader.variable("property identifier");
    if (!reader.ok())
        return nullptr;
    const PropertyRow *row = propertyRow(id);
    const Fault *wrong = row ? misplaced(*row, block) : &fault::PropertyUnknown;
    if (!wrong)
        wrong = repeated(*row, block);
    if (wrong) {
        reader.fail(*wrong, start, row ? row->name : "");
        return nullptr;
    }
    block.seen |= std::uint64_t{1} << id;
    return row;
}

PropertyValue readPropertyValue(Reader &reader, const PropertyRow &row, const PropertyBlock &block)
{
    PropertyValue value;
    const std::size_t start = reader.offset();
    if (isNumber(row.type)) {
        value.number = readNumber(reader, row);
        const bool outside = value.number < row.least || value.number > row.most;
        if (reader.ok() && outside)
            reader.fail(row.id == PropertyId::topic_alias ? fault::TopicAliasZero : fault::PropertyOutOfRange, start,
                        row.name);
        return value;
    }
    value.text = row.type == PropertyType::Binary ? reader.binary(row.name) : reader.text(row.name);
    if (row.type == PropertyType::Pair)
        value.second = reader.text(row.name);
    if (reader.ok() && row.id == PropertyId::response_topic)
        checkResponseTopic(reader, row, block, value.text);
    return value;
}

} // namespace hiatus::wire
