// Stories of sessions: present, expired, begun anew, taken over, restarted; and of what ends them.

#include "storyparts.h"

namespace hiatus::broker {

QStringList presence(Stage &stage)
{
    QStringList all;
    stage.cut(stage.connected({}));
    append(all, stage, stage.connect({}));              // takeover's ground: a live session
    append(all, stage, stage.connect({.clean = true})); // clean over it
    stage.cut(stage.connect({.clean = true, .expiry = 0}));
    append(all, stage, stage.connect({})); // after an ephemeral one
    stage.send(stage.connected({.clean = true, .expiry = 0}), filters(filter("t", 1)));
    const auto heir = stage.connect({});
    Publisher(stage).say("to the heir");
    append(all, stage, heir);
    return all;
}

QStringList expiry(Stage &stage)
{
    QStringList all;
    stage.cut(stage.connected({.expiry = 10}));
    stage.pass(Seconds(11));
    const auto link = stage.connect({.expiry = 10});
    append(all, stage, link);
    stage.pass(Seconds(9));
    stage.send(link, stage.is5() ? "disconnect { session_expiry_interval: 5 }" : "disconnect {}");
    stage.pass(Seconds(4));
    const auto longer = stage.connect({.expiry = 100});
    append(all, stage, longer);
    stage.cut(longer);
    stage.pass(Seconds(50));
    append(all, stage, stage.connect({.expiry = 100}));
    stage.send(stage.connected({.expiry = 100}),
               stage.is5() ? "disconnect { session_expiry_interval: 5 }" : "disconnect {}");
    stage.pass(Seconds(6));
    append(all, stage, stage.connect({.expiry = 100}));
    return all;
}

QStringList cleanStart(Stage &stage)
{
    QStringList all;
    stage.cut(subscriber(stage, 1));
    Publisher publisher(stage);
    publisher.say("queued");
    const auto link = stage.connect({.id = "s", .clean = true});
    publisher.say("live");
    append(all, stage, link);
    return all;
}

QStringList subscriptions(Stage &stage)
{
    QStringList all;
    const std::string id = stage.is5() ? "subscription_identifier: 7 " : "";
    auto link = stage.connected({.id = "s"});
    stage.send(link, filters(filter("t", 1, stage.is5() ? "no_local: true retain_as_published: true" : "") + id));
    stage.send(link, filters(filter("gone", 1) + filter("$share/g/t", 1), 2));
    stage.send(link, "unsubscribe { packet_id: 3 filter: \"gone\" }");
    stage.send(link, "unsubscribe { packet_id: 6 filter: \"gone\" }");
    stage.send(link, filters(filter("again", 2), 4));
    stage.send(link, filters(filter("again", 0), 5));
    Publisher publisher(stage);
    publisher.say("kept", 1, "retain: true");
    append(all, stage, link);
    stage.cut(link);
    link = stage.connect({.id = "s"});
    publisher.say("resumed", 1, "retain: true");
    stage.send(publisher.link(), "publish { topic: \"gone\" qos: 0 }");
    stage.send(publisher.link(), "publish { topic: \"again\" qos: 2 packet_id: 9 }");
    stage.send(link, "publish { topic: \"t\" qos: 0 payload: \"own\" }");
    append(all, stage, link);
    stage.send(link, filters(filter("$share/g/#", 1) + filter("t/#", 2), 6)); // overlapping, with a retained message
    publisher.say("overlap");
    append(all, stage, link);
    return all;
}

QStringList takeovers(Stage &stage)
{
    QStringList all;
    const auto old = subscriber(stage, 1);
    Publisher publisher(stage);
    publisher.say("unacknowledged");
    const auto heir = stage.connect({.id = "s"});
    stage.pass(Seconds(1));
    publisher.say("after");
    append(all, stage, old);
    append(all, stage, heir);
    stage.send(heir, "connect {}");
    append(all, stage, heir);
    append(all, stage, stage.connect({.id = "s"}));
    return all;
}

QStringList wills(Stage &stage)
{
    QStringList all;
    const auto watcher = stage.connected({.id = "watcher"});
    stage.send(watcher, filters(filter("w", 0)));
    stage.take(watcher);
    const auto will = [&](int delay, const char *payload) {
        const auto wait = stage.is5() && delay > 0 ? " delay_interval: " + std::to_string(delay) : std::string();
        return std::string("will { topic: \"w\" payload: \"") + payload + "\"" + wait + " }";
    };
    stage.connected({.more = will(0, "taken over")});
    stage.cut(stage.connected({.more = will(10, "cancelled")}));
    append(all, stage, watcher);
    stage.pass(Seconds(5));
    stage.connected({});
    stage.pass(Seconds(20));
    append(all, stage, watcher);
    stage.cut(stage.connected({.more = will(10, "clean")}));
    append(all, stage, watcher);
    stage.connected({.clean = true});
    append(all, stage, watcher);
    stage.cut(stage.connected({.expiry = 5, .more = will(10, "expired")}));
    stage.pass(Milliseconds(5'100));
    append(all, stage, watcher);
    stage.cut(stage.connected({.more = will(1, "late")}));
    stage.pass(Milliseconds(1'100));
    append(all, stage, watcher);
    return all;
}

QStringList restarts(Stage &stage)
{
    QStringList all;
    stage.cut(subscriber(stage, 1));
    stage.restart();
    Publisher(stage).say("while away");
    append(all, stage, stage.connect({.id = "s"}));
    stage.cut(stage.connected({.id = "brief", .expiry = 10}));
    const auto watch = stage.connected({.id = "watch"});
    stage.send(watch, filters(filter("w", 1)));
    stage.connected({.id = "willing", .more = "will { topic: \"w\" payload: \"gone\" qos: 1 }"});
    stage.restart(Seconds(20));
    append(all, stage, stage.connect({.id = "watch"}));
    append(all, stage, stage.connect({.id = "brief"}));
    return all;
}

/// Another user comes with the client id of a session that is kept; and somebody with one that no server has to take.
QStringList accounts(Stage &stage)
{
    QStringList all;
    const auto owner = stage.connected({.more = "user_name: \"ann\""});
    stage.send(owner, filters(filter("t", 1)));
    append(all, stage, owner);
    stage.cut(owner);
    const auto other = stage.open();
    stage.send(other, "connect { client_id: \"s\" user_name: \"bob\" }");
    append(all, stage, other);
    append(all, stage, stage.connect({.id = "s/1"}));
    return all;
}

/// A client comes back in the other version, and once more in its first.
QStringList versions(Stage &stage)
{
    QStringList all;
    const auto first = stage.version();
    for (const auto version : {first, first == v1::V5 ? v1::V3 : v1::V5, first}) {
        stage.speak(version);
        const auto link = stage.connect({});
        append(all, stage, link);
        stage.cut(link);
    }
    return all;
}

} // namespace hiatus::broker
