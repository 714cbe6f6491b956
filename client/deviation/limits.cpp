// What the two sides granted each other, taken for something else.

#include "client/deviation/rows.h"

#include <map>
#include <memory>
#include <set>

namespace hiatus::client::deviation {

namespace {

void ignoreNewLimits(Assembly &assembly)
{
    assembly.rules.refusal = [](const v1::Publish &, const Limits &, v1::Version) { return std::optional<Refusal>{}; };
}

/// The exchanges that the client has open on this connection, and how many it may.
struct Quota
{
    std::set<std::uint32_t> open;
    std::size_t maximum = 65'535;
};

void blockAtQuotaZero(Assembly &assembly)
{
    if (assembly.options.version != v1::V5)
        return;
    auto quota = std::make_shared<Quota>();
    FilterRules rules;
    rules.admits = [quota](v1::Packet &packet, Time) {
        if (packet.has_connack())
            *quota = {{}, packet.connack().has_receive_maximum() ? packet.connack().receive_maximum() : 65'535};
        quota->open.erase(packet.puback().packet_id() + packet.pubcomp().packet_id());
        return true;
    };
    rules.passes = [quota](Action &action, Time) {
        const auto *sent = std::get_if<SendPacket>(&action);
        if (!sent)
            return true;
        if (sent->packet.publish().qos() > 0)
            quota->open.insert(sent->packet.publish().packet_id());
        const bool isBlocked = sent->packet.has_subscribe() || sent->packet.has_pubrec() || sent->packet.has_puback();
        return !isBlocked || quota->open.size() < quota->maximum;
    };
    decorate(assembly, std::move(rules));
}

void ignoreGrantedExpiry(Assembly &assembly)
{
    FilterRules rules;
    rules.admits = [](v1::Packet &packet, Time) {
        if (packet.has_connack())
            packet.mutable_connack()->clear_session_expiry_interval();
        return true;
    };
    decorate(assembly, std::move(rules));
}

/// Counts what comes again as if it were new: each cut with messages open costs places in its own window.
void leakInboundWindow(Assembly &assembly)
{
    struct Window
    {
        std::uint32_t open = 0;
        std::uint32_t maximum = 0;
    };
    auto window = std::make_shared<Window>();
    FilterRules rules;
    rules.passes = [window](Action &action, Time) {
        if (const auto *sent = std::get_if<SendPacket>(&action)) {
            if (sent->packet.has_connect())
                window->maximum = sent->packet.connect().receive_maximum();
            if ((sent->packet.has_puback() || sent->packet.has_pubcomp()) && window->open > 0)
                --window->open;
        }
        return true;
    };
    rules.admits = [window](v1::Packet &packet, Time) {
        if (packet.publish().qos() == 0 || window->maximum == 0)
            return true;
        if (window->open >= window->maximum)
            return false;
        ++window->open;
        return true;
    };
    decorate(assembly, std::move(rules));
}

void aliasAboveMaximum(Assembly &assembly)
{
    auto maximum = std::make_shared<std::uint32_t>(0);
    FilterRules rules;
    rules.admits = [maximum](v1::Packet &packet, Time) {
        if (packet.has_connack())
            *maximum = packet.connack().topic_alias_maximum();
        return true;
    };
    rules.passes = [maximum](Action &action, Time) {
        auto *sent = std::get_if<SendPacket>(&action);
        if (sent && sent->packet.has_publish() && *maximum > 0)
            sent->packet.mutable_publish()->set_topic_alias(*maximum + 1);
        return true;
    };
    decorate(assembly, std::move(rules));
}

void keepInboundAliases(Assembly &assembly)
{
    auto topics = std::make_shared<std::map<std::uint32_t, std::string>>();
    FilterRules rules;
    rules.admits = [topics](v1::Packet &packet, Time) {
        if (!packet.has_publish() || !packet.publish().has_topic_alias())
            return true;
        std::string &topic = (*topics)[packet.publish().topic_alias()];
        if (packet.publish().topic().empty())
            packet.mutable_publish()->set_topic(topic);
        else
            topic = packet.publish().topic();
        return true;
    };
    decorate(assembly, std::move(rules));
}

} // namespace

std::vector<Alteration> ofLimits()
{
    return {
        {"resend-ignores-new-limits", "What is sent again keeps to the limits of the old CONNACK, not of the new one.",
         v5({"MQTT-3.2.2-11", "MQTT-3.2.2-14", "MQTT-3.2.2-15"}), {}, {}, "clients with a second path for what is sent again",
         ignoreNewLimits},
        {"quota-zero-blocks-everything", "With the send quota at zero not even SUBSCRIBE and acknowledgements leave.",
         v5({"MQTT-3.3.4-8", "MQTT-4.9.0-3"}), v5({"MQTT-4.3.2-4", "MQTT-4.3.3-8"}), {}, "clients with one queue for all packets",
         blockAtQuotaZero},
        {"ignores-granted-expiry", "The session expiry interval of CONNACK is not read: the client goes by its own.",
         v5({"U5-3.2.2.3.2-2"}), v5({"MQTT-4.4.0-1#a"}), {}, "", ignoreGrantedExpiry},
        {"inbound-window-leaks-on-cut", "What the server sends again takes a second place in the client's own window; beyond it nothing is read.",
         v5({"MQTT-4.3.2-4", "MQTT-4.3.3-8", "MQTT-4.3.3-10"}), {}, {}, "two client libraries", leakInboundWindow},
        {"alias-above-maximum", "PUBLISH has a topic alias that CONNACK does not allow.", v5({"MQTT-3.2.2-17"}), {}, {}, "",
         aliasAboveMaximum},
        {"keeps-inbound-aliases", "A topic alias of an earlier connection still stands for its topic.", v5({"MQTT-3.3.2-7"}), {}, {},
         "sibling of a broker defect", keepInboundAliases},
    };
}

} // namespace hiatus::client::deviation
