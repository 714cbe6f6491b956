#include "scenarios/script/fragments.h"
#include "scenarios/script/lintrules.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace hiatus::script {

namespace {

using Lanes = std::map<std::string, v1::Lane>;

v1::Party partyOf(const v1::Lane &lane)
{
    return lane.has_party() ? lane.party() : v1::MQTT_CLIENT;
}

bool isClientVerb(v1::Step::VerbCase verb)
{
    switch (verb) {
    case v1::Step::kOpen:
    case v1::Step::kSubscribe:
    case v1::Step::kUnsubscribe:
        return true;
    default:
        return false;
    }
}

/// Whether lanes of the party can have steps of the verb.
bool can(v1::Party party, v1::Step::VerbCase verb)
{
    switch (verb) {
    case v1::Step::kApp:
    case v1::Step::kSettled:
        return party == v1::APP;
    case v1::Step::kCutWhen:
        return party == v1::LINK;
    case v1::Step::kAccept:
        return party == v1::MQTT_BROKER;
    default:
        return party == v1::MQTT_CLIENT || (party == v1::MQTT_BROKER && !isClientVerb(verb));
    }
}

/// Whether the party can be sent a packet of that kind.
bool receives(v1::Party party, v1::Expect::WhatCase what)
{
    switch (what) {
    case v1::Expect::kConnect:
    case v1::Expect::kSubscribe:
    case v1::Expect::kUnsubscribe:
    case v1::Expect::kPingreq:
        return party == v1::MQTT_BROKER;
    case v1::Expect::kConnack:
    case v1::Expect::kSuback:
    case v1::Expect::kUnsuback:
    case v1::Expect::kPingresp:
        return party == v1::MQTT_CLIENT;
    default:
        return true;
    }
}

std::set<std::string> names(const Lanes &lanes)
{
    std::set<std::string> result;
    for (const auto &[name, lane] : lanes)
        result.insert(name);
    return result;
}

std::string listed(const std::set<std::string> &names)
{
    std::string text;
    for (const std::string &name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text.empty() ? "none" : text;
}

class LaneLint
{
public:
    explicit LaneLint(const LintContext &context) : m_context(context) {}

    void run()
    {
        declared();
        for (const v1::Lane &lane : lanesOfFragments(m_context.script, m_context.script.scenario.step()))
            m_lanes.emplace(lane.name(), lane);
        forEachWrittenStep(m_context.script, [this](const WrittenStep &written) { step(written); });
        unused();
    }

private:
    void declared()
    {
        const auto &lanes = m_context.script.scenario.lane();
        for (int i = 0; i < lanes.size(); ++i) {
            const std::string at = element("lane", i);
            if (lanes[i].name().empty())
                m_context.add(at, "a lane needs a name");
            else if (!m_lanes.emplace(lanes[i].name(), lanes[i]).second)
                m_context.add(at + ".name", "lane \"" + lanes[i].name() + "\" is there twice");
            if (lanes[i].has_party() && lanes[i].party() == v1::PARTY_UNSPECIFIED)
                m_context.add(at + ".party", "PARTY_UNSPECIFIED is no party");
            if (lanes[i].ours() && partyOf(lanes[i]) != v1::APP)
                m_context.add(at + ".ours", "only an APP lane says ours");
            if (lanes[i].other_version() && partyOf(lanes[i]) != v1::MQTT_CLIENT)
                m_context.add(at + ".other_version", "only an MQTT_CLIENT lane speaks the other version");
            if (lanes[i].client_id_bytes() > 65'535 || (lanes[i].has_client_id_bytes() && !lanes[i].has_client_id()))
                m_context.add(at + ".client_id_bytes", "client_id_bytes goes with a client_id, and is 65535 at most");
            if (!lanes[i].connect().client_id().empty())
                m_context.add(at + ".connect.client_id", "client ids are made for each variant: say session to share one");
        }
    }

    void step(const WrittenStep &written)
    {
        const v1::Step &step = written.step;
        const auto *verb = verbOf(step);
        if (!verb)
            return;
        if (step.has_all_of())
            return allOf(written);
        if (!verb->GetDescriptor()->FindFieldByName("on"))
            return;
        const std::string at = written.path + "." + verbName(step);
        const v1::Lane *lane = used(written, laneOf(step), at, "on");
        if (lane && !can(partyOf(*lane), step.verb_case()))
            m_context.add(written.positions, at, "lane \"" + lane->name() + "\" is " + v1::Party_Name(partyOf(*lane))
                                                     + " and can't " + verbName(step));
        if (lane && step.has_expect())
            expect(written, step.expect(), *lane, at);
        if (lane && step.has_take())
            expect(written, step.take(), *lane, at);
        if (step.has_fence() && step.fence().has_from())
            used(written, step.fence().from(), at, "from");
        if (step.has_go_round() && step.go_round().has_from())
            used(written, step.go_round().from(), at, "from");
        if (step.has_fence() && step.fence().has_witness())
            used(written, step.fence().witness(), at, "witness");
        if (step.has_open() && !step.open().connect().client_id().empty())
            m_context.add(written.positions, at + ".connect.client_id",
                          "client ids are made for each variant: say session on the lane to share one");
    }

    void allOf(const WrittenStep &written)
    {
        const v1::AllOf &all = written.step.all_of();
        for (int i = 0; i < all.take_size(); ++i)
            member(written, all.take(i), element(written.path + ".all_of.take", i));
        for (int i = 0; i < all.expect_size(); ++i)
            member(written, all.expect(i), element(written.path + ".all_of.expect", i));
    }

    void member(const WrittenStep &written, const v1::Expect &expected, const std::string &at)
    {
        if (const v1::Lane *lane = used(written, expected.on(), at, "on"))
            expect(written, expected, *lane, at);
    }

    void expect(const WrittenStep &written, const v1::Expect &expect, const v1::Lane &lane, const std::string &at)
    {
        if (!receives(partyOf(lane), expect.what_case()))
            m_context.add(written.positions, at + "." + patternName(expect),
                          "nobody sends " + patternName(expect) + " to lane \"" + lane.name() + "\", "
                              + v1::Party_Name(partyOf(lane)));
    }

    const v1::Lane *used(const WrittenStep &written, const std::string &name, const std::string &at, const char *field)
    {
        if (name.empty()) {
            m_context.add(written.positions, at, std::string(field) + " is missing: which lane?");
            return nullptr;
        }
        m_used.insert(name);
        const auto found = m_lanes.find(name);
        if (found != m_lanes.end())
            return &found->second;
        m_context.add(written.positions, at + "." + field, "unknown lane \"" + name + "\"; there are: " + listed(names(m_lanes)));
        return nullptr;
    }

    void unused()
    {
        const auto &lanes = m_context.script.scenario.lane();
        for (int i = 0; i < lanes.size(); ++i) {
            if (!lanes[i].name().empty() && m_used.count(lanes[i].name()) == 0)
                m_context.add(element("lane", i) + ".name", "lane \"" + lanes[i].name() + "\" is never used");
        }
    }

    const LintContext &m_context;
    Lanes m_lanes;
    std::set<std::string> m_used;
};

} // namespace

void lintLanes(const LintContext &context)
{
    LaneLint(context).run();
}

} // namespace hiatus::script
