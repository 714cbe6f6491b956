#include "scenarios/script/axes.h"

#include "scenarios/script/positions.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>

namespace hiatus::script {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

std::string valueAsText(const Message &message, const FieldDescriptor &field, int index)
{
    const auto *reflection = message.GetReflection();
    switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
        return reflection->GetRepeatedEnum(message, &field, index)->name();
    case FieldDescriptor::CPPTYPE_UINT32:
        return std::to_string(reflection->GetRepeatedUInt32(message, &field, index));
    case FieldDescriptor::CPPTYPE_BOOL:
        return reflection->GetRepeatedBool(message, &field, index) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_STRING:
        return reflection->GetRepeatedString(message, &field, index);
    default:
        return {};
    }
}

// Axes and When spell the typed axes alike: repeated scalars, then `axis` for the rest.
std::vector<NamedAxis> read(const Message &message, const std::string &path)
{
    std::vector<NamedAxis> result;
    const auto *reflection = message.GetReflection();
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
        const FieldDescriptor &field = *message.GetDescriptor()->field(i);
        if (!field.is_repeated())
            continue;
        const int size = reflection->FieldSize(message, &field);
        if (size == 0)
            continue;
        NamedAxis named{field.name(), {}, path + field.name()};
        for (int k = 0; k < size; ++k) {
            if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
                named.values.push_back(valueAsText(message, field, k));
            } else if (const auto *axis = dynamic_cast<const v1::Axis *>(&reflection->GetRepeatedMessage(message, &field, k))) {
                result.push_back({axis->name(), {axis->value().begin(), axis->value().end()},
                                  element(path + field.name(), k) + ".value"});
            }
        }
        if (!named.values.empty())
            result.push_back(std::move(named));
    }
    return result;
}

const std::string *valueIn(const Binding &binding, const std::string &axis)
{
    for (const auto &[name, value] : binding) {
        if (name == axis)
            return &value;
    }
    return nullptr;
}

std::string words(const std::string &value)
{
    std::string result;
    const auto dash = [&result] {
        if (!result.empty() && result.back() != '-')
            result += '-';
    };
    for (const char c : value) {
        if (c >= 'A' && c <= 'Z') {
            result += static_cast<char>(c - 'A' + 'a');
        } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.') {
            result += c;
        } else {
            dash();
            if (c == '<' || c == '>') { // "PUBLISH >", "< PUBLISH": which way a packet went tells values apart
                result += c == '>' ? "out" : "in";
                dash();
            }
        }
    }
    while (!result.empty() && result.back() == '-')
        result.pop_back();
    return result;
}

} // namespace

std::vector<NamedAxis> axesOf(const v1::Axes &axes)
{
    std::vector<NamedAxis> result = read(axes, "axes.");
    if (axes.version_size() == 0)
        result.insert(result.begin(), {"version", {"V3", "V5"}, "axes"});
    return result;
}

std::vector<NamedAxis> conditionsOf(const v1::When &when)
{
    return read(when, {});
}

bool matches(const v1::When &when, const Binding &binding)
{
    for (const NamedAxis &condition : conditionsOf(when)) {
        const std::string *value = valueIn(binding, condition.name);
        if (!value || std::find(condition.values.begin(), condition.values.end(), *value) == condition.values.end())
            return false;
    }
    return true;
}

bool matchesAny(const google::protobuf::RepeatedPtrField<v1::When> &whens, const Binding &binding)
{
    return whens.empty()
           || std::any_of(whens.begin(), whens.end(), [&](const v1::When &when) { return matches(when, binding); });
}

std::size_t productOf(const v1::Axes &axes)
{
    std::size_t product = 1;
    for (const NamedAxis &axis : axesOf(axes)) {
        product *= std::min(axis.values.size(), MaxVariants + 1);
        if (product > MaxVariants)
            return product;
    }
    return product;
}

std::vector<Binding> bindingsOf(const v1::Axes &axes)
{
    std::vector<Binding> result{{}};
    for (const NamedAxis &axis : axesOf(axes)) {
        std::vector<Binding> longer;
        for (const Binding &binding : result) {
            for (const std::string &value : axis.values) {
                if (longer.size() >= MaxVariants)
                    break;
                longer.push_back(binding);
                longer.back().emplace_back(axis.name, value);
            }
        }
        result = std::move(longer);
    }
    const auto excepted = [&axes](const Binding &binding) {
        return std::any_of(axes.except().begin(), axes.except().end(),
                           [&](const v1::When &when) { return matches(when, binding); });
    };
    result.erase(std::remove_if(result.begin(), result.end(), excepted), result.end());
    return result;
}

std::string slug(const std::string &axis, const std::string &value)
{
    const std::string text = words(value);
    if (axis == "version" || axis == "drop" || axis == "point" || axis == "then" || axis == "halt")
        return text.empty() ? "none" : text;
    if (axis == "again")
        return text.empty() ? "once" : text;
    if (axis == "clean")
        return value == "true" ? "clean1" : "clean0";
    if (axis == "qos" || axis == "expiry" || axis == "delay" || axis == "window")
        return axis + text;
    return words(axis) + "=" + (text.empty() ? "none" : text);
}

std::string variantId(const std::string &scenario, const Binding &binding)
{
    std::string id = scenario + "[";
    for (const auto &[axis, value] : binding) {
        if (id.back() != '[')
            id += ',';
        id += slug(axis, value);
    }
    return id + "]";
}

} // namespace hiatus::script
