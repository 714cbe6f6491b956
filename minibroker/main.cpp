// minibroker: the broker as a program.

#include "minibroker/net/arguments.h"
#include "minibroker/net/descriptors.h"
#include "minibroker/net/packetlog.h"
#include "minibroker/net/unixsignals.h"
#include "minibroker/net/users.h"

#include <QCoreApplication>

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <string>
#include <utility>

using namespace hiatus;
using namespace hiatus::minibroker;

namespace {

int say(const Farewell &farewell)
{
    if (farewell.status == Ok)
        fmt::print("{}", farewell.text);
    else
        fmt::print(stderr, "minibroker: {}\n", farewell.text);
    return farewell.status;
}

int hashFromStandardInput()
{
    std::string password;
    std::getline(std::cin, password);
    if (password.empty())
        return say({Usage, "--hash-password reads one line, the password, from standard input"});
    fmt::print("{}\n", hashPassword(password));
    return Ok;
}

int statusOf(const StartProblem &problem)
{
    switch (problem.kind) {
    case StartProblem::Kind::Options: return Usage;
    case StartProblem::Kind::Store: return BadData;
    case StartProblem::Kind::Port: return Unavailable;
    }
    return Unavailable;
}

std::string shown(const QHostAddress &host, quint16 port)
{
    const std::string address = host.toString().toStdString();
    const bool isV6 = host.protocol() == QAbstractSocket::IPv6Protocol;
    return isV6 ? fmt::format("[{}]:{}", address, port) : fmt::format("{}:{}", address, port);
}

int serve(Arguments arguments)
{
    auto &options = arguments.options;
    if (arguments.logConnections)
        options.log = logToStandardError;
    if (arguments.logPackets)
        options.watcher = [](const SeenPacket &seen) {
            logToStandardError(logLine(seen));
            return Fate::Pass;
        };
    const QHostAddress host = options.host;
    Minibroker broker(std::move(options));
    if (const auto started = broker.start(); !started)
        return say({statusOf(started.error()), started.error().text});
    for (const auto &[what, port] : {std::pair("TLS", broker.tlsPort()), std::pair("WebSocket", broker.webSocketPort()),
                                     std::pair("WebSocket over TLS", broker.webSocketTlsPort())})
        if (port != 0)
            fmt::print("minibroker: listening for {} on {}\n", what, shown(host, port));
    fmt::print("minibroker: listening on {}\n", shown(host, broker.port()));
    std::fflush(stdout);

    onUnixSignals({SIGTERM, SIGINT}, &broker, [] { QCoreApplication::quit(); });
    QObject::connect(&broker, &Minibroker::failed, &broker, [](const QString &why) {
        QCoreApplication::exit(say({StoreFailed, why.toStdString()}));
    });
    const int status = QCoreApplication::exec();
    broker.shutDown();
    return status;
}

} // namespace

int main(int argc, char **argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    QCoreApplication application(argc, argv);
    auto arguments = parseArguments(argc, argv);
    if (!arguments)
        return say(arguments.error());
    if (arguments->mode == Arguments::Mode::HashPassword)
        return hashFromStandardInput();
    raiseDescriptorLimit();
    return serve(std::move(*arguments));
}
