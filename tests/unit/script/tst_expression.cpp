#include "scenarios/script/expression.h"

#include <QTest>

using namespace hiatus::script;

namespace {

Names names()
{
    Names names;
    names.name = [](const std::string &name) -> std::optional<std::string> {
        if (name == "delay")
            return "4";
        return name == "topic" ? std::optional<std::string>("door") : std::nullopt;
    };
    names.granted = [](const std::string &lane, const std::string &field) -> std::optional<std::string> {
        return lane == "dev" && field == "session_expiry_interval" ? std::optional<std::string>("4294967295") : std::nullopt;
    };
    names.declared = [](const std::string &field) -> std::optional<std::string> {
        return field == "queue_limit" ? std::optional<std::string>("6") : std::nullopt;
    };
    return names;
}

QString valueOf(const QString &text)
{
    const auto parsed = parseExpression(text.toStdString());
    if (!parsed)
        return QStringLiteral("error: ") + QString::fromStdString(parsed.error());
    const auto value = evaluate(*parsed, names());
    return value ? QString::fromStdString(*value) : QStringLiteral("unknown");
}

} // namespace

class ExpressionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void evaluates_data();
    void evaluates();
    void staysUnknownWithoutAnybodyToAsk();
};

void ExpressionTest::evaluates_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("value");
    const auto row = [](const char *name, const char *text, const char *value) {
        QTest::newRow(name) << QString::fromLatin1(text) << QString::fromLatin1(value);
    };
    row("number", "300", "300");
    row("number with room around", "  300 ", "300");
    row("axis", "delay", "4");
    row("text", "topic", "door");
    row("granted", "granted(dev.connack.session_expiry_interval)", "4294967295");
    row("least", "min(delay, granted(dev.connack.session_expiry_interval))", "4");
    row("most, as numbers", "max(delay, 10)", "10");
    row("declared", "min(declared( queue_limit ), 10)", "6");
    row("declared, but there is no such thing", "declared(grain)", "error: declared() takes queue_limit");
    row("nested", "min(max(1,2), max(3,4))", "2");
    row("unknown name", "pace", "unknown");
    row("unknown lane", "granted(x.connack.session_expiry_interval)", "unknown");
    row("unknown inside", "min(1, pace)", "unknown");
    row("text has no order", "min(1, topic)", "unknown");
    row("nothing", "", "error: expression is empty");
    row("sign", "-1", "error: unexpected '-' in expression");
    row("rest", "1 2", "error: unexpected '2' after the expression");
    row("function", "sum(1, 2)", "error: unknown function 'sum'; there are granted, declared, min and max");
    row("one argument", "min(1)", "error: min and max take two expressions");
    row("open end", "max(1, 2", "error: missing ')' in expression");
    row("not of a CONNACK", "granted(dev.connect.keep_alive)", "error: granted() takes LANE.connack.FIELD");
    row("too large", "99999999999999999999999", "error: number 99999999999999999999999 is too large");
    QTest::newRow("too deep") << QStringLiteral("min(").repeated(1000) << QStringLiteral("error: expression is nested too deeply");
}

void ExpressionTest::evaluates()
{
    QFETCH(QString, text);
    QFETCH(QString, value);
    QCOMPARE(valueOf(text), value);
}

void ExpressionTest::staysUnknownWithoutAnybodyToAsk()
{
    const auto name = parseExpression("delay");
    const auto granted = parseExpression("granted(dev.connack.receive_maximum)");
    QVERIFY(name && granted);
    QVERIFY(!evaluate(*name, {}));
    QVERIFY(!evaluate(*granted, {}));
}

QTEST_GUILESS_MAIN(ExpressionTest)
#include "tst_expression.moc"
