#include "scenarios/script/expand.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::script;

namespace {

QString text(const std::string &utf8)
{
    return QString::fromStdString(utf8);
}

std::vector<Variant> variantsOf(const std::string &script)
{
    const auto fragment = [](const std::string &name) -> std::optional<FragmentText> {
        if (name != "probe")
            return std::nullopt;
        return FragmentText{"probe.txtpb", "param: \"lane\"\nlane { name: \"extra\" }\n"
                                           "step { open { on: \"extra\" } }\nstep { fence { on: \"lane\" by: PING } }\n"};
    };
    const auto parsed = parseScenario(script, "f", "topic/slug", fragment);
    return parsed ? expand(*parsed) : std::vector<Variant>{};
}

Variant only(const std::string &script)
{
    const std::vector<Variant> variants = variantsOf(script);
    return variants.size() == 1 ? variants.front() : Variant{};
}

QStringList ids(const std::vector<Variant> &variants)
{
    QStringList result;
    for (const Variant &variant : variants)
        result += text(variant.id);
    return result;
}

/// "open a, drop a": the verbs and lanes of a plan.
QString outline(const std::vector<PlannedStep> &steps)
{
    QStringList result;
    for (const PlannedStep &step : steps) {
        const auto *field = step.step.GetReflection()->GetOneofFieldDescriptor(step.step, step.step.GetDescriptor()->oneof_decl(0));
        QString line = field ? text(field->name()) : QStringLiteral("mark");
        QStringList blocks;
        for (const PlannedBlock &block : step.blocks)
            blocks += QStringLiteral("(") + outline(block.steps) + QStringLiteral(")");
        result += line + blocks.join(QString());
    }
    return result.join(QLatin1Char(' '));
}

QString cites(const PlannedStep &step)
{
    QStringList result;
    for (const PlannedCite &cite : step.cites)
        result += text((cite.of.empty() ? "" : cite.of + ":") + cite.statement + (cite.fallback ? "*" : ""));
    return result.join(QLatin1Char(' '));
}

} // namespace

class PlanTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesVariantsByTheirAxes();
    void leavesOutWhatIsExcepted();
    void decidesWhen();
    void unrollsUpToThePointOfTheAxis();
    void unrollsRepeats();
    void splicesFragmentsInWithTheirLanes();
    void handsParametersOnToFragments();
    void numbersStepsDepthFirst();
    void fillsInWhatAxesAndLanesDecide();
    void givesFencesTheQosLastPublished();
    void appliesSetsThatNeedNoRun();
    void leavesFieldsUnsetForADash();
    void keepsCitationsOfTheVersion();
    void fallsBackOnTheVerbsCitations();
    void chargesALaneInItsOwnVersion();
    void callsSetUpWhatComesBeforeTheFirstDrop();
    void plansTheTimeItWaits();
    void boundsWhatRepeatsAndFragmentsMultiply();
};

void PlanTest::namesVariantsByTheirAxes()
{
    QCOMPARE(ids(variantsOf("title: \"t\"")), (QStringList{QStringLiteral("topic/slug[v3]"), QStringLiteral("topic/slug[v5]")}));
    const QStringList all = ids(variantsOf("axes { version: V5 qos: 2 drop: [HALF_OPEN, RST] point: \"Q2-1\" again: [\"-\", \"Before PUBREL\"] clean: false "
                                           "expiry: 3 delay: 2 window: 1 then: \"stay away\" axis { name: \"room\" value: [\"-\", \"PUBLISH >\"] } }"));
    QCOMPARE(all.size(), 8);
    QCOMPARE(all.first(), QStringLiteral("topic/slug[v5,qos2,half-open,q2-1,once,clean0,expiry3,delay2,window1,stay-away,room=none]"));
    QCOMPARE(all.last(), QStringLiteral("topic/slug[v5,qos2,rst,q2-1,before-pubrel,clean0,expiry3,delay2,window1,stay-away,room=publish-out]"));
}

void PlanTest::leavesOutWhatIsExcepted()
{
    QCOMPARE(ids(variantsOf("axes { qos: [0, 1] except { version: V3 qos: [1, 2] why: \"so\" } except { version: V5 qos: 0 why: \"so\" } }")),
             (QStringList{QStringLiteral("topic/slug[v3,qos0]"), QStringLiteral("topic/slug[v5,qos1]")}));
}

void PlanTest::decidesWhen()
{
    const auto variants = variantsOf("axes { version: V5 qos: [0, 1, 2] }\n"
                                     "step { when { qos: 0 } when { qos: 2 } drop { on: \"a\" } }\n"
                                     "step { when { qos: 1 version: V5 } open { on: \"a\" } }\n"
                                     "step { when { then: \"x\" } wait { seconds: 1 } }\n");
    QCOMPARE(variants.size(), std::size_t(3));
    QCOMPARE(outline(variants[0].steps), QStringLiteral("drop"));
    QCOMPARE(outline(variants[1].steps), QStringLiteral("open"));
    QCOMPARE(outline(variants[2].steps), QStringLiteral("drop"));
    QVERIFY(variants[0].steps[0].step.when().empty());
}

void PlanTest::unrollsUpToThePointOfTheAxis()
{
    const auto variants = variantsOf("axes { version: V5 point: [\"1\", \"2\", \"3\"] }\n"
                                     "step { until_point { step { point: \"1\" } step { point: \"2\" open { on: \"a\" } }"
                                     " step { point: \"3\" drop { on: \"a\" } } step { wait { seconds: 1 } } } }\n"
                                     "step { ack { on: \"a\" } }");
    QCOMPARE(variants.size(), std::size_t(3));
    QCOMPARE(outline(variants[0].steps), QStringLiteral("ack"));
    QCOMPARE(outline(variants[1].steps), QStringLiteral("open ack"));
    QCOMPARE(outline(variants[2].steps), QStringLiteral("open drop ack"));
    QCOMPARE(text(variants[2].steps[1].at.text()), QStringLiteral("f:2:79"));
}

void PlanTest::unrollsRepeats()
{
    const auto variants = variantsOf("axes { version: V5 axis { name: \"times\" value: [\"0\", \"2\"] } }\n"
                                     "step { repeat { of: \"times\" step { open { on: \"a\" } } step { repeat { times: 2 step { drop { on: \"a\" } } } } } }");
    QCOMPARE(variants.size(), std::size_t(2));
    QCOMPARE(outline(variants[0].steps), QString());
    QCOMPARE(outline(variants[1].steps), QStringLiteral("open drop drop open drop drop"));
}

void PlanTest::splicesFragmentsInWithTheirLanes()
{
    const Variant variant = only("axes { version: V5 }\nlane { name: \"a\" }\n"
                                 "step { use { fragment: \"probe\" with { param: \"lane\" value: \"a\" } } }\n"
                                 "step { use { fragment: \"probe\" with { param: \"lane\" value: \"b\" } } }");
    QCOMPARE(outline(variant.steps), QStringLiteral("open fence open fence"));
    QCOMPARE(variant.lanes.size(), std::size_t(2));
    QCOMPARE(text(variant.lanes[1].name()), QStringLiteral("extra"));
    QCOMPARE(text(variant.steps[1].step.fence().on()), QStringLiteral("a"));
    QCOMPARE(text(variant.steps[3].step.fence().on()), QStringLiteral("b"));
    QCOMPARE(text(variant.steps[1].at.text()), QStringLiteral("probe.txtpb:4:1"));
}

void PlanTest::handsParametersOnToFragments()
{
    const auto fragment = [](const std::string &name) -> std::optional<FragmentText> {
        if (name == "outer")
            return FragmentText{"outer", "param: \"x\"\nstep { use { fragment: \"inner\" with { param: \"y\" value: \"x\" } } }"};
        return FragmentText{"inner", "param: \"y\"\nstep { open { on: \"y\" } }"};
    };
    const auto script = parseScenario("axes { version: V5 }\nstep { use { fragment: \"outer\" with { param: \"x\" value: \"a\" } } }", "f", "t/s", fragment);
    QVERIFY(script);
    const std::vector<Variant> variants = expand(*script);
    QCOMPARE(variants.size(), std::size_t(1));
    QCOMPARE(text(variants[0].steps.at(0).step.open().on()), QStringLiteral("a"));
}

void PlanTest::numbersStepsDepthFirst()
{
    const Variant variant = only("axes { version: V5 }\n"
                                 "step { parallel { track { step { open { on: \"a\" } } step { drop { on: \"a\" } } } track { step { open { on: \"b\" } } } } }\n"
                                 "step { one_of { fact: \"f\" branch { name: \"x\" step { wait {} } should { v5: \"S\" } } branch { name: \"y\" step { closed {} } } } }\n"
                                 "step { ack { on: \"a\" } }");
    QCOMPARE(outline(variant.steps), QStringLiteral("parallel(open drop)(open) one_of(wait)(closed) ack"));
    QCOMPARE(variant.steps[0].index, 0u);
    QCOMPARE(variant.steps[0].blocks[1].steps[0].index, 3u);
    QCOMPARE(variant.steps[1].index, 4u);
    QCOMPARE(variant.steps[2].index, 7u);
    QCOMPARE(variant.steps[0].step.parallel().track_size(), 0);
    QCOMPARE(text(variant.steps[1].blocks[0].name), QStringLiteral("x"));
    QCOMPARE(text(variant.steps[1].blocks[0].should.at(0).statement), QStringLiteral("S"));
}

void PlanTest::fillsInWhatAxesAndLanesDecide()
{
    const char *const steps = "lane { name: \"k\" keep_for: 3 } lane { name: \"o\" }\n"
                              "step { open { on: \"k\" } } step { open { on: \"o\" } } step { open { on: \"o\" clean: false } }\n"
                              "step { drop { on: \"k\" } } step { subscribe { on: \"o\" filter: \"f\" also { filter: \"g\" } } }\n"
                              "step { publish { on: \"o\" topic: \"f\" } } step { drop { on: \"k\" how: FIN } } step { cut_when { on: \"l\" } }\n";
    const Variant plain = only(std::string("axes { version: V5 }\n") + steps);
    QVERIFY(!plain.steps[0].step.open().clean());
    QVERIFY(plain.steps[1].step.open().clean());
    QVERIFY(!plain.steps[2].step.open().clean());
    QCOMPARE(plain.steps[3].step.drop().how(), v1::RST);
    QCOMPARE(plain.steps[4].step.subscribe().qos(), 2u);
    QCOMPARE(plain.steps[5].step.publish().qos(), 0u);
    const Variant bound = only(std::string("axes { version: V5 qos: 1 drop: TAKEOVER clean: true }\n") + steps);
    QVERIFY(bound.steps[0].step.open().clean());
    QVERIFY(!bound.steps[2].step.open().clean());
    QCOMPARE(bound.steps[3].step.drop().how(), v1::TAKEOVER);
    QCOMPARE(bound.steps[4].step.subscribe().qos(), 1u);
    QCOMPARE(bound.steps[4].step.subscribe().also(0).qos(), 1u);
    QCOMPARE(bound.steps[5].step.publish().qos(), 1u);
    QCOMPARE(bound.steps[6].step.drop().how(), v1::FIN);
    QCOMPARE(bound.steps[7].step.cut_when().how(), v1::TAKEOVER);
}

void PlanTest::givesFencesTheQosLastPublished()
{
    const Variant variant = only("axes { version: V5 qos: 0 }\n"
                                 "step { publish { on: \"p\" topic: \"t\" qos: 2 } } step { send { on: \"p\" packet { publish { topic: \"u\" qos: 1 } } } }\n"
                                 "step { fence { on: \"a\" from: \"p\" topic: \"t\" } } step { fence { on: \"a\" from: \"p\" topic: \"u\" } }\n"
                                 "step { fence { on: \"a\" topic: \"t\" } } step { fence { on: \"a\" by: PING } }");
    QCOMPARE(variant.steps[2].step.fence().qos(), 2u);
    QCOMPARE(variant.steps[3].step.fence().qos(), 1u);
    QCOMPARE(variant.steps[4].step.fence().qos(), 0u);
    QVERIFY(!variant.steps[5].step.fence().has_qos());
}

void PlanTest::appliesSetsThatNeedNoRun()
{
    const Variant variant = only("axes { version: V5 qos: 1 delay: 4 axis { name: \"how\" value: \"between\" } }\n"
                                 "step { open { on: \"a\" set { field: \"will.delay_interval\" of: \"min(delay, 3)\" } set { field: \"keep_alive\" of: \"pace\" } } }\n"
                                 "step { drop { on: \"a\" set { field: \"session_expiry_interval\" of: \"7\" } } }\n"
                                 "step { publish { on: \"a\" topic: \"t\" set { field: \"qos\" of: \"2\" } set { field: \"content_type\" of: \"how\" } } }\n"
                                 "step { send { on: \"a\" set { field: \"split\" of: \"how\" } set { field: \"publish.payload\" of: \"qos\" } packet { connack {} } packet { publish {} } } }\n"
                                 "step { expect { on: \"a\" publish {} set { field: \"qos\" of: \"qos\" } due { since: \"x\" of: \"delay\" } within { field: \"qos\" max_of: \"max(1, 2)\" } } }\n"
                                 "step { accept { on: \"a\" set { field: \"session_present\" of: \"1\" } set { field: \"receive_maximum\" of: \"delay\" } } }\n"
                                 "step { cut_when { on: \"a\" set { field: \"boundary\" of: \"how\" } set { field: \"times\" of: \"2\" } } }\n"
                                 "step { wait { of: \"granted(a.connack.receive_maximum)\" } } step { wait { of: \"delay\" } }\n");
    const auto step = [&variant](std::size_t i) -> const v1::Step & { return variant.steps[i].step; };
    QCOMPARE(step(0).open().connect().will().delay_interval(), 3u);
    QCOMPARE(step(0).open().set_size(), 1);
    QCOMPARE(text(step(0).open().set(0).of()), QStringLiteral("pace"));
    QCOMPARE(step(1).drop().disconnect().session_expiry_interval(), 7u);
    QCOMPARE(step(2).publish().qos(), 2u);
    QCOMPARE(text(step(2).publish().with().content_type()), QStringLiteral("between"));
    QCOMPARE(text(step(3).send().split()), QStringLiteral("between"));
    QCOMPARE(text(step(3).send().packet(1).publish().payload()), QStringLiteral("1"));
    QCOMPARE(step(4).expect().publish().qos(), 1u);
    QCOMPARE(step(4).expect().due().seconds(), 4u);
    QCOMPARE(step(4).expect().within(0).max(), 2u);
    QVERIFY(step(5).accept().session_present());
    QCOMPARE(step(5).accept().connack().receive_maximum(), 4u);
    QCOMPARE(text(step(6).cut_when().boundary()), QStringLiteral("between"));
    QCOMPARE(step(6).cut_when().times(), 2u);
    QVERIFY(step(7).wait().has_of());
    QCOMPARE(step(8).wait().seconds(), 4u);
}

void PlanTest::leavesFieldsUnsetForADash()
{
    const auto variants = variantsOf("axes { version: V5 axis { name: \"asked\" value: [\"-\", \"0\"] } }\n"
                                     "step { open { on: \"a\" set { field: \"session_expiry_interval\" of: \"asked\" } set { field: \"will.delay_interval\" of: \"asked\" } } }");
    QCOMPARE(variants.size(), std::size_t(2));
    QVERIFY(!variants[0].steps[0].step.open().connect().has_session_expiry_interval());
    QVERIFY(!variants[0].steps[0].step.open().connect().has_will());
    QVERIFY(variants[1].steps[0].step.open().connect().has_session_expiry_interval());
    QVERIFY(variants[1].steps[0].step.open().connect().will().has_delay_interval());
}

void PlanTest::keepsCitationsOfTheVersion()
{
    const auto variants = variantsOf("surplus { v5: \"S5\" }\n"
                                     "step { closed { on: \"a\" cite { v3: \"A3\" v5: \"A5\" } cite { of: \"due\" v5: \"B5\" role: CLIENT } } }");
    QCOMPARE(variants.size(), std::size_t(2));
    QCOMPARE(cites(variants[0].steps[0]), QStringLiteral("A3"));
    QCOMPARE(cites(variants[1].steps[0]), QStringLiteral("A5 due:B5 code:MQTT-3.14.2-1*"));
    QCOMPARE(variants[1].steps[0].cites[1].role, v1::CLIENT);
    QCOMPARE(variants[1].steps[0].cites[0].role, v1::SERVER);
    QVERIFY(variants[0].surplus.empty());
    QCOMPARE(text(variants[1].surplus.at(0).statement), QStringLiteral("S5"));
}

void PlanTest::fallsBackOnTheVerbsCitations()
{
    const auto variants = variantsOf("lane { name: \"a\" keep_for: 3 }\nstep { open { on: \"a\" session_present: true } }\n"
                                     "step { publish { on: \"a\" topic: \"t\" qos: 2 cite { of: \"code\" v3: \"X\" v5: \"X\" } } }\n"
                                     "step { open { on: \"a\" expect { code: 5 } } } step { closed { on: \"a\" } }");
    QCOMPARE(variants.size(), std::size_t(2));
    QCOMPARE(cites(variants[0].steps[0]), QStringLiteral("MQTT-3.1.4-4* session_present:MQTT-3.2.2-2*"));
    QCOMPARE(cites(variants[1].steps[0]), QStringLiteral("MQTT-3.1.4-5* session_present:MQTT-3.2.2-3*"));
    QCOMPARE(cites(variants[1].steps[1]), QStringLiteral("code:X MQTT-4.3.3-8* pubcomp:MQTT-4.3.3-11*"));
    QVERIFY(cites(variants[0].steps[3]).startsWith(QStringLiteral("MQTT-3.2.2-5*")));
    const Variant fence = only("axes { version: V5 }\nstep { fence { on: \"a\" by: PING cite { v5: \"S\" } } }");
    QCOMPARE(cites(fence.steps[0]), QStringLiteral("S sentinel:MQTT-3.12.4-1*"));
}

void PlanTest::chargesALaneInItsOwnVersion()
{
    const std::vector<Variant> variants = variantsOf("lane { name: \"a\" } lane { name: \"b\" other_version: true }\n"
                                                     "step { open { on: \"a\" cite { v3: \"A3\" v5: \"A5\" } } }\n"
                                                     "step { open { on: \"b\" clean: false session_present: true cite { of: \"code\" v3: \"B3\" v5: \"B5\" } } }\n"
                                                     "step { one_of { branch { step { closed { on: \"b\" } } } cite { v3: \"C3\" v5: \"C5\" } } }\n");
    QCOMPARE(cites(variants[0].steps[0]), QStringLiteral("A3"));
    QCOMPARE(cites(variants[0].steps[1]), QStringLiteral("code:B5 MQTT-3.1.4-5* session_present:MQTT-3.2.2-3*"));
    QCOMPARE(cites(variants[1].steps[1]), QStringLiteral("code:B3 MQTT-3.1.4-4* session_present:MQTT-3.2.2-2*"));
    QCOMPARE(cites(variants[0].steps[2]), QStringLiteral("C3"));
    QCOMPARE(variants[0].steps[1].cites[0].version, v1::V5);
    QCOMPARE(variants[0].steps[1].cites[1].version, v1::V5);
    QCOMPARE(variants[0].versionOf("b"), v1::V5);
    QCOMPARE(variants[0].versionOf("a"), v1::V3);
    QCOMPARE(variants[0].needs, std::vector<std::string>{"v5"});
    QCOMPARE(variants[1].needs, std::vector<std::string>{"v3"});
}

void PlanTest::callsSetUpWhatComesBeforeTheFirstDrop()
{
    const Variant variant = only("axes { version: V5 }\nstep { open { on: \"a\" } } step { closed { on: \"b\" cite { v5: \"S\" } } }\n"
                                 "step { all_of { take { on: \"a\" puback {} } take { on: \"a\" pubrec {} cite { v5: \"S\" } } } }\n"
                                 "step { drop { on: \"a\" } } step { open { on: \"a\" } }");
    QVERIFY(variant.steps[0].setup);
    QVERIFY(!variant.steps[1].setup);
    QVERIFY(!variant.steps[2].setup);
    QVERIFY(!variant.steps[3].setup);
    QVERIFY(!variant.steps[4].setup);
    QVERIFY(cites(variant.steps[2]).startsWith(QStringLiteral("S ")));
    QCOMPARE(variant.steps[2].step.all_of().take_size(), 2);
}

void PlanTest::plansTheTimeItWaits()
{
    const auto seconds = [](const std::string &steps) {
        return only("axes { version: V5 delay: 4 }\nlane { name: \"a\" keep_for: 3 connect { keep_alive: 2 } }\n" + steps).plannedSeconds;
    };
    QCOMPARE(seconds("step { wait { seconds: 5 } } step { wait { of: \"delay\" } }"), 9.0);
    QCOMPARE(seconds("step { open { on: \"a\" } } step { label: \"e\" drop { on: \"a\" how: KEEPALIVE } }\n"
                     "step { take { on: \"a\" publish {} due { since: \"e\" of: \"delay\" } } }\n"
                     "step { wait { since: \"e\" of: \"max(1, granted(a.connack.session_expiry_interval))\" } }"), 7.0);
    QCOMPARE(seconds("step { parallel { track { step { wait { seconds: 2 } } } track { step { wait { seconds: 6 } } } } }"), 6.0);
}

void PlanTest::boundsWhatRepeatsAndFragmentsMultiply()
{
    std::string nested = "step { open { on: \"a\" } }";
    for (int i = 0; i < 8; ++i)
        nested = "step { repeat { times: 99999 " + nested + " } }";
    QVERIFY(only("axes { version: V5 }\n" + nested).steps.size() < 100'000);
}

QTEST_GUILESS_MAIN(PlanTest)
#include "tst_plan.moc"
