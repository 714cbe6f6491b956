#pragma once

#include <string>
#include <string_view>

namespace hiatus::wire {

/// The text with the password of every URL in it ("scheme://user:password@host") replaced by "***".
std::string redacted(std::string_view text);

} // namespace hiatus::wire
