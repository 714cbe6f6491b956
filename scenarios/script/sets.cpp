#include "scenarios/script/sets.h"

#include "scenarios/script/fields.h"

#include <array>
#include <charconv>

namespace hiatus::script {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

bool hasField(const Message &message, const std::string &path)
{
    return fieldAt(*message.GetDescriptor(), path) != nullptr;
}

std::vector<SetTarget> only(Message *message, const std::string &path)
{
    if (!message || !hasField(*message, path))
        return {};
    return {{message, path}};
}

std::vector<SetTarget> inPackets(v1::Send &send, const std::string &path)
{
    if (path == "split")
        return {{&send, path}};
    const std::size_t dot = path.find('.');
    std::vector<SetTarget> targets;
    for (v1::Packet &packet : *send.mutable_packet()) {
        const FieldDescriptor *kind = packet.GetDescriptor()->FindFieldByName(path.substr(0, dot));
        if (kind && dot != std::string::npos && packet.GetReflection()->HasField(packet, kind) && hasField(packet, path))
            targets.push_back({&packet, path});
    }
    return targets;
}

std::vector<SetTarget> inPublish(v1::PublishStep &publish, const std::string &path)
{
    static constexpr std::array Own{"topic", "qos", "payload", "retain", "stream", "count"};
    for (const char *name : Own) {
        if (path == name)
            return {{&publish, path}};
    }
    return hasField(publish.with(), path) ? only(publish.mutable_with(), path) : std::vector<SetTarget>{};
}

std::vector<SetTarget> inAccept(v1::Accept &accept, const std::string &path)
{
    if (path == "session_present")
        return {{&accept, path}};
    return hasField(accept.connack(), path) ? only(accept.mutable_connack(), path) : std::vector<SetTarget>{};
}

std::vector<SetTarget> inPattern(v1::Expect &expect, const std::string &path)
{
    const auto *group = expect.GetDescriptor()->FindOneofByName("what");
    const FieldDescriptor *what = expect.GetReflection()->GetOneofFieldDescriptor(expect, group);
    return what ? only(expect.GetReflection()->MutableMessage(&expect, what), path) : std::vector<SetTarget>{};
}

std::vector<SetTarget> inApp(v1::App &app, const std::string &path)
{
    if (app.has_publish())
        return inPublish(*app.mutable_publish(), path);
    if (app.has_subscribe())
        return only(app.mutable_subscribe(), path);
    return {};
}

google::protobuf::RepeatedPtrField<v1::Set> *setsOf(v1::Step &step)
{
    switch (step.verb_case()) {
    case v1::Step::kOpen:
        return step.mutable_open()->mutable_set();
    case v1::Step::kDrop:
        return step.mutable_drop()->mutable_set();
    case v1::Step::kSubscribe:
        return step.mutable_subscribe()->mutable_set();
    case v1::Step::kPublish:
        return step.mutable_publish()->mutable_set();
    case v1::Step::kExpect:
        return step.mutable_expect()->mutable_set();
    case v1::Step::kTake:
        return step.mutable_take()->mutable_set();
    case v1::Step::kSend:
        return step.mutable_send()->mutable_set();
    case v1::Step::kAccept:
        return step.mutable_accept()->mutable_set();
    case v1::Step::kCutWhen:
        return step.mutable_cut_when()->mutable_set();
    case v1::Step::kApp:
        if (step.app().has_publish())
            return step.mutable_app()->mutable_publish()->mutable_set();
        if (step.app().has_subscribe())
            return step.mutable_app()->mutable_subscribe()->mutable_set();
        return nullptr;
    default:
        return nullptr;
    }
}

std::optional<std::string> known(const std::string &of, const Names &names)
{
    const auto expression = parseExpression(of);
    return expression ? evaluate(*expression, names) : std::nullopt;
}

std::optional<std::uint32_t> knownNumber(const std::string &of, const Names &names)
{
    const auto text = known(of, names);
    std::uint32_t value = 0;
    if (!text || std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc())
        return std::nullopt;
    return value;
}

void applyDue(v1::Due &due, const Names &names)
{
    const auto value = due.has_of() ? knownNumber(due.of(), names) : std::nullopt;
    if (!value)
        return;
    due.set_seconds(*value);
    due.clear_of();
}

void applyWithin(google::protobuf::RepeatedPtrField<v1::Within> &ranges, const Names &names)
{
    for (v1::Within &range : ranges) {
        const auto value = range.has_max_of() ? knownNumber(range.max_of(), names) : std::nullopt;
        if (!value)
            continue;
        range.set_max(*value);
        range.clear_max_of();
    }
}

void applyExpect(v1::Expect &expect, const Names &names)
{
    if (expect.has_due())
        applyDue(*expect.mutable_due(), names);
    applyWithin(*expect.mutable_within(), names);
}

void applyOthers(v1::Step &step, const Names &names)
{
    if (step.has_expect())
        applyExpect(*step.mutable_expect(), names);
    if (step.has_take())
        applyExpect(*step.mutable_take(), names);
    if (step.has_open())
        applyWithin(*step.mutable_open()->mutable_within(), names);
    if (step.has_accept())
        applyWithin(*step.mutable_accept()->mutable_within(), names);
    if (step.has_closed()) {
        applyWithin(*step.mutable_closed()->mutable_within(), names);
        if (step.closed().has_due())
            applyDue(*step.mutable_closed()->mutable_due(), names);
    }
    if (step.has_wait() && step.wait().has_of()) {
        if (const auto value = knownNumber(step.wait().of(), names)) {
            step.mutable_wait()->set_seconds(*value);
            step.mutable_wait()->clear_of();
        }
    }
    if (step.has_fact() && step.fact().has_of()) {
        if (const auto value = known(step.fact().of(), names)) {
            step.mutable_fact()->set_value(*value);
            step.mutable_fact()->clear_of();
        }
    }
}

// Removes from `sets` what `fill` could do.
template <typename Targets>
void applyList(google::protobuf::RepeatedPtrField<v1::Set> &sets, const Names &names, const Targets &targets,
               std::vector<std::string> &errors)
{
    const google::protobuf::RepeatedPtrField<v1::Set> all = sets;
    sets.Clear();
    for (const v1::Set &set : all) {
        const auto value = known(set.of(), names);
        if (!value) {
            *sets.Add() = set;
            continue;
        }
        for (const SetTarget &target : targets(set.field())) {
            if (const auto done = assign(*target.message, target.path, *value); !done)
                errors.push_back(done.error());
        }
    }
}

} // namespace

std::vector<SetTarget> targetsOf(v1::Step &step, const std::string &field)
{
    switch (step.verb_case()) {
    case v1::Step::kOpen:
        return only(step.mutable_open()->mutable_connect(), field);
    case v1::Step::kDrop:
        return only(step.mutable_drop()->mutable_disconnect(), field);
    case v1::Step::kSubscribe:
        return only(step.mutable_subscribe(), field);
    case v1::Step::kPublish:
        return inPublish(*step.mutable_publish(), field);
    case v1::Step::kExpect:
        return inPattern(*step.mutable_expect(), field);
    case v1::Step::kTake:
        return inPattern(*step.mutable_take(), field);
    case v1::Step::kSend:
        return inPackets(*step.mutable_send(), field);
    case v1::Step::kAccept:
        return inAccept(*step.mutable_accept(), field);
    case v1::Step::kCutWhen:
        return only(step.mutable_cut_when(), field);
    case v1::Step::kApp:
        return inApp(*step.mutable_app(), field);
    default:
        return {};
    }
}

std::vector<std::string> applyKnownSets(v1::Step &step, const Names &names)
{
    std::vector<std::string> errors;
    if (auto *sets = setsOf(step))
        applyList(*sets, names, [&step](const std::string &field) { return targetsOf(step, field); }, errors);
    if (step.has_all_of()) {
        for (auto *list : {step.mutable_all_of()->mutable_take(), step.mutable_all_of()->mutable_expect()}) {
            for (v1::Expect &expect : *list) {
                applyList(*expect.mutable_set(), names,
                          [&expect](const std::string &field) { return inPattern(expect, field); }, errors);
                applyExpect(expect, names);
            }
        }
    }
    applyOthers(step, names);
    return errors;
}

} // namespace hiatus::script
