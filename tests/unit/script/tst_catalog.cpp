// The catalogue itself: every file loads, lints clean against the statements, and can be drawn.

#include "scenarios/requirements/catalogue.h"
#include "scenarios/script/expand.h"
#include "scenarios/script/lint.h"
#include "scenarios/script/show.h"

#include <QSet>
#include <QTest>

using namespace hiatus;
using namespace hiatus::script;

namespace {

const std::string Root = HIATUS_SCENARIOS;

Script load(const QString &file)
{
    const std::string path = file.toStdString();
    return loadScenario(path, scenarioId(path, Root + "/catalog"), Root + "/fragments").value_or(Script{});
}

const requirements::Catalogue &statements()
{
    static const auto catalogue = requirements::Catalogue::load(Root + "/requirements");
    return *catalogue;
}

QString problemsOf(const QString &file)
{
    const std::string path = file.toStdString();
    const auto script = loadScenario(path, scenarioId(path, Root + "/catalog"), Root + "/fragments");
    const auto lookup = [](v1::Version version, const std::string &id, v1::Role role) {
        return statements().find(version, id, role);
    };
    QStringList lines;
    for (const Problem &problem : script ? lint(*script, lookup) : script.error())
        lines += QString::fromStdString(problem.text());
    return lines.join(QLatin1Char('\n'));
}

/// Statements that the variant charges and the catalogue does not have for the side charged, the verbs' own included.
QStringList unknownStatements(const Variant &variant, const std::vector<PlannedStep> &steps)
{
    QStringList unknown;
    for (const PlannedStep &step : steps) {
        for (const PlannedCite &cite : step.cites) {
            const v1::Version version = cite.version == v1::VERSION_UNSPECIFIED ? variant.version : cite.version;
            if (!statements().find(version, cite.statement, cite.role))
                unknown += QString::fromStdString(step.at.text() + " " + cite.statement);
        }
        for (const PlannedBlock &block : step.blocks)
            unknown += unknownStatements(variant, block.steps);
    }
    return unknown;
}

} // namespace

class CatalogTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyFileIsInOrder_data();
    void everyFileIsInOrder();
    void everyStatementChargedIsInTheCatalogue_data() { everyFileIsInOrder_data(); }
    void everyStatementChargedIsInTheCatalogue();
    void everyLadderFitsThePage_data() { everyFileIsInOrder_data(); }
    void everyLadderFitsThePage();
    void noTwoVariantsShareAnId();
};

void CatalogTest::everyFileIsInOrder_data()
{
    QTest::addColumn<QString>("file");
    for (const std::string &file : scenarioFiles(Root + "/catalog"))
        QTest::newRow(scenarioId(file, Root + "/catalog").c_str()) << QString::fromStdString(file);
}

void CatalogTest::everyFileIsInOrder()
{
    QFETCH(QString, file);
    QCOMPARE(problemsOf(file), QString());
}

void CatalogTest::everyStatementChargedIsInTheCatalogue()
{
    QFETCH(QString, file);
    for (const Variant &variant : expand(load(file)))
        QCOMPARE(unknownStatements(variant, variant.steps).join(QLatin1Char('\n')), QString());
}

void CatalogTest::everyLadderFitsThePage()
{
    QFETCH(QString, file);
    const Script script = load(file);
    QString text = QString::fromStdString(ladder(script));
    for (const Variant &variant : expand(script))
        text += QString::fromStdString(ladder(variant));
    for (const QString &line : text.split(QLatin1Char('\n')))
        QVERIFY2(line.size() <= 120, qPrintable(line));
}

void CatalogTest::noTwoVariantsShareAnId()
{
    QSet<QString> ids;
    for (const std::string &file : scenarioFiles(Root + "/catalog")) {
        for (const Variant &variant : expand(load(QString::fromStdString(file)))) {
            const QString id = QString::fromStdString(variant.id);
            QVERIFY2(!ids.contains(id), qPrintable(id));
            ids.insert(id);
        }
    }
    QVERIFY(ids.size() > 500);
}

QTEST_GUILESS_MAIN(CatalogTest)
#include "tst_catalog.moc"
