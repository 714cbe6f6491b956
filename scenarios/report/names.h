#pragma once
// How enums and times are spelled in everything that a person reads.

#include "hiatus/v1/report.pb.h"

#include <google/protobuf/repeated_ptr_field.h>

#include <map>
#include <string>
#include <string_view>

namespace hiatus::requirements {
class Catalogue;
}

namespace hiatus::report {

/// `confirmation` of what was accused beside other variants and run again without them.
inline constexpr std::string_view ConfirmedAlone = "confirmed alone";
inline constexpr std::string_view ConfirmedOtherwise = "confirmed alone, for another reason";
inline constexpr std::string_view OnlyInCompany = "only in company";

using Results = google::protobuf::RepeatedPtrField<v1::Result>;
using Findings = google::protobuf::RepeatedPtrField<v1::Finding>;

/// What a report says of a scenario besides its verdicts.
struct ScenarioInfo
{
    std::string title;
    std::string file;
};

/// What is known beside the report; all of it may be missing.
struct Context
{
    const requirements::Catalogue *catalogue = nullptr;
    std::map<std::string, ScenarioInfo> scenarios; ///< by "topic/slug"
};

std::string verdictName(v1::Verdict verdict);    ///< "PASS", …
std::string severityName(v1::Severity severity); ///< "FAIL", "WARN", "fact"

/// "topic" of "topic/slug[v5]".
std::string topicOf(std::string_view scenario);

/// "12 ms", "3.4 s", "2 min 5 s".
std::string duration(double milliseconds);

/// "3 findings", "1 finding".
std::string counted(std::size_t number, std::string_view noun);

/// "[5.0 MQTT-4.4.0-1#a]"; empty if the finding cites nothing.
std::string citation(const v1::Finding &finding);

/// All findings: first those that the verdict rests on, then the others, then what follows from them; each in the trace's order.
std::vector<const v1::Finding *> findingsByWeight(const v1::Result &result);

/// The first of them; null if there is none.
const v1::Finding *leadingFinding(const v1::Result &result);

/// By the axis in its id; what a finding says, where the id does not.
v1::Version versionOf(const v1::Result &result);
/// What the event's lane spoke, in a variant of that version.
v1::Version versionOf(const v1::TraceEvent &event, v1::Version ofVariant);

/// A word that a shell takes as one argument.
std::string shellQuoted(const std::string &word);

} // namespace hiatus::report
