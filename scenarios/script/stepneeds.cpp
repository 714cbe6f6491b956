#include "scenarios/script/stepneeds.h"

#include "scenarios/script/verbs.h"

namespace hiatus::script {

namespace {

bool halts(const v1::TargetStep &target, v1::Halt how)
{
    return (target.has_stop() && target.stop().how() == how) || (target.has_restart() && target.restart().how() == how);
}

/// "endpoints" is one more than the first, "endpoints-2" two, and so on.
std::string several(const std::string &what, std::uint32_t number)
{
    return number > 1 ? what + "-" + std::to_string(number) : what;
}

} // namespace

std::vector<std::string> capabilitiesFor(const v1::Step &step)
{
    std::vector<std::string> needs;
    if (halts(step.target(), v1::GRACEFUL))
        needs.push_back("graceful-stop");
    if (halts(step.target(), v1::KILL))
        needs.push_back("kill");
    if (step.has_go_round())
        needs.push_back("many-messages");
    if (step.open().endpoint() > 0)
        needs.push_back(several("endpoints", step.open().endpoint()));
    if (step.open().account() > 0)
        needs.push_back(several("accounts", step.open().account()));
    if (step.has_subscribe() && step.subscribe().qos() == 2 && step.subscribe().code().empty())
        needs.push_back("qos2"); // what the step does not say is the QoS asked for
    for (const v1::Set *set : writtenOn(step).sets) {
        if (set->of().find("declared(queue_limit)") != std::string::npos)
            needs.push_back("queue-limit");
    }
    return needs;
}

bool wantsToBeAlone(const v1::Step &step)
{
    return step.has_target() || step.has_go_round();
}

} // namespace hiatus::script
