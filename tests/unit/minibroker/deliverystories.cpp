// Stories of messages: resent, held back by a window, expired, doubled, shared.

#include "storyparts.h"

#include "proto/wire/decoder.h"
#include "proto/wire/encoder.h"

namespace hiatus::broker {

QStringList resends(Stage &stage)
{
    QStringList all;
    auto link = subscriber(stage, 2);
    Publisher publisher(stage);
    publisher.say("acknowledged");
    publisher.say("lost");
    publisher.say("received");
    publisher.say("lost, of QoS 1", 1);
    acknowledgeAll(all, stage, stage.connected({.id = "nobody"}));
    stage.send(link, number("pubrec", 1));
    stage.send(link, number("pubcomp", 1));
    stage.send(link, number("pubrec", 3));
    stage.take(link);
    for (int cut = 0; cut < 2; ++cut) {
        stage.cut(link);
        link = stage.connect({.id = "s"});
        append(all, stage, link);
    }
    publisher.say("new");
    append(all, stage, link);
    stage.pass(Seconds(15));
    acknowledgeAll(all, stage, link);
    stage.cut(link);
    publisher.say("queued");
    link = stage.connect({.id = "s"}); // drained, and cut
    append(all, stage, link);
    stage.cut(link);
    append(all, stage, stage.connect({.id = "s"}));
    return all;
}

QStringList windows(Stage &stage)
{
    QStringList all;
    const auto window = [&](int size) {
        return stage.is5() ? "receive_maximum: " + std::to_string(size) : std::string();
    };
    auto link = subscriber(stage, 1, window(2));
    Publisher publisher(stage);
    publisher.sayMany("live", 2);
    for (int cut = 0; cut < 5; ++cut) {
        stage.cut(link);
        link = stage.connect({.id = "s", .more = window(1)});
    }
    publisher.sayMany("more", 12);
    append(all, stage, link);
    acknowledgeAll(all, stage, link);
    stage.cut(link);
    publisher.sayMany("away", 20);
    link = stage.connect({.id = "s", .more = window(4)});
    publisher.sayMany("back", 2);
    acknowledgeAll(all, stage, link);
    return all;
}

QStringList messageExpiry(Stage &stage)
{
    QStringList all;
    if (!stage.is5())
        return all;
    auto link = subscriber(stage, 2);
    Publisher publisher(stage);
    publisher.say("started", 2, "message_expiry_interval: 3");
    publisher.say("started, of QoS 1", 1, "message_expiry_interval: 3");
    stage.cut(link);
    publisher.say("waits too long", 2, "message_expiry_interval: 3");
    publisher.say("waits", 2, "message_expiry_interval: 30");
    stage.pass(Seconds(5));
    append(all, stage, stage.connect({.id = "s"}));
    return all;
}

QStringList receipts(Stage &stage)
{
    QStringList all;
    const auto watcher = subscriber(stage, 2);
    auto link = stage.connected({.id = "p"});
    const auto publish = [&](int id, const char *flags) {
        stage.send(link, "publish { topic: \"t\" qos: 2 packet_id: " + std::to_string(id) + " payload: \"m" +
                             std::to_string(id) + "\" " + flags + " }");
    };
    publish(1, "");
    append(all, stage, link);
    append(all, stage, watcher);
    publish(1, "dup: true");
    append(all, stage, watcher);
    stage.cut(link);
    link = stage.connected({.id = "p"});
    publish(1, "dup: true");
    stage.send(link, number("pubrel", 1));
    publish(2, "dup: true");
    stage.send(link, number("pubrel", 2));
    stage.send(link, number("pubrel", 2));
    publish(3, "");
    append(all, stage, link);
    stage.cut(link);
    link = stage.connected({.id = "p"});
    stage.send(link, number("pubrel", 3));
    stage.send(link, "publish { topic: \"nobody\" qos: 1 packet_id: 4 }");
    append(all, stage, link);
    append(all, stage, watcher);
    return all;
}

QStringList limits(Stage &stage)
{
    QStringList all;
    const auto refused =
        stage.connect({.id = stage.is5() ? "s" : "", .more = stage.is5() ? "authentication_method: \"x\"" : ""});
    append(all, stage, refused);
    append(all, stage, stage.connect({.id = "", .clean = true}));
    stage.cut(stage.connected({.expiry = 10}));
    stage.pass(Milliseconds(10'100));
    all << QString::number(stage.engine().sessions());
    const auto link = stage.connected(
        {.id = "k", .more = std::string("keep_alive: 4 ") + (stage.is5() ? "topic_alias_maximum: 4" : "")});
    stage.send(link, "publish { topic: \"r\" qos: 0 retain: true payload: \"retained\" }");
    stage.send(link, filters(filter("r", 2)));
    stage.send(link, "publish { topic: \"r\" qos: 0 payload: \"one\" }");
    stage.pass(Seconds(1));
    append(all, stage, link);
    stage.pass(Milliseconds(4'100));
    append(all, stage, link);
    stage.pass(Milliseconds(1'000));
    append(all, stage, link);
    stage.cut(subscriber(stage, 0));
    Publisher(stage).say("of QoS 0", 0);
    append(all, stage, stage.connect({.id = "s"}));
    return all;
}

/// A CONNECT for a connected client's id that breaks off at its will, and a retained message that outlives its session.
QStringList haste(Stage &stage)
{
    QStringList all;
    const auto holder = stage.connected({});
    v1::Packet broken;
    broken.mutable_connect()->set_client_id("s");
    broken.mutable_connect()->mutable_will()->set_topic("w");
    broken.mutable_connect()->mutable_will()->set_qos(3);
    const auto read = wire::decodeOne(wire::encode(broken, stage.version()), wire::Direction::ToServer, stage.version());
    const auto intruder = stage.open();
    stage.malformed(intruder, std::get<wire::Malformed>(read));
    append(all, stage, intruder);
    append(all, stage, holder);
    const auto brief = stage.connected({.id = "brief", .clean = true, .expiry = 0});
    stage.send(brief, "publish { topic: \"lamp\" qos: 0 retain: true payload: \"on\" }");
    stage.cut(brief);
    const auto late = stage.connected({.id = "late"});
    stage.send(late, filters(filter("lamp", 1)));
    append(all, stage, late);
    return all;
}

/// A member of a shared subscription is lost with a message in flight; whether the other one gets it now is open.
QStringList shares(Stage &stage)
{
    QStringList all;
    const auto member = stage.connected({.id = "m1"});
    const auto other = stage.connected({.id = "m2"});
    for (const auto link : {member, other}) {
        stage.send(link, filters(filter("$share/g/t", 1)));
        stage.take(link);
    }
    Publisher(stage).sayMany("job ", 2);
    append(all, stage, member);
    stage.cut(member);
    append(all, stage, other);
    return all;
}

} // namespace hiatus::broker
