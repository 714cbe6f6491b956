#include "scenarios/world/networktarget.h"

#include <QUrl>

#include <fmt/format.h>

namespace hiatus::world {

namespace {
constexpr int PlainPort = 1883;
constexpr int TlsPort = 8883;

tl::unexpected<std::string> refuse(std::string_view url, const std::string &why)
{
    return tl::unexpected(fmt::format("target '{}': {}; write mqtt://host:port or mqtt://user:password@host:port", url, why));
}
} // namespace

std::string NetworkTarget::text() const
{
    return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

tl::expected<NetworkTarget, std::string> parseTarget(std::string_view url)
{
    if (url.find("://") == std::string_view::npos)
        return refuse(url, "this is no URL");
    const QUrl parsed(QString::fromUtf8(url.data(), qsizetype(url.size())), QUrl::StrictMode);
    if (!parsed.isValid())
        return refuse(url, parsed.errorString().toStdString());
    const std::string scheme = parsed.scheme().toStdString();
    if (scheme != "mqtt" && scheme != "mqtts")
        return refuse(url, fmt::format("scheme '{}' is not spoken here", scheme));
    if (parsed.host().isEmpty())
        return refuse(url, "the host is missing");
    if (parsed.hasQuery() || parsed.hasFragment() || parsed.path().size() > 1)
        return refuse(url, "nothing may follow the port");
    NetworkTarget target;
    target.tls = scheme == "mqtts";
    target.host = parsed.host().toStdString();
    const int port = parsed.port(target.tls ? TlsPort : PlainPort);
    if (port < 1)
        return refuse(url, "port 0 cannot be connected to");
    target.port = std::uint16_t(port);
    target.user = parsed.userName(QUrl::FullyDecoded).toStdString();
    target.password = parsed.password(QUrl::FullyDecoded).toStdString();
    target.hasUser = !target.user.empty();
    target.hasPassword = !target.password.empty();
    return target;
}

} // namespace hiatus::world
