// What the traces of the overture tell of a target.

#include "scenarios/suite/needs.h"
#include "scenarios/suite/overture.h"

#include <QTest>

using namespace hiatus;

namespace {

v1::Result offers(v1::Version version)
{
    v1::Result result;
    result.set_scenario("facts/offers");
    result.set_variant(version == v1::V3 ? "facts/offers[v3]" : "facts/offers[v5]");
    result.set_verdict(v1::PASS);
    return result;
}

v1::Packet &received(v1::Result &result)
{
    auto &event = *result.mutable_trace()->add_event();
    event.set_kind(v1::TraceEvent::RECEIVED);
    return *event.mutable_packet();
}

v1::Result connack5(const std::function<void(v1::Connack &)> &fill)
{
    auto result = offers(v1::V5);
    auto &connack = *received(result).mutable_connack();
    connack.set_code(0);
    fill(connack);
    return result;
}

script::Variant needing(const char *capability, v1::Version version)
{
    script::Variant variant;
    variant.version = version;
    variant.needs = {capability};
    return variant;
}

std::string missing(const suite::Learnt &found, const char *capability, v1::Version version, const v1::Target &profile = {})
{
    return suite::missingCapability(needing(capability, version), profile, found).capability;
}

} // namespace

class TestOverture : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatConnackSaysIsMissing();
    void whatConnackDoesNotSayIsThere();
    void subackSaysItIn311();
    void aVersionThatIsRefusedIsMissing();
    void whoIsNotLetInTellsNothing();
    void theProfileWinsAndIsTold();
};

void TestOverture::whatConnackSaysIsMissing()
{
    const auto found = suite::learnt({connack5([](auto &connack) {
        connack.set_maximum_qos(1);
        connack.set_shared_subscription_available(0);
        connack.set_session_expiry_interval(0);
    })});
    QCOMPARE(missing(found, "qos1", v1::V5), std::string());
    QCOMPARE(missing(found, "qos2", v1::V5), std::string("qos2"));
    QCOMPARE(missing(found, "shared", v1::V5), std::string("shared"));
    QCOMPARE(missing(found, "session-expiry", v1::V5), std::string("session-expiry"));
    QCOMPARE(missing(found, "qos2", v1::V3), std::string()); // nobody asked
}

void TestOverture::whatConnackDoesNotSayIsThere()
{
    auto result = connack5([](auto &) {});
    auto &suback = *received(result).mutable_suback();
    suback.set_packet_id(1);
    suback.add_code(1); // less than was asked for, without a word of Maximum QoS: not ours to excuse
    const auto found = suite::learnt({result});
    for (const char *name : {"qos2", "shared", "retain", "wildcard", "subscription-identifiers", "session-expiry"})
        QCOMPARE(missing(found, name, v1::V5), std::string());
    QCOMPARE(missing(found, "topic-alias", v1::V5), std::string("topic-alias"));
}

void TestOverture::subackSaysItIn311()
{
    auto result = offers(v1::V3);
    received(result).mutable_connack()->set_code(0);
    for (const auto &[id, code] : {std::pair(1u, 1u), std::pair(2u, 0x80u)}) {
        auto &suback = *received(result).mutable_suback();
        suback.set_packet_id(id);
        suback.add_code(code);
    }
    const auto found = suite::learnt({result});
    QCOMPARE(missing(found, "qos1", v1::V3), std::string());
    QCOMPARE(missing(found, "qos2", v1::V3), std::string("qos2"));
    QCOMPARE(missing(found, "wildcard", v1::V3), std::string("wildcard"));
}

void TestOverture::aVersionThatIsRefusedIsMissing()
{
    auto refused = offers(v1::V5);
    received(refused).mutable_connack()->set_code(0x84);
    QCOMPARE(missing(suite::learnt({refused}), "qos1", v1::V5), std::string("v5"));
    QCOMPARE(missing(suite::learnt({refused}), "v5", v1::V3), std::string("v5")); // a lane of it speaks the other version
    auto closed = offers(v1::V3);
    closed.mutable_trace()->add_event()->set_kind(v1::TraceEvent::CLOSED);
    QCOMPARE(missing(suite::learnt({closed}), "qos1", v1::V3), std::string("v3"));
    closed.mutable_trace()->set_target_gone("it died"); // then nobody knows
    QCOMPARE(missing(suite::learnt({closed}), "qos1", v1::V3), std::string());
}

void TestOverture::whoIsNotLetInTellsNothing()
{
    auto result = offers(v1::V5);
    received(result).mutable_connack()->set_code(0x87);
    const auto found = suite::learnt({result});
    QVERIFY(found.capabilities.empty());
    QVERIFY(found.refusal.find("0x87") != std::string::npos);
}

void TestOverture::theProfileWinsAndIsTold()
{
    const auto found = suite::learnt({connack5([](auto &connack) { connack.set_maximum_qos(1); })});
    v1::Target profile;
    auto &said = *profile.add_capability();
    said.set_name("qos2");
    said.set_present(true);
    QCOMPARE(missing(found, "qos2", v1::V5, profile), std::string());
    QVERIFY(suite::isLetIn(needing("qos2", v1::V5), profile, found));
    QCOMPARE(suite::contradictions(profile, found),
             std::vector<std::string>{"the profile says that qos2 is present, the target says otherwise for 5.0: Maximum QoS 1"});
    said.set_name("shared");
    said.set_present(false);
    const auto skipped = suite::missingCapability(needing("shared", v1::V5), profile, found);
    QCOMPARE(skipped.capability, std::string("shared"));
    QVERIFY(skipped.isOverride);
}

QTEST_GUILESS_MAIN(TestOverture)
#include "tst_overture.moc"
