// A target's processes are gone when we are done with it, those in process groups of their own too.

#include "scenarios/lifecycle/targetprocess.h"

#include <QTest>

#include <cerrno>
#include <csignal>

using namespace hiatus;

class TestTargetProcess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingOfASessionIsLeft();
};

void TestTargetProcess::nothingOfASessionIsLeft()
{
    v1::Target target;
    for (const char *argument : {"/bin/bash", "-c", "set -m; sleep 1000 & echo helper $!; exec sleep 1000"}) // -m: a group for each job
        target.mutable_start()->add_argument(argument);
    target.mutable_start()->set_ready_line("helper [0-9]+");
    auto process = std::make_unique<lifecycle::TargetProcess>(target, std::string());
    std::string problem = "has not started";
    process->start([&](const std::string &told) { problem = told; });
    QTRY_VERIFY2_WITH_TIMEOUT(problem.empty(), problem.c_str(), 10'000);
    const std::string said = process->tail();
    const auto helper = static_cast<pid_t>(std::stol(said.substr(said.find("helper ") + 7)));
    QCOMPARE(::kill(helper, 0), 0);
    process.reset();
    // Dead, or dead and not yet collected by whoever inherits it.
    QFile state(QStringLiteral("/proc/%1/stat").arg(helper));
    QVERIFY(!state.open(QIODevice::ReadOnly) || state.readAll().contains(") Z "));
}

QTEST_GUILESS_MAIN(TestTargetProcess)
#include "tst_targetprocess.moc"
