#include "scenarios/lifecycle/targetprocess.h"

#include "scenarios/lifecycle/processsession.h"

#include <QDir>
#include <QFile>

#include <fmt/format.h>

#include <csignal>
#include <fstream>
#include <regex>

namespace hiatus::lifecycle {

namespace {

constexpr int MostLines = 40;
constexpr int AskAgain = 50;      // milliseconds between two questions whether it answers
constexpr int DeathWithin = 5000; // milliseconds in which a killed process is gone

int deadlineOf(bool has, double milliseconds, int otherwise) { return has ? static_cast<int>(milliseconds) : otherwise; }

QString text(const std::string &value) { return QString::fromStdString(value); }

std::string programOf(const v1::Command &command) { return command.argument_size() ? command.argument(0) : std::string("nothing"); }

} // namespace

TargetProcess::TargetProcess(v1::Target target, std::string directory) : m_target(std::move(target)), m_directory(std::move(directory))
{
    m_deadline.setSingleShot(true);
    m_again.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, &TargetProcess::ask);
}

TargetProcess::~TargetProcess()
{
    m_done = {};
    m_died = {};
    m_isAsked = true;
    killGroup();
    if (m_process) {
        m_process->disconnect(this);
        m_process->waitForFinished(DeathWithin);
    }
    if (m_group > 0)
        endSession(static_cast<pid_t>(m_group), std::chrono::milliseconds(DeathWithin));
    if (!m_directory.empty())
        QDir(text(m_directory)).removeRecursively();
}

std::unique_ptr<QProcess> TargetProcess::makeProcess(const v1::Command &command) const
{
    auto process = std::make_unique<QProcess>();
    QStringList arguments;
    for (int i = 1; i < command.argument_size(); ++i)
        arguments << text(command.argument(i));
    auto environment = QProcessEnvironment::systemEnvironment();
    for (const auto &variable : command.environment())
        environment.insert(text(variable.substr(0, variable.find('='))), text(variable.substr(variable.find('=') + 1)));
    process->setProgram(text(programOf(command)));
    process->setArguments(arguments);
    process->setProcessEnvironment(environment);
    process->setWorkingDirectory(text(m_directory));
    process->setProcessChannelMode(QProcess::MergedChannels);
    process->setStandardInputFile(QProcess::nullDevice());
    leadSession(*process);
    return process;
}

tl::expected<void, std::string> TargetProcess::prepare()
{
    for (const auto &file : m_target.file()) {
        const QString path = text(m_directory + '/' + file.path());
        QDir().mkpath(QFileInfo(path).path());
        std::ofstream out(path.toStdString(), std::ios::binary);
        if (!(out << file.text()).flush())
            return tl::unexpected(path.toStdString() + " cannot be written");
    }
    for (const auto &command : m_target.prepare()) {
        const auto process = makeProcess(command);
        process->start();
        const bool isOver = process->waitForFinished(deadlineOf(m_target.has_ready_ms(), m_target.ready_ms(), 30'000));
        if (isOver && process->exitStatus() == QProcess::NormalExit && process->exitCode() == 0)
            continue;
        const std::string said = process->readAll().toStdString();
        const std::string how = process->error() == QProcess::FailedToStart ? "cannot be started: " + process->errorString().toStdString()
                                : isOver                                    ? fmt::format("ended with {}", process->exitCode())
                                                                            : std::string("does not end");
        process->kill();
        process->waitForFinished(DeathWithin);
        return tl::unexpected(fmt::format("{}, which prepares the start, {}\n{}", programOf(command), how, said));
    }
    return {};
}

void TargetProcess::start(Done done)
{
    m_done = std::move(done);
    m_isReady = m_target.start().ready_line().empty();
    m_isAsked = false;
    m_lines.clear();
    m_rest.clear();
    m_process = makeProcess(m_target.start());
    connect(m_process.get(), &QProcess::readyRead, this, &TargetProcess::readOutput);
    connect(m_process.get(), &QProcess::finished, this, &TargetProcess::ended);
    connect(m_process.get(), &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            settle(programOf(m_target.start()) + " cannot be started: " + m_process->errorString().toStdString());
    });
    m_deadline.disconnect();
    const int within = deadlineOf(m_target.has_ready_ms(), m_target.ready_ms(), 30'000);
    connect(&m_deadline, &QTimer::timeout, this, [this, within] {
        settle(fmt::format("{} does not {} within {} s", programOf(m_target.start()), m_isReady ? "answer CONNECT" : "say that it is ready", within / 1000));
    });
    m_deadline.start(within);
    m_process->start();
    m_group = m_process->processId();
    m_again.start(AskAgain);
}

void TargetProcess::readOutput()
{
    m_rest += m_process->readAll().toStdString();
    static const std::string none;
    const std::regex ready(m_target.start().ready_line());
    for (std::size_t end = m_rest.find('\n'); end != std::string::npos; end = m_rest.find('\n')) {
        std::string line = m_rest.substr(0, end);
        m_rest.erase(0, end + 1);
        m_isReady = m_isReady || std::regex_search(line, ready);
        m_lines.push_back(std::move(line));
        if (m_lines.size() > MostLines)
            m_lines.pop_front();
    }
}

/// It has said that it is ready: is it?
void TargetProcess::ask()
{
    if (!m_done || m_isAsked)
        return;
    if (!m_isReady || !m_answers) {
        if (m_isReady)
            return settle({});
        m_again.start(AskAgain);
        return;
    }
    m_answers([this, attempt = m_attempt](bool does) {
        if (attempt != m_attempt || !m_done || m_isAsked)
            return;
        if (does)
            settle({});
        else
            m_again.start(AskAgain);
    });
}

void TargetProcess::settle(const std::string &problem)
{
    ++m_attempt;
    m_deadline.stop();
    m_again.stop();
    const std::string shown = problem.empty() ? problem : problem + "\n" + tail();
    if (!problem.empty() && !m_isAsked) {
        m_isAsked = true;
        killGroup();
    }
    if (m_done)
        std::exchange(m_done, {})(shown);
}

void TargetProcess::ended(int code, QProcess::ExitStatus status)
{
    readOutput();
    const std::string how = status == QProcess::CrashExit ? fmt::format("it was ended by signal {}", code) : fmt::format("it ended with {}", code);
    const bool wasAsked = m_isAsked;
    const bool wasStarting = m_done && !wasAsked;
    killGroup(); // its helpers
    if (wasAsked)
        return settle({});
    m_isAsked = true;
    if (wasStarting)
        return settle(programOf(m_target.start()) + " does not start: " + how);
    if (m_died)
        m_died(how + "\n" + tail());
}

void TargetProcess::stop(v1::Halt how, Done done)
{
    m_done = std::move(done);
    m_isAsked = true;
    if (!isRunning())
        return settle({});
    const int within = how == v1::KILL ? DeathWithin : deadlineOf(m_target.has_stop_ms(), m_target.stop_ms(), 10'000);
    m_deadline.disconnect();
    connect(&m_deadline, &QTimer::timeout, this, [this, within] {
        killGroup();
        m_process->waitForFinished(DeathWithin);
        settle(fmt::format("{} does not stop within {} s, and was killed", programOf(m_target.start()), within / 1000));
    });
    m_deadline.start(within);
    if (how == v1::KILL && m_target.has_kill())
        run(m_target.kill());
    else if (how == v1::KILL)
        killGroup();
    else if (m_target.has_stop())
        run(m_target.stop());
    else
        m_process->terminate();
}

/// A command that makes it end: that it does is what is waited for.
void TargetProcess::run(const v1::Command &command)
{
    auto *process = makeProcess(command).release();
    process->setParent(this);
    connect(process, &QProcess::finished, process, &QObject::deleteLater);
    process->start();
}

void TargetProcess::killGroup()
{
    if (m_group > 0)
        ::kill(static_cast<pid_t>(-m_group), SIGKILL);
    if (isRunning())
        m_process->kill();
}

std::string TargetProcess::tail() const
{
    std::deque<std::string> lines = m_lines;
    if (!m_target.log_file().empty()) {
        std::ifstream file(m_target.log_file());
        lines.clear();
        for (std::string line; std::getline(file, line);) {
            lines.push_back(line);
            if (lines.size() > MostLines)
                lines.pop_front();
        }
    }
    if (!m_rest.empty() && m_target.log_file().empty())
        lines.push_back(m_rest);
    std::string joined;
    for (const auto &line : lines)
        joined += "    " + line + "\n";
    return joined;
}

} // namespace hiatus::lifecycle
