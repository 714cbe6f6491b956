#include "tests/unit/client/lives.h"

#include "tests/unit/client/rig.h"

namespace hiatus::client {

namespace {

v1::Packet disconnectOf(std::uint32_t code)
{
    v1::Packet packet;
    packet.mutable_disconnect()->set_code(code);
    return packet;
}

} // namespace

QString life(v1::Version version, const std::vector<std::string> &names)
{
    ClientOptions options;
    options.version = version;
    options.resubscribe = true;
    Rig rig(options, Life::Kept, names);
    QStringList log;
    const auto note = [&] { log << rig.sent() << rig.events(); };
    v1::Connack limits;
    if (version == v1::V5)
        limits.set_receive_maximum(4);
    v1::Connect usual = rig.usual(false, 60);
    usual.set_keep_alive(30);
    usual.mutable_will()->set_topic("gone");
    const auto connect = [&](bool clean, bool present) {
        usual.set_clean(clean);
        const auto actions = rig.client().connect(usual, rig.now());
        if (!actions)
            return;
        rig.opened();
        log << QString::fromStdString(rig.packets().back().ShortDebugString());
        rig.publish("door", "early", 1);
        v1::Packet connack;
        *connack.mutable_connack() = limits;
        connack.mutable_connack()->set_session_present(present);
        rig.receive(connack);
        note();
    };
    const auto lose = [&] {
        rig.cut();
        note();
    };
    connect(false, false);
    for (std::uint32_t id = 1; id <= 3; ++id)
        rig.puback(id);
    rig.publish("door", "one", 1);
    rig.publish("door", "two", 2);
    rig.publish("door", "three", 2);
    v1::Subscribe subscribe;
    subscribe.add_filter()->set_filter("door");
    rig.subscribe(subscribe);
    v1::Packet suback;
    suback.mutable_suback()->set_packet_id(rig.packets().back().subscribe().packet_id());
    suback.mutable_suback()->add_code(0);
    rig.receive(suback);
    for (const v1::Packet &packet : std::vector<v1::Packet>(rig.packets())) {
        if (packet.publish().payload() == "three")
            rig.pubrec(packet.publish().packet_id());
    }
    rig.receivePublish("door", "in", 2, 50);
    rig.receivePublish("door", "in", 2, 50, true);
    rig.pubrec(77);
    rig.pubrel(78);
    note();
    rig.pass(Seconds(10));
    lose();
    connect(false, true);
    rig.receivePublish("door", "behind", 1, 51);
    rig.publish("door", "four", 1);
    note();
    lose();
    connect(false, true);
    rig.receivePublish("door", "in", 2, 50, true);
    note();
    lose();
    connect(false, false); // lost
    rig.receivePublish("door", "new", 2, 50);
    rig.publish("door", "five", 1);
    note();
    lose();
    connect(true, false);
    rig.receivePublish("door", "newer", 2, 50);
    rig.publish("door", "six", 1);
    note();
    lose();
    rig.pass(Seconds(90)); // expired
    connect(false, false);
    note();
    lose();
    connect(true, true); // impossible
    note();
    return log.join(QLatin1Char('\n'));
}

QString otherLife(v1::Version version, const std::vector<std::string> &names)
{
    ClientOptions options;
    options.version = version;
    options.manualAcknowledge = true;
    Rig rig(options, Life::Kept, names);
    QStringList log;
    std::size_t seen = 0;
    const auto note = [&] {
        log << rig.events() << QString::fromStdString(rig.client().snapshot(rig.now()).ShortDebugString());
        for (; seen < rig.packets().size(); ++seen)
            log << QString::fromStdString(rig.packets()[seen].ShortDebugString());
    };
    v1::Connect usual = rig.usual(false, 60);
    usual.set_keep_alive(10);
    v1::Connack connack;
    if (version == v1::V5) {
        usual.clear_client_id();
        usual.set_topic_alias_maximum(5);
        usual.set_receive_maximum(3);
        connack.set_assigned_client_identifier("named");
        connack.set_session_expiry_interval(600);
        connack.set_receive_maximum(3);
    }
    const auto publish = [&](const char *payload, std::uint32_t qos) {
        v1::Publish full;
        full.set_topic("till");
        full.set_payload(payload);
        full.set_qos(qos);
        full.set_retain(true);
        if (version == v1::V5) {
            full.set_message_expiry_interval(5);
            full.set_content_type("text/plain");
        }
        rig.publish(full);
    };
    rig.connect(usual, false, connack);
    publish("one", 2);
    publish("two", 1);
    const std::uint32_t first = rig.packets()[rig.packets().size() - 2].publish().packet_id();
    const std::uint32_t second = rig.packets().back().publish().packet_id();
    publish("three", 1); // the server's window is full
    rig.receivePublish("unwanted", "in", 1, 40);
    rig.receivePublish("door", "same", 2, first);
    rig.acknowledge(rig.lastDelivery());
    note();
    rig.pubrec(first);
    rig.receivePublish("door", "more", 1, 41);
    rig.pass(Seconds(8)); // a ping, and the messages expire
    if (version == v1::V5)
        rig.puback(second, 0x97);
    note();
    rig.cut();
    rig.pass(Seconds(90));
    connack.clear_assigned_client_identifier();
    rig.connect(usual, true, connack);
    rig.receivePublish("door", "again", 2, first, true);
    rig.receivePublish("door", "other", 1, 41, true);
    rig.acknowledge(rig.lastDelivery());
    note();
    v1::Packet aliased;
    aliased.mutable_publish()->set_topic("door");
    if (version == v1::V5)
        aliased.mutable_publish()->set_topic_alias(3);
    rig.receive(aliased);
    rig.cut();
    if (version == v1::V5)
        connack.set_retain_available(0);
    rig.connect(usual, true, connack);
    rig.disconnect();
    note();
    rig.connect(usual, true, connack);
    aliased.mutable_publish()->clear_topic();
    if (version == v1::V5)
        rig.receive(aliased);
    note();
    return log.join(QLatin1Char('\n'));
}

QString strictLife(v1::Version version, const std::vector<std::string> &names)
{
    ClientOptions options;
    options.version = version;
    Rig rig(options, Life::Kept, names);
    QStringList log;
    std::size_t seen = 0;
    const auto note = [&] {
        log << rig.events();
        for (; seen < rig.packets().size(); ++seen)
            log << QString::fromStdString(rig.packets()[seen].ShortDebugString());
    };
    const bool isV5 = version == v1::V5;
    v1::Connect usual = rig.usual(false, 60);
    usual.set_keep_alive(60);
    v1::Connack connack;
    if (isV5) {
        usual.set_receive_maximum(1);
        connack.set_server_keep_alive(4);
        connack.set_topic_alias_maximum(5);
    }
    v1::Connect nameless = rig.usual(true, 0);
    nameless.clear_client_id();
    if (!isV5) {
        rig.connect(nameless, false);
        rig.disconnect();
    }
    rig.connect(usual, false, connack);
    v1::Subscribe shared;
    shared.add_filter()->set_filter("$share/crew/door");
    rig.subscribe(shared);
    rig.publish("till", "now", 0);
    rig.publish("till", "one", 2);
    rig.publish("till", "two", 1);
    rig.publish("till", "three", 1);
    rig.pubrec(2); // SUBSCRIBE was the first to take an identifier
    rig.pass(Seconds(5)); // a ping for the server's keep alive
    note();
    v1::Packet soon;
    soon.mutable_publish()->set_topic("door");
    soon.mutable_publish()->set_qos(2);
    soon.mutable_publish()->set_packet_id(60);
    if (isV5)
        soon.mutable_publish()->set_message_expiry_interval(2);
    rig.receive(soon);
    rig.pass(Seconds(3));
    rig.pubrel(60); // after the message's expiry
    rig.cut();
    connack.set_receive_maximum(1);
    rig.connect(usual, true, connack);
    rig.pubcomp(2, isV5 ? 0x92 : 0);
    note();
    rig.receivePublish("door", "first", 2, 61);
    rig.receivePublish("door", "too many", 2, 62);
    note();
    rig.cut();
    rig.connect(usual, true, connack);
    rig.receive(disconnectOf(0x8B)); // in 3.1.1 no server sends it
    note();
    rig.cut();
    rig.connect(usual, true, connack);
    v1::Packet again;
    again.mutable_connack();
    rig.receive(again);
    note();
    return log.join(QLatin1Char('\n'));
}

} // namespace hiatus::client
