#include "scenarios/script/verbs.h"

#include "scenarios/script/positions.h"

#include <google/protobuf/descriptor.h>

namespace hiatus::script {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;

namespace {

const FieldDescriptor *setIn(const Message &message, const char *oneof)
{
    const OneofDescriptor *group = message.GetDescriptor()->FindOneofByName(oneof);
    return group ? message.GetReflection()->GetOneofFieldDescriptor(message, group) : nullptr;
}

template <typename T>
std::vector<const T *> repeatedOf(const Message &message, const char *name)
{
    std::vector<const T *> result;
    const FieldDescriptor *field = message.GetDescriptor()->FindFieldByName(name);
    if (!field || !field->is_repeated() || field->message_type() != T::descriptor())
        return result;
    const auto *reflection = message.GetReflection();
    for (int i = 0; i < reflection->FieldSize(message, field); ++i)
        result.push_back(dynamic_cast<const T *>(&reflection->GetRepeatedMessage(message, field, i)));
    return result;
}

} // namespace

const Message *verbOf(const v1::Step &step)
{
    const FieldDescriptor *field = setIn(step, "verb");
    return field ? &step.GetReflection()->GetMessage(step, field) : nullptr;
}

std::string verbName(const v1::Step &step)
{
    const FieldDescriptor *field = setIn(step, "verb");
    return field ? field->name() : std::string();
}

const Message *commandOf(const v1::Step &step)
{
    if (!step.has_app())
        return verbOf(step);
    const FieldDescriptor *field = setIn(step.app(), "do");
    return field ? &step.app().GetReflection()->GetMessage(step.app(), field) : &step.app();
}

std::string stringOf(const Message &message, const char *name)
{
    const FieldDescriptor *field = message.GetDescriptor()->FindFieldByName(name);
    if (!field || field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_STRING)
        return {};
    return message.GetReflection()->GetString(message, field);
}

std::string laneOf(const v1::Step &step)
{
    const Message *verb = verbOf(step);
    return verb ? stringOf(*verb, "on") : std::string();
}

Written writtenOn(const v1::Step &step)
{
    const Message *command = commandOf(step);
    if (!command)
        return {};
    Written written;
    written.cites = repeatedOf<v1::Cite>(*command, "cite");
    written.sets = repeatedOf<v1::Set>(*command, "set");
    written.path = verbName(step);
    if (step.has_app()) {
        if (const FieldDescriptor *field = setIn(step.app(), "do"))
            written.path += "." + field->name();
    }
    return written;
}

const Message *patternOf(const v1::Expect &expect)
{
    const FieldDescriptor *field = setIn(expect, "what");
    if (!field || field->message_type() == v1::Stream::descriptor())
        return nullptr;
    return &expect.GetReflection()->GetMessage(expect, field);
}

std::string patternName(const v1::Expect &expect)
{
    const FieldDescriptor *field = setIn(expect, "what");
    return field ? field->name() : std::string();
}

std::vector<Nested> nestedIn(const v1::Step &step)
{
    std::vector<Nested> result;
    if (step.has_parallel()) {
        for (int i = 0; i < step.parallel().track_size(); ++i)
            result.push_back({&step.parallel().track(i).step(), element("parallel.track", i) + ".step"});
    } else if (step.has_one_of()) {
        for (int i = 0; i < step.one_of().branch_size(); ++i)
            result.push_back({&step.one_of().branch(i).step(), element("one_of.branch", i) + ".step"});
    } else if (step.has_until_point()) {
        result.push_back({&step.until_point().step(), "until_point.step"});
    } else if (step.has_repeat()) {
        result.push_back({&step.repeat().step(), "repeat.step"});
    }
    return result;
}

void forEachStep(const Steps &steps, const std::string &path,
                 const std::function<void(const v1::Step &, const std::string &)> &visit)
{
    for (int i = 0; i < steps.size(); ++i) {
        const std::string here = element(path, i);
        visit(steps[i], here);
        for (const Nested &nested : nestedIn(steps[i]))
            forEachStep(*nested.steps, here + "." + nested.path, visit);
    }
}

} // namespace hiatus::script
