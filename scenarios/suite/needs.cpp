#include "scenarios/suite/needs.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

namespace hiatus::suite {

namespace {

/// How many further ones a capability asks for: "endpoints" one, "endpoints-2" two; 0 if it is about something else.
int several(const std::string &capability, const std::string &what)
{
    if (capability == what)
        return 1;
    return capability.rfind(what + "-", 0) == 0 ? std::atoi(capability.c_str() + what.size() + 1) : 0;
}

/// By the profile alone, since nobody can tell from outside, or because no network target has it; empty if nothing.
std::string undeclared(const script::Variant &variant, const v1::Target &target)
{
    const bool isClient = target.client().argument_size() > 0;
    if (variant.role != (isClient ? v1::CLIENT : v1::SERVER))
        return isClient ? "broker-under-test" : "client-under-test";
    const std::pair<const char *, bool> declared[] = {
        {"graceful-stop", target.has_start() && target.durability() >= v1::Target::GRACEFUL},
        {"kill", target.has_start() && target.durability() >= v1::Target::KILL},
        {"queue-limit", target.has_queue_limit()},
        {"drops-oldest", target.overflow() == v1::Target::DROPS_OLDEST},
        {"drops-newest", target.overflow() == v1::Target::DROPS_NEWEST},
    };
    for (const auto &name : variant.needs) {
        if (const auto wanted = several(name, "endpoints"); wanted > target.endpoint_size())
            return name;
        if (const auto wanted = several(name, "accounts"); wanted > 0 && wanted + 1 > target.account_size())
            return name;
    }
    for (const auto &[name, isThere] : declared) {
        if (!isThere && std::find(variant.needs.begin(), variant.needs.end(), name) != variant.needs.end())
            return name;
    }
    // Nobody can tell from outside whether a user name is known; who says nothing lets everybody in.
    const auto isAuthentication = [](const v1::Capability &capability) { return capability.name() == "authentication"; };
    const bool isAsked = std::find(variant.needs.begin(), variant.needs.end(), "authentication") != variant.needs.end();
    if (isAsked && std::none_of(target.capability().begin(), target.capability().end(), isAuthentication))
        return "authentication";
    return {};
}

/// The version first: who does not speak it lacks all of it.
std::vector<std::string> needsOf(const script::Variant &variant)
{
    std::vector<std::string> needs{variant.version == v1::V3 ? "v3" : "v5"};
    needs.insert(needs.end(), variant.needs.begin(), variant.needs.end());
    return needs;
}

/// Who is asked for a version is asked in that one: a variant whose lanes speak both needs the other too.
v1::Version askedIn(const std::string &name, const script::Variant &variant)
{
    return name == "v3" ? v1::V3 : name == "v5" ? v1::V5 : variant.version;
}

/// Of the target itself.
std::optional<v1::CapabilityFound> probed(const script::Variant &variant, const Learnt &found, const std::string &name)
{
    return capabilityOf({}, found, name, askedIn(name, variant));
}

} // namespace

Missing missingCapability(const script::Variant &variant, const v1::Target &target, const Learnt &found)
{
    if (const std::string name = undeclared(variant, target); !name.empty())
        return {name, false};
    for (const auto &name : needsOf(variant)) {
        const auto capability = capabilityOf(target, found, name, askedIn(name, variant));
        if (!capability || capability->present())
            continue;
        const auto itself = probed(variant, found, name);
        return {name, itself && itself->present()};
    }
    return {};
}

bool isLetIn(const script::Variant &variant, const v1::Target &target, const Learnt &found)
{
    const auto needs = needsOf(variant);
    return std::any_of(needs.begin(), needs.end(), [&](const std::string &name) {
        const auto itself = probed(variant, found, name);
        return itself && !itself->present() && capabilityOf(target, found, name, askedIn(name, variant))->present();
    });
}

} // namespace hiatus::suite
