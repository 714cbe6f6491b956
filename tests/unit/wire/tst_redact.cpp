// Passwords in URLs, wherever a URL stands.

#include "proto/wire/redact.h"

#include <QTest>

class TestRedact : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hidesPasswordsOnly_data();
    void hidesPasswordsOnly();
};

void TestRedact::hidesPasswordsOnly_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *text, const char *expected) { QTest::newRow(text) << QByteArray(text) << QByteArray(expected); };
    row("mqtt://host:1883", "mqtt://host:1883");
    row("mqtt://me@host", "mqtt://me@host");
    row("mqtt://me:secret@host", "mqtt://me:***@host");
    row("wss://me:se:cr@et@host:8/path", "wss://me:***@host:8/path");
    row("mqtt://me:sec/ret@host", "mqtt://me:***@host");
    row("ws://host:80/p@th", "ws://host:80/p@th");
    row("hiatus run x --target 'mqtt://me:secret@host' --seed 3", "hiatus run x --target 'mqtt://me:***@host' --seed 3");
    row("mqtt://a:b@c mqtt://d:e@f", "mqtt://a:***@c mqtt://d:***@f");
    row("mqtt://[::1]:1883", "mqtt://[::1]:1883");
    row("no URL at all", "no URL at all");
    row("://", "://");
}

void TestRedact::hidesPasswordsOnly()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, expected);
    QCOMPARE(hiatus::wire::redacted(text.toStdString()), expected.toStdString());
}

QTEST_GUILESS_MAIN(TestRedact)
#include "tst_redact.moc"
