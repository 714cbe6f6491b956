#include "scenarios/script/fragments.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>
#include <set>

namespace hiatus::script {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

using Arguments = std::map<std::string, std::string>;

bool isReplaced(const std::string &field)
{
    static constexpr std::array Names{"on", "from", "topic", "filter", "payload", "label", "id", "since", "witness"};
    return std::any_of(Names.begin(), Names.end(), [&field](const char *name) { return field == name; });
}

/// What a fragment hands on to another.
bool isArgument(const FieldDescriptor &field)
{
    return field.containing_type() == v1::Arg::descriptor() && field.name() == "value";
}

void replaceIn(Message &message, const Arguments &arguments);

void replaceValue(Message &message, const FieldDescriptor &field, const Arguments &arguments)
{
    const auto *reflection = message.GetReflection();
    const int size = field.is_repeated() ? reflection->FieldSize(message, &field) : 1;
    for (int i = 0; i < size; ++i) {
        const std::string value = field.is_repeated() ? reflection->GetRepeatedString(message, &field, i)
                                                      : reflection->GetString(message, &field);
        const auto found = arguments.find(value);
        if (found == arguments.end())
            continue;
        if (field.is_repeated())
            reflection->SetRepeatedString(&message, &field, i, found->second);
        else
            reflection->SetString(&message, &field, found->second);
    }
}

void replaceNested(Message &message, const FieldDescriptor &field, const Arguments &arguments)
{
    const auto *reflection = message.GetReflection();
    if (!field.is_repeated())
        return replaceIn(*reflection->MutableMessage(&message, &field), arguments);
    for (int i = 0; i < reflection->FieldSize(message, &field); ++i)
        replaceIn(*reflection->MutableRepeatedMessage(&message, &field, i), arguments);
}

void replaceIn(Message &message, const Arguments &arguments)
{
    std::vector<const FieldDescriptor *> fields;
    message.GetReflection()->ListFields(message, &fields);
    for (const FieldDescriptor *field : fields) {
        if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE)
            replaceNested(message, *field, arguments);
        else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING && (isReplaced(field->name()) || isArgument(*field)))
            replaceValue(message, *field, arguments);
    }
}

void collectLanes(const Script &script, const Steps &steps, std::set<std::string> &seen, std::vector<v1::Lane> &lanes)
{
    forEachStep(steps, {}, [&](const v1::Step &step, const std::string &) {
        const auto found = step.has_use() ? script.fragments.find(step.use().fragment()) : script.fragments.end();
        if (found == script.fragments.end() || !seen.insert(found->first).second)
            return;
        const v1::Fragment &fragment = found->second.fragment;
        lanes.insert(lanes.end(), fragment.lane().begin(), fragment.lane().end());
        collectLanes(script, fragment.step(), seen, lanes);
    });
}

} // namespace

v1::Fragment substituted(const v1::Fragment &fragment, const v1::Use &use)
{
    Arguments arguments;
    for (const v1::Arg &argument : use.with())
        arguments[argument.param()] = argument.value();
    v1::Fragment result = fragment;
    for (v1::Step &step : *result.mutable_step())
        replaceIn(step, arguments);
    return result;
}

std::vector<v1::Lane> lanesOfFragments(const Script &script, const Steps &steps)
{
    std::set<std::string> seen;
    std::vector<v1::Lane> lanes;
    collectLanes(script, steps, seen, lanes);
    return lanes;
}

} // namespace hiatus::script
