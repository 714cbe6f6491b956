#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hiatus::minibroker {

/// The known name that was probably meant: few letters away, or the only one that contains it; else empty.
std::string suggestion(std::string_view name, const std::vector<std::string> &known);

} // namespace hiatus::minibroker
