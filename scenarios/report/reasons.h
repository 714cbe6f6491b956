#pragma once
// What the reason codes of findings mean, in one sentence each.

#include <string>
#include <string_view>
#include <vector>

namespace hiatus::report {

struct Reason
{
    std::string_view name;
    std::string_view meaning;
};

/// All that have a sentence, in the order in which to list them.
const std::vector<Reason> &reasons();

/// Empty for a code that nobody knows.
std::string_view meaningOf(std::string_view reason);

/// The finding is about something that did not happen: nothing in the trace can be pointed at.
bool isAbsence(std::string_view reason);

} // namespace hiatus::report
