#include "scenarios/world/networktarget.h"

#include "proto/wire/redact.h"

#include <QUrl>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hiatus::world {

namespace {
struct Scheme
{
    std::string_view name;
    int port;
    bool tls;
    bool webSocket;
};
constexpr std::array Schemes{Scheme{"mqtt", 1883, false, false}, Scheme{"mqtts", 8883, true, false},
                             Scheme{"ws", 80, false, true}, Scheme{"wss", 443, true, true}};
constexpr const char *DefaultPath = "/mqtt"; // the usual one; 4.3 of neither standard names any

tl::unexpected<std::string> refuse(std::string_view url, const std::string &why)
{
    return tl::unexpected(fmt::format("target '{}': {}; write mqtt://user:password@host:port, mqtts://host:port, ws://host:port/path or wss://host:port/path",
                                       wire::redacted(url), why));
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
        return refuse(url, parsed.errorString().section(QLatin1Char(';'), 0, 0).toStdString()); // what follows quotes the URL
    const std::string scheme = parsed.scheme().toStdString();
    const auto known = std::find_if(Schemes.begin(), Schemes.end(), [&](const Scheme &row) { return row.name == scheme; });
    if (known == Schemes.end())
        return refuse(url, fmt::format("scheme '{}' is not spoken here", scheme));
    if (parsed.host().isEmpty())
        return refuse(url, "the host is missing");
    if (parsed.hasFragment() || (!known->webSocket && (parsed.hasQuery() || parsed.path().size() > 1)))
        return refuse(url, known->webSocket ? "nothing may follow the path" : "nothing may follow the port");
    NetworkTarget target;
    target.tls = known->tls;
    target.webSocket = known->webSocket;
    target.path = parsed.path().isEmpty() ? DefaultPath : parsed.toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority).toStdString();
    target.host = parsed.host().toStdString();
    const int port = parsed.port(known->port);
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
