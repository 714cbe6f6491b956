#include "scenarios/suite/overture.h"

#include "proto/wire/text.h"
#include "scenarios/report/names.h"
#include "scenarios/requirements/catalogue.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <utility>

namespace hiatus::suite {

namespace {

constexpr std::array Overture{"facts/offers", "facts/nameless", "facts/version", "facts/session_told", "facts/taken_over_again"};

/// Scenarios that judge, and on the way tell facts that nobody else tells.
constexpr std::array Tellers{"delivery/overlap", "shared/qos1_lost_member", "errors/told", "subscriptions/suback_barrier"};

const v1::Packet *received(const v1::Result &result, const std::function<bool(const v1::Packet &)> &is)
{
    for (const auto &event : result.trace().event()) {
        if (event.kind() == v1::TraceEvent::RECEIVED && is(event.packet()))
            return &event.packet();
    }
    return nullptr;
}

const v1::Connack *connackOf(const v1::Result &result)
{
    const auto *packet = received(result, [](const v1::Packet &each) { return each.has_connack(); });
    return packet ? &packet->connack() : nullptr;
}

/// The codes of the SUBACK with that identifier; nothing if it did not come.
std::optional<std::uint32_t> granted(const v1::Result &result, std::uint32_t id)
{
    const auto *packet = received(result, [id](const v1::Packet &each) { return each.has_suback() && each.suback().packet_id() == id; });
    if (!packet || packet->suback().code_size() == 0)
        return std::nullopt;
    return packet->suback().code(0);
}

bool isClosed(const v1::Result &result)
{
    return std::any_of(result.trace().event().begin(), result.trace().event().end(),
                       [](const auto &event) { return event.kind() == v1::TraceEvent::CLOSED; });
}

/// What one result adds.
class Telling
{
public:
    Telling(Learnt &into, const v1::Result &result) : m_into(into), m_result(result), m_version(report::versionOf(result)) {}

    void tell()
    {
        if (m_result.scenario() == "facts/offers")
            offers();
        else if (m_result.scenario() == "facts/nameless")
            nameless();
        else if (m_result.scenario() == "facts/version")
            ownVersion();
        else if (m_result.scenario() == "facts/session_told")
            sessionTold();
        else if (m_result.scenario() == "facts/taken_over_again")
            takenOverAgain();
        else if (m_result.scenario() == "facts/latency")
            latency();
        else if (m_result.scenario() == "facts/expiry_grain")
            expiryGrain();
        else if (m_result.scenario() == "subscriptions/suback_barrier")
            fact("suback-is-a-barrier", m_result.verdict() == v1::PASS ? "yes" : "no");
        if (m_result.scenario() == "facts/granted")
            return; // the offers tell it, and what was left unsaid
        for (const auto &each : m_result.fact()) {
            const bool isOwn = each.name() != "speaks-it" && each.name() != "says-its-version" && each.name() != "lets-ask-below-$SYS" && each.name() != "round-trips" && each.name() != "session-ended-with-will" && each.name() != "resumed-session-told" && each.name() != "taken-over-again-at-once";
            if (isOwn && each.name().rfind("MQTT-", 0) != 0)
                fact(each.name(), each.value());
        }
    }

private:
    void fact(const std::string &name, const std::string &value) { m_into.facts[name][value].insert(m_version); }
    void capability(const std::string &name, bool isPresent, const std::string &how)
    {
        v1::CapabilityFound found;
        found.set_name(name);
        found.set_version(m_version);
        found.set_present(isPresent);
        found.set_how("probed: " + how);
        m_into.capabilities.push_back(std::move(found));
    }

    void offers()
    {
        const std::string speaks = m_version == v1::V3 ? "v3" : "v5";
        const v1::Connack *connack = connackOf(m_result);
        const bool isRefused = connack && (connack->code() == 1 || connack->code() == 0x84);
        if (isRefused || (!connack && isClosed(m_result)))
            return capability(speaks, false, isRefused ? "CONNACK refuses the version" : "CONNECT is answered with a close");
        if (connack && connack->code() != 0)
            m_into.refusal = wire::text(*received(m_result, [](const v1::Packet &each) { return each.has_connack(); }), m_version);
        if (!connack || connack->code() != 0)
            return; // who is refused for another reason learns nothing
        capability(speaks, true, "CONNACK accepts");
        if (m_version == v1::V5)
            return offersOf(*connack);
        if (const auto code = granted(m_result, 1)) {
            capability("qos1", *code >= 1 && *code <= 2, "SUBACK grants " + grant(*code));
            capability("qos2", *code == 2, "SUBACK grants " + grant(*code));
        }
        if (const auto code = granted(m_result, 2))
            capability("wildcard", *code <= 2, "SUBACK of a filter with # grants " + grant(*code));
    }

    static std::string grant(std::uint32_t code) { return code <= 2 ? "QoS " + std::to_string(code) : "nothing"; }

    /// 5.0: each of these has a default, and who leaves it out promises the default.
    void offersOf(const v1::Connack &connack)
    {
        const auto said = [](bool is, const std::string &what) { return is ? what : "CONNACK says nothing against it"; };
        const std::uint32_t qos = connack.has_maximum_qos() ? connack.maximum_qos() : 2;
        capability("qos1", qos >= 1, said(connack.has_maximum_qos(), "Maximum QoS " + std::to_string(qos)));
        capability("qos2", qos >= 2, said(connack.has_maximum_qos(), "Maximum QoS " + std::to_string(qos)));
        available("retain", connack.has_retain_available(), connack.retain_available(), "Retain Available");
        available("wildcard", connack.has_wildcard_subscription_available(), connack.wildcard_subscription_available(), "Wildcard Subscription Available");
        available("shared", connack.has_shared_subscription_available(), connack.shared_subscription_available(), "Shared Subscription Available");
        available("subscription-identifiers", connack.has_subscription_identifiers_available(), connack.subscription_identifiers_available(),
                  "Subscription Identifiers Available");
        capability("topic-alias", connack.topic_alias_maximum() > 0, "Topic Alias Maximum " + std::to_string(connack.topic_alias_maximum()));
        const bool hasEnd = connack.has_session_expiry_interval();
        const bool isKept = !hasEnd || connack.session_expiry_interval() > 0;
        capability("session-expiry", isKept, said(hasEnd, "Session Expiry Interval " + std::to_string(connack.session_expiry_interval()) + " granted"));
        capability("persistent-sessions", isKept, said(hasEnd, "Session Expiry Interval " + std::to_string(connack.session_expiry_interval()) + " granted"));
        limits(connack);
    }

    void available(const std::string &name, bool isSaid, std::uint32_t value, const std::string &property)
    {
        capability(name, !isSaid || value != 0, isSaid ? property + " " + std::to_string(value) : "CONNACK says nothing against it");
    }

    void limits(const v1::Connack &connack)
    {
        const auto number = [this](const char *name, bool isSaid, std::uint32_t value, const char *otherwise) { fact(name, isSaid ? std::to_string(value) : otherwise); };
        number("receive-maximum", connack.has_receive_maximum(), connack.receive_maximum(), "65535 (not said)");
        number("maximum-packet-size", connack.has_maximum_packet_size(), connack.maximum_packet_size(), "unlimited (not said)");
        number("server-keep-alive", connack.has_server_keep_alive(), connack.server_keep_alive(), "the client's (not said)");
        number("topic-alias-maximum", connack.has_topic_alias_maximum(), connack.topic_alias_maximum(), "0 (not said)");
        number("maximum-qos", connack.has_maximum_qos(), connack.maximum_qos(), "2 (not said)");
        number("expiry-granted-for-never", connack.has_session_expiry_interval(), connack.session_expiry_interval(), "never (as asked)");
    }

    void nameless()
    {
        const v1::Connack *connack = connackOf(m_result);
        const bool isAccepted = connack && connack->code() == 0;
        if (connack || isClosed(m_result))
            capability("empty-client-id", isAccepted, isAccepted ? "CONNACK accepts it" : "CONNECT without one is refused");
        if (isAccepted && m_version == v1::V5)
            fact("assigned-client-identifier", connack->has_assigned_client_identifier() ? "told" : "not told");
    }

    std::string factOf(const std::string &name) const
    {
        const auto &facts = m_result.fact();
        const auto found = std::find_if(facts.begin(), facts.end(), [&name](const auto &each) { return each.name() == name; });
        return found == facts.end() ? std::string() : found->value();
    }

    /// That is a violation, and session_present/table says so: once, instead of wherever a session goes on.
    void sessionTold()
    {
        const std::string told = factOf("resumed-session-told");
        if (told == "yes")
            capability("session-present", true, "CONNACK of a resumed session says so");
        else if (told == "no")
            capability("session-present", false, "CONNACK of a resumed session says session present 0");
    }

    void takenOverAgain()
    {
        const std::string again = factOf("taken-over-again-at-once");
        if (!again.empty())
            capability("quick-takeovers", again == "yes", again == "yes" ? "two takeovers in a row are let in" : "the second of two takeovers in a row is turned away");
    }

    void ownVersion()
    {
        const auto *packet = received(m_result, [](const v1::Packet &each) { return each.has_publish() && each.publish().topic().rfind("$SYS/", 0) == 0; });
        if (packet && packet->publish().payload().size() < 100)
            m_into.version = packet->publish().payload();
    }

    void latency()
    {
        std::vector<double> spans;
        double asked = -1;
        for (const auto &event : m_result.trace().event()) {
            if (event.packet().has_pingreq())
                asked = event.at();
            if (event.packet().has_pingresp() && asked >= 0)
                spans.push_back(event.at() - std::exchange(asked, -1));
        }
        if (spans.empty())
            return;
        std::sort(spans.begin(), spans.end());
        const auto shown = [](double span) { return std::to_string(std::lround(span)) + " ms"; };
        fact("round-trip-median", shown(spans[spans.size() / 2]));
        fact("round-trip-worst", shown(spans.back()));
    }

    /// From the drop to the will, less the second that the session was to live.
    void expiryGrain()
    {
        double dropped = -1;
        for (const auto &event : m_result.trace().event()) {
            if (event.kind() == v1::TraceEvent::DROPPED)
                dropped = event.at();
            if (event.kind() == v1::TraceEvent::RECEIVED && event.packet().has_publish() && dropped >= 0)
                return fact("session-ends-late-by", std::to_string(std::max(0L, std::lround(event.at() - dropped - 1'000))) + " ms");
        }
    }

    Learnt &m_into;
    const v1::Result &m_result;
    v1::Version m_version;
};

bool isOneOf(const std::string &scenario, const auto &names)
{
    return std::any_of(names.begin(), names.end(), [&scenario](const char *name) { return scenario == name; });
}

} // namespace

std::vector<const script::Variant *> overture(const Library &library)
{
    std::vector<const script::Variant *> variants;
    for (const auto &entry : library.entries) {
        for (const auto &variant : entry->variants) {
            if (isOneOf(variant.scenario, Overture))
                variants.push_back(&variant);
        }
    }
    return variants;
}

std::vector<const script::Variant *> probing(const Library &library)
{
    std::vector<const script::Variant *> variants;
    for (const auto &entry : library.entries) {
        std::set<v1::Version> told;
        for (const auto &variant : entry->variants) {
            const bool isFact = variant.scenario.rfind("facts/", 0) == 0 && variant.role == v1::SERVER;
            if ((isFact || isOneOf(variant.scenario, Tellers)) && told.insert(variant.version).second)
                variants.push_back(&variant);
        }
    }
    return variants;
}

void learn(Learnt &into, const v1::Result &result)
{
    const bool tells = result.verdict() == v1::PASS || result.verdict() == v1::WARN || result.verdict() == v1::FAIL;
    if (tells && !result.trace().has_target_gone())
        Telling(into, result).tell();
}

Learnt learnt(const std::vector<v1::Result> &results)
{
    Learnt all;
    for (const auto &result : results)
        learn(all, result);
    return all;
}

std::optional<v1::CapabilityFound> capabilityOf(const v1::Target &profile, const Learnt &found, const std::string &name, v1::Version version)
{
    for (const auto &said : profile.capability()) {
        if (said.name() != name || (said.has_version() && said.version() != version))
            continue;
        v1::CapabilityFound result;
        result.set_name(name);
        result.set_version(version);
        result.set_present(said.present());
        result.set_how("profile: " + (said.why().empty() ? "it says so" : said.why()));
        return result;
    }
    for (const auto &each : found.capabilities) {
        if (each.name() == name && each.version() == version)
            return each;
    }
    return std::nullopt;
}

std::vector<std::string> contradictions(const v1::Target &profile, const Learnt &found)
{
    std::vector<std::string> sentences;
    for (const auto &each : found.capabilities) {
        const auto said = capabilityOf(profile, found, each.name(), each.version());
        if (!said || said->how().rfind("profile: ", 0) != 0 || said->present() == each.present())
            continue;
        sentences.push_back("the profile says that " + each.name() + " is " + (said->present() ? "present" : "absent") + ", the target says otherwise for " +
                            requirements::versionName(each.version()) + ": " + each.how().substr(each.how().find(' ') + 1));
    }
    return sentences;
}

void describe(v1::Report &report, const v1::Target &profile, const Learnt &found)
{
    for (const auto &each : found.capabilities)
        *report.add_capability() = *capabilityOf(profile, found, each.name(), each.version());
    for (const auto &said : profile.capability()) {
        const bool isKnown = std::any_of(found.capabilities.begin(), found.capabilities.end(), [&said](const auto &each) { return each.name() == said.name(); });
        if (isKnown)
            continue;
        auto &entry = *report.add_capability();
        entry.set_name(said.name());
        if (said.has_version())
            entry.set_version(said.version());
        entry.set_present(said.present());
        entry.set_how("profile: " + (said.why().empty() ? "it says so" : said.why()));
    }
    for (const auto &[name, values] : found.facts) {
        for (const auto &[value, versions] : values) {
            auto *fact = report.add_target_fact();
            fact->set_name(name);
            fact->set_value(value);
        }
    }
    if (const std::string version = profile.has_version() ? profile.version() : found.version; !version.empty())
        report.set_target_version(version);
}

} // namespace hiatus::suite
