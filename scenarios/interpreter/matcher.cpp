#include "scenarios/interpreter/matcher.h"

#include "proto/wire/text.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <charconv>

namespace hiatus::run {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

/// The message inside the packet's oneof; nothing for a packet without a kind.
const Message *body(const v1::Packet &packet)
{
    const auto *field = packet.GetReflection()->GetOneofFieldDescriptor(packet, packet.GetDescriptor()->oneof_decl(0));
    return field ? &packet.GetReflection()->GetMessage(packet, field) : nullptr;
}

bool isBoring(const FieldDescriptor *field, v1::Version version)
{
    return version == v1::V3 && field->options().GetExtension(v1::since) == v1::V5_ONLY;
}

std::string quoted(const std::string &text)
{
    std::string result = "\"";
    static constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\') {
            result.push_back(c);
        } else {
            result += "\\x";
            result.push_back(digits[byte >> 4]);
            result.push_back(digits[byte & 15]);
        }
        if (result.size() > 80)
            return result + "…\"";
    }
    return result + "\"";
}

std::string hexByte(std::uint32_t value)
{
    static constexpr std::string_view digits = "0123456789ABCDEF";
    if (value > 255)
        return std::to_string(value);
    return std::string("0x") + digits[value >> 4] + digits[value & 15];
}

std::string scalarText(const Message &message, const FieldDescriptor *field, int index)
{
    const auto *reflection = message.GetReflection();
    const bool repeated = field->is_repeated();
    switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
        return (repeated ? reflection->GetRepeatedBool(message, field, index) : reflection->GetBool(message, field))
                   ? "true"
                   : "false";
    case FieldDescriptor::CPPTYPE_UINT32: {
        const auto value = repeated ? reflection->GetRepeatedUInt32(message, field, index)
                                    : reflection->GetUInt32(message, field);
        return field->name() == "code" ? hexByte(value) : std::to_string(value);
    }
    case FieldDescriptor::CPPTYPE_STRING:
        return quoted(repeated ? reflection->GetRepeatedString(message, field, index)
                               : reflection->GetString(message, field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
        return "{" + (repeated ? reflection->GetRepeatedMessage(message, field, index)
                               : reflection->GetMessage(message, field))
                         .ShortDebugString() +
               "}";
    default:
        return "?";
    }
}

std::string repeatedText(const Message &message, const FieldDescriptor *field)
{
    std::vector<std::string> items;
    for (int i = 0; i < message.GetReflection()->FieldSize(message, field); ++i)
        items.push_back(scalarText(message, field, i));
    if (field->options().GetExtension(v1::as_set))
        std::sort(items.begin(), items.end());
    std::string text = "[";
    for (const auto &item : items)
        text += (text.size() > 1 ? ", " : "") + item;
    return text + "]";
}

void compare(const Message &pattern, const Message &packet, const std::string &prefix, v1::Version version,
             std::vector<Mismatch> &found);

/// As many elements as the pattern lists, in its order; of each only the fields that the pattern lists.
/// The same elements, and only their order is another one.
bool isPermuted(const Message &pattern, const Message &packet, const FieldDescriptor *field)
{
    const auto sorted = [field](const Message &message) {
        std::vector<std::string> texts;
        for (int i = 0; i < message.GetReflection()->FieldSize(message, field); ++i)
            texts.push_back(message.GetReflection()->GetRepeatedMessage(message, field, i).SerializeAsString());
        std::sort(texts.begin(), texts.end());
        return texts;
    };
    return repeatedText(pattern, field) != repeatedText(packet, field) && sorted(pattern) == sorted(packet);
}

void compareElements(const Message &pattern, const Message &packet, const FieldDescriptor *field, const std::string &path,
                     v1::Version version, std::vector<Mismatch> &found)
{
    const int count = pattern.GetReflection()->FieldSize(pattern, field);
    if (packet.GetReflection()->FieldSize(packet, field) != count) {
        found.push_back({path, repeatedText(pattern, field), repeatedText(packet, field)});
        return;
    }
    if (isPermuted(pattern, packet, field)) {
        found.push_back({path + ".order", repeatedText(pattern, field), repeatedText(packet, field)});
        return;
    }
    for (int i = 0; i < count; ++i)
        compare(pattern.GetReflection()->GetRepeatedMessage(pattern, field, i),
                packet.GetReflection()->GetRepeatedMessage(packet, field, i), path + "[" + std::to_string(i) + "].", version, found);
}

void compare(const Message &pattern, const Message &packet, const std::string &prefix, v1::Version version,
             std::vector<Mismatch> &found)
{
    std::vector<const FieldDescriptor *> fields;
    pattern.GetReflection()->ListFields(pattern, &fields);
    for (const auto *field : fields) {
        if (field->options().GetExtension(v1::identity) || isBoring(field, version))
            continue;
        const std::string path = prefix + field->name();
        if (field->is_repeated() && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
            compareElements(pattern, packet, field, path, version, found);
            continue;
        }
        if (field->is_repeated()) {
            const std::string expected = repeatedText(pattern, field);
            const std::string actual = repeatedText(packet, field);
            if (expected != actual)
                found.push_back({path, expected, actual});
            continue;
        }
        const bool present = packet.GetReflection()->HasField(packet, field);
        if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && present) {
            compare(pattern.GetReflection()->GetMessage(pattern, field), packet.GetReflection()->GetMessage(packet, field),
                    path + ".", version, found);
            continue;
        }
        const std::string expected = scalarText(pattern, field, 0);
        const std::string actual = present ? scalarText(packet, field, 0) : "absent";
        if (expected != actual)
            found.push_back({path, expected, actual});
    }
}

/// The message that holds the last field of a dotted path, and that field.
struct Place
{
    const Message *message = nullptr;
    const FieldDescriptor *field = nullptr;
};

Place find(const Message &message, const std::string &path)
{
    const auto dot = path.find('.');
    const auto *field = message.GetDescriptor()->FindFieldByName(path.substr(0, dot));
    if (!field)
        return {};
    if (dot == std::string::npos)
        return {&message, field};
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_repeated())
        return {};
    return find(message.GetReflection()->GetMessage(message, field), path.substr(dot + 1));
}

} // namespace

bool selects(const v1::Packet &pattern, const v1::Packet &packet)
{
    if (pattern.kind_case() != packet.kind_case())
        return false;
    const Message *wanted = body(pattern);
    const Message *given = body(packet);
    if (!wanted)
        return true;
    std::vector<const FieldDescriptor *> fields;
    wanted->GetReflection()->ListFields(*wanted, &fields);
    return std::all_of(fields.begin(), fields.end(), [&](const FieldDescriptor *field) {
        if (!field->options().GetExtension(v1::identity))
            return true;
        return given->GetReflection()->HasField(*given, field) &&
               wanted->GetReflection()->GetString(*wanted, field) == given->GetReflection()->GetString(*given, field);
    });
}

std::vector<Mismatch> mismatches(const v1::Packet &pattern, const v1::Packet &packet, v1::Version version)
{
    std::vector<Mismatch> found;
    if (const Message *wanted = body(pattern))
        compare(*wanted, *body(packet), {}, version, found);
    return found;
}

std::vector<Mismatch> notAbsent(const google::protobuf::RepeatedPtrField<std::string> &paths, const v1::Packet &packet)
{
    std::vector<Mismatch> found;
    for (const auto &path : paths) {
        if (const auto value = fieldText(packet, path))
            found.push_back({path, "absent", *value});
    }
    return found;
}

std::optional<Mismatch> notWithin(const v1::Within &within, std::optional<std::uint32_t> limit, const v1::Packet &packet)
{
    std::string expected;
    for (const auto value : within.any())
        expected += (expected.empty() ? "one of " : ", ") + std::to_string(value);
    if (within.has_min())
        expected += "at least " + std::to_string(within.min());
    if (limit)
        expected += (within.has_min() ? ", at most " : "at most ") + std::to_string(*limit);
    if (within.or_absent())
        expected += ", or absent";
    const Message *message = body(packet);
    const Place place = message ? find(*message, within.field()) : Place{};
    if (!place.field || place.field->cpp_type() != FieldDescriptor::CPPTYPE_UINT32 || place.field->is_repeated() ||
        !place.message->GetReflection()->HasField(*place.message, place.field))
        return within.or_absent() ? std::nullopt : std::optional(Mismatch{within.field(), expected, "absent"});
    const std::uint32_t value = place.message->GetReflection()->GetUInt32(*place.message, place.field);
    const bool any = within.any().empty() || std::find(within.any().begin(), within.any().end(), value) != within.any().end();
    if (any && (!within.has_min() || value >= within.min()) && (!limit || value <= *limit))
        return std::nullopt;
    return Mismatch{within.field(), expected, scalarText(*place.message, place.field, 0)};
}

std::optional<std::string> fieldText(const Message &message, const std::string &path)
{
    const Place place = find(message, path);
    if (!place.field)
        return std::nullopt;
    if (place.field->is_repeated())
        return place.message->GetReflection()->FieldSize(*place.message, place.field)
                   ? std::optional(repeatedText(*place.message, place.field))
                   : std::nullopt;
    if (!place.message->GetReflection()->HasField(*place.message, place.field))
        return std::nullopt;
    if (place.field->cpp_type() == FieldDescriptor::CPPTYPE_STRING)
        return place.message->GetReflection()->GetString(*place.message, place.field);
    if (place.field->cpp_type() == FieldDescriptor::CPPTYPE_UINT32)
        return std::to_string(place.message->GetReflection()->GetUInt32(*place.message, place.field));
    return scalarText(*place.message, place.field, 0);
}

std::optional<std::string> fieldText(const v1::Packet &packet, const std::string &path)
{
    const Message *message = body(packet);
    return message ? fieldText(*message, path) : std::nullopt;
}

bool setField(Message &message, const std::string &path, const std::string &value)
{
    const auto dot = path.find('.');
    const auto *field = message.GetDescriptor()->FindFieldByName(path.substr(0, dot));
    const auto *reflection = message.GetReflection();
    if (!field)
        return false;
    if (dot != std::string::npos) {
        return field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_repeated() &&
               setField(*reflection->MutableMessage(&message, field), path.substr(dot + 1), value);
    }
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING && !field->is_repeated()) {
        reflection->SetString(&message, field, value);
        return true;
    }
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL && !field->is_repeated()) {
        reflection->SetBool(&message, field, value == "true" || value == "1");
        return value == "true" || value == "false" || value == "0" || value == "1";
    }
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || end != value.data() + value.size() || field->cpp_type() != FieldDescriptor::CPPTYPE_UINT32)
        return false;
    if (field->is_repeated())
        reflection->AddUInt32(&message, field, number);
    else
        reflection->SetUInt32(&message, field, number);
    return true;
}

v1::Packet patternOf(const v1::Expect &expect)
{
    v1::Packet pattern;
    const auto *field = expect.GetReflection()->GetOneofFieldDescriptor(expect, expect.GetDescriptor()->oneof_decl(0));
    if (!field)
        return pattern;
    const auto *same = pattern.GetDescriptor()->FindFieldByName(field->name());
    if (!same) {
        pattern.mutable_publish();
        return pattern;
    }
    pattern.GetReflection()->MutableMessage(&pattern, same)->CopyFrom(expect.GetReflection()->GetMessage(expect, field));
    return pattern;
}

std::optional<std::uint32_t> packetIdOf(const v1::Packet &packet)
{
    const Message *message = body(packet);
    const auto *field = message ? message->GetDescriptor()->FindFieldByName("packet_id") : nullptr;
    if (!field || !message->GetReflection()->HasField(*message, field))
        return std::nullopt;
    return message->GetReflection()->GetUInt32(*message, field);
}

void setPacketId(v1::Packet &packet, std::uint32_t id)
{
    const auto *kind = packet.GetReflection()->GetOneofFieldDescriptor(packet, packet.GetDescriptor()->oneof_decl(0));
    if (!kind)
        return;
    Message *message = packet.GetReflection()->MutableMessage(&packet, kind);
    if (const auto *field = message->GetDescriptor()->FindFieldByName("packet_id"))
        message->GetReflection()->SetUInt32(message, field, id);
}

std::string describePattern(const v1::Packet &pattern, std::optional<std::uint32_t> id)
{
    v1::Packet shown = pattern;
    if (id && !packetIdOf(shown))
        setPacketId(shown, *id);
    return wire::text(shown);
}

} // namespace hiatus::run
