#include "scenarios/lifecycle/processsession.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QProcess>

#include <csignal>
#include <vector>

#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace hiatus::lifecycle {

namespace {

/// proc(5): pid (comm) state ppid pgrp session …; comm may have anything in it.
bool isAliveIn(pid_t session, const QString &process)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(process));
    if (!file.open(QIODevice::ReadOnly))
        return false; // it has gone
    const QByteArray line = file.readAll();
    const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
    return fields.size() > 3 && fields[3].toInt() == session && fields[0] != "Z" && fields[0] != "X";
}

std::vector<pid_t> membersOf(pid_t session)
{
    std::vector<pid_t> found;
    for (const QString &name : QDir(QStringLiteral("/proc")).entryList({QStringLiteral("[0-9]*")}, QDir::Dirs)) {
        if (isAliveIn(session, name))
            found.push_back(name.toInt());
    }
    return found;
}

void waitFor(pid_t process, const QDeadlineTimer &deadline)
{
    const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, process, 0)); // glibc 2.36 declares it for C only
    if (descriptor < 0)
        return; // it has gone
    pollfd waiting{descriptor, POLLIN, 0};
    ::poll(&waiting, 1, static_cast<int>(deadline.remainingTime()));
    ::close(descriptor);
}

} // namespace

void leadSession(QProcess &process)
{
    process.setChildProcessModifier([] {
        ::setsid();
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    });
}

void endSession(pid_t session, std::chrono::milliseconds within)
{
    const QDeadlineTimer deadline(within);
    auto members = membersOf(session);
    while (!members.empty() && !deadline.hasExpired()) {
        for (const pid_t process : members)
            ::kill(process, SIGKILL);
        for (const pid_t process : members)
            waitFor(process, deadline);
        members = membersOf(session); // one may have had another
    }
}

} // namespace hiatus::lifecycle
