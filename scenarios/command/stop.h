#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace hiatus::command {

/// Why a run may end before its end: Ctrl-C (SIGINT, SIGTERM), or the time limit. One at a time.
/// - The first signal asks for an orderly end: sessions and processes are cleaned up, the report is written.
/// - The second ends the program at once.
class Stop
{
public:
    /// No limit: 0.
    explicit Stop(std::chrono::duration<double> limit);
    ~Stop();
    Stop(const Stop &) = delete;
    Stop &operator=(const Stop &) = delete;

    const std::atomic<bool> &isWanted() const { return m_isWanted; }
    bool isInterrupted() const;
    /// "interrupted", "time limit"; empty: it is not wanted.
    std::string why() const;

private:
    std::atomic<bool> &m_isWanted;
    std::mutex m_mutex;
    std::condition_variable m_ended;
    bool m_isOver = false;
    std::thread m_clock;
};

} // namespace hiatus::command
