// hiatus-client-adapter: our own client under test, as any other library is: by client_control.proto on standard input and
// output. --deviation and --liberty make it another one, by which the scenarios are proved.

#include "client/deviation/makeclient.h"
#include "client/net/adapter.h"
#include "proto/session/delimited.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <array>
#include <csignal>
#include <cstdio>
#include <iostream>

#include <unistd.h>

namespace {

enum ExitStatus { Ok = 0, Usage = 64, BadData = 65 };

void say(const hiatus::v1::ClientEvent &event)
{
    const std::string bytes = hiatus::delimited(event);
    std::cout.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush();
}

/// The names after --deviation and --liberty; nothing: the command line makes no sense.
std::optional<std::vector<std::string>> alterationsIn(const QStringList &arguments)
{
    std::vector<std::string> names;
    for (qsizetype i = 1; i < arguments.size(); i += 2) {
        const bool isOption = arguments[i] == QStringLiteral("--deviation") || arguments[i] == QStringLiteral("--liberty");
        if (!isOption || i + 1 == arguments.size() || !hiatus::client::findAlteration(arguments[i + 1].toStdString()))
            return std::nullopt;
        names.push_back(arguments[i + 1].toStdString());
    }
    return names;
}

} // namespace

int main(int argc, char **argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    QCoreApplication application(argc, argv);
    const auto alterations = alterationsIn(QCoreApplication::arguments());
    if (!alterations) {
        std::cerr << "usage: hiatus-client-adapter [--deviation NAME|--liberty NAME]…; it reads ClientCommand on standard input and is\n"
                     "started by hiatus run --client PROFILE (hiatus list deviations names the deviations)\n";
        return Usage;
    }
    hiatus::client::Adapter adapter(*alterations, say);
    std::string input;
    QSocketNotifier readable(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&readable, &QSocketNotifier::activated, &adapter, [&] {
        std::array<char, 64 * 1024> buffer;
        const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (count <= 0)
            return QCoreApplication::exit(Ok);
        input.append(buffer.data(), static_cast<std::size_t>(count));
        hiatus::v1::ClientCommand command;
        for (auto taken = hiatus::takeDelimited(input, command); taken != hiatus::Taken::Nothing; taken = hiatus::takeDelimited(input, command)) {
            if (taken == hiatus::Taken::Garbage) {
                std::cerr << "hiatus-client-adapter: standard input is no stream of ClientCommand\n";
                return QCoreApplication::exit(BadData);
            }
            adapter.command(command);
        }
    });
    return QCoreApplication::exec();
}
