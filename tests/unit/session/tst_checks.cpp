#include "proto/session/checks.h"

#include <google/protobuf/text_format.h>

#include <QTest>

using namespace hiatus;

class TestChecks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesAWholeClientSession();
    void takesAWholeServerSession();
    void refusesContradictoryClientSessions_data();
    void refusesContradictoryClientSessions();
    void refusesContradictoryServerSessions_data();
    void refusesContradictoryServerSessions();
    void refusesTwoSessionsOfOneClient();
};

namespace {

template <typename Value>
Value parsed(const QString &text)
{
    Value value;
    if (!google::protobuf::TextFormat::ParseFromString(text.toStdString(), &value))
        qFatal("the row is no text format");
    return value;
}

const QString Owner = QStringLiteral("client_id: 'c' version: V5 ");

} // namespace

void TestChecks::takesAWholeClientSession()
{
    const auto session = parsed<v1::ClientSession>(Owner + QStringLiteral(R"(
        inflight { packet_id: 65535 stage: AWAIT_PUBACK message { publish { topic: 't' qos: 1 } } }
        inflight { packet_id: 1 stage: AWAIT_PUBREC message { publish { topic: 't' qos: 2 } } }
        inflight { packet_id: 2 stage: AWAIT_PUBCOMP }
        received { packet_id: 1 }
        pending { publish { topic: 't' qos: 2 } })"));
    const auto checked = checkClientSession(session);
    QVERIFY2(checked.has_value(), checked ? "" : checked.error().c_str());
}

void TestChecks::takesAWholeServerSession()
{
    const auto session = parsed<v1::ServerSession>(Owner + QStringLiteral(R"(
        subscription { filter { filter: '$share/g/a/+' qos: 2 retain_handling: 1 } identifier: 268435455 }
        subscription { filter { filter: 'a/+' } }
        inflight { packet_id: 2 stage: AWAIT_PUBREC message { publish { topic: 't' qos: 2 } } }
        received { packet_id: 2 held { publish { topic: 't' qos: 2 } } }
        pending { publish { topic: 't' qos: 0 } }
        will { will { topic: 'gone' qos: 1 } })"));
    const auto checked = checkServerSession(session);
    QVERIFY2(checked.has_value(), checked ? "" : checked.error().c_str());
}

void TestChecks::refusesContradictoryClientSessions_data()
{
    QTest::addColumn<QString>("text");
    const QString one = QStringLiteral("inflight { packet_id: 1 stage: AWAIT_PUBACK message { publish { topic: 't' qos: 1 } } }");
    QTest::newRow("no client id") << QStringLiteral("version: V5");
    QTest::newRow("no version") << QStringLiteral("client_id: 'c'");
    QTest::newRow("identifier 0") << Owner + QString(one).replace(QStringLiteral("id: 1"), QStringLiteral("id: 0"));
    QTest::newRow("identifier 65536") << Owner + QString(one).replace(QStringLiteral("id: 1"), QStringLiteral("id: 65536"));
    QTest::newRow("identifier twice") << Owner + one + one;
    QTest::newRow("no stage") << Owner + QString(one).remove(QStringLiteral("stage: AWAIT_PUBACK"));
    QTest::newRow("stage of QoS 2 for QoS 1")
        << Owner + QString(one).replace(QStringLiteral("PUBACK"), QStringLiteral("PUBREC"));
    QTest::newRow("stage of QoS 1 for QoS 2") << Owner + QString(one).replace(QStringLiteral("qos: 1"), QStringLiteral("qos: 2"));
    QTest::newRow("no message to send again") << Owner + QStringLiteral("inflight { packet_id: 1 stage: AWAIT_PUBREC }");
    QTest::newRow("wildcard in the topic") << Owner + QString(one).replace(QStringLiteral("'t'"), QStringLiteral("'t/#'"));
    QTest::newRow("identifier in the message")
        << Owner + QString(one).replace(QStringLiteral("qos: 1"), QStringLiteral("qos: 1 packet_id: 1"));
    QTest::newRow("alias in the message")
        << Owner + QString(one).replace(QStringLiteral("qos: 1"), QStringLiteral("qos: 1 topic_alias: 1"));
    QTest::newRow("received twice") << Owner + QStringLiteral("received { packet_id: 3 } received { packet_id: 3 }");
    QTest::newRow("received 0") << Owner + QStringLiteral("received { packet_id: 0 }");
    QTest::newRow("QoS 0 pending") << Owner + QStringLiteral("pending { publish { topic: 't' qos: 0 } }");
}

void TestChecks::refusesContradictoryClientSessions()
{
    QFETCH(QString, text);
    const auto checked = checkClientSession(parsed<v1::ClientSession>(text));
    QVERIFY(!checked);
    QVERIFY(!checked.error().empty());
}

void TestChecks::refusesContradictoryServerSessions_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("no filter") << Owner + QStringLiteral("subscription { filter { filter: 'a#' } }");
    QTest::newRow("filter twice") << Owner + QStringLiteral("subscription { filter { filter: 'a' } } subscription { filter { filter: 'a' } }");
    QTest::newRow("QoS 3") << Owner + QStringLiteral("subscription { filter { filter: 'a' qos: 3 } }");
    QTest::newRow("subscription identifier 0") << Owner + QStringLiteral("subscription { filter { filter: 'a' } identifier: 0 }");
    QTest::newRow("will without topic") << Owner + QStringLiteral("will { will { qos: 1 } }");
    QTest::newRow("held message of QoS 1") << Owner + QStringLiteral("received { packet_id: 1 held { publish { topic: 't' qos: 1 } } }");
}

void TestChecks::refusesContradictoryServerSessions()
{
    QFETCH(QString, text);
    QVERIFY(!checkServerSession(parsed<v1::ServerSession>(text)));
}

void TestChecks::refusesTwoSessionsOfOneClient()
{
    v1::BrokerState state;
    *state.add_session() = parsed<v1::ServerSession>(Owner);
    state.add_retained()->mutable_publish()->set_topic("t");
    QVERIFY(checkBrokerState(state));
    *state.add_session() = parsed<v1::ServerSession>(Owner);
    QVERIFY(!checkBrokerState(state));
}

QTEST_APPLESS_MAIN(TestChecks)
#include "tst_checks.moc"
