// Deviations and liberties: each is well described, and each shows in what the client does.

#include "client/deviation/deviations.h"
#include "client/deviation/makeclient.h"
#include "client/liberty/liberties.h"
#include "scenarios/requirements/catalogue.h"
#include "scenarios/requirements/dataroot.h"
#include "tests/unit/client/lives.h"

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
    const auto shows = [&](v1::Version version) {
        return life(version, {}) != life(version, names) || otherLife(version, {}) != otherLife(version, names) ||
               strictLife(version, {}) != strictLife(version, names);
    };
    const bool shows3 = shows(v1::V3), shows5 = shows(v1::V5);
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
