#include "scenarios/script/fields.h"

#include "hiatus/v1/packet.pb.h"

#include <charconv>
#include <cstdint>

namespace hiatus::script {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

/// "a.b.c" -> "a", and "b.c" is left.
std::string takeHead(std::string_view &path)
{
    const std::size_t dot = path.find('.');
    const std::string head(path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    return head;
}

tl::expected<std::uint32_t, std::string> number(const FieldDescriptor &field, const std::string &value)
{
    std::uint32_t result = 0;
    const char *end = value.data() + value.size();
    const auto [last, error] = std::from_chars(value.data(), end, result);
    if (error != std::errc() || last != end)
        return tl::unexpected("\"" + value + "\" is no value for the number " + field.name());
    return result;
}

using Done = tl::expected<void, std::string>;

Done assignNumber(Message &message, const FieldDescriptor &field, const std::string &value)
{
    const auto parsed = number(field, value);
    if (!parsed)
        return tl::unexpected(parsed.error());
    if (field.is_repeated())
        message.GetReflection()->AddUInt32(&message, &field, *parsed);
    else
        message.GetReflection()->SetUInt32(&message, &field, *parsed);
    return {};
}

Done assignBool(Message &message, const FieldDescriptor &field, const std::string &value)
{
    const bool yes = value == "true" || value == "1";
    if (!yes && value != "false" && value != "0")
        return tl::unexpected("\"" + value + "\" is neither true nor false, for " + field.name());
    message.GetReflection()->SetBool(&message, &field, yes);
    return {};
}

Done assignEnum(Message &message, const FieldDescriptor &field, const std::string &value)
{
    const auto *known = field.enum_type()->FindValueByName(value);
    if (!known)
        return tl::unexpected("\"" + value + "\" is no " + field.enum_type()->name());
    message.GetReflection()->SetEnum(&message, &field, known);
    return {};
}

Done assignScalar(Message &message, const FieldDescriptor &field, const std::string &value)
{
    message.GetReflection()->ClearField(&message, &field);
    if (value == "-")
        return {};
    switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_UINT32:
        return assignNumber(message, field, value);
    case FieldDescriptor::CPPTYPE_BOOL:
        return assignBool(message, field, value);
    case FieldDescriptor::CPPTYPE_ENUM:
        return assignEnum(message, field, value);
    case FieldDescriptor::CPPTYPE_STRING:
        if (field.is_repeated())
            message.GetReflection()->AddString(&message, &field, value);
        else
            message.GetReflection()->SetString(&message, &field, value);
        return {};
    default:
        return tl::unexpected("field " + field.name() + " can't be set");
    }
}

bool isSettable(const FieldDescriptor &field)
{
    const auto type = field.cpp_type();
    if (field.is_repeated())
        return type == FieldDescriptor::CPPTYPE_UINT32 || type == FieldDescriptor::CPPTYPE_STRING;
    return type != FieldDescriptor::CPPTYPE_MESSAGE;
}

} // namespace

const FieldDescriptor *fieldAt(const Descriptor &type, std::string_view path)
{
    const Descriptor *in = &type;
    while (true) {
        const FieldDescriptor *field = in->FindFieldByName(takeHead(path));
        if (!field || path.empty())
            return field;
        if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE)
            return nullptr;
        in = field->message_type();
    }
}

bool isVersion5Only(const Descriptor &type, std::string_view path)
{
    const Descriptor *in = &type;
    while (in && !path.empty()) {
        const FieldDescriptor *field = in->FindFieldByName(takeHead(path));
        if (!field)
            return false;
        if (field->options().GetExtension(v1::since) == v1::V5_ONLY)
            return true;
        in = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE ? field->message_type() : nullptr;
    }
    return false;
}

tl::expected<void, std::string> assign(Message &message, std::string_view path, const std::string &value)
{
    const FieldDescriptor *target = fieldAt(*message.GetDescriptor(), path);
    if (!target)
        return tl::unexpected("no field \"" + std::string(path) + "\" in " + message.GetDescriptor()->name());
    if (!isSettable(*target))
        return tl::unexpected("field " + target->name() + " can't be set");
    Message *in = &message;
    while (path.find('.') != std::string_view::npos) {
        const FieldDescriptor *field = in->GetDescriptor()->FindFieldByName(takeHead(path));
        if (field->is_repeated())
            return tl::unexpected("field " + field->name() + " is repeated");
        if (value == "-" && !in->GetReflection()->HasField(*in, field))
            return {};
        in = in->GetReflection()->MutableMessage(in, field);
    }
    return assignScalar(*in, *target, value);
}

} // namespace hiatus::script
