// What a broker need not offer, and what it may say although it need not.

#include "minibroker/engine/decorator.h"
#include "minibroker/liberty/rows.h"

namespace hiatus::broker {

namespace {

using Rewrite = std::function<void(v1::Packet &, v1::Version)>;

class Rewriting final : public Decorator
{
public:
    Rewriting(std::unique_ptr<Broker> inner, Rewrite rewrite) : Decorator(std::move(inner)), m_rewrite(std::move(rewrite)) {}

protected:
    Actions pass(Actions actions, Time) override
    {
        for (auto &action : actions) {
            if (auto *send = std::get_if<SendAction>(&action))
                m_rewrite(send->packet, send->version);
        }
        return actions;
    }

private:
    Rewrite m_rewrite;
};

std::function<void(Setup &)> rewriting(Rewrite rewrite)
{
    return [rewrite = std::move(rewrite)](Setup &setup) {
        setup.decorators.push_back([rewrite](std::unique_ptr<Broker> inner) -> std::unique_ptr<Broker> {
            return std::make_unique<Rewriting>(std::move(inner), rewrite);
        });
    };
}

/// Every limit, though it is the default.
void tellDefaults(v1::Packet &packet, v1::Version version)
{
    if (version != v1::V5 || !packet.has_connack() || packet.connack().code() != 0)
        return;
    auto &connack = *packet.mutable_connack();
    const auto told = [](bool has, std::uint32_t value, const auto &set) {
        if (!has)
            set(value);
    };
    told(connack.has_receive_maximum(), 65535, [&](auto value) { connack.set_receive_maximum(value); });
    told(connack.has_retain_available(), 1, [&](auto value) { connack.set_retain_available(value); });
    told(connack.has_wildcard_subscription_available(), 1, [&](auto value) { connack.set_wildcard_subscription_available(value); });
    told(connack.has_subscription_identifiers_available(), 1, [&](auto value) { connack.set_subscription_identifiers_available(value); });
    told(connack.has_shared_subscription_available(), 1, [&](auto value) { connack.set_shared_subscription_available(value); });
    told(connack.has_maximum_packet_size(), 268435455, [&](auto value) { connack.set_maximum_packet_size(value); });
}

/// Reasons in words, and properties of one's own, on everything that may carry them. (A client that asks for no problem
/// information gets none: no scenario does.)
void tellReasons(v1::Packet &packet, v1::Version version)
{
    if (version != v1::V5)
        return;
    const auto add = [](auto *message) {
        message->set_reason_string("as you asked");
        auto *property = message->add_user_property();
        property->set_key("server");
        property->set_value("minibroker");
    };
    switch (packet.kind_case()) {
    case v1::Packet::kConnack:
        return add(packet.mutable_connack());
    case v1::Packet::kPuback:
        return add(packet.mutable_puback());
    case v1::Packet::kPubrec:
        return add(packet.mutable_pubrec());
    case v1::Packet::kPubrel:
        return add(packet.mutable_pubrel());
    case v1::Packet::kPubcomp:
        return add(packet.mutable_pubcomp());
    case v1::Packet::kSuback:
        return add(packet.mutable_suback());
    case v1::Packet::kUnsuback:
        return add(packet.mutable_unsuback());
    case v1::Packet::kDisconnect:
        return add(packet.mutable_disconnect());
    default:
        return;
    }
}

/// Expiry interval and keep alive that hold, though they are those that CONNECT asked for. Knows what was asked.
class TellsAsked final : public Decorator
{
public:
    using Decorator::Decorator;

    Actions received(LinkId link, const v1::Packet &packet, Time now) override
    {
        if (packet.has_connect())
            m_asked = packet.connect();
        return Decorator::received(link, packet, now);
    }

protected:
    Actions pass(Actions actions, Time) override
    {
        for (auto &action : actions) {
            auto *send = std::get_if<SendAction>(&action);
            if (!send || send->version != v1::V5 || !send->packet.has_connack() || send->packet.connack().code() != 0)
                continue;
            v1::Connack &connack = *send->packet.mutable_connack();
            if (!connack.has_session_expiry_interval())
                connack.set_session_expiry_interval(m_asked.session_expiry_interval());
            if (!connack.has_server_keep_alive())
                connack.set_server_keep_alive(m_asked.keep_alive());
        }
        return actions;
    }

private:
    v1::Connect m_asked; // the one that is being answered
};

} // namespace

Rows offerLiberties()
{
    return {
        lacking("qos2", liberty("maximum-qos-1", "QoS 2 is not taken, and CONNACK says so.", {v5("MQTT-3.2.2-9"), v5("MQTT-3.2.2-10")},
                                [](Setup &setup) { setup.options.maximumQos = 1; })),
        lacking("retain", liberty("no-retained-messages", "There are no retained messages, and CONNACK says so.", {v5("MQTT-3.2.2-13")},
                                  [](Setup &setup) { setup.options.retain = false; })),
        lacking("wildcard", liberty("no-wildcards", "Wildcards are not granted, and CONNACK says so.", {v5("A5-25")},
                                    [](Setup &setup) { setup.options.wildcards = false; })),
        lacking("shared", liberty("no-shared-subscriptions", "Shared subscriptions are not granted, and CONNACK says so.", {v5("A5-25")},
                                  [](Setup &setup) { setup.options.shared = false; })),
        lacking("subscription-identifiers", liberty("no-subscription-identifiers", "Subscription identifiers are not granted, and CONNACK says so.", {v5("A5-25")},
                                                    [](Setup &setup) { setup.options.subscriptionIdentifiers = false; })),
    };
}

Rows wordingLiberties()
{
    return {
        liberty("defaults-told", "CONNACK gives every limit, though it is the default.", {v5("MQTT-3.2.2-9")}, rewriting(tellDefaults)),
        liberty("reasons-told", "Acknowledgements have a reason string and user properties.", {v5("A5-7")}, rewriting(tellReasons)),
        liberty("asked-told", "CONNACK gives the session expiry interval and the keep alive, though they are those asked for.", {v5("A5-1"), v5("MQTT-3.2.2-22")},
                [](Setup &setup) {
                    setup.decorators.push_back([](std::unique_ptr<Broker> inner) -> std::unique_ptr<Broker> { return std::make_unique<TellsAsked>(std::move(inner)); });
                }),
        liberty("unsuback-always-0x00", "UNSUBACK says 0x00 of filters that nobody held.", {v5("MQTT-3.11.3-2")},
                rewriting([](v1::Packet &packet, v1::Version) {
                    if (packet.has_unsuback()) {
                        for (auto &code : *packet.mutable_unsuback()->mutable_code())
                            code = 0;
                    }
                })),
    };
}

} // namespace hiatus::broker
