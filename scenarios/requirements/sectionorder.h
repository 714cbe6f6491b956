#pragma once
// The order in which a reader of the standard meets its statements.

#include <string_view>

namespace hiatus::requirements {

/// Whether statement `a` stands before `b`: by section number ("3.1.2" before "3.1.10"), numbered statements before
/// prose of the same section, then by item; derived rows (D…) after all of those, allowances (A…) last.
bool standsBefore(std::string_view a, std::string_view b);

} // namespace hiatus::requirements
