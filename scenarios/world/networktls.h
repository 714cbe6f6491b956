#pragma once

#include <QSslConfiguration>

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace hiatus::world {

/// What a profile says of mqtts:// and wss://; empty: Qt's and the system's way.
struct TlsFiles
{
    std::string ca{};          ///< PEM: who signed the target's certificate
    std::string certificate{}; ///< PEM: ours
    std::string key{};         ///< PEM: its private key
    std::vector<std::string> alpn{}; ///< offered, the preferred one first
    bool isInsecure = false; ///< whatever the target's certificate says
};

/// Error: a sentence with the file that is none.
tl::expected<QSslConfiguration, std::string> tlsConfiguration(const TlsFiles &files);

} // namespace hiatus::world
