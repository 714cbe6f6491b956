// A field in a range: there and inside, there and outside, absent where that is allowed and where it is not.

#include "scenarios/interpreter/matcher.h"

#include <google/protobuf/text_format.h>

#include <QTest>

using namespace hiatus;

namespace {

template <class T>
T parsed(const char *text)
{
    T message;
    if (!google::protobuf::TextFormat::ParseFromString(text, &message))
        qFatal("not a message: %s", text);
    return message;
}

} // namespace

class tst_Within : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhatIsOutside_data()
    {
        QTest::addColumn<QByteArray>("range");
        QTest::addColumn<QByteArray>("packet");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, const char *range, const char *packet, const char *expected) {
            QTest::newRow(name) << QByteArray(range) << QByteArray(packet) << QByteArray(expected);
        };
        const char *const one = "field: 'server_keep_alive' any: 1";
        const char *const oneOrNone = "field: 'server_keep_alive' any: 1 or_absent: true";
        row("the value", one, "connack { server_keep_alive: 1 }", "");
        row("another value", one, "connack { server_keep_alive: 2 }", "one of 1, not 2");
        row("absent", one, "connack {}", "one of 1, not absent");
        row("the value, or absent: there", oneOrNone, "connack { server_keep_alive: 1 }", "");
        row("the value, or absent: absent", oneOrNone, "connack {}", "");
        row("the value, or absent: another", oneOrNone, "connack { server_keep_alive: 2 }", "one of 1, or absent, not 2");
        row("nothing above 0, or absent: 0", "field: 'session_expiry_interval' max: 0 or_absent: true", "connack { session_expiry_interval: 0 }", "");
        row("nothing above 0, or absent: 5", "field: 'session_expiry_interval' max: 0 or_absent: true", "connack { session_expiry_interval: 5 }",
            "at most 0, or absent, not 5");
    }
    void tellsWhatIsOutside()
    {
        QFETCH(QByteArray, range);
        QFETCH(QByteArray, packet);
        const auto within = parsed<v1::Within>(range.constData());
        const auto wrong = run::notWithin(within, within.has_max() ? std::optional(within.max()) : std::nullopt, parsed<v1::Packet>(packet.constData()));
        QTEST(wrong ? QByteArray::fromStdString(wrong->expected + ", not " + wrong->actual) : QByteArray(), "expected");
    }
};

QTEST_APPLESS_MAIN(tst_Within)
#include "tst_within.moc"
