#pragma once
// The target as a process of ours: prepared, started, stopped, killed; what it leaves is removed. Nothing waits for ever.

#include "hiatus/v1/scenario.pb.h"
#include "hiatus/v1/target.pb.h"

#include <QObject>
#include <QProcess>
#include <QTimer>

#include <tl/expected.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <string>

namespace hiatus::lifecycle {

/// Problem, or empty.
using Done = std::function<void(const std::string &problem)>;

class TargetProcess : public QObject
{
    Q_OBJECT

public:
    /// `answers`: does the target take connections? It calls back once, from the event loop.
    using Answers = std::function<void(std::function<void(bool)>)>;

    /// `target` with everything filled in; `directory` is ours to remove.
    TargetProcess(v1::Target target, std::string directory);
    /// Kills what is left, and removes the directory.
    ~TargetProcess() override;

    void setAnswers(Answers answers) { m_answers = std::move(answers); }
    /// Called when it ends without being asked to.
    void setDied(std::function<void(const std::string &how)> died) { m_died = std::move(died); }

    /// Writes the files and runs what prepares the start, each within the deadline of a start.
    tl::expected<void, std::string> prepare();
    /// Starts it; `done` once it answers, or with why it does not, its log's tail included.
    void start(Done done);
    void stop(v1::Halt how, Done done);
    /// Whoever started or stopped it does not want to know any more.
    void forget() { m_done = {}; }
    bool isRunning() const { return m_process && m_process->state() != QProcess::NotRunning; }
    /// The last lines of its log.
    std::string tail() const;

private:
    std::unique_ptr<QProcess> makeProcess(const v1::Command &command) const;
    void readOutput();
    void ended(int code, QProcess::ExitStatus status);
    void ask();
    void settle(const std::string &problem);
    void run(const v1::Command &command);
    void killGroup();

    v1::Target m_target;
    std::string m_directory;
    Answers m_answers;
    std::function<void(const std::string &)> m_died;
    std::unique_ptr<QProcess> m_process;
    qint64 m_group = 0;
    std::deque<std::string> m_lines;
    std::string m_rest; ///< of a line that is not complete
    bool m_isReady = false;
    bool m_isAsked = false; ///< a stop is under way
    Done m_done;
    QTimer m_deadline;
    QTimer m_again;
    std::uint64_t m_attempt = 0;
};

} // namespace hiatus::lifecycle
