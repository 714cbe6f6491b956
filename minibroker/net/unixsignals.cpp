#include "minibroker/net/unixsignals.h"

#include <QSocketNotifier>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace hiatus::minibroker {

namespace {

std::array<int, 2> pipeEnds{-1, -1};

void handle(int)
{
    const char byte = 1;
    [[maybe_unused]] const auto written = ::write(pipeEnds[1], &byte, 1); // all that a handler may do
}

} // namespace

void onUnixSignals(std::initializer_list<int> numbers, QObject *context, std::function<void()> then)
{
    if (::pipe2(pipeEnds.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return;
    auto *notifier = new QSocketNotifier(pipeEnds[0], QSocketNotifier::Read, context);
    QObject::connect(notifier, &QSocketNotifier::activated, context, [then = std::move(then)] {
        char byte = 0;
        while (::read(pipeEnds[0], &byte, 1) > 0) {
        }
        then();
    });
    struct sigaction action{};
    action.sa_handler = handle;
    action.sa_flags = SA_RESTART;
    for (const int number : numbers)
        ::sigaction(number, &action, nullptr);
}

} // namespace hiatus::minibroker
