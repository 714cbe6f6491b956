#pragma once

#include <QObject>

#include <functional>
#include <initializer_list>

namespace hiatus::minibroker {

/// Calls `then` from the event loop when one of the signals has come. Once per process: handlers are global.
void onUnixSignals(std::initializer_list<int> numbers, QObject *context, std::function<void()> then);

} // namespace hiatus::minibroker
