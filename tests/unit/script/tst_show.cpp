#include "scenarios/script/expand.h"
#include "scenarios/script/show.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::script;

namespace {

const char *const Sample = R"(title: "A message comes again"
axes { qos: 1 again: ["-", "once more"] }
lane { name: "sub" keep_for: 30 }
lane { name: "pub" }

step { open { on: "sub" session_present: false } }
step { subscribe { on: "sub" filter: "door" } }
step { open { on: "pub" } }
step { publish { on: "pub" topic: "door" payload: "open\n" qos: 1 } }
step { expect { on: "sub" publish { topic: "door" dup: false } id: "m" cite { v3: "OLD" v5: "NEW" } cite { of: "dup" v3: "X" v5: "X" } } }
step { when { again: "once more" } label: "end" drop { on: "sub" how: FIN } }
step { wait { since: "end" until: JUST_AFTER seconds: 2 } }
step { one_of { fact: "way" branch { name: "left" step { ack { on: "sub" id: "m" with: PUBACK } } } branch { name: "right" step { closed { on: "sub" } } } } }
)";

Script sample()
{
    return parseScenario(Sample, "f", "topic/slug", {}).value_or(Script{});
}

QStringList linesOf(const std::string &text)
{
    return QString::fromStdString(text).split(QLatin1Char('\n'));
}

} // namespace

class ShowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void drawsTheScriptAsALadder();
    void drawsAVariantWithItsValues();
    void saysWhatMayBeAbsentAndWhoSpeaksTheOtherVersion();
    void staysWithinTheWidth();
};

void ShowTest::drawsTheScriptAsALadder()
{
    const QStringList lines = linesOf(ladder(sample()));
    const QStringList expected = {
        QStringLiteral("       sub       pub                                                 server"),
        QStringLiteral("        |         |                                                     |"),
        QStringLiteral("   6    |--- CONNECT -------------------------------------------------->|"),
        QStringLiteral("        |<-- CONNACK session_present=0 ---------------------------------|"),
        QStringLiteral("   7    |--- SUBSCRIBE door qos=<qos> --------------------------------->|"),
        QStringLiteral("        |<-- SUBACK ----------------------------------------------------|"),
        QStringLiteral("   8    |         |--- CONNECT ---------------------------------------->|"),
        QStringLiteral("        |         |<-- CONNACK -----------------------------------------|"),
        QStringLiteral("   9    |         |--- PUBLISH door \"open\\x0a\" qos=1 ------------------>|"),
        QStringLiteral("        |         |<-- PUBACK ------------------------------------------|"),
        QStringLiteral("  10    |<-- PUBLISH door dup=0 id=m -----------------------------------|  OLD | NEW"),
        QStringLiteral("        |         |                                                     |  dup: X"),
        QStringLiteral("      [if again = once more]                                            |"),
        QStringLiteral("  11    X  drop FIN                                                     |  label: end"),
        QStringLiteral("      [always]    |                                                     |"),
        QStringLiteral("  12  ... wait until just after 2 s after end ...                       |"),
        QStringLiteral("  13  one of (way):                                                     |"),
        QStringLiteral("        - left:   |                                                     |"),
        QStringLiteral("  13    |--- PUBACK id=m ---------------------------------------------->|"),
        QStringLiteral("        - right:  |                                                     |"),
        QStringLiteral("  13    |<-- (closes) --------------------------------------------------|"),
        QStringLiteral("      (end)       |                                                     |"),
    };
    const auto from = lines.indexOf(expected.first());
    QVERIFY(from > 0);
    QCOMPARE(lines.mid(from, expected.size()).join(QLatin1Char('\n')), expected.join(QLatin1Char('\n')));
    QVERIFY(lines.contains(QStringLiteral("  axis   again: -, once more")));
    QVERIFY(lines.contains(QStringLiteral("  lane   sub, kept for 30 s")));
}

void ShowTest::drawsAVariantWithItsValues()
{
    const std::vector<Variant> variants = expand(sample());
    QCOMPARE(variants.size(), std::size_t(4));
    const QString plain = QString::fromStdString(ladder(variants.at(0)));
    QVERIFY(plain.startsWith(QStringLiteral("topic/slug[v3,qos1,once]\n  f\n")));
    QVERIFY(!plain.contains(QStringLiteral("drop FIN")));
    QVERIFY(plain.contains(QStringLiteral("|  OLD\n")));
    const QString cut = QString::fromStdString(ladder(variants.at(3)));
    QVERIFY(cut.startsWith(QStringLiteral("topic/slug[v5,qos1,once-more]\n  f\n")));
    QVERIFY(cut.contains(QStringLiteral("drop FIN")));
    QVERIFY(cut.contains(QStringLiteral("SUBSCRIBE door qos=1 ")));
    QVERIFY(cut.contains(QStringLiteral("|  NEW\n")));
    QVERIFY(cut.contains(QStringLiteral("  waits  2 s\n")));
}

void ShowTest::saysWhatMayBeAbsentAndWhoSpeaksTheOtherVersion()
{
    const auto script = parseScenario("title: \"t\"\naxes { version: V5 }\nlane { name: \"old\" other_version: true } lane { name: \"new\" }\n"
                                      "step { open { on: \"old\" } } step { open { on: \"new\" within { field: \"session_expiry_interval\" max: 0 or_absent: true } } }\n",
                                      "f", "topic/slug", {});
    QVERIFY(script.has_value());
    const QString drawn = QString::fromStdString(ladder(*script));
    QVERIFY(drawn.contains(QStringLiteral("  lane   old, speaks the other version\n")));
    QVERIFY(drawn.contains(QStringLiteral("session_expiry_interval<=0 or none")));
}

void ShowTest::staysWithinTheWidth()
{
    Script script = sample();
    script.scenario.set_title(std::string(300, 't'));
    for (int i = 0; i < 9; ++i)
        script.scenario.add_lane()->set_name("a rather long name " + std::to_string(i));
    auto &publish = *script.scenario.mutable_step(3)->mutable_publish();
    publish.set_topic(std::string(200, 'x'));
    publish.set_payload(std::string(500, 'y') + " and " + std::string(50, 'z'));
    script.scenario.mutable_step(4)->mutable_expect()->mutable_cite(0)->set_v3(std::string(150, 'c'));
    for (const QString &line : linesOf(ladder(script)))
        QVERIFY2(line.size() <= 120, qPrintable(line));
}

QTEST_GUILESS_MAIN(ShowTest)
#include "tst_show.moc"
