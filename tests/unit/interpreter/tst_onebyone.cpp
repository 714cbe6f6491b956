// `take { stream { one_by_one } }`: one exchange at a time, and what its end sets free is here before the next one goes on.

#include "inbox.h"

#include <QTest>

namespace {

QString story(std::uint32_t qos, std::uint32_t window, const std::string &stream)
{
    const std::string published = "step { publish { on: \"pub\" topic: \"job\" stream: \"s\" count: 4 } }\n";
    const std::string taken = "step { take { on: \"dev\" stream { name: \"s\" " + stream + " } } }\n";
    return Story{qos, window, published, taken}.told();
}

} // namespace

class TestOneByOne : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endsOneExchangeBeforeTheNext()
    {
        QCOMPARE(story(1, 2, "one_by_one: true"),
                 QStringLiteral("PASS <s/1 >puback >ping <s/2 <s/3 >puback >ping <s/4 >puback >ping >puback >ping >ping"));
        QCOMPARE(story(2, 2, "one_by_one: true"),
                 QStringLiteral("PASS <s/1 >pubrec <s/2 >pubcomp >ping <s/3 >pubrec >pubcomp >ping <s/4 >pubrec >pubcomp >ping >pubrec >pubcomp >ping >ping"));
    }

    void isOverWhenTheLastPingIsAnswered()
    {
        const QString told = story(1, 1, "upto: 1 one_by_one: true");
        QCOMPARE(told.section(QLatin1Char(' '), 1, 4), QStringLiteral("<s/1 >puback >ping <s/2"));
    }

    void withoutItWhatIsHereIsAcknowledged()
    {
        QCOMPARE(story(1, 2, {}), QStringLiteral("PASS <s/1 >puback <s/2 >puback <s/3 >puback <s/4 >puback >ping"));
    }
};

QTEST_GUILESS_MAIN(TestOneByOne)
#include "tst_onebyone.moc"
