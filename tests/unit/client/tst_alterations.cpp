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
    void areTheTwentyOneOfTheFieldThatBreakAStatement();
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

void TestAlterations::areTheTwentyOneOfTheFieldThatBreakAStatement()
{
    QCOMPARE(deviations().size(), std::size_t{21});
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
    const bool shows3 = life(v1::V3, {}) != life(v1::V3, {name.toStdString()});
    const bool shows5 = life(v1::V5, {}) != life(v1::V5, {name.toStdString()});
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
