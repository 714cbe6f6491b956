#include "scenarios/script/appsetup.h"

#include <algorithm>

namespace hiatus::script {

namespace {

bool acknowledgesByHand(const std::vector<PlannedStep> &steps, const std::string &lane)
{
    return std::any_of(steps.begin(), steps.end(), [&](const PlannedStep &planned) {
        const bool own = planned.step.has_app() && planned.step.app().has_acknowledge() && planned.step.app().on() == lane;
        return own || std::any_of(planned.blocks.begin(), planned.blocks.end(), [&](const auto &block) { return acknowledgesByHand(block.steps, lane); });
    });
}

} // namespace

bool playsBroker(const Variant &variant)
{
    return std::any_of(variant.lanes.begin(), variant.lanes.end(), [](const v1::Lane &lane) { return lane.party() == v1::MQTT_BROKER; });
}

v1::Setup setupOf(const Variant &variant, const std::string &lane)
{
    v1::Setup setup;
    setup.set_version(variant.version);
    setup.set_automatic_reconnect(!playsBroker(variant));
    setup.set_manual_acknowledge(acknowledgesByHand(variant.steps, lane));
    return setup;
}

} // namespace hiatus::script
