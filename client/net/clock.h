#pragma once
// Epoch time that never goes back: read once, then carried on by a monotonic clock.

#include "proto/session/values.h"

#include <QDateTime>
#include <QElapsedTimer>

namespace hiatus::client {

class Clock
{
public:
    Clock() { m_elapsed.start(); }
    Time now() const { return m_start + Milliseconds(m_elapsed.elapsed()); }

private:
    Time m_start{Milliseconds(QDateTime::currentMSecsSinceEpoch())};
    QElapsedTimer m_elapsed;
};

} // namespace hiatus::client
