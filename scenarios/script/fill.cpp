#include "scenarios/script/fill.h"

namespace hiatus::script {

namespace {

const std::string *axisValue(const Binding &binding, const std::string &axis)
{
    for (const auto &[name, value] : binding) {
        if (name == axis)
            return &value;
    }
    return nullptr;
}

} // namespace

void Filler::fill(v1::Step &step)
{
    switch (step.verb_case()) {
    case v1::Step::kOpen:
        if (!step.open().has_clean())
            step.mutable_open()->set_clean(clean(step.open().on()));
        break;
    case v1::Step::kDrop:
        if (!step.drop().has_how())
            step.mutable_drop()->set_how(dropAxis().value_or(v1::RST));
        break;
    case v1::Step::kCutWhen:
        if (!step.cut_when().has_how())
            step.mutable_cut_when()->set_how(dropAxis().value_or(v1::RST));
        break;
    case v1::Step::kTarget:
        fill(*step.mutable_target());
        break;
    case v1::Step::kSubscribe:
        fill(*step.mutable_subscribe());
        break;
    case v1::Step::kPublish:
        fill(*step.mutable_publish());
        break;
    case v1::Step::kFence:
        fill(*step.mutable_fence());
        break;
    case v1::Step::kApp:
        fill(*step.mutable_app());
        break;
    default:
        break;
    }
}

void Filler::publishedBy(const v1::Step &step)
{
    if (step.has_publish())
        published(step.publish().on(), step.publish());
    if (step.has_app() && step.app().has_publish())
        published(step.app().on(), step.app().publish());
    if (step.has_go_round())
        m_lastQos[{step.go_round().from(), step.go_round().topic()}] = 1;
    if (!step.has_send())
        return;
    for (const v1::Packet &packet : step.send().packet()) {
        if (packet.has_publish())
            m_lastQos[{step.send().on(), packet.publish().topic()}] = packet.publish().qos();
    }
}

void Filler::published(const std::string &lane, const v1::PublishStep &publish)
{
    m_lastQos[{lane, publish.topic()}] = publish.qos();
}

void Filler::fill(v1::PublishStep &publish) const
{
    if (!publish.has_qos())
        publish.set_qos(qosAxis().value_or(0));
}

void Filler::fill(v1::SubscribeStep &subscribe) const
{
    if (!subscribe.has_qos())
        subscribe.set_qos(qosAxis().value_or(2));
    for (v1::Filter &filter : *subscribe.mutable_also()) {
        if (!filter.has_qos())
            filter.set_qos(subscribe.qos());
    }
}

void Filler::fill(v1::Fence &fence) const
{
    if (fence.has_qos() || fence.by() == v1::Fence::PING || fence.by() == v1::Fence::CLOSE)
        return;
    const auto last = m_lastQos.find({fence.has_from() ? fence.from() : fence.on(), fence.topic()});
    fence.set_qos(last != m_lastQos.end() ? last->second : qosAxis().value_or(1));
}

void Filler::fill(v1::TargetStep &target) const
{
    const std::string *axis = axisValue(m_binding, "halt");
    const v1::Halt how = axis && *axis == "KILL" ? v1::KILL : v1::GRACEFUL;
    if (target.has_restart() && !target.restart().has_how())
        target.mutable_restart()->set_how(how);
    if (target.has_stop() && !target.stop().has_how())
        target.mutable_stop()->set_how(how);
}

void Filler::fill(v1::App &app) const
{
    if (app.has_connect() && !app.connect().has_clean())
        app.mutable_connect()->set_clean(clean(app.on()));
    if (app.has_publish())
        fill(*app.mutable_publish());
    if (app.has_subscribe())
        fill(*app.mutable_subscribe());
}

std::optional<std::uint32_t> Filler::qosAxis() const
{
    const std::string *value = axisValue(m_binding, "qos");
    if (!value || value->size() != 1)
        return std::nullopt;
    return static_cast<std::uint32_t>(value->front() - '0');
}

std::optional<v1::Drop> Filler::dropAxis() const
{
    const std::string *value = axisValue(m_binding, "drop");
    v1::Drop drop = v1::DROP_UNSPECIFIED;
    if (!value || !v1::Drop_Parse(*value, &drop))
        return std::nullopt;
    return drop;
}

bool Filler::clean(const std::string &lane) const
{
    if (const std::string *value = axisValue(m_binding, "clean"))
        return *value == "true";
    for (const v1::Lane &known : m_lanes) {
        if (known.name() == lane)
            return !known.has_keep_for();
    }
    return true;
}

} // namespace hiatus::script
