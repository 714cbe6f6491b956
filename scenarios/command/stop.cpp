#include "scenarios/command/stop.h"

#include "scenarios/report/exitstatus.h"

#include <csignal>

#include <unistd.h>

namespace hiatus::command {

namespace {

std::atomic<bool> wanted{false};
std::atomic<bool> interrupted{false};

void interrupt(int)
{
    if (interrupted.exchange(true))
        ::_exit(report::Interrupted);
    wanted = true;
}

} // namespace

Stop::Stop(std::chrono::duration<double> limit) : m_isWanted(wanted)
{
    std::signal(SIGINT, interrupt);
    std::signal(SIGTERM, interrupt);
    if (limit.count() <= 0)
        return;
    m_clock = std::thread([this, limit] {
        std::unique_lock lock(m_mutex);
        if (!m_ended.wait_for(lock, limit, [this] { return m_isOver; }))
            wanted = true;
    });
}

Stop::~Stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isOver = true;
    }
    m_ended.notify_all();
    if (m_clock.joinable())
        m_clock.join();
}

bool Stop::isInterrupted() const { return interrupted; }

std::string Stop::why() const { return interrupted ? "interrupted" : wanted ? "time limit" : ""; }

} // namespace hiatus::command
