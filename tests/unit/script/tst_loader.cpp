#include "scenarios/script/chunks.h"
#include "scenarios/script/lint.h"
#include "scenarios/script/show.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace hiatus;
using namespace hiatus::script;

namespace {

QString text(const std::string &utf8)
{
    return QString::fromStdString(utf8);
}

QString problemsOf(const std::string &script)
{
    const auto parsed = parseScenario(script, "f", "topic/slug", {});
    QStringList lines;
    if (!parsed) {
        for (const Problem &problem : parsed.error())
            lines += text(problem.text());
    }
    return lines.join(QLatin1Char('\n'));
}

QString write(const QTemporaryDir &directory, const char *name, const QByteArray &content)
{
    QFile file(directory.filePath(QString::fromLatin1(name)));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        return {};
    return file.fileName();
}

const char *const Sample = R"(title: 'one' "and two" # words
axes { version: V5 }
lane { name: "a" keep_for: 3 }
needs: ["qos2", "shared"]
step { open { on: "a" } } step { until_point { step { point: "x" }
  step { send { on: "a" packet { publish { topic: "t" qos: 2 } } } } } }
)";

} // namespace

class LoaderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsWhereEveryFieldStands_data();
    void knowsWhereEveryFieldStands();
    void readsAllThatIsWritten();
    void goesOnAfterAnError();
    void tellsWhereAnUnclosedBlockBegan();
    void refusesStringsThatAreNoUtf8();
    void refusesDeepNesting();
    void tellsOfAFileThatCannotBeRead();
    void loadsFragmentsBesideTheCatalogue();
    void namesScenariosByTheirPath_data();
    void namesScenariosByTheirPath();
    void takesAnyInput();
};

void LoaderTest::knowsWhereEveryFieldStands_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("place");
    const auto row = [](const char *path, const char *place) {
        QTest::newRow(path) << QString::fromLatin1(path) << QString::fromLatin1(place);
    };
    row("title", "f:1:1");
    row("axes.version[0]", "f:2:8");
    row("lane[0].keep_for", "f:3:18");
    row("needs[1]", "f:4:1");
    row("step[0].open.on", "f:5:15");
    row("step[1]", "f:5:27");
    row("step[1].until_point.step[1].send.packet[0].publish.qos", "f:6:55");
    row("step[1].until_point.step[1].send.id", "f:6:10");
    row("step[7]", "f:1:1");
}

void LoaderTest::knowsWhereEveryFieldStands()
{
    QFETCH(QString, path);
    QFETCH(QString, place);
    const auto script = parseScenario(Sample, "f", "topic/slug", {});
    QVERIFY(script);
    QCOMPARE(text(script->positions.find(path.toStdString()).text()), place);
}

void LoaderTest::readsAllThatIsWritten()
{
    const auto script = parseScenario(Sample, "f", "topic/slug", {});
    QVERIFY(script);
    QCOMPARE(text(script->scenario.title()), QStringLiteral("oneand two"));
    QCOMPARE(script->scenario.needs_size(), 2);
    QCOMPARE(script->scenario.step_size(), 2);
    QCOMPARE(script->scenario.step(1).until_point().step_size(), 2);
}

void LoaderTest::goesOnAfterAnError()
{
    QCOMPARE(problemsOf("titel: \"t\"\nstep { open { onn: \"a\" } }\nlane { name: \"a\" }\nstep { drop { how: RSTT } } step: 3\n}\n"),
             QStringLiteral("f:1:6: error: Message type \"hiatus.v1.Scenario\" has no field named \"titel\".\n"
                            "f:2:18: error: Message type \"hiatus.v1.Open\" has no field named \"onn\".\n"
                            "f:4:25: error: Unknown enumeration value of \"RSTT\" for field \"how\".\n"
                            "f:4:35: error: Expected \"{\", found \"3\".\n"
                            "f:5:1: error: Expected identifier, got: }"));
}

void LoaderTest::tellsWhereAnUnclosedBlockBegan()
{
    QCOMPARE(problemsOf("title: \"t\"\n  step { open { on: \"a\" }\nstep { drop { onn: \"a\" } }\n"),
             QStringLiteral("f:2:3: error: this block is never closed\n"
                            "f:3:18: error: Message type \"hiatus.v1.DropStep\" has no field named \"onn\"."));
}

void LoaderTest::refusesStringsThatAreNoUtf8()
{
    QCOMPARE(problemsOf("title: \"t\"\nstep { open { on: \"\\377\" } }\n"), QStringLiteral("f:2:15: error: \"on\" is not valid UTF-8"));
}

void LoaderTest::refusesDeepNesting()
{
    std::string deep;
    for (int i = 0; i < 5000; ++i)
        deep += "step { repeat { ";
    for (int i = 0; i < 5000; ++i)
        deep += "} } ";
    QVERIFY(problemsOf(deep).contains(QStringLiteral("too deep")));
}

void LoaderTest::tellsOfAFileThatCannotBeRead()
{
    const auto missing = loadScenario("/nowhere/x.txtpb", "nowhere/x", "");
    QVERIFY(!missing);
    QCOMPARE(text(missing.error().front().text()), QStringLiteral("/nowhere/x.txtpb: error: no such file"));
    const QTemporaryDir directory;
    const auto folder = loadScenario(directory.path().toStdString(), "x/y", "");
    QVERIFY(!folder);
    QVERIFY(text(folder.error().front().text()).endsWith(QStringLiteral(": error: not a file")));
}

void LoaderTest::loadsFragmentsBesideTheCatalogue()
{
    const QTemporaryDir directory;
    const QString scenario = write(directory, "s.txtpb", "title: \"t\"\nstep { use { fragment: \"part\" } }\nstep { use { fragment: \"../part\" } }\n");
    QVERIFY(!write(directory, "part.txtpb", "step { use { fragment: \"other\" } }\n").isEmpty());
    QVERIFY(!write(directory, "other.txtpb", "step { wait { second: 1 } }\n").isEmpty());
    const auto script = loadScenario(scenario.toStdString(), "t/s", directory.path().toStdString());
    QVERIFY(!script);
    QCOMPARE(script.error().size(), std::size_t(2));
    QVERIFY(text(script.error()[0].text()).endsWith(QStringLiteral("other.txtpb:1:21: error: Message type \"hiatus.v1.Wait\" has no field named \"second\".")));
    QVERIFY(text(script.error()[1].text()).endsWith(QStringLiteral("s.txtpb:3:14: error: no fragment \"../part\"")));
}

void LoaderTest::namesScenariosByTheirPath_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("id");
    QTest::newRow("in the catalogue") << QStringLiteral("/house/catalog/qos2/cut.txtpb") << QStringLiteral("qos2/cut");
    QTest::newRow("by a detour") << QStringLiteral("/house/catalog/will/../qos2/cut.txtpb") << QStringLiteral("qos2/cut");
    QTest::newRow("deeper") << QStringLiteral("/house/catalog/facts/a/b.txtpb") << QStringLiteral("facts/a/b");
    QTest::newRow("elsewhere") << QStringLiteral("/home/me/mine/idea.txtpb") << QStringLiteral("mine/idea");
    QTest::newRow("here") << QStringLiteral("idea.txtpb") << QStringLiteral("idea");
}

void LoaderTest::namesScenariosByTheirPath()
{
    QFETCH(QString, path);
    QFETCH(QString, id);
    QCOMPARE(text(scenarioId(path.toStdString(), "/house/catalog")), id);
}

// Every prefix of a script, and every script with one byte changed, is read, linted and drawn, or refused with a place.
void LoaderTest::takesAnyInput()
{
    const std::string sample = Sample;
    int refused = 0;
    const auto take = [&refused](const std::string &input) {
        const auto script = parseScenario(input, "f", "topic/slug", {});
        if (script) {
            lint(*script, {});
            return !ladder(*script).empty();
        }
        ++refused;
        return !script.error().empty() && script.error().front().at.line > 0;
    };
    for (std::size_t i = 0; i <= sample.size(); ++i)
        QVERIFY2(take(sample.substr(0, i)), qPrintable(QString::number(i)));
    for (std::size_t i = 0; i < sample.size(); ++i) {
        for (const char byte : {'{', '}', '"', '\n', '\0', '\xff', '#', '9'}) {
            std::string changed = sample;
            changed[i] = byte;
            QVERIFY2(take(changed), qPrintable(QString::number(i)));
        }
    }
    QVERIFY(refused > 100);
    QVERIFY(take(std::string(100'000, '{')));
    QVERIFY(take(std::string(300'000, 'x')));
}

QTEST_GUILESS_MAIN(LoaderTest)
#include "tst_loader.moc"
