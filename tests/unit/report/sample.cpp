#include "sample.h"

namespace sample {

std::uint32_t add(v1::Trace &trace, Event::Kind kind, double at, const std::string &lane, const std::string &text,
                  std::uint32_t link, int step)
{
    Event &event = *trace.add_event();
    event.set_kind(kind);
    event.set_at(at);
    event.set_lane(lane);
    event.set_text(text);
    event.set_link(link);
    if (step >= 0)
        event.set_step(static_cast<std::uint32_t>(step));
    return static_cast<std::uint32_t>(trace.event_size() - 1);
}

void begin(v1::Trace &trace, std::uint32_t step, double at, const std::string &place)
{
    Event &event = *trace.add_event();
    event.set_kind(Event::STEP);
    event.set_at(at);
    event.set_step(step);
    event.set_text(place);
}

v1::Finding finding(const std::string &reason, const std::string &statement, v1::Version version, v1::Severity severity)
{
    v1::Finding finding;
    finding.set_reason(reason);
    finding.set_statement(statement);
    finding.set_version(version);
    finding.set_severity(severity);
    finding.set_role(v1::SERVER);
    return finding;
}

v1::Result result(const std::string &variant, v1::Verdict verdict)
{
    v1::Result result;
    result.set_variant(variant);
    result.set_scenario(variant.substr(0, variant.find('[')));
    result.set_verdict(verdict);
    result.set_duration(12);
    return result;
}

v1::Result owedPubrel()
{
    const std::string file = "scenarios/catalog/resume/owed_pubrel.txtpb:";
    v1::Result owed = result("resume/owed_pubrel[v5,rst]", v1::FAIL);
    owed.set_duration(5012.5);
    owed.set_rerun("hiatus run 'resume/owed_pubrel[v5,rst]' --target mqtt://localhost:1883 --seed 7");
    owed.set_confirmation("confirmed alone");
    v1::Trace &trace = *owed.mutable_trace();
    begin(trace, 0, 0, file + "8:8");
    add(trace, Event::OPENED, 0, "sub", "", 1, 0);
    add(trace, Event::SENT, 0, "sub", "CONNECT clean=0 id=sub expiry=300", 1, 0);
    add(trace, Event::RECEIVED, 1.25, "sub", "CONNACK session_present=0 code=0x00 Success", 1, 0);
    begin(trace, 1, 1.25, file + "10:8");
    add(trace, Event::OPENED, 1.25, "pub", "", 1, 1);
    add(trace, Event::SENT, 2, "pub", "PUBLISH q2 id=1 door \"open\"", 1, 1);
    begin(trace, 2, 2, file + "11:8");
    const auto publish = add(trace, Event::RECEIVED, 2.5, "sub", "PUBLISH q2 id=12 door \"open\"", 1, 2);
    trace.mutable_event(static_cast<int>(publish))->set_binds("m=12");
    begin(trace, 3, 2.5, file + "12:8");
    add(trace, Event::SENT, 2.5, "sub", "PUBREC id=12", 1, 3);
    add(trace, Event::RECEIVED, 3, "sub", "PUBREL id=12", 1, 3);
    begin(trace, 4, 3, file + "13:8");
    add(trace, Event::DROPPED, 3, "sub", "RST", 1, 4);
    add(trace, Event::CLOSED, 3, "sub", "reset by us", 1);
    begin(trace, 5, 3, file + "14:8");
    add(trace, Event::OPENED, 3.5, "sub", "", 2, 5);
    add(trace, Event::SENT, 3.5, "sub", "CONNECT clean=0 id=sub expiry=300", 2, 5);
    add(trace, Event::RECEIVED, 4, "sub", "CONNACK session_present=1 code=0x00 Success", 2, 5);
    begin(trace, 6, 4, file + "15:8");
    begin(trace, 7, 2004, file + "16:8");
    const auto ping = add(trace, Event::SENT, 2004, "sub", "PINGREQ", 2, 7);
    add(trace, Event::RECEIVED, 2004.5, "sub", "PINGRESP", 2, 7);

    v1::Finding &missing = *owed.add_finding();
    missing = finding("MISSING", "MQTT-4.4.0-1#b");
    missing.set_text("Session m-7 was resumed, but PUBREL id=12, not answered before the cut, was not sent again.");
    missing.set_expected("PUBREL id=12");
    missing.set_actual("nothing within 2000 ms");
    missing.set_step(6);
    missing.set_at(file + "15:8");
    v1::Finding &surplus = *owed.add_finding();
    surplus = finding("STILL_OPEN", "MQTT-4.3.3-5");
    surplus.set_consequent(true);
    surplus.set_step(7);
    surplus.set_at(file + "16:8");
    surplus.add_event(ping);
    return owed;
}

std::string golden(const char *text)
{
    std::string expected = text;
    expected.erase(0, expected.find_first_not_of('\n'));
    return expected.substr(0, expected.find_last_not_of('\n') + 1) + '\n';
}

} // namespace sample
