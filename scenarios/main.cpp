// hiatus: does the MQTT session survive the hiatus?

#include "scenarios/command/command.h"
#include "scenarios/requirements/dataroot.h"

#include <QtCore/QCoreApplication>

#include <cstdio>

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    hiatus::command::Environment environment;
    environment.root = hiatus::dataRoot(QCoreApplication::applicationFilePath().toStdString());
    environment.program = argv[0];

    CLI::App app("Hiatus tells whether an MQTT session survives a hiatus: scripted scenarios against a real broker, or the\n"
                 "in-process one, judged statement by statement against MQTT 3.1.1 and 5.0.", "hiatus");
    app.require_subcommand(1);
    app.set_version_flag("--version", HIATUS_VERSION);
    app.footer("Exit status: 0 as expected; 1 unexpected FAIL (WARN with --strict) or a baseline that no longer fits;\n"
               "2 nothing worse than INCONCLUSIVE; 3 nothing ran; 64 usage, script, profile or baseline; 69 target gone;\n"
               "70 harness; 130 interrupted.");
    using namespace hiatus::command;
    addRun(app, environment);
    addList(app, environment);
    addShow(app, environment);
    addLint(app, environment);
    addExplain(app, environment);
    addMutants(app, environment);
    addJudge(app, environment);
    addCompare(app, environment);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return app.exit(error) == 0 ? 0 : hiatus::report::UsageError;
    }
    return environment.status;
}
