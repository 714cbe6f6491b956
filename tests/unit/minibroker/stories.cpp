#include "stories.h"

#include "proto/wire/decoder.h"
#include "proto/wire/encoder.h"

namespace hiatus::broker {

namespace {

std::string filters(const std::string &all, int id = 1)
{
    return "subscribe { packet_id: " + std::to_string(id) + " " + all + " }";
}

std::string filter(const std::string &name, int qos, const std::string &options = {})
{
    return "filter { filter: \"" + name + "\" qos: " + std::to_string(qos) + " " + options + " } ";
}

std::string number(const char *kind, int id)
{
    return std::string(kind) + " { packet_id: " + std::to_string(id) + " }";
}

/// A persistent publisher, its exchanges run to their end.
class Publisher
{
public:
    explicit Publisher(Stage &stage) : m_stage(stage), m_link(stage.connected({.id = "p"})) {}
    void say(const std::string &payload, int qos = 2, const std::string &more = {})
    {
        const auto id = qos > 0 ? " packet_id: " + std::to_string(++m_id) : std::string();
        m_stage.send(m_link, "publish { topic: \"t\" payload: \"" + payload + "\" qos: " + std::to_string(qos) + id +
                                 " " + more + " }");
        if (qos == 2)
            m_stage.send(m_link, number("pubrel", m_id));
    }
    void sayMany(const std::string &prefix, int count)
    {
        for (int i = 1; i <= count; ++i)
            say(prefix + std::to_string(i), 1);
    }
    LinkId link() const { return m_link; }

private:
    Stage &m_stage;
    LinkId m_link;
    int m_id = 100;
};

void append(QStringList &all, Stage &stage, LinkId link)
{
    all << QStringLiteral("--") << stage.take(link);
}

LinkId subscriber(Stage &stage, int qos, const std::string &more = {})
{
    const auto link = stage.connected({.id = "s", .more = more});
    stage.send(link, filters(filter("t", qos)));
    stage.take(link);
    return link;
}

/// Acknowledges whatever comes until nothing comes any more; everything is told.
void acknowledgeAll(QStringList &all, Stage &stage, LinkId link)
{
    for (int round = 0; round < 100; ++round) {
        const auto came = stage.take(link);
        if (came.isEmpty())
            return;
        all << came;
        for (const auto &line : came) {
            const auto id = line.section(QStringLiteral("id="), 1).section(QLatin1Char(' '), 0, 0).toInt();
            const auto *answer = line.startsWith(QStringLiteral("PUBLISH q1"))   ? "puback"
                                 : line.startsWith(QStringLiteral("PUBLISH q2")) ? "pubrec"
                                 : line.startsWith(QStringLiteral("PUBREL"))     ? "pubcomp"
                                                                                 : nullptr;
            if (answer != nullptr)
                stage.send(link, number(answer, id));
        }
    }
}

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

/// Another user comes with the client id of a session that is kept.
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

} // namespace

const std::vector<Story> &stories()
{
    static const std::vector<Story> all{
        {"presence", presence},
        {"expiry", expiry},
        {"clean start", cleanStart},
        {"subscriptions", subscriptions},
        {"resends", resends},
        {"windows", windows},
        {"message expiry", messageExpiry},
        {"receipts", receipts},
        {"takeovers", takeovers},
        {"wills", wills},
        {"restarts", restarts},
        {"limits", limits},
        {"haste", haste},
        {"shares", shares},
        {"accounts", accounts},
        {"versions", versions},
    };
    return all;
}

} // namespace hiatus::broker
