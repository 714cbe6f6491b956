// Broken scripts: every error, each at its place.

#include "scenarios/script/lint.h"

#include <QTest>

using namespace hiatus;
using namespace hiatus::script;

namespace {

QString text(const std::string &utf8)
{
    return QString::fromStdString(utf8);
}

/// Lines 1 to 4 of most scripts below; they are in order.
std::string head()
{
    return R"~(title: "t"
lane { name: "a" keep_for: 9 } lane { name: "p" }
step { open { on: "p" } } step { open { on: "a" session_present: false } }
step { subscribe { on: "a" filter: "t" qos: 1 } }
)~";
}

/// BOTH binds the server in both versions, OLD and NEW in one, CLIENTS the client; FREE is a freedom.
const v1::Requirement *requirement(v1::Version version, const std::string &id, v1::Role role)
{
    static v1::Requirement binding;
    static v1::Requirement freedom;
    binding.set_severity(v1::SEVERITY_FAIL);
    freedom.set_severity(v1::SEVERITY_FACT);
    if (id == "FREE")
        return &freedom;
    const bool known = id == "BOTH" || (id == "OLD" && version == v1::V3) || (id == "NEW" && version == v1::V5)
                       || (id == "CLIENTS" && role == v1::CLIENT);
    return known ? &binding : nullptr;
}

std::optional<FragmentText> fragment(const std::string &name)
{
    if (name != "probe")
        return std::nullopt;
    return FragmentText{"probe.txtpb", "param: \"lane\"\n"
                                       "step { fence { on: \"lane\" by: PING } }\n"
                                       "step { ack { on: \"lane\" id: \"x\" } }\n"};
}

QString problemsOf(const QString &script)
{
    const auto parsed = parseScenario(script.toStdString(), "f", "topic/slug", fragment);
    const Problems problems = parsed ? lint(*parsed, requirement) : parsed.error();
    QStringList lines;
    for (const Problem &problem : problems)
        lines += text(problem.text());
    return lines.join(QLatin1Char('\n'));
}

} // namespace

class LintTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsEachErrorAtItsPlace_data();
    void tellsEachErrorAtItsPlace();
    void acceptsAScriptInOrder();
    void knowsTheCapabilitiesOfTheTarget();
};

void LintTest::tellsEachErrorAtItsPlace_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("problems");

    QTest::newRow("unknown field") << text(head() + R"~(step { open { on: "a" clear: true } }
step { wait { secs: 3 } })~")
        << text(R"~(f:5:28: error: Message type "hiatus.v1.Open" has no field named "clear".
f:6:19: error: Message type "hiatus.v1.Wait" has no field named "secs".)~");
    QTest::newRow("unclosed block") << text(head() + R"~(step { drop { on: "a" }
step { open { onn: "a" } }
)~")
        << text(R"~(f:5:1: error: this block is never closed
f:6:18: error: Message type "hiatus.v1.Open" has no field named "onn".)~");
    QTest::newRow("said twice") << text(head() + R"~(title: "u")~")
        << text(R"~(f:5:1: error: "title" is said twice; first at f:1:1)~");
    QTest::newRow("unknown lane") << text(head() + R"~(step { publish { on: "b" topic: "t" } })~")
        << text(R"~(f:5:18: error: unknown lane "b"; there are: a, p)~");
    QTest::newRow("no lane at all") << text(head() + R"~(step { publish { topic: "t" } })~")
        << text(R"~(f:5:8: error: on is missing: which lane?)~");
    QTest::newRow("lane that cannot") << text(head() + R"~(step { accept { on: "a" } })~")
        << text(R"~(f:5:8: error: lane "a" is MQTT_CLIENT and can't accept)~");
    QTest::newRow("packet that nobody sends") << text(head() + R"~(step { expect { on: "a" pingreq {} } })~")
        << text(R"~(f:5:25: error: nobody sends pingreq to lane "a", MQTT_CLIENT)~");
    QTest::newRow("unused lane") << text(head() + R"~(lane { name: "idle" })~")
        << text(R"~(f:5:8: error: lane "idle" is never used)~");
    QTest::newRow("lane twice") << text(head() + R"~(lane { name: "p" })~")
        << text(R"~(f:5:8: error: lane "p" is there twice)~");
    QTest::newRow("client id by hand") << text(head() + R"~(step { drop { on: "a" } }
step { open { on: "a" connect { client_id: "me" } } })~")
        << text(R"~(f:6:33: error: client ids are made for each variant: say session on the lane to share one)~");
    QTest::newRow("absolute topic") << text(head() + R"~(step { publish { on: "p" topic: "/t" } }
step { subscribe { on: "p" filter: "$SYS/#" } })~")
        << text(R"~(f:5:26: error: "/t" looks absolute; topics are relative to the variant's own
f:6:28: error: "$SYS/#" looks absolute; topics are relative to the variant's own)~");
    QTest::newRow("unbound symbol") << text(head() + R"~(step { ack { on: "a" id: "m" } })~")
        << text(R"~(f:5:22: error: "m" is not bound yet on lane "a" (topic/slug[v3]))~");
    QTest::newRow("unbound name") << text(head() + R"~(step { drop { on: "a" } }
step { open { on: "a" set { field: "keep_alive" of: "pace" } } })~")
        << text(R"~(f:6:49: error: "pace" is neither an axis nor bound before)~");
    QTest::newRow("broken expression") << text(head() + R"~(step { wait { of: "min(1" } })~")
        << text(R"~(f:5:15: error: min and max take two expressions)~");
    QTest::newRow("granted by nobody") << text(head() + R"~(step { wait { of: "granted(x.connack.colour)" } })~")
        << text(R"~(f:5:15: error: no field "colour" in Connack
f:5:15: error: unknown lane "x")~");
    QTest::newRow("set without target") << text(head() + R"~(step { drop { on: "a" } }
step { open { on: "a" set { field: "colour" of: "3" } } })~")
        << text(R"~(f:6:29: error: set: open has no field "colour" to fill)~");
    QTest::newRow("field that is not there") << text(head() + R"~(step { expect { on: "a" publish { topic: "t" } absent: "colour" within { field: "size" max: 3 } } })~")
        << text(R"~(f:5:48: error: no field "colour" in Publish
f:5:74: error: no field "size" in Publish)~");
    QTest::newRow("empty within") << text(head() + R"~(step { expect { on: "a" puback {} within { field: "code" } } })~")
        << text(R"~(f:5:35: error: within needs any, min or max)~");
    QTest::newRow("nothing but absence") << text(head() + R"~(step { expect { on: "a" puback {} within { field: "code" or_absent: true } } })~")
        << text(R"~(f:5:35: error: within needs any, min or max)~");
    QTest::newRow("the other version on a broker's lane") << text(R"~(title: "t"
role: CLIENT
lane { name: "b" party: MQTT_BROKER other_version: true } lane { name: "app" party: APP }
step { app { on: "app" connect {} } }
step { accept { on: "b" } }
step { fence { on: "b" by: PING cite { v3: "CLIENTS" v5: "CLIENTS" } } })~")
        << text(R"~(f:3:37: error: only an MQTT_CLIENT lane speaks the other version)~");
    QTest::newRow("a field of 5.0 on a lane that speaks 3.1.1 then") << text(R"~(title: "t"
axes { version: V5 }
lane { name: "a" } lane { name: "p" other_version: true connect { receive_maximum: 3 } }
step { open { on: "p" } } step { open { on: "a" } }
step { fence { on: "a" by: PING cite { v5: "NEW" } } }
step { fence { on: "p" by: PING cite { v5: "NEW" } } })~")
        << text(R"~(f:3:67: error: receive_maximum is of 5.0 only, and the step also runs on 3.1.1 (topic/slug[v5])
f:6:33: error: the step also runs on 3.1.1: the citation lacks v3 (topic/slug[v5]))~");
    QTest::newRow("unknown statement") << text(head() + R"~(step { fence { on: "a" from: "p" topic: "t" cite { v3: "NEW" v5: "NEW" } } })~")
        << text(R"~(f:5:52: error: no statement NEW in the catalogue of 3.1.1)~");
    QTest::newRow("citation without a version") << text(head() + R"~(step { fence { on: "a" from: "p" topic: "t" cite { of: "surplus" } } })~")
        << text(R"~(f:5:45: error: a citation says v3, v5 or both)~");
    QTest::newRow("statement about the other side") << text(head() + R"~(step { fence { on: "a" from: "p" topic: "t" cite { v3: "CLIENTS" v5: "CLIENTS" } } })~")
        << text(R"~(f:5:52: error: CLIENTS of 3.1.1 binds the client, not the server
f:5:66: error: CLIENTS of 5.0 binds the client, not the server)~");
    QTest::newRow("freedom charged") << text(head() + R"~(step { fence { on: "a" from: "p" topic: "t" cite { v3: "FREE" v5: "FREE" } } })~")
        << text(R"~(f:5:52: error: FREE is a freedom in 3.1.1: nothing can be charged to it
f:5:63: error: FREE is a freedom in 5.0: nothing can be charged to it)~");
    QTest::newRow("unknown check") << text(head() + R"~(step { closed { on: "a" cite { of: "colour" v3: "BOTH" v5: "BOTH" } } })~")
        << text(R"~(f:5:32: error: there is no check "colour" here)~");
    QTest::newRow("version not cited") << text(head() + R"~(step { fence { on: "a" from: "p" topic: "t" cite { v5: "NEW" } } })~")
        << text(R"~(f:5:45: error: the step also runs on 3.1.1: the citation lacks v3 (topic/slug[v3]))~");
    QTest::newRow("field of 5.0") << text(head() + R"~(step { drop { on: "a" } }
step { open { on: "a" connect { receive_maximum: 3 } } })~")
        << text(R"~(f:6:33: error: receive_maximum is of 5.0 only, and the step also runs on 3.1.1 (topic/slug[v3]))~");
    QTest::newRow("set of a field of 5.0") << text(head() + R"~(step { drop { on: "a" } }
step { open { on: "a" set { field: "receive_maximum" of: "3" } } })~")
        << text(R"~(f:6:8: error: receive_maximum is of 5.0 only, and the step also runs on 3.1.1 (topic/slug[v3]))~");
    QTest::newRow("sentinel without subscription") << text(head() + R"~(step { unsubscribe { on: "a" filter: "t" } }
step { fence { on: "a" from: "p" topic: "t" cite { v3: "BOTH" v5: "BOTH" } } })~")
        << text(R"~(f:6:8: error: a SENTINEL proves nothing here: lane "a" has no subscription to "t"; take WITNESS or PING (topic/slug[v3]))~");
    QTest::newRow("sentinel after a clean start") << text(head() + R"~(step { drop { on: "a" } }
step { open { on: "a" clean: true } }
step { fence { on: "a" from: "p" topic: "t" cite { v3: "BOTH" v5: "BOTH" } } })~")
        << text(R"~(f:7:8: error: a SENTINEL proves nothing here: lane "a" has no subscription to "t"; take WITNESS or PING (topic/slug[v3]))~");
    QTest::newRow("sentinel behind a full window") << text(R"~(title: "t"
axes { version: V5 }
lane { name: "a" keep_for: 9 } lane { name: "p" }
step { open { on: "p" } } step { open { on: "a" session_present: false } }
step { subscribe { on: "a" filter: "t" qos: 1 } }
step { drop { on: "a" } }
step { open { on: "a" connect { receive_maximum: 1 } } }
step { expect { on: "a" publish { topic: "t" qos: 1 } } }
step { fence { on: "a" from: "p" topic: "t" qos: 1 cite { v3: "BOTH" v5: "BOTH" } } })~")
        << text(R"~(f:9:8: error: a SENTINEL proves nothing here: the window of lane "a" is full (topic/slug[v5]))~");
    QTest::newRow("witness without subscription") << text(head() + R"~(step { fence { on: "a" by: WITNESS from: "p" witness: "p" topic: "t" cite { v3: "BOTH" v5: "BOTH" } } })~")
        << text(R"~(f:5:46: error: lane "p" has no subscription to "t" (topic/slug[v3]))~");
    QTest::newRow("fence that charges nothing") << text(head() + R"~(step { drop { on: "a" } }
step { open { on: "a" } }
step { fence { on: "a" from: "p" topic: "t" } })~")
        << text(R"~(f:7:8: error: the fence cites nothing to charge what is surplus to (topic/slug[v3]))~");
    QTest::newRow("DUP of a message sent into the dark") << text(head() + R"~(step { drop { on: "a" how: HALF_OPEN } }
step { publish { on: "p" topic: "t" payload: "x" qos: 1 } }
step { open { on: "a" } }
step { take { on: "a" publish { topic: "t" payload: "x" dup: false } } })~")
        << text(R"~(f:8:57: error: the target may have sent this into a connection whose loss it could not know of: the copy may carry DUP (topic/slug[v3]))~");
    QTest::newRow("unknown capability") << text(head() + R"~(needs: "teleport")~")
        << text(R"~(f:5:1: error: unknown capability "teleport")~");
    QTest::newRow("except without why") << text(head() + R"~(axes { qos: [0, 1] except { qos: 0 } })~")
        << text(R"~(f:5:20: error: except needs a why)~");
    QTest::newRow("axis value twice") << text(head() + R"~(axes { qos: [1, 1, 3] axis { name: "x" value: ["a b", "a-b"] } })~")
        << text(R"~(f:5:8: error: axis qos has the value "1" twice
f:5:8: error: there is no QoS 3
f:5:40: error: values "a b" and "a-b" of axis x have the same name in ids, "x=a-b")~");
    QTest::newRow("axis spelled by hand") << text(head() + R"~(axes { axis { name: "qos" value: "1" } axis { name: "y" } })~")
        << text(R"~(f:5:15: error: axis qos has a field of its own: write qos: […]
f:5:40: error: axis y has no values)~");
    QTest::newRow("when of nothing") << text(head() + R"~(axes { qos: 1 }
step { when { qos: 2 } drop { on: "a" } }
step { when { delay: 2 } drop { on: "a" } })~")
        << text(R"~(f:6:15: error: axis qos has no value "2"
f:7:8: error: there is no axis delay)~");
    QTest::newRow("unknown label") << text(head() + R"~(step { wait { since: "end" seconds: 1 } })~")
        << text(R"~(f:5:15: error: no step before this one has the label "end")~");
    QTest::newRow("unused label") << text(head() + R"~(step { label: "end" drop { on: "a" } })~")
        << text(R"~(f:5:8: error: label "end" is never referred to)~");
    QTest::newRow("point that no step carries") << text(head() + R"~(axes { point: ["1", "2"] }
step { until_point { step { point: "1" } step { drop { on: "a" } } } })~")
        << text(R"~(f:5:8: error: no step carries the point "2")~");
    QTest::newRow("silent death without keep alive") << text(head() + R"~(step { drop { on: "a" how: KEEPALIVE } })~")
        << text(R"~(f:5:8: error: KEEPALIVE on lane "a", which has no keep_alive (topic/slug[v3]))~");
    QTest::newRow("one by one, and left open") << text(head() + R"~(step { take { on: "a" stream { name: "s" leave: AT_PUBLISH one_by_one: true } } })~")
        << text(R"~(f:5:60: error: says that each exchange ends, leave that it does not)~");
    QTest::newRow("disconnect with will in 3.1.1") << text(head() + R"~(step { drop { on: "a" how: DISCONNECT_WITH_WILL } })~")
        << text(R"~(f:5:8: error: 3.1.1 has no DISCONNECT_WITH_WILL: leave the combination out with except (topic/slug[v3]))~");
    QTest::newRow("nameless branch") << text(head() + R"~(step { one_of { fact: "f" branch { step { drop { on: "a" } } } branch { name: "b" } } })~")
        << text(R"~(f:5:27: error: a branch needs a name: it is the fact's value
f:5:64: error: branch "b" has no steps)~");
    QTest::newRow("unknown lane in one branch") << text(head() + R"~(step { one_of { fact: "f" branch { name: "a" step { closed { on: "x" } } } branch { name: "b" step { drop { on: "a" } } } } })~")
        << text(R"~(f:5:62: error: unknown lane "x"; there are: a, p)~");
    QTest::newRow("nothing to open twice") << text(head() + R"~(step { open { on: "a" } })~")
        << text(R"~(f:5:8: error: lane "a" is connected already: drop it first (topic/slug[v3]))~");
    QTest::newRow("not connected") << text(head() + R"~(step { drop { on: "a" } }
step { ack { on: "a" with: PUBACK } })~")
        << text(R"~(f:6:8: error: lane "a" is not connected here (topic/slug[v3]))~");
    QTest::newRow("never without citation") << text(head() + R"~(step { never { on: "a" packet { connack {} } } })~")
        << text(R"~(f:5:8: error: never needs a citation)~");
    QTest::newRow("due without a span") << text(head() + R"~(step { label: "l" closed { on: "a" due { since: "l" } } })~")
        << text(R"~(f:5:36: error: due says either seconds or of)~");
    QTest::newRow("empty step") << text(head() + R"~(step {})~")
        << text(R"~(f:5:1: error: an empty step: it has neither a verb nor a point)~");
    QTest::newRow("unknown fragment") << text(head() + R"~(step { use { fragment: "nothing" } })~")
        << text(R"~(f:5:14: error: no fragment "nothing")~");
    QTest::newRow("fragment without its argument") << text(head() + R"~(step { use { fragment: "probe" with { param: "lan" value: "a" } } })~")
        << text(R"~(f:5:8: error: parameter "lane" of fragment probe is not given
f:5:32: error: fragment probe has no parameter "lan"
probe.txtpb:2:16: error: unknown lane "lane"; there are: a, p
probe.txtpb:3:14: error: unknown lane "lane"; there are: a, p
probe.txtpb:3:25: error: "x" is not bound yet on lane "lane" (topic/slug[v3]))~");
    QTest::newRow("error inside a fragment") << text(head() + R"~(step { use { fragment: "probe" with { param: "lane" value: "a" } } })~")
        << text(R"~(probe.txtpb:3:25: error: "x" is not bound yet on lane "a" (topic/slug[v3]))~");
    QTest::newRow("asserts nothing") << text(R"~(title: "t"
lane { name: "a" keep_for: 9 } lane { name: "p" }
step { open { on: "p" } } step { open { on: "a" } }
step { subscribe { on: "a" filter: "t" qos: 1 } }
)~")
        << text(R"~(f:1:1: error: the scenario asserts nothing: no check has a citation and no open says session_present)~");
    QTest::newRow("no title") << text(R"~(# x
lane { name: "a" keep_for: 9 } lane { name: "p" }
step { open { on: "p" } } step { open { on: "a" session_present: false } }
step { subscribe { on: "a" filter: "t" qos: 1 } }
)~")
        << text(R"~(f:1:1: error: the scenario has no title)~");
    QTest::newRow("fact scenario without fact") << text(head() + R"~(fact: true)~")
        << text(R"~(f:5:1: error: a fact scenario reports no fact)~");
    QTest::newRow("pair without side") << text(head() + R"~(role: PAIR
surplus { v3: "BOTH" v5: "BOTH" })~")
        << text(R"~(f:6:1: error: a citation of a PAIR scenario says which side it binds: role)~");
    QTest::newRow("stream without count") << text(head() + R"~(step { publish { on: "p" topic: "t" stream: "s" } })~")
        << text(R"~(f:5:8: error: a stream is published with a name and a count)~");
    QTest::newRow("go_round to nobody") << text(head() + R"~(step { go_round { on: "a" from: "a" topic: "t" } })~")
        << text(R"~(f:5:8: error: go_round needs another lane that publishes (from), and a topic)~");
    QTest::newRow("go_round past what is not there") << text(head() + R"~(step { go_round { on: "a" from: "p" topic: "u" past: "m" } })~")
        << text(R"~(f:5:8: error: "m" is not bound yet on lane "a" (topic/slug[v3])
f:5:8: error: lane "a" has no subscription to "u" (topic/slug[v3]))~");
    QTest::newRow("boundary that is none") << text(head() + R"~(lane { name: "l" party: LINK }
step { cut_when { on: "l" boundary: "PUBLISH" } })~")
        << text(R"~(f:6:27: error: a boundary is "PACKET >" (client to broker) or "< PACKET")~");
}

void LintTest::tellsEachErrorAtItsPlace()
{
    QFETCH(QString, script);
    QFETCH(QString, problems);
    QCOMPARE(problemsOf(script), problems);
}

void LintTest::acceptsAScriptInOrder()
{
    QCOMPARE(problemsOf(text(head())), QString());
}

void LintTest::knowsTheCapabilitiesOfTheTarget()
{
    QVERIFY(knownCapabilities().count("session-expiry") == 1);
    QVERIFY(knownCapabilities().count("session expiry") == 0);
}

QTEST_GUILESS_MAIN(LintTest)
#include "tst_lint.moc"
