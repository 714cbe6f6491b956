#pragma once
// base64url without padding [RFC 4648 section 5].

#include <optional>
#include <string>
#include <string_view>

namespace hiatus {

std::string toBase64Url(std::string_view bytes);
/// Nothing for a character or length that toBase64Url() never writes.
std::optional<std::string> fromBase64Url(std::string_view text);

} // namespace hiatus
