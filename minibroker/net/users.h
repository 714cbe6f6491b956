#pragma once

#include "minibroker/engine/options.h"

#include <tl/expected.hpp>

#include <string>
#include <string_view>

namespace hiatus::minibroker {

/// A password as a users file has it: "pbkdf2-sha256$ITERATIONS$SALT$KEY", salt fresh each time.
std::string hashPassword(std::string_view password);

/// An authenticator from a users file, slow on purpose (see MinibrokerOptions::slowAuthenticate) and safe on any thread: lines of USER:HASH; empty ones and those that begin with '#' are passed over.
/// Error: "FILE:LINE: …", or that the file cannot be read.
tl::expected<broker::Authenticator, std::string> readUsers(const std::string &file);

} // namespace hiatus::minibroker
