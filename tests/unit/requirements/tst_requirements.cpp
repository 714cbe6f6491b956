#include "scenarios/requirements/catalogue.h"
#include "scenarios/requirements/sectionorder.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

using hiatus::requirements::Catalogue;
using hiatus::requirements::standsBefore;
namespace v1 = hiatus::v1;

namespace {

QString qs(const std::string &text)
{
    return QString::fromStdString(text);
}

/// What the level alone says; exceptions stand in the row.
v1::Severity byLevel(const v1::Requirement &row)
{
    static const std::set<std::string> binding{"MUST", "MUST NOT", "Protocol Error", "PROSE"};
    if (binding.count(row.level()) != 0)
        return v1::SEVERITY_FAIL;
    if (row.level() == "derived")
        return row.basis() == "inference" ? v1::SEVERITY_WARN : v1::SEVERITY_FAIL;
    return row.level() == "SHOULD" ? v1::SEVERITY_WARN : v1::SEVERITY_FACT;
}

std::string keyText(const v1::Requirement &row)
{
    return hiatus::requirements::versionName(row.version()) + ' ' + row.id();
}

const char *const oneRow = R"(
requirement { id: "MQTT-1.0.0-1" version: V5 role: SERVER level: "MUST" severity: SEVERITY_FAIL text: "It answers." }
)";

} // namespace

class RequirementsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void everyRowOfBothStandardsIsThere();
    void aKeyNamesOneRow();
    void everyRowSaysWhatItIs();
    void severityFollowsTheLevelOrSaysWhy();
    void aRowThatNothingCanBreakSaysSo();
    void theSameNumberIsAnotherSentenceInTheOtherVersion();
    void aRowIsFoundForTheSideItIsAbout();
    void gradesThatTheStandardLeavesOpenAreWarnings_data();
    void gradesThatTheStandardLeavesOpenAreWarnings();
    void anUnknownStatementStillFails();
    void rowsStandInTheOrderOfTheStandard();
    void sectionsAreComparedAsNumbers_data();
    void sectionsAreComparedAsNumbers();
    void aBadFileIsRefusedWithItsPlace_data();
    void aBadFileIsRefusedWithItsPlace();
    void anEmptyFolderIsRefused();

private:
    Catalogue m_catalogue;
};

void RequirementsTest::initTestCase()
{
    auto loaded = Catalogue::load(HIATUS_SOURCE_DIR "/scenarios/requirements");
    QVERIFY2(loaded.has_value(), loaded ? "" : loaded.error().c_str());
    m_catalogue = std::move(*loaded);
}

void RequirementsTest::everyRowOfBothStandardsIsThere()
{
    std::map<v1::Version, int> count;
    for (const auto &row : m_catalogue.all())
        ++count[row.version()];
    QCOMPARE(count[v1::V3], 194);
    QCOMPARE(count[v1::V5], 310);
}

void RequirementsTest::aKeyNamesOneRow()
{
    std::set<std::tuple<int, std::string, int>> keys;
    for (const auto &row : m_catalogue.all()) {
        for (const int role : row.role())
            QVERIFY2(keys.emplace(row.version(), row.id(), role).second, keyText(row).c_str());
    }
    QCOMPARE(keys.size(), std::size_t(525));
}

void RequirementsTest::everyRowSaysWhatItIs()
{
    static const std::set<std::string> bases{"standard", "derived", "inference"};
    for (const auto &row : m_catalogue.all()) {
        const bool complete = !row.text().empty() && !row.level().empty() && !row.topic().empty() &&
                              !row.observable().empty() && row.severity() != v1::SEVERITY_UNSPECIFIED &&
                              bases.count(row.basis()) != 0;
        QVERIFY2(complete, keyText(row).c_str());
        const bool sided = std::all_of(row.role().begin(), row.role().end(),
                                       [](int role) { return role == v1::SERVER || role == v1::CLIENT; });
        QVERIFY2(sided, keyText(row).c_str());
    }
}

void RequirementsTest::severityFollowsTheLevelOrSaysWhy()
{
    int exceptions = 0;
    for (const auto &row : m_catalogue.all()) {
        if (row.severity() == byLevel(row))
            continue;
        ++exceptions;
        QVERIFY2(!row.why().empty(), keyText(row).c_str());
    }
    QVERIFY(exceptions > 0 && exceptions < 25);
}

void RequirementsTest::aRowThatNothingCanBreakSaysSo()
{
    for (const auto &row : m_catalogue.all()) {
        if (row.severity() == v1::SEVERITY_FACT)
            QVERIFY2(!row.untested().empty(), keyText(row).c_str());
        if (row.observable().rfind("no", 0) == 0)
            QVERIFY2(!row.untested().empty(), keyText(row).c_str());
    }
}

void RequirementsTest::theSameNumberIsAnotherSentenceInTheOtherVersion()
{
    const auto *old = m_catalogue.find(v1::V3, "MQTT-3.2.2-2", v1::SERVER);
    const auto *now = m_catalogue.find(v1::V5, "MQTT-3.2.2-2", v1::SERVER);
    QVERIFY(old && now);
    QVERIFY(old->text() != now->text());
    QCOMPARE(m_catalogue.named("MQTT-3.2.2-2").size(), std::size_t(2));
}

void RequirementsTest::aRowIsFoundForTheSideItIsAbout()
{
    const auto *server = m_catalogue.find(v1::V5, "MQTT-2.2.1-5", v1::SERVER);
    const auto *client = m_catalogue.find(v1::V5, "MQTT-2.2.1-5", v1::CLIENT);
    QVERIFY(server && client && server != client);
    QCOMPARE(m_catalogue.find(v1::V5, "MQTT-2.2.1-5"), server);
    QCOMPARE(m_catalogue.find(v1::V5, "MQTT-2.2.1-5", v1::PAIR), server);
    QVERIFY(!m_catalogue.find(v1::V5, "MQTT-3.1.0-2", v1::CLIENT));
    const auto *both = m_catalogue.find(v1::V5, "U5-4.9-2", v1::CLIENT);
    QVERIFY(both && both == m_catalogue.find(v1::V5, "U5-4.9-2", v1::SERVER));
}

void RequirementsTest::gradesThatTheStandardLeavesOpenAreWarnings_data()
{
    QTest::addColumn<QString>("id");
    QTest::newRow("receive maximum overrun") << "U5-3.3.4-1";
    QTest::newRow("will where the delay was cut short by a new session") << "A5-15";
    QTest::newRow("a protocol error that nobody noticed") << "A5-34";
    QTest::newRow("our inference about resends and receive maximum") << "D5-10";
    QTest::newRow("no local on a shared subscription") << "MQTT-3.8.3-4";
}

void RequirementsTest::gradesThatTheStandardLeavesOpenAreWarnings()
{
    QFETCH(QString, id);
    QCOMPARE(m_catalogue.severity(v1::V5, id.toStdString(), v1::SERVER), v1::SEVERITY_WARN);
}

void RequirementsTest::anUnknownStatementStillFails()
{
    QVERIFY(!m_catalogue.find(v1::V5, "MQTT-9.9.9-9"));
    QCOMPARE(m_catalogue.severity(v1::V5, "MQTT-9.9.9-9", v1::SERVER), v1::SEVERITY_FAIL);
}

void RequirementsTest::rowsStandInTheOrderOfTheStandard()
{
    const auto &rows = m_catalogue.all();
    const bool ordered = std::is_sorted(rows.begin(), rows.end(), [](const auto &a, const auto &b) {
        return a.version() != b.version() ? a.version() < b.version() : standsBefore(a.id(), b.id());
    });
    QVERIFY(ordered);
}

void RequirementsTest::sectionsAreComparedAsNumbers_data()
{
    QTest::addColumn<QString>("earlier");
    QTest::addColumn<QString>("later");
    QTest::newRow("item") << "MQTT-3.1.2-4"
                          << "MQTT-3.1.2-23";
    QTest::newRow("section") << "MQTT-3.8.4-1"
                             << "MQTT-3.10.4-1";
    QTest::newRow("clause") << "MQTT-4.4.0-1#a"
                            << "MQTT-4.4.0-1#b";
    QTest::newRow("prose after numbers of its section") << "MQTT-4.9.0-3"
                                                        << "U5-4.9.1-1";
    QTest::newRow("numbered before prose of the same section") << "MQTT-3.1.4-6"
                                                               << "U5-3.1.4-1";
    QTest::newRow("derived after the standard") << "U5-4.13-1"
                                                << "D5-1";
    QTest::newRow("derived by number") << "D5-9"
                                       << "D5-10";
    QTest::newRow("allowances last") << "D5-11"
                                     << "A5-1";
}

void RequirementsTest::sectionsAreComparedAsNumbers()
{
    QFETCH(QString, earlier);
    QFETCH(QString, later);
    QVERIFY(standsBefore(earlier.toStdString(), later.toStdString()));
    QVERIFY(!standsBefore(later.toStdString(), earlier.toStdString()));
}

void RequirementsTest::aBadFileIsRefusedWithItsPlace_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("error");
    const QString row = QString::fromLatin1(oneRow);
    QTest::newRow("unknown field") << "requirement {\n  idd: \"X\"\n}"
                                   << "c.txtpb:2:6: error: ";
    QTest::newRow("row without severity")
        << "\n\nrequirement { id: \"X\" version: V5 role: SERVER level: \"MUST\" text: \"t\" }"
        << "c.txtpb:3:1: error: X needs a severity";
    QTest::newRow("row without role") << "requirement { id: \"X\" version: V5 }"
                                      << "c.txtpb:1:1: error: X needs a role";
    QTest::newRow("row twice") << row + row << "c.txtpb:4:1: error: MQTT-1.0.0-1 is already there";
}

void RequirementsTest::aBadFileIsRefusedWithItsPlace()
{
    QFETCH(QString, text);
    QFETCH(QString, error);
    const auto parsed = Catalogue::parse("c.txtpb", text.toStdString());
    QVERIFY(!parsed);
    QVERIFY2(qs(parsed.error()).startsWith(error), parsed.error().c_str());
}

void RequirementsTest::anEmptyFolderIsRefused()
{
    const auto loaded = Catalogue::load(HIATUS_SOURCE_DIR "/cmake");
    QVERIFY(!loaded);
    QVERIFY(qs(loaded.error()).contains(QLatin1String("no statement catalogue")));
}

QTEST_APPLESS_MAIN(RequirementsTest)
#include "tst_requirements.moc"
