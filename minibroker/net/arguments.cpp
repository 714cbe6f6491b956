#include "minibroker/net/arguments.h"

#include "minibroker/commandline/manual.h"
#include "minibroker/deviation/alterations.h"
#include "minibroker/net/suggest.h"
#include "minibroker/net/users.h"

#include <CLI/CLI.hpp>

#include <QFile>
#include <QRandomGenerator>
#include <QSslCertificate>
#include <QSslKey>

#include <fmt/format.h>

#include <sstream>

namespace hiatus::minibroker {

namespace {

// The engine's own defaults leave CONNACK and traces bare; a broker at large bounds what it holds and saves bytes.
constexpr std::uint16_t ReceiveMaximum = 1'000, TopicAliases = 16;

/// As given, before it makes sense.
struct Given
{
    std::string host = "127.0.0.1";
    std::uint16_t port = 1883;
    std::string users, log, certificate, key, clientCa;
    std::vector<std::string> alpn;
    std::optional<std::uint16_t> tlsPort;
    std::vector<std::string> deviations, liberties;
    double connectTimeout = 10;
    bool listDeviations = false, listLiberties = false, hashPassword = false;
    bool anonymous = false, noAnonymous = false; ///< neither: unless there are users
    bool noRetain = false, noWildcard = false, noShared = false, noSubscriptionIds = false;
};

void addListening(CLI::App &app, Given &given, MinibrokerOptions &options)
{
    app.add_option("--port", given.port, "TCP port; 0 takes a free one and prints it")->capture_default_str();
    app.add_option("--host", given.host, "address to listen on")->capture_default_str();
    app.add_option("--tls-port", given.tlsPort, "TLS too, on this port (0: a free one)");
    app.add_option("--ws-port", options.webSocketPort, "WebSocket too, on this port (0: a free one)");
    app.add_option("--wss-port", options.webSocketTlsPort, "WebSocket over TLS too, on this port (0: a free one)");
    app.add_option("--ws-path", options.webSocketPath, "where WebSocket is served")->capture_default_str();
    app.add_option("--certificate", given.certificate, "PEM file, for --tls-port and --wss-port");
    app.add_option("--key", given.key, "PEM file of the certificate's private key");
    app.add_option("--client-ca", given.clientCa, "PEM file: TLS clients need a certificate that it signed");
    app.add_option("--alpn", given.alpn, "application protocol chosen over TLS if a client offers it (repeatable)")
        ->allow_extra_args(false);
    app.add_option("--users", given.users, "file of USER:HASH lines; who gives no user name is refused");
    auto *anonymous = app.add_flag("--anonymous", given.anonymous, "with --users: let in who gives no user name");
    app.add_flag("--no-anonymous", given.noAnonymous, "refuse who gives no user name")->excludes(anonymous);
    app.add_flag("--hash-password", given.hashPassword, "read a password from standard input, print its hash, and end");
    app.add_option("--store", options.storeFile, "SQLite file that keeps sessions and retained messages");
    app.add_option("--log", given.log, "'packets': one line per packet each way; 'connections': comings and goings")
        ->check(CLI::IsMember({"packets", "connections"}));
    app.add_option("--deviation", given.deviations, "break the standard in this way (repeatable)")
        ->allow_extra_args(false);
    app.add_option("--liberty", given.liberties, "choose otherwise where the standard allows it (repeatable)")
        ->allow_extra_args(false);
    app.add_flag("--list-deviations", given.listDeviations, "names of the deviations, and end");
    app.add_flag("--list-liberties", given.listLiberties, "names of the liberties, and end");
}

void addLimits(CLI::App &app, Given &given, MinibrokerOptions &options)
{
    auto &engine = options.engine;
    engine.receiveMaximum = ReceiveMaximum;
    engine.topicAliasesUsed = TopicAliases;
    static const std::map<std::string, broker::QueuePolicy> policies{{"drop-oldest", broker::QueuePolicy::DropOldest},
                                                                     {"drop-newest", broker::QueuePolicy::DropNewest}};
    app.add_option("--queue", engine.queueLimit, "messages waiting for one session, at most")->capture_default_str();
    app.add_option("--queue-policy", engine.queuePolicy, "what gives way in a full queue: drop-oldest, drop-newest")
        ->transform(CLI::CheckedTransformer(policies));
    app.add_flag("--queue-qos0", engine.queueQos0, "keep QoS 0 messages for clients that are away");
    app.add_option("--inflight", engine.maximumInflight, "messages sent to one client and not acknowledged, at most")
        ->capture_default_str()->check(CLI::Range(1, 65535));
    app.add_option("--expiry-cap", engine.expiryCap, "longest session expiry interval granted (5.0), seconds");
    app.add_option("--server-keep-alive", engine.serverKeepAlive, "keep alive given to 5.0 clients, seconds");
    app.add_option("--maximum-keep-alive", engine.keepAliveCap, "keep alive given to 5.0 clients that ask for more or none")
        ->check(CLI::Range(1, 65535));
    app.add_option("--maximum-qos", engine.maximumQos, "highest QoS")->check(CLI::Range(0, 2))->capture_default_str();
    app.add_option("--receive-maximum", engine.receiveMaximum, "open publications taken from a 5.0 client")
        ->check(CLI::Range(1, 65535))->capture_default_str();
    app.add_option("--topic-alias-maximum", engine.topicAliasMaximum, "highest topic alias taken")->capture_default_str();
    app.add_option("--topic-aliases", engine.topicAliasesUsed, "topic aliases used towards a client that takes some, at most")
        ->capture_default_str();
    app.add_option("--maximum-packet-size", engine.maximumPacketSize, "largest packet taken, bytes; 0: the protocol's");
    app.add_option("--connect-timeout", given.connectTimeout, "seconds a connection may stay without CONNECT")
        ->capture_default_str()->check(CLI::Range(0.1, 3600.0));
    app.add_option("--output-limit", options.outputLimit, "bytes waiting for a client that does not read")
        ->check(CLI::PositiveNumber)->capture_default_str();
    app.add_flag("--no-retain", given.noRetain, "no retained messages");
    app.add_flag("--no-wildcard", given.noWildcard, "no wildcard subscriptions");
    app.add_flag("--no-shared", given.noShared, "no shared subscriptions");
    app.add_option("--refuse-subscription", engine.refusedFilters, "nobody may subscribe to what lies within this filter")
        ->allow_extra_args(false);
    app.add_flag("--no-subscription-identifiers", given.noSubscriptionIds, "no subscription identifiers");
}

std::string listed(const std::vector<broker::Alteration> &rows)
{
    std::string text;
    for (const auto &row : rows)
        text += fmt::format("{:<40} {}\n", row.name, row.sentence);
    return text;
}

/// Nothing, or what is wrong with the name.
std::string unknown(const std::vector<std::string> &names, const std::vector<broker::Alteration> &rows, const char *what)
{
    for (const auto &name : names) {
        std::vector<std::string> known;
        for (const auto &row : rows)
            known.push_back(row.name);
        if (std::find(known.begin(), known.end(), name) != known.end())
            continue;
        const std::string nearest = suggestion(name, known);
        return fmt::format("no {} is called '{}'{}; `minibroker --list-{}` lists them", what, name,
                           nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest),
                           what == std::string_view("deviation") ? "deviations" : "liberties");
    }
    return {};
}

tl::expected<QSslConfiguration, std::string> tlsFrom(const Given &given)
{
    const auto certificates = QSslCertificate::fromPath(QString::fromStdString(given.certificate));
    if (certificates.isEmpty())
        return tl::unexpected(fmt::format("TLS needs a --certificate; '{}' has none", given.certificate));
    QFile file(QString::fromStdString(given.key));
    const QByteArray pem = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    QSslKey key(pem, QSsl::Rsa);
    if (key.isNull())
        key = QSslKey(pem, QSsl::Ec);
    if (key.isNull())
        return tl::unexpected(fmt::format("TLS needs a --key; '{}' has none", given.key));
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificateChain(certificates);
    tls.setPrivateKey(key);
    tls.setPeerVerifyMode(QSslSocket::VerifyNone);
    if (!given.clientCa.empty()) {
        const auto authorities = QSslCertificate::fromPath(QString::fromStdString(given.clientCa));
        if (authorities.isEmpty())
            return tl::unexpected(fmt::format("--client-ca: '{}' has no certificate", given.clientCa));
        tls.setCaCertificates(authorities);
        tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    }
    QList<QByteArray> protocols;
    for (const auto &protocol : given.alpn)
        protocols.push_back(QByteArray::fromStdString(protocol));
    tls.setAllowedNextProtocols(protocols);
    return tls;
}

tl::expected<void, Farewell> settle(const Given &given, Arguments &arguments)
{
    auto &options = arguments.options;
    auto &engine = options.engine;
    for (const auto &wrong : {unknown(given.deviations, broker::deviations(), "deviation"),
                              unknown(given.liberties, broker::liberties(), "liberty")})
        if (!wrong.empty())
            return tl::unexpected(Farewell{Usage, wrong});
    options.alterations = given.deviations;
    options.alterations.insert(options.alterations.end(), given.liberties.begin(), given.liberties.end());
    if (!options.host.setAddress(QString::fromStdString(given.host == "localhost" ? "127.0.0.1" : given.host)))
        return tl::unexpected(Farewell{Usage, fmt::format("--host: '{}' is no IP address", given.host)});
    options.port = given.port;
    engine.anonymous = given.anonymous || (given.users.empty() && !given.noAnonymous);
    engine.retain = !given.noRetain;
    engine.wildcards = !given.noWildcard;
    engine.shared = !given.noShared;
    engine.subscriptionIdentifiers = !given.noSubscriptionIds;
    engine.connectTimeout = Milliseconds(std::int64_t(given.connectTimeout * 1000));
    engine.assignedPrefix = fmt::format("auto{:08x}n", QRandomGenerator::global()->generate());
    arguments.logPackets = given.log == "packets";
    arguments.logConnections = !given.log.empty();
    if (!given.users.empty()) {
        auto users = readUsers(given.users);
        if (!users)
            return tl::unexpected(Farewell{BadData, users.error()});
        options.slowAuthenticate = *users;
    }
    if (!options.webSocketPath.starts_with('/'))
        return tl::unexpected(Farewell{Usage, fmt::format("--ws-path: '{}' does not begin with /", options.webSocketPath)});
    if (given.tlsPort || options.webSocketTlsPort) {
        auto tls = tlsFrom(given);
        if (!tls)
            return tl::unexpected(Farewell{Usage, tls.error()});
        options.tls = *tls;
        options.tlsPort = given.tlsPort;
    }
    return {};
}

} // namespace

tl::expected<Arguments, Farewell> parseArguments(int argc, const char *const *argv)
{
    CLI::App app("A small MQTT broker, 3.1.1 and 5.0 on one port, that can be told to break the standard.", "minibroker");
    Given given;
    Arguments arguments;
    addListening(app, given, arguments.options);
    addLimits(app, given, arguments.options);
    app.set_version_flag("--version", HIATUS_VERSION);
    commandline::addManual(app, HIATUS_VERSION);
    try { // the one place where a library throws at us
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        std::ostringstream out, wrong;
        const bool isHelp = app.exit(error, out, wrong) == 0;
        return tl::unexpected(Farewell{isHelp ? Ok : Usage, isHelp ? out.str() : wrong.str()});
    }
    if (given.listDeviations || given.listLiberties)
        return tl::unexpected(Farewell{Ok, (given.listDeviations ? listed(broker::deviations()) : std::string())
                                               + (given.listLiberties ? listed(broker::liberties()) : std::string())});
    if (given.hashPassword) {
        arguments.mode = Arguments::Mode::HashPassword;
        return arguments;
    }
    if (auto settled = settle(given, arguments); !settled)
        return tl::unexpected(settled.error());
    return arguments;
}

} // namespace hiatus::minibroker
