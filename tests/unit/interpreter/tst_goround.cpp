// `go_round`: messages pass by until the identifiers have come round past one that is held. The simulated broker has 50.

#include "inbox.h"

#include <QTest>

namespace {

QString told(const std::vector<std::string> &alterations)
{
    const std::string held = "step { publish { on: \"pub\" topic: \"job\" payload: \"held\" } }\n";
    const std::string steps = "step { expect { on: \"dev\" publish { topic: \"job\" payload: \"held\" } id: \"m\" } }\n"
                              "step { go_round { on: \"dev\" from: \"pub\" topic: \"job\" past: \"m\" } }\n"
                              "step { ack { on: \"dev\" id: \"m\" with: PUBACK } }\n";
    return Story{1, 40, held, steps, alterations}.told();
}

} // namespace

class TestGoRound : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endsWhenTheFirstIsUsedAgain()
    {
        const QString all = told({});
        QVERIFY2(all.startsWith(QStringLiteral("PASS <held [")), qPrintable(all));
        QVERIFY2(all.endsWith(QStringLiteral("identifiers up to 50, then from the first (2) again] >puback >ping")), qPrintable(all));
    }

    void takesIdentifiersInAnyOrder()
    {
        const QString all = told({"scattered-packet-ids"});
        QVERIFY2(all.startsWith(QStringLiteral("PASS <held [")), qPrintable(all));
    }

    void keepsTheMessageThatTakesTheHeldOne()
    {
        const QString all = told({"packet-ids-go-round-unseeing"});
        QVERIFY2(all.endsWith(QStringLiteral("[15 messages from pub, acknowledged; identifiers up to 16] <round/16")), qPrintable(all));
    }

    void waitsForEachAcknowledgement()
    {
        const QString all = told({"puback-with-other-id"});
        QVERIFY2(!all.startsWith(QStringLiteral("PASS")), qPrintable(all));
        QVERIFY2(!all.contains(QStringLiteral("again")), qPrintable(all));
    }
};

QTEST_GUILESS_MAIN(TestGoRound)
#include "tst_goround.moc"
