// The registries of what the broker may do otherwise: sane rows, and each of them shows.

#include "stories.h"

#include "scenarios/requirements/catalogue.h"

#include <QSet>
#include <QTest>

using namespace hiatus;
using namespace hiatus::broker;

namespace {

QStringList tellAll(v1::Version version, const std::vector<std::string> &alterations)
{
    QStringList all;
    for (const auto &story : stories()) {
        Stage stage(version, alterations);
        all << QString::fromLatin1(story.name) << story.tell(stage);
    }
    return all;
}

void everyRow()
{
    QTest::addColumn<QString>("name");
    for (const auto *rows : {&deviations(), &liberties()})
        for (const auto &row : *rows)
            QTest::newRow(row.name.c_str()) << QString::fromStdString(row.name);
}

const Alteration &rowOf(const QString &name)
{
    return *findAlteration(name.toStdString());
}

} // namespace

class TestBrokerDeviations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesAreUnique()
    {
        QSet<QString> names;
        for (const auto *rows : {&deviations(), &liberties()})
            for (const auto &row : *rows)
                names.insert(QString::fromStdString(row.name));
        QCOMPARE(std::size_t(names.size()), deviations().size() + liberties().size());
        QVERIFY(deviations().size() >= 120);
        QVERIFY(liberties().size() >= 30);
        QVERIFY(!findAlteration("no-such-row"));
        QVERIFY(!makeBroker({}, std::vector<std::string>{"no-such-row"}));
    }

    void rowsCiteTheCatalogue_data() { everyRow(); }
    void rowsCiteTheCatalogue()
    {
        QFETCH(QString, name);
        static const auto catalogue = requirements::Catalogue::load(HIATUS_REQUIREMENTS);
        QVERIFY2(catalogue.has_value(), catalogue ? "" : catalogue.error().c_str());
        const auto &row = rowOf(name);
        QVERIFY(!row.sentence.empty() && row.sentence.back() == '.');
        QVERIFY(!row.breaks.empty());
        const bool isDeviation = row.kind == Alteration::Kind::Deviation;
        QVERIFY(!isDeviation || !row.seen.empty());
        for (const auto &ref : row.breaks) {
            const auto *found =
                catalogue->find(ref.version, ref.statement, isDeviation ? v1::SERVER : v1::ROLE_UNSPECIFIED);
            QVERIFY2(found != nullptr, ref.statement.c_str());
            QVERIFY2(!isDeviation || found->severity() != v1::SEVERITY_FACT, ref.statement.c_str());
        }
    }

    /// Of deviations the suite itself asks more: `hiatus mutants` has each killed in every version that it cites, for what it
    /// breaks. These are the liberties, which nothing may notice there.
    void showsInSomeStoryOfEachVersionItCites_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto &row : liberties())
            QTest::newRow(row.name.c_str()) << QString::fromStdString(row.name);
    }
    void showsInSomeStoryOfEachVersionItCites()
    {
        QFETCH(QString, name);
        static const std::map<v1::Version, QStringList> clean{{v1::V3, tellAll(v1::V3, {})},
                                                              {v1::V5, tellAll(v1::V5, {})}};
        const auto &row = rowOf(name);
        QSet<int> versions;
        for (const auto &ref : row.breaks)
            versions.insert(ref.version);
        for (const auto version : versions) {
            const auto told = tellAll(static_cast<v1::Version>(version), {row.name});
            QVERIFY2(told != clean.at(static_cast<v1::Version>(version)), version == v1::V5 ? "5.0" : "3.1.1");
        }
    }

    void brokersShareNoMemoryOfTheirClients()
    {
        for (const auto &row : deviations())
            QCOMPARE(tellAll(v1::V5, {row.name}), tellAll(v1::V5, {row.name}));
    }
};

QTEST_APPLESS_MAIN(TestBrokerDeviations)
#include "tst_brokerdeviations.moc"
