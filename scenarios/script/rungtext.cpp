#include "scenarios/script/rungtext.h"

#include <google/protobuf/descriptor.h>

#include <vector>

namespace hiatus::script {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

std::string scalarText(const Message &message, const FieldDescriptor &field, int index)
{
    const auto *reflection = message.GetReflection();
    const bool one = index < 0;
    switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_UINT32:
        return std::to_string(one ? reflection->GetUInt32(message, &field) : reflection->GetRepeatedUInt32(message, &field, index));
    case FieldDescriptor::CPPTYPE_BOOL:
        return (one ? reflection->GetBool(message, &field) : reflection->GetRepeatedBool(message, &field, index)) ? "1" : "0";
    case FieldDescriptor::CPPTYPE_ENUM:
        return one ? reflection->GetEnum(message, &field)->name() : reflection->GetRepeatedEnum(message, &field, index)->name();
    case FieldDescriptor::CPPTYPE_STRING: {
        const std::string text = printable(one ? reflection->GetString(message, &field)
                                               : reflection->GetRepeatedString(message, &field, index));
        return field.name() == "topic" || field.name() == "filter" ? text : "\"" + text + "\"";
    }
    default:
        return "?";
    }
}

std::string valueText(const Message &message, const FieldDescriptor &field, int index)
{
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE)
        return scalarText(message, field, index);
    const Message &nested = index < 0 ? message.GetReflection()->GetMessage(message, &field)
                                      : message.GetReflection()->GetRepeatedMessage(message, &field, index);
    return "{" + fieldsText(nested) + "}";
}

} // namespace

std::string printable(const std::string &text)
{
    static const char *const Hex = "0123456789abcdef";
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7F)
            result += c;
        else
            result += std::string("\\x") + Hex[byte >> 4] + Hex[byte & 0xF];
    }
    return result;
}


std::string fieldsText(const Message &message)
{
    std::vector<const FieldDescriptor *> fields;
    message.GetReflection()->ListFields(message, &fields);
    std::string text;
    for (const FieldDescriptor *field : fields) {
        const int size = field->is_repeated() ? message.GetReflection()->FieldSize(message, field) : 1;
        for (int i = 0; i < size; ++i) {
            const std::string value = valueText(message, *field, field->is_repeated() ? i : -1);
            const bool bare = field->name() == "topic" || field->name() == "filter" || field->name() == "payload";
            text += (text.empty() ? "" : " ") + (bare ? value : field->name() + "=" + value);
        }
    }
    return text;
}

void append(std::string &text, const std::string &more)
{
    if (!more.empty())
        text += (text.empty() ? "" : " ") + more;
}

std::string setsText(const google::protobuf::RepeatedPtrField<v1::Set> &sets)
{
    std::string text;
    for (const v1::Set &set : sets)
        append(text, set.field() + "=<" + set.of() + ">");
    return text;
}

std::string withinText(const google::protobuf::RepeatedPtrField<v1::Within> &ranges)
{
    std::string text;
    for (const v1::Within &range : ranges) {
        if (!range.any().empty()) {
            std::string any;
            for (const std::uint32_t value : range.any())
                any += (any.empty() ? "" : "|") + std::to_string(value);
            append(text, range.field() + "=" + any);
        }
        if (range.has_min())
            append(text, range.field() + ">=" + std::to_string(range.min()));
        if (range.has_max())
            append(text, range.field() + "<=" + std::to_string(range.max()));
        if (range.has_max_of())
            append(text, range.field() + "<=<" + range.max_of() + ">");
        if (range.or_absent())
            text += " or none";
    }
    return text;
}

std::string bindsText(const google::protobuf::RepeatedPtrField<v1::Bind> &binds)
{
    std::string text;
    for (const v1::Bind &bind : binds)
        append(text, bind.field() + "->" + bind.as());
    return text;
}

std::string absentText(const google::protobuf::RepeatedPtrField<std::string> &names)
{
    std::string text;
    for (const std::string &name : names)
        append(text, "no " + name);
    return text;
}

std::string secondsText(bool isWritten, std::uint32_t seconds, const std::string &of)
{
    return isWritten ? std::to_string(seconds) + " s" : "<" + of + "> s";
}

std::string dueText(const v1::Due &due)
{
    return "(due " + secondsText(due.has_seconds(), due.seconds(), due.of()) + " after " + due.since() + ")";
}

} // namespace hiatus::script
