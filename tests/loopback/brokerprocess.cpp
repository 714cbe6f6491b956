#include "tests/loopback/brokerprocess.h"

#include <QRegularExpression>

#include <csignal>

namespace hiatus::loopback {

namespace {
constexpr int Patience = 30'000; // bounds a failure only
const QString Program = QStringLiteral(MINIBROKER_PROGRAM);
} // namespace

BrokerProcess::~BrokerProcess()
{
    kill();
}

bool BrokerProcess::start(const QStringList &arguments)
{
    m_process = std::make_unique<QProcess>();
    m_process->start(Program, QStringList{QStringLiteral("--port"), QStringLiteral("0")} + arguments);
    static const QRegularExpression ready(QStringLiteral("^minibroker: listening (for TLS )?on 127\\.0\\.0\\.1:(\\d+)\n$"));
    m_tlsPort = 0;
    for (;;) {
        if (!m_process->canReadLine() && !m_process->waitForReadyRead(Patience))
            return false;
        if (!m_process->canReadLine())
            continue;
        const auto match = ready.match(QString::fromUtf8(m_process->readLine()));
        const bool isTls = !match.captured(1).isEmpty();
        (isTls ? m_tlsPort : m_port) = match.captured(2).toUShort();
        if (!isTls)
            return match.hasMatch();
    }
}

void BrokerProcess::kill()
{
    if (!m_process)
        return;
    m_process->kill();
    m_process->waitForFinished(Patience);
    m_process.reset();
}

int BrokerProcess::terminate()
{
    m_process->terminate();
    const bool isEnded = m_process->waitForFinished(Patience) && m_process->exitStatus() == QProcess::NormalExit;
    return isEnded ? m_process->exitCode() : -1;
}

QString BrokerProcess::standardError()
{
    return QString::fromUtf8(m_process->readAllStandardError());
}

Ended runBroker(const QStringList &arguments, const QByteArray &input)
{
    QProcess process;
    process.start(Program, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(Patience) || process.exitStatus() != QProcess::NormalExit)
        return {};
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

} // namespace hiatus::loopback
