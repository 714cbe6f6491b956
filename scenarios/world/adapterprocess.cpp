#include "scenarios/world/adapterprocess.h"

#include "proto/session/delimited.h"
#include "scenarios/lifecycle/processsession.h"

#include <QProcessEnvironment>

#include <chrono>
#include <utility>

namespace hiatus::world {

namespace {

constexpr std::chrono::milliseconds Farewell(2'000); ///< that killed processes may take to be gone

std::string lastLine(const QByteArray &text)
{
    const auto lines = text.trimmed().split('\n');
    return lines.back().left(300).toStdString();
}

} // namespace

AdapterProcess::AdapterProcess(const std::vector<std::string> &command, Told told) : m_told(std::move(told))
{
    QStringList arguments;
    for (const auto &argument : command)
        arguments.push_back(QString::fromStdString(argument));
    const QString program = arguments.takeFirst();
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &AdapterProcess::read);
    connect(&m_process, &QProcess::errorOccurred, this, [this, program](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            ended("the adapter " + program.toStdString() + " cannot be started: " + m_process.errorString().toStdString());
    });
    connect(&m_process, &QProcess::finished, this, [this](int status, QProcess::ExitStatus how) {
        read();
        const std::string said = lastLine(m_process.readAllStandardError());
        ended((how == QProcess::CrashExit ? "the adapter crashed" : "the adapter ended with status " + std::to_string(status))
              + (said.empty() ? "" : ": " + said));
    });
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("TMPDIR"), m_folder.path());
    m_process.setProcessEnvironment(environment);
    lifecycle::leadSession(m_process);
    m_process.start(program, arguments);
    m_session = m_process.processId();
}

AdapterProcess::~AdapterProcess()
{
    m_isOver = true;
    m_process.disconnect(this);
    if (m_process.state() != QProcess::NotRunning) {
        m_process.kill();
        m_process.waitForFinished(static_cast<int>(Farewell.count()));
    }
    if (m_session > 0) // a script that starts the adapter proper is none of its own
        lifecycle::endSession(static_cast<pid_t>(m_session), Farewell);
}

void AdapterProcess::send(const v1::ClientCommand &command)
{
    const std::string bytes = delimited(command);
    m_process.write(bytes.data(), qint64(bytes.size()));
}

void AdapterProcess::read()
{
    m_input += m_process.readAllStandardOutput().toStdString();
    while (!m_isOver) {
        v1::ClientEvent event;
        switch (takeDelimited(m_input, event)) {
        case Taken::Nothing: return;
        case Taken::Garbage: return ended("the adapter writes what is no ClientEvent on its standard output");
        case Taken::Message: m_told.event(event);
        }
    }
}

void AdapterProcess::ended(const std::string &why)
{
    if (!std::exchange(m_isOver, true))
        m_told.ended(why);
}

} // namespace hiatus::world
