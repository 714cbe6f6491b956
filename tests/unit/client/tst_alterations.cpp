// Deviations and liberties: each is well described, and each shows in what the client does.

#include "client/deviation/deviations.h"
#include "client/deviation/makeclient.h"
#include "client/liberty/liberties.h"
#include "scenarios/requirements/catalogue.h"
#include "scenarios/requirements/dataroot.h"
#include "tests/unit/client/rig.h"

#include <QSet>
#include <QTest>

using namespace hiatus;
using namespace hiatus::client;

class TestAlterations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void areNamedOnceAndSayWhatTheyDo();
    void citeStatementsOfTheCatalogue();
    void holdThoseOfTheFieldThatBreakAStatement();
    void showInWhatTheClientDoes_data();
    void showInWhatTheClientDoes();
    void refusesUnknownNames();
};

namespace {

/// A life with everything in it: every exchange cut in the middle, sessions kept, lost and begun anew.
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

/// What the first life has no room for: acknowledgements by hand, a name from the server, aliases, properties, rejections,
/// limits that change, a granted interval, and a store.
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

std::vector<const Alteration *> all()
{
    std::vector<const Alteration *> rows;
    for (const Alteration &row : deviations())
        rows.push_back(&row);
    for (const Alteration &row : liberties())
        rows.push_back(&row);
    return rows;
}

} // namespace

void TestAlterations::areNamedOnceAndSayWhatTheyDo()
{
    QSet<QString> names;
    for (const Alteration *row : all()) {
        const QString name = QString::fromStdString(row->name);
        QVERIFY2(!names.contains(name), qPrintable(name));
        names << name;
        QVERIFY2(row->sentence.size() > 20 && row->sentence.back() == '.', qPrintable(name));
        QVERIFY2(row->apply != nullptr, qPrintable(name));
    }
    for (const Alteration &row : liberties())
        QVERIFY2(!row.allowedBy.empty() && row.breaks.empty(), row.name.c_str());
    QVERIFY(liberties().size() >= 10);
}

void TestAlterations::citeStatementsOfTheCatalogue()
{
    const auto catalogue = requirements::Catalogue::load(requirementsDirectory(dataRoot("/proc/self/exe")));
    QVERIFY2(catalogue.has_value(), catalogue ? "" : catalogue.error().c_str());
    for (const Alteration *row : all()) {
        for (const auto *statements : {&row->breaks, &row->also, &row->allowedBy}) {
            for (const Statement &statement : *statements)
                QVERIFY2(catalogue->find(statement.version, statement.id, v1::CLIENT) != nullptr,
                         qPrintable(QString::fromStdString(row->name + " cites " + statement.id)));
        }
    }
}

void TestAlterations::holdThoseOfTheFieldThatBreakAStatement()
{
    const char *const names[] = {
        "resend-despite-session-present-0", "keep-inbound-qos2-ids-on-sp0", "wedge-after-session-loss",
        "accept-unexpected-session-present", "no-resend-on-reconnect", "client-resend-without-dup",
        "resend-with-new-packet-id", "resend-publish-after-pubrel", "client-drop-pubrel-on-reconnect",
        "requeue-and-resend-same-message", "resend-out-of-order", "lose-publishes-made-during-replay",
        "resend-ignores-receive-maximum", "inflight-counter-leaks-on-cut", "reuse-id-of-outstanding-request",
        "deliver-inbound-qos2-twice", "client-no-pubcomp-for-unknown-pubrel", "ack-before-handler-ready",
        "reconnect-with-clean-start-1", "reconnect-drops-connect-properties", "resend-with-stale-topic-alias",
    };
    for (const char *name : names) {
        const Alteration *row = findAlteration(name);
        QVERIFY2(row && !row->breaks.empty(), name);
    }
}

void TestAlterations::showInWhatTheClientDoes_data()
{
    QTest::addColumn<QString>("name");
    for (const Alteration *row : all())
        QTest::newRow(row->name.c_str()) << QString::fromStdString(row->name);
}

void TestAlterations::showInWhatTheClientDoes()
{
    QFETCH(QString, name);
    const std::vector<std::string> names{name.toStdString()};
    const bool shows3 = life(v1::V3, {}) != life(v1::V3, names) || otherLife(v1::V3, {}) != otherLife(v1::V3, names);
    const bool shows5 = life(v1::V5, {}) != life(v1::V5, names) || otherLife(v1::V5, {}) != otherLife(v1::V5, names);
    QVERIFY(shows3 || shows5);
    for (const Statement &statement : findAlteration(name.toStdString())->breaks)
        QVERIFY2(statement.version == v1::V3 ? shows3 : shows5, statement.id.c_str());
}

void TestAlterations::refusesUnknownNames()
{
    QVERIFY(makeClient({}, {"no-such-thing"}) == nullptr);
    QVERIFY(makeClient({}) != nullptr);
}

QTEST_APPLESS_MAIN(TestAlterations)
#include "tst_alterations.moc"
