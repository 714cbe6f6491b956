// `expect { maybe }` acknowledges nothing; `take { maybe }` acknowledges what it asks for as it comes, the first copy only.

#include "inbox.h"

#include <QTest>

namespace {

QString story(std::uint32_t qos, const std::string &steps)
{
    const std::string published = "step { publish { on: \"pub\" topic: \"job\" payload: \"one\" } }\n"
                                  "step { publish { on: \"pub\" topic: \"job\" payload: \"two\" } }\n";
    return Story{qos, 1, published, steps}.told().remove(QStringLiteral(" >ping"));
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
