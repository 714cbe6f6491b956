// Each monitor on short traces: what it charges, and what it leaves in peace.

#include "scenarios/judge/monitors.h"
#include "proto/wire/encoder.h"

#include <google/protobuf/text_format.h>

#include <QTest>

#include <initializer_list>
#include <sstream>

using namespace hiatus;

namespace {

/// "> text" is sent by us, "< text" by the target; text is a Packet in protobuf text; "=" begins another connection, "~"
/// lets ten seconds pass.
v1::Trace traceOf(const std::string &lines, v1::Version version)
{
    v1::Trace trace;
    std::uint32_t link = 1;
    double now = 0;
    std::istringstream text(lines);
    for (std::string line; std::getline(text, line);) {
        if (line == "=") {
            ++link;
            continue;
        }
        if (line == "~") {
            now += 10'000;
            continue;
        }
        auto *event = trace.add_event();
        event->set_kind(line[0] == '>' ? v1::TraceEvent::SENT : v1::TraceEvent::RECEIVED);
        event->set_lane("dev");
        event->set_link(link);
        event->set_at(now);
        if (!google::protobuf::TextFormat::ParseFromString(line.substr(2), event->mutable_packet()))
            qFatal("not a packet: %s", line.c_str());
        event->set_bytes(wire::encode(event->packet(), version));
    }
    return trace;
}

std::string charged(const std::string &lines, v1::Version version, v1::Role role = v1::SERVER)
{
    script::Variant variant;
    variant.role = role;
    variant.version = version;
    variant.lanes.emplace_back().set_name("dev");
    variant.lanes.back().set_party(role == v1::CLIENT ? v1::MQTT_BROKER : v1::MQTT_CLIENT);
    std::string found;
    for (const auto &finding : judge::monitor(variant, traceOf(lines, version)))
        found += (found.empty() ? "" : "; ") + finding.reason() + " " + finding.statement();
    return found;
}

/// A message from lane "pub" to lane "dev", each in its version, the variant in that of "dev" or of "pub".
std::string chargedAcross(v1::Version pub, v1::Version dev, v1::Version ofVariant, const std::string &sent, const std::string &received)
{
    script::Variant variant;
    variant.role = v1::SERVER;
    variant.version = ofVariant;
    v1::Trace trace = traceOf("> " + sent + "\n< " + received, v1::V5);
    for (const auto &[name, version] : {std::pair("pub", pub), std::pair("dev", dev)}) {
        variant.lanes.emplace_back().set_name(name);
        variant.lanes.back().set_other_version(version != ofVariant);
    }
    trace.mutable_event(0)->set_lane("pub");
    std::string found;
    for (const auto &finding : judge::monitor(variant, trace)) {
        if (finding.reason() == "MONITOR_FORWARDED")
            found += (found.empty() ? "" : "; ") + std::string(finding.version() == v1::V3 ? "3.1.1 " : "5.0 ") + finding.statement();
    }
    return found;
}

const std::string hello = "> connect { client_id: 'c' }";
const std::string connack = "< connack { code: 0 }";
const std::string resumed = "< connack { code: 0 session_present: true }";

void columns()
{
    QTest::addColumn<int>("version");
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<QByteArray>("expected");
}

void row(const char *name, v1::Version version, std::initializer_list<std::string> lines, const char *expected)
{
    QByteArray text;
    for (const auto &line : lines)
        text += QByteArray::fromStdString(line) + '\n';
    QTest::newRow(name) << static_cast<int>(version) << text << QByteArray(expected);
}

} // namespace

class tst_Monitors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void judgesAMessageInTheVersionOfItsReceiver()
    {
        const std::string rich = "publish { topic: 't' payload: 'm' qos: 0 content_type: 'text' message_expiry_interval: 9 }";
        const std::string plain = "publish { topic: 't' payload: 'm' qos: 0 }";
        const std::string raised = "publish { topic: 't' payload: 'm' qos: 1 packet_id: 3 }";
        for (const auto ofVariant : {v1::V3, v1::V5}) {
            QCOMPARE(chargedAcross(v1::V5, v1::V3, ofVariant, rich, plain), std::string());
            QCOMPARE(chargedAcross(v1::V3, v1::V5, ofVariant, plain, rich), std::string("5.0 MQTT-3.3.2-6; 5.0 MQTT-3.3.2-20"));
            QCOMPARE(chargedAcross(v1::V5, v1::V3, ofVariant, plain, raised), std::string("3.1.1 MQTT-3.8.4-6"));
            QCOMPARE(chargedAcross(v1::V3, v1::V5, ofVariant, plain, raised), std::string("5.0 MQTT-3.8.4-8"));
        }
    }
    void chargesWhatItShould_data()
    {
        columns();
        const std::string one = "< publish { topic: 't' payload: 'm' qos: 1 packet_id: 7 }";
        const std::string again = "< publish { topic: 't' payload: 'm' qos: 1 packet_id: 7 dup: true }";
        row("a message and its re-send after a resume", v1::V5, {hello, connack, one, "=", hello, resumed, again}, "");
        row("a re-send on a live connection", v1::V5, {hello, connack, one, again}, "MONITOR_LIVE_RESEND MQTT-4.4.0-1#c");
        row("3.1.1 does not forbid it", v1::V3, {hello, connack, one, again}, "");
        row("a re-send without DUP", v1::V3, {hello, connack, one, "=", hello, resumed, one}, "MONITOR_DUP MQTT-3.3.1-1");
        row("DUP on a first copy", v1::V3, {hello, connack, again}, "MONITOR_DUP MQTT-3.3.1-3");
        const std::string two = "< publish { topic: 't' payload: 'n' qos: 1 packet_id: 8 }";
        const std::string twoAgain = "< publish { topic: 't' payload: 'n' qos: 1 packet_id: 8 dup: true }";
        row("re-sends in their order", v1::V3, {hello, connack, one, two, "=", hello, resumed, again, twoAgain}, "");
        row("re-sends out of order", v1::V3, {hello, connack, one, two, "=", hello, resumed, twoAgain, again}, "MONITOR_ORDER MQTT-4.6.0-6#a");
        row("a DISCONNECT before CONNACK", v1::V5, {hello, "< disconnect { code: 135 }"}, "MONITOR_CONNACK_FIRST MQTT-3.14.0-1");
        row("an identifier in use", v1::V5, {hello, connack, one, "< publish { topic: 't' payload: 'n' qos: 1 packet_id: 7 }"},
            "MONITOR_PACKET_ID MQTT-2.2.1-4");
        row("an acknowledgement of nothing", v1::V5, {hello, connack, "< puback { packet_id: 3 }"}, "MONITOR_ANSWER MQTT-2.2.1-5");
        row("a packet before CONNACK", v1::V5, {hello, one, connack}, "MONITOR_CONNACK_FIRST MQTT-3.2.0-1");
        row("a second CONNACK", v1::V5, {hello, connack, connack}, "MONITOR_CONNACK_FIRST MQTT-3.2.0-2");
        row("DUP on QoS 0", v1::V3, {hello, connack, "< publish { topic: 't' payload: 'm' dup: true }"}, "MONITOR_LIMITS MQTT-3.3.1-2");
        row("above Receive Maximum", v1::V5,
            {"> connect { client_id: 'c' receive_maximum: 1 }", connack, one, "< publish { topic: 't' payload: 'n' qos: 1 packet_id: 8 }"},
            "MONITOR_RECEIVE_MAXIMUM MQTT-3.3.4-9");
        row("an alias that was not allowed", v1::V5, {hello, connack, "< publish { topic: 't' payload: 'm' topic_alias: 1 }"},
            "MONITOR_LIMITS MQTT-3.1.2-27");
        row("an alias within the maximum", v1::V5,
            {"> connect { client_id: 'c' topic_alias_maximum: 1 }", connack, "< publish { topic: 't' payload: 'm' topic_alias: 1 }"}, "");
        row("an alias of an earlier connection", v1::V5,
            {"> connect { client_id: 'c' topic_alias_maximum: 1 }", connack, "< publish { topic: 't' payload: 'm' topic_alias: 1 }", "=",
             "> connect { client_id: 'c' topic_alias_maximum: 1 }", resumed, "< publish { payload: 'm' topic: '' topic_alias: 1 }"},
            "MONITOR_LIMITS U5-3.3.2.3.4-1");
        row("beyond Maximum Packet Size", v1::V5, {"> connect { client_id: 'c' maximum_packet_size: 10 }", connack, "< publish { topic: 't' payload: 'too long for it' }"},
            "MONITOR_LIMITS MQTT-3.1.2-24");
        row("a code too few", v1::V5, {hello, connack, "> subscribe { packet_id: 1 filter { filter: 'a' } filter { filter: 'b' } }", "< suback { packet_id: 1 code: 0 }"},
            "MONITOR_LIMITS MQTT-3.8.4-6");
        row("3.1.1's UNSUBACK has no codes", v1::V3, {hello, connack, "> unsubscribe { packet_id: 1 filter: 'a' }", "< unsuback { packet_id: 1 }"}, "");
        row("after DISCONNECT", v1::V5, {hello, connack, "< disconnect { code: 0 }", "< pingresp {}"}, "MONITOR_LIMITS MQTT-3.14.4-1");
        row("an unknown subscription identifier", v1::V5, {hello, connack, "< publish { topic: 't' payload: 'm' subscription_identifier: 4 }"},
            "MONITOR_LIMITS MQTT-3.3.4-3");
        const std::string sent = "> publish { topic: 't' payload: 'm' content_type: 'text' message_expiry_interval: 10 user_property { key: 'a' value: '1' } user_property { key: 'a' value: '2' } }";
        row("a message as it was", v1::V5,
            {hello, connack, sent, "< publish { topic: 't' payload: 'm' content_type: 'text' message_expiry_interval: 9 user_property { key: 'a' value: '1' } user_property { key: 'a' value: '2' } }"}, "");
        row("user properties in another order", v1::V5,
            {hello, connack, sent, "< publish { topic: 't' payload: 'm' content_type: 'text' message_expiry_interval: 9 user_property { key: 'a' value: '2' } user_property { key: 'a' value: '1' } }"},
            "MONITOR_FORWARDED MQTT-3.3.2-17");
        row("a longer life", v1::V5,
            {hello, connack, sent, "< publish { topic: 't' payload: 'm' content_type: 'text' message_expiry_interval: 11 user_property { key: 'a' value: '1' } user_property { key: 'a' value: '2' } }"},
            "MONITOR_FORWARDED MQTT-3.3.2-6");
        row("a property out of nothing", v1::V5, {hello, connack, "> publish { topic: 't' payload: 'm' }", "< publish { topic: 't' payload: 'm' response_topic: 'r' }"},
            "MONITOR_FORWARDED MQTT-3.3.2-15");
        row("a raised QoS", v1::V3, {hello, connack, "> publish { topic: 't' payload: 'm' qos: 0 }", one}, "MONITOR_FORWARDED MQTT-3.8.4-6");
        row("the same content published twice, differently", v1::V5,
            {hello, connack, "> publish { topic: 't' payload: 'm' }", "> publish { topic: 't' payload: 'm' content_type: 'x' }", "< publish { topic: 't' payload: 'm' content_type: 'x' }"}, "");
    }

    void chargesWhatItShould()
    {
        QFETCH(int, version);
        QFETCH(QByteArray, lines);
        QFETCH(QByteArray, expected);
        QCOMPARE(QByteArray::fromStdString(charged(lines.toStdString(), static_cast<v1::Version>(version))), expected);
    }

    void chargesAClient_data()
    {
        columns();
        const std::string in = "< connect { client_id: 'c' keep_alive: 10 }";
        const std::string accepted = "> connack { code: 0 }";
        const std::string ping = "< pingreq {}";
        row("a packet before CONNECT", v1::V3, {ping, in, accepted}, "MONITOR_CONNECT_FIRST MQTT-3.1.0-1");
        row("no identifier and no clean session", v1::V3, {"< connect { client_id: '' clean: false }"}, "MONITOR_LIMITS MQTT-3.1.3-7");
        row("5.0 assigns one", v1::V5, {"< connect { client_id: '' clean: false }"}, "");
        row("a ping within the keep alive", v1::V3, {in, accepted, "~", ping, "~", ping}, "");
        row("silence beyond one and a half of it", v1::V3, {in, accepted, "~", ping, "~", "~", ping}, "MONITOR_KEEP_ALIVE MQTT-3.1.2-23");
        row("silence on a connection that is over", v1::V3, {in, accepted, "=", "~", "~", in, accepted}, "");
        row("silence before CONNACK", v1::V3, {in, "~", "~", accepted, "~", ping}, "");
        row("the server's keep alive is the shorter one", v1::V5, {in, "> connack { code: 0 server_keep_alive: 5 }", "~", ping},
            "MONITOR_KEEP_ALIVE MQTT-3.1.2-21; MONITOR_KEEP_ALIVE MQTT-3.2.2-21");
        row("the server's keep alive is the longer one", v1::V5, {in, "> connack { code: 0 server_keep_alive: 60 }", "~", "~", "~", ping}, "");
        const std::string aliases = "> connack { code: 0 topic_alias_maximum: 2 }";
        row("an alias of CONNACK's", v1::V5, {in, aliases, "< publish { topic: 't' payload: 'm' topic_alias: 2 }"}, "");
        row("an alias beyond it", v1::V5, {in, aliases, "< publish { topic: 't' payload: 'm' topic_alias: 3 }"}, "MONITOR_LIMITS MQTT-3.2.2-17");
        row("an alias where there is none", v1::V5, {in, accepted, "< publish { topic: 't' payload: 'm' topic_alias: 1 }"},
            "MONITOR_LIMITS MQTT-3.2.2-18");
        row("an alias of the connection before", v1::V5,
            {in, aliases, "< publish { topic: 't' payload: 'm' qos: 1 packet_id: 1 topic_alias: 1 }", "=", in,
             "> connack { code: 0 session_present: true topic_alias_maximum: 2 }",
             "< publish { topic: '' payload: 'n' topic_alias: 1 }"},
            "MONITOR_LIMITS U5-3.3.2.3.4-1");
        const std::string two = "< publish { topic: 't' payload: 'm' qos: 2 packet_id: 1 }";
        const std::string other = "< publish { topic: 't' payload: 'n' qos: 1 packet_id: 1 }";
        row("an identifier in use", v1::V3, {in, accepted, two, other}, "MONITOR_PACKET_ID MQTT-2.3.1-2");
        row("an identifier that waits for PUBCOMP", v1::V3,
            {in, accepted, two, "> pubrec { packet_id: 1 }", "< pubrel { packet_id: 1 }", other}, "MONITOR_PACKET_ID MQTT-2.3.1-3#b");
        row("an identifier after PUBCOMP", v1::V3,
            {in, accepted, two, "> pubrec { packet_id: 1 }", "< pubrel { packet_id: 1 }", "> pubcomp { packet_id: 1 }", other}, "");
        const std::string subscribe = "< subscribe { packet_id: 1 filter { filter: 'a' } }";
        row("the identifier of an open SUBSCRIBE", v1::V5, {in, accepted, subscribe, other}, "MONITOR_PACKET_ID U5-2.2.1-1");
        row("a SUBSCRIBE under the identifier of a message", v1::V5, {in, accepted, other, subscribe}, "MONITOR_PACKET_ID MQTT-2.2.1-3");
        row("the identifier after SUBACK", v1::V5, {in, accepted, subscribe, "> suback { packet_id: 1 code: 0 }", other}, "");
    }

    void chargesAClient()
    {
        QFETCH(int, version);
        QFETCH(QByteArray, lines);
        QFETCH(QByteArray, expected);
        QCOMPARE(QByteArray::fromStdString(charged(lines.toStdString(), static_cast<v1::Version>(version), v1::CLIENT)), expected);
    }
};

QTEST_APPLESS_MAIN(tst_Monitors)
#include "tst_monitors.moc"
