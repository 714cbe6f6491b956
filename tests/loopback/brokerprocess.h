#pragma once

#include <QProcess>
#include <QStringList>

#include <memory>
#include <string>

namespace hiatus::loopback {

/// The program minibroker, as somebody would start it.
class BrokerProcess
{
public:
    ~BrokerProcess();

    /// Starts it on a free port and waits for its ready line. False: it ended, or said something else.
    bool start(const QStringList &arguments = {});
    quint16 port() const { return m_port; }
    quint16 tlsPort() const { return m_tlsPort; }
    qint64 id() const { return m_process ? m_process->processId() : 0; }
    /// SIGKILL, and gone.
    void kill();
    /// SIGTERM; its exit status, or -1 if it did not end by itself.
    int terminate();
    QString standardError();

private:
    std::unique_ptr<QProcess> m_process;
    quint16 m_port = 0;
    quint16 m_tlsPort = 0;
};

struct Ended
{
    int status = -1;
    QString output;
    QString error;
};
/// Runs the program to its end.
Ended runBroker(const QStringList &arguments, const QByteArray &input = {});

} // namespace hiatus::loopback
