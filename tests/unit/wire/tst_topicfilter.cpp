// Topic names and filters: well-formedness, sharing, matching.

#include "proto/wire/topicfilter.h"

#include <QtTest>

#include <string>

using namespace hiatus::wire;

class TestTopicFilter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void matchesTopicsAsTheStandardSays_data();
    void matchesTopicsAsTheStandardSays();
    void knowsWellFormedFilters_data();
    void knowsWellFormedFilters();
    void knowsTopicNames_data();
    void knowsTopicNames();
    void takesSharedFiltersApart();
    void refusesStringsThatAreTooLong();
    void knowsUtf8_data();
    void knowsUtf8();
    void findsBadBytesWhereverTheyAre();
};

void TestTopicFilter::matchesTopicsAsTheStandardSays_data()
{
    QTest::addColumn<QByteArray>("filter");
    QTest::addColumn<QByteArray>("topic");
    QTest::addColumn<bool>("expected");

    const auto row = [](const char *filter, const char *topic, bool expected) {
        QTest::addRow("%s %s %s", filter, expected ? "matches" : "does not match", topic)
            << QByteArray(filter) << QByteArray(topic) << expected;
    };
    row("a", "a", true);
    row("a", "A", false);
    row("a", "a/", false);
    row("/a", "a", false);
    row("a/b/c", "a/b/c", true);
    row("a/b", "a/b/c", false);
    row("a/b/c", "a/b", false);
    row("#", "a", true);
    row("#", "/", true);
    row("#", "a/b/c", true);
    row("a/#", "a", true);
    row("a/#", "a/", true);
    row("a/#", "a/b", true);
    row("a/#", "a/b/c", true);
    row("a/#", "ab", false);
    row("a/#", "b/a", false);
    row("a/b/#", "a", false);
    row("+", "a", true);
    row("+", "a/b", false);
    row("+", "/", false);
    row("+", "/a", false);
    row("/+", "/a", true);
    row("+/+", "/a", true);
    row("+/+", "/", true);
    row("a/+", "a", false);
    row("a/+", "a/", true);
    row("a/+", "a/b", true);
    row("a/+", "a/b/c", false);
    row("a/+/c", "a/b/c", true);
    row("a/+/c", "a//c", true);
    row("a/+/c", "a/b/d", false);
    row("+/b/#", "a/b", true);
    row("+/#", "a", true);
    row("#", "$SYS/a", false);
    row("+/a", "$SYS/a", false);
    row("$SYS/#", "$SYS/a", true);
    row("$SYS/+", "$SYS/a", true);
    row("a/+", "a/$b", true);
    row("a/#", "a/$b", true);
    row("$share/g/a/+", "a/b", true);
    row("$share/g/a/+", "a", false);
    row("$share/g/#", "$SYS/a", false);
    row("$share", "$share", true);
    row("", "a", false);
    row("#", "", false);
}

void TestTopicFilter::matchesTopicsAsTheStandardSays()
{
    QFETCH(QByteArray, filter);
    QFETCH(QByteArray, topic);
    QFETCH(bool, expected);
    QCOMPARE(matches(filter.toStdString(), topic.toStdString()), expected);
}

void TestTopicFilter::knowsWellFormedFilters_data()
{
    QTest::addColumn<QByteArray>("filter");
    QTest::addColumn<bool>("expected");

    for (const char *good : {"a", "/", "//", "#", "+", "a/#", "+/+/+", "a/+/b", "/#", "/+", "a b", "$SYS/#", "$share",
                             "$share/g/a", "$share/g/#", "$share/g/+/a", "$share/g//", "$share/a b/c", "$sharex/+"})
        QTest::addRow("%s is one", good) << QByteArray(good) << true;
    for (const char *bad : {"", "a#", "#a", "#/", "a/#/b", "##", "a+", "+a", "a/+b", "a/b+/c", "$share/", "$share//a",
                            "$share/g", "$share/g/", "$share/g+/a", "$share/#/a", "$share/+/a", "$share/g/a#", "\x80"})
        QTest::addRow("%s is none", bad) << QByteArray(bad) << false;
    QTest::newRow("U+0000 is none") << QByteArray("a\0b", 3) << false;
}

void TestTopicFilter::knowsWellFormedFilters()
{
    QFETCH(QByteArray, filter);
    QFETCH(bool, expected);
    QCOMPARE(isTopicFilter(filter.toStdString()), expected);
}

void TestTopicFilter::knowsTopicNames_data()
{
    QTest::addColumn<QByteArray>("topic");
    QTest::addColumn<bool>("expected");

    QTest::newRow("a level") << QByteArray("a") << true;
    QTest::newRow("a separator") << QByteArray("/") << true;
    QTest::newRow("a system topic") << QByteArray("$SYS/a") << true;
    QTest::newRow("a space") << QByteArray(" ") << true;
    QTest::newRow("nothing") << QByteArray() << false;
    QTest::newRow("with #") << QByteArray("a/#") << false;
    QTest::newRow("with +") << QByteArray("a+b") << false;
    QTest::newRow("with U+0000") << QByteArray("a\0", 2) << false;
    QTest::newRow("not UTF-8") << QByteArray("a\xC0") << false;
}

void TestTopicFilter::knowsTopicNames()
{
    QFETCH(QByteArray, topic);
    QFETCH(bool, expected);
    QCOMPARE(isTopicName(topic.toStdString()), expected);
}

void TestTopicFilter::takesSharedFiltersApart()
{
    const auto shared = sharedFilter("$share/group/a/+");
    QVERIFY(shared.has_value());
    QCOMPARE(std::string(shared->group), "group");
    QCOMPARE(std::string(shared->filter), "a/+");
    const auto root = sharedFilter("$share/g//a");
    QVERIFY(root.has_value());
    QCOMPARE(std::string(root->filter), "/a");
    for (const char *other :
         {"a", "$share", "$share/", "$share/g", "$share/g/", "$share/+/a", "$share//a", "$SHARE/g/a"})
        QVERIFY2(!sharedFilter(other), other);
}

void TestTopicFilter::refusesStringsThatAreTooLong()
{
    const std::string longest(65535, 'a');
    QVERIFY(isTopicName(longest) && isTopicFilter(longest));
    QVERIFY(!isTopicName(longest + "a") && !isTopicFilter(longest + "a"));
}

void TestTopicFilter::knowsUtf8_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("expected");

    for (const char *good : {"", "61", "7F", "C280", "DFBF", "E0A080", "ED9FBF", "EE8080", "EFBFBF", "F0908080",
                             "F48FBFBF", "E282AC61E282AC", "EFBFBE"})
        QTest::addRow("well-formed %s", good) << QByteArray::fromHex(good) << true;
    for (const char *bad :
         {"00",     "80",     "BF",     "C0", "C080",     "C1BF",     "C2",       "C241",     "E0", "E09F80", "E080",
          "EDA080", "EDBFBF", "E28261", "F0", "F08F8080", "F0908061", "F4908080", "F5808080", "FE", "FF",     "61C3"})
        QTest::addRow("ill-formed %s", bad) << QByteArray::fromHex(bad) << false;
}

void TestTopicFilter::knowsUtf8()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, expected);
    QCOMPARE(isUtf8(bytes.toStdString()), expected);
}

void TestTopicFilter::findsBadBytesWhereverTheyAre()
{
    for (std::size_t size = 1; size <= 40; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            for (const char bad : {'\0', '\x80', '\xFF'}) {
                std::string text(size, '\x01');
                QVERIFY(isUtf8(text));
                text[at] = bad;
                QVERIFY(!isUtf8(text));
            }
        }
    }
}

QTEST_APPLESS_MAIN(TestTopicFilter)
#include "tst_topicfilter.moc"
