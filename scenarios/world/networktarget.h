#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace hiatus::world {

/// Where a broker listens: mqtt://user:password@host:port, mqtts://…, ws://host:port/path, wss://…
struct NetworkTarget
{
    std::string host;
    std::uint16_t port = 1883;
    bool tls = false;
    bool webSocket = false;
    std::string path; ///< of the WebSocket; "/mqtt" unless the URL says another
    std::string user;
    std::string password;
    bool hasUser = false;
    bool hasPassword = false;

    /// "host:port", IPv6 addresses in brackets.
    std::string text() const;
};

/// Error: a sentence that says what is wrong with the URL, without its password. User and password may be percent-encoded.
tl::expected<NetworkTarget, std::string> parseTarget(std::string_view url);

} // namespace hiatus::world
