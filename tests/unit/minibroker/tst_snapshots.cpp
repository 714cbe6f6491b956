// The broker's state as a value: out and in again without loss, refused when it contradicts itself; and the state hook.

#include "stage.h"

#include <google/protobuf/text_format.h>

#include <QTest>

using namespace hiatus;
using namespace hiatus::broker;
using L = QStringList;

namespace {

v1::BrokerState parse(const std::string &text)
{
    v1::BrokerState state;
    if (!google::protobuf::TextFormat::ParseFromString(text, &state))
        qFatal("not a state: %s", text.c_str());
    return state;
}

const std::string Whole = R"(
session {
  client_id: "s" version: V5 session_expiry_interval: 300 disconnected_at: 1576800000000 user_name: "adam"
  subscription { filter { filter: "$share/g/t/#" qos: 2 no_local: false retain_as_published: true retain_handling: 1 } identifier: 7 }
  subscription { filter { filter: "t" qos: 1 no_local: true retain_as_published: false retain_handling: 0 } }
  inflight { packet_id: 9 stage: AWAIT_PUBCOMP }
  inflight { packet_id: 3 stage: AWAIT_PUBACK message { publish { topic: "t" payload: "a" qos: 1 retain: false content_type: "c" } } }
  inflight { packet_id: 5 stage: AWAIT_PUBREC message { publish { topic: "t" payload: "b" qos: 2 retain: true subscription_identifier: 7 } } }
  pending { publish { topic: "t" payload: "c" qos: 1 retain: false message_expiry_interval: 60 } expires_at: 1576800050000 }
  pending { publish { topic: "t" payload: "d" qos: 0 retain: false } }
  received { packet_id: 1 }
  received { packet_id: 2 held { publish { topic: "t" payload: "e" qos: 2 retain: true } } }
  will { will { topic: "w" payload: "gone" qos: 1 delay_interval: 30 } due_at: 1576800030000 }
}
retained { publish { topic: "r" payload: "kept" qos: 1 retain: true } }
)";

const Time Then = Time(Milliseconds(1'576'800'000'000));

} // namespace

class TestSnapshots : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesBackWhatItWasMadeFrom()
    {
        const auto state = parse(Whole);
        const auto engine = BrokerEngine::create({}, {}, state, Then + Seconds(1));
        QVERIFY2(engine.has_value(), engine ? "" : engine.error().c_str());
        QCOMPARE(QString::fromStdString((*engine)->snapshot(Then + Seconds(1)).DebugString()),
                 QString::fromStdString(state.DebugString()));
    }

    void leavesOutWhatHasExpired()
    {
        const auto engine = BrokerEngine::create({}, {}, parse(Whole), Then + Seconds(300));
        QVERIFY(engine.has_value());
        QCOMPARE((*engine)->snapshot(Then + Seconds(300)).session_size(), 0);
        (*engine)->advanced(Then + Seconds(300));
        QCOMPARE((*engine)->sessions(), std::size_t(0));
    }

    void refusesContradictions_data()
    {
        QTest::addColumn<QString>("state");
        const auto row = [](const char *name, const char *state) { QTest::newRow(name) << QString::fromLatin1(state); };
        row("a session twice", "session { client_id: 's' version: V3 } session { client_id: 's' version: V3 }");
        row("no client id", "session { version: V3 }");
        row("no version", "session { client_id: 's' }");
        row("an identifier twice",
            "session { client_id: 's' version: V3 received { packet_id: 1 } received { packet_id: 1 } }");
        row("identifier 0", "session { client_id: 's' version: V3 received { packet_id: 0 } }");
        row("a bad filter", "session { client_id: 's' version: V3 subscription { filter { filter: 'a/#/b' } } }");
        row("a stage that does not fit", "session { client_id: 's' version: V3 inflight { packet_id: 1 stage: "
                                         "AWAIT_PUBACK message { publish { topic: 't' qos: 2 } } } }");
        row("a retained message without topic", "retained { publish { payload: 'x' } }");
    }
    void refusesContradictions()
    {
        QFETCH(QString, state);
        const auto engine = BrokerEngine::create({}, {}, parse(state.toStdString()), Then);
        QVERIFY(!engine);
        QVERIFY(engine.error().starts_with("the stored state is contradictory"));
    }

    void refusesFiltersOfTooManyLevels()
    {
        v1::BrokerState state = parse("session { client_id: 's' version: V3 subscription { filter { filter: '#' } } }");
        std::string deep;
        for (int i = 0; i < 300; ++i)
            deep += "a/";
        state.mutable_session(0)->mutable_subscription(0)->mutable_filter()->set_filter(deep + "#");
        QVERIFY(!BrokerEngine::create({}, {}, state, Then));
    }

    void callsTheHookWithWhatHappened()
    {
        std::vector<std::pair<Reason, std::string>> calls;
        Rules rules;
        rules.hooks.push_back([&](v1::ServerSession &, const v1::ServerSession &before, Reason why) {
            calls.emplace_back(why, before.client_id());
        });
        Stage stage(v1::V5, {}, rules);
        stage.cut(stage.connected({}));
        stage.connected({});
        stage.connected({});
        stage.connected({.clean = true, .expiry = 5});
        stage.send(3, "pingreq {}");
        stage.cut(4);
        stage.pass(Seconds(5));
        const std::vector<Reason> expected{Reason::Closed,    Reason::Resumed,      Reason::TakenOver, Reason::Resumed,
                                           Reason::TakenOver, Reason::CleanStarted, Reason::Closed,    Reason::Expired};
        QCOMPARE(calls.size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i)
            QCOMPARE(int(calls[i].first), int(expected[i]));
    }

    void goesOnWithWhatTheHookLeft()
    {
        Rules rules;
        rules.hooks.push_back([](v1::ServerSession &after, const v1::ServerSession &before, Reason why) {
            if (why == Reason::CleanStarted)
                *after.mutable_subscription() = before.subscription();
            if (why == Reason::Expired && before.session_expiry_interval() < 100) {
                after = before;
                after.set_session_expiry_interval(1000);
            }
        });
        Stage stage(v1::V3, {}, rules);
        const auto link = stage.connected({});
        stage.send(link, "subscribe { packet_id: 1 filter { filter: \"t\" qos: 1 } }");
        const auto clean = stage.connected({.clean = true});
        stage.send(clean, "publish { topic: \"t\" }");
        QCOMPARE(stage.take(clean).size(), 1);
        stage.speak(v1::V5);
        stage.cut(stage.connected({.id = "x", .expiry = 10}));
        stage.pass(Seconds(20));
        QVERIFY(stage.take(stage.connect({.id = "x"})).first().contains(QStringLiteral("session_present=1")));
    }
};

QTEST_APPLESS_MAIN(TestSnapshots)
#include "tst_snapshots.moc"
