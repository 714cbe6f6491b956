// `expect { maybe }` acknowledges nothing; `take { maybe }` acknowledges what it asks for as it comes, the first copy only.

#include "scenarios/requirements/catalogue.h"
#include "scenarios/script/expand.h"
#include "scenarios/suite/simulation.h"

#include <QTest>

using namespace hiatus;

namespace {

/// What a lane with a window of one saw of "one" and "two": `steps` come after both were published. Verdict, then the
/// packets of the lane ("<one" came, ">puback" left), then the facts.
QString story(std::uint32_t qos, const std::string &steps)
{
    const std::string text = "title: \"t\"\naxes { version: V5 qos: " + std::to_string(qos) +
                             " }\nlane { name: \"dev\" keep_for: 300 connect { receive_maximum: 1 } }\nlane { name: \"pub\" }\n"
                             "step { open { on: \"pub\" } }\nstep { open { on: \"dev\" session_present: false } }\n"
                             "step { subscribe { on: \"dev\" filter: \"job\" } }\nstep { drop { on: \"dev\" how: RST } }\n"
                             "step { publish { on: \"pub\" topic: \"job\" payload: \"one\" } }\n"
                             "step { publish { on: \"pub\" topic: \"job\" payload: \"two\" } }\n"
                             "step { open { on: \"dev\" session_present: true } }\n" +
                             steps;
    const auto parsed = script::parseScenario(text, "f", "topic/slug", {});
    if (!parsed)
        return QString::fromStdString(parsed.error().front().text());
    const auto variants = script::expand(*parsed);
    const auto result = suite::simulate(variants.front(), requirements::Catalogue{}, {});
    QStringList told{QString::fromStdString(v1::Verdict_Name(result.verdict()))};
    for (const auto &event : result.trace().event()) {
        const v1::Packet &packet = event.packet();
        if (event.lane() != "dev" || event.link() < 2)
            continue;
        if (event.kind() == v1::TraceEvent::RECEIVED && packet.has_publish())
            told += QStringLiteral("<") + QString::fromStdString(packet.publish().payload());
        if (event.kind() == v1::TraceEvent::SENT && packet.has_puback())
            told += QStringLiteral(">puback");
        if (event.kind() == v1::TraceEvent::SENT && packet.has_pubrec())
            told += QStringLiteral(">pubrec");
        if (event.kind() == v1::TraceEvent::SENT && packet.has_pubcomp())
            told += QStringLiteral(">pubcomp");
    }
    for (const auto &fact : result.fact())
        told += QString::fromStdString(fact.name() + "=" + fact.value());
    return told.join(QLatin1Char(' '));
}

const std::string maybeOne = "take { on: \"dev\" publish { topic: \"job\" payload: \"one\" } maybe: true }";
const std::string takeTwo = "step { take { on: \"dev\" publish { topic: \"job\" payload: \"two\" } } }\n";

} // namespace

class TestMaybe : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acknowledgesAsItComesSoThatTheNextOneFits()
    {
        QCOMPARE(story(1, "step { " + maybeOne + " }\n" + takeTwo), QStringLiteral("PASS <one >puback <two >puback"));
        QCOMPARE(story(2, "step { " + maybeOne + " }\n" + takeTwo), QStringLiteral("PASS <one >pubrec >pubcomp <two >pubrec >pubcomp"));
    }

    void acknowledgesWhatHasComeAlready()
    {
        const std::string later = "step { fence { on: \"dev\" by: PING } }\n";
        const std::string inSight = "step { expect { on: \"dev\" publish { topic: \"job\" payload: \"one\" } } }\n";
        QCOMPARE(story(1, "step { " + maybeOne + " }\n" + later + takeTwo), QStringLiteral("PASS <one >puback <two >puback"));
        // Consumed by a step before, it is that step's to acknowledge.
        QVERIFY(story(1, inSight + "step { " + maybeOne + " }\n" + takeTwo).startsWith(QStringLiteral("FAIL <one")));
        QVERIFY(!story(1, inSight + "step { " + maybeOne + " }\n" + takeTwo).contains(QStringLiteral(">puback")));
    }

    void leavesTheSecondCopyAlone()
    {
        const std::string again = "step { publish { on: \"pub\" topic: \"job\" payload: \"one\" } }\n";
        const QString told = story(1, "step { " + maybeOne + " }\n" + takeTwo + again + "step { fence { on: \"dev\" by: PING } }\n");
        QVERIFY2(told.startsWith(QStringLiteral("FAIL <one >puback <two >puback <one")), qPrintable(told));
        QCOMPARE(told.count(QStringLiteral(">puback")), 2);
    }

    void asksForNothing()
    {
        const std::string never = "step { take { on: \"dev\" publish { topic: \"job\" payload: \"none\" } maybe: true fact: \"came\" } }\n";
        const std::string takeOne = "step { take { on: \"dev\" publish { topic: \"job\" payload: \"one\" } } }\n";
        QCOMPARE(story(1, never + takeOne + takeTwo + "step { fence { on: \"dev\" by: PING } }\n"),
                 QStringLiteral("PASS <one >puback <two >puback came=no"));
    }

    void expectAcknowledgesNothing()
    {
        const std::string seen = "step { expect { on: \"dev\" publish { topic: \"job\" payload: \"one\" } maybe: true } }\n";
        QVERIFY(story(1, seen + takeTwo).startsWith(QStringLiteral("FAIL <one")));
        QVERIFY(!story(1, seen + takeTwo).contains(QStringLiteral(">puback")));
    }
};

QTEST_GUILESS_MAIN(TestMaybe)
#include "tst_maybe.moc"
