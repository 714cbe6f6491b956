#pragma once
// Rules about all that a target ever sends, checked on every trace, whatever the script looks at.

#include "hiatus/v1/report.pb.h"
#include "scenarios/script/plan.h"

#include <string>
#include <vector>

namespace hiatus::judge {

/// Runs every monitor. Findings carry reason "MONITOR_…", statement, version, text and event; severity is not set.
std::vector<v1::Finding> monitor(const script::Variant &variant, const v1::Trace &trace);

/// The name by which a monitor's findings are known, and what it watches for.
struct MonitorName
{
    const char *reason;
    const char *sentence;
};
const std::vector<MonitorName> &monitorNames();

/// The trace of one session: what one client id's connections saw, the target on one side.
struct SessionTrace
{
    std::string name;                ///< the session's lane
    v1::Role role = v1::SERVER;      ///< who the target is
    v1::Version version = v1::V5;    ///< the variant's; a lane may speak the other
    std::vector<std::uint32_t> events; ///< indices into the trace
};

/// Collects the findings of the monitors.
class Charges
{
public:
    Charges(const script::Variant &variant, const v1::Trace &trace, v1::Role role) : m_variant(variant), m_trace(trace), m_role(role) {}

    /// Charges the packet at `event` to the statement of its lane's version; an empty statement charges nothing.
    void add(const char *reason, const char *v3, const char *v5, std::uint32_t event, const std::string &text,
             const std::string &expected);
    std::vector<v1::Finding> take() { return std::move(m_findings); }
    v1::Role role() const { return m_role; }

private:
    const script::Variant &m_variant;
    const v1::Trace &m_trace;
    v1::Role m_role;
    std::vector<v1::Finding> m_findings;
};

// One file each.
void monitorSender(const SessionTrace &session, const v1::Trace &trace, Charges &charges);
void monitorAnswers(const SessionTrace &session, const v1::Trace &trace, Charges &charges);
void monitorAckOrder(const SessionTrace &session, const v1::Trace &trace, Charges &charges);
void monitorConnack(const SessionTrace &session, const v1::Trace &trace, Charges &charges);
void monitorClient(const SessionTrace &session, const v1::Trace &trace, Charges &charges);
void monitorLimits(const SessionTrace &session, const v1::Trace &trace, Charges &charges);
void monitorForwarding(const v1::Trace &trace, Charges &charges);
void monitorOrder(const script::Variant &variant, const v1::Trace &trace, Charges &charges);

} // namespace hiatus::judge
