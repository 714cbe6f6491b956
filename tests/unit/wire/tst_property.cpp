// The table of properties against the schema.

#include "proto/wire/property.h"

#include <QtTest>

#include <map>
#include <set>
#include <string>

using namespace hiatus;
using namespace hiatus::wire;

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

namespace {

struct Entry
{
    std::uint32_t id;
    PropertyType type;
    std::string field;
    Places places;
    Places repeats;
};

std::vector<Entry> entries()
{
    using namespace place;
    return {
#define HIATUS_TEST_ENTRY(id, type, field, name, word, places, repeats, least, most)                                   \
    Entry{id, PropertyType::type, #field, places, repeats},
        HIATUS_WIRE_PROPERTIES(HIATUS_TEST_ENTRY)
#undef HIATUS_TEST_ENTRY
    };
}

/// The message whose fields are the properties of each place.
std::map<Places, const Descriptor *> messages()
{
    std::map<Places, const Descriptor *> result{{place::Will, v1::Will::descriptor()}};
    const Descriptor *packet = v1::Packet::descriptor();
    for (int kind = 1; kind <= 15; ++kind)
        result[1u << kind] = packet->FindFieldByNumber(kind)->message_type();
    return result;
}

bool fits(const Entry &entry, Places place, const FieldDescriptor *field)
{
    const bool repeated = (entry.repeats & place) != 0;
    if (!field || field->is_repeated() != repeated)
        return false;
    if (isNumber(entry.type))
        return field->type() == FieldDescriptor::TYPE_UINT32;
    if (entry.type == PropertyType::Pair)
        return field->type() == FieldDescriptor::TYPE_MESSAGE;
    return field->type() ==
           (entry.type == PropertyType::Binary ? FieldDescriptor::TYPE_BYTES : FieldDescriptor::TYPE_STRING);
}

} // namespace

class TestProperty : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPropertyHasItsFieldWhereverItMayStand();
    void noFieldOfThatNameExistsElsewhere();
    void hasTheTwentySevenPropertiesOfTheStandard();
    void knowsNoOtherIdentifiers();
};

void TestProperty::everyPropertyHasItsFieldWhereverItMayStand()
{
    for (const Entry &entry : entries()) {
        for (const auto &[place, message] : messages()) {
            if ((entry.places & place) == 0)
                continue;
            const std::string where = message->name() + "." + entry.field;
            QVERIFY2(fits(entry, place, message->FindFieldByName(entry.field)), where.c_str());
        }
    }
}

void TestProperty::noFieldOfThatNameExistsElsewhere()
{
    // Such a field would be silently lost on the wire.
    for (const auto &[place, message] : messages()) {
        for (const Entry &entry : entries()) {
            if ((entry.places & place) != 0)
                continue;
            const std::string where = message->name() + "." + entry.field;
            QVERIFY2(message->FindFieldByName(entry.field) == nullptr, where.c_str());
        }
    }
}

void TestProperty::hasTheTwentySevenPropertiesOfTheStandard()
{
    std::set<std::uint32_t> ids;
    for (const Entry &entry : entries())
        ids.insert(entry.id);
    const std::set<std::uint32_t> expected{0x01, 0x02, 0x03, 0x08, 0x09, 0x0B, 0x11, 0x12, 0x13,
                                           0x15, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x1C, 0x1F, 0x21,
                                           0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A};
    QVERIFY(ids == expected);
}

void TestProperty::knowsNoOtherIdentifiers()
{
    std::set<std::uint32_t> ids;
    for (const Entry &entry : entries())
        ids.insert(entry.id);
    for (std::uint32_t id = 0; id < 300; ++id) {
        QCOMPARE(propertyRow(id) != nullptr, ids.count(id) == 1);
        if (propertyRow(id))
            QCOMPARE(propertyRow(id)->id, id);
    }
}

QTEST_APPLESS_MAIN(TestProperty)
#include "tst_property.moc"
