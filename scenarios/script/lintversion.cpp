#include "scenarios/script/lintversion.h"

#include "scenarios/script/fields.h"
#include "scenarios/script/positions.h"
#include "scenarios/script/sets.h"
#include "scenarios/script/verbs.h"

#include <google/protobuf/descriptor.h>

#include <array>

namespace hiatus::script {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

void collect(const Message &message, const std::string &path, bool isPattern, std::vector<NewField> &found)
{
    std::vector<const FieldDescriptor *> fields;
    message.GetReflection()->ListFields(message, &fields);
    for (const FieldDescriptor *field : fields) {
        const std::string at = path + "." + field->name();
        if (isPattern && field->name() == "code")
            continue;
        if (field->options().GetExtension(v1::since) == v1::V5_ONLY) {
            found.push_back({field->name(), at});
            continue;
        }
        if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE)
            continue;
        const int size = field->is_repeated() ? message.GetReflection()->FieldSize(message, field) : 1;
        for (int i = 0; i < size; ++i)
            collect(field->is_repeated() ? message.GetReflection()->GetRepeatedMessage(message, field, i)
                                         : message.GetReflection()->GetMessage(message, field),
                    field->is_repeated() ? element(at, i) : at, isPattern, found);
    }
}

void collectSets(const v1::Step &step, std::vector<NewField> &found)
{
    const Written written = writtenOn(step);
    v1::Step copy = step;
    for (std::size_t i = 0; i < written.sets.size(); ++i) {
        const std::vector<SetTarget> targets = targetsOf(copy, written.sets[i]->field());
        if (!targets.empty() && isVersion5Only(*targets[0].message->GetDescriptor(), targets[0].path))
            found.push_back({written.sets[i]->field(), element(written.path + ".set", static_cast<int>(i))});
    }
}

// SubscribeStep spells the options itself.
void collectOptions(const v1::SubscribeStep &subscribe, std::vector<NewField> &found)
{
    static constexpr std::array Names{"no_local", "retain_as_published", "retain_handling", "subscription_identifier"};
    for (const char *name : Names) {
        const FieldDescriptor *field = v1::SubscribeStep::descriptor()->FindFieldByName(name);
        if (subscribe.GetReflection()->HasField(subscribe, field))
            found.push_back({name, std::string("subscribe.") + name});
    }
}

} // namespace

std::vector<NewField> newFields(const v1::Step &step)
{
    std::vector<NewField> found;
    const Message *command = commandOf(step);
    if (!command || step.has_one_of() || step.has_parallel())
        return found;
    const bool isPattern = step.has_expect() || step.has_take() || step.has_all_of() || step.has_never() || step.has_closed();
    collect(*command, writtenOn(step).path, isPattern, found);
    collectSets(step, found);
    if (step.has_subscribe())
        collectOptions(step.subscribe(), found);
    return found;
}

std::vector<NewField> newFields(const v1::Lane &lane)
{
    std::vector<NewField> found;
    collect(lane.connect(), "connect", false, found);
    return found;
}

} // namespace hiatus::script
