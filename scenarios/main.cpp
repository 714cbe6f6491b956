// hiatus: does the MQTT session survive the hiatus?

#include "minibroker/commandline/manual.h"
#include "proto/wire/redact.h"
#include "scenarios/command/command.h"
#include "scenarios/command/usage.h"
#include "scenarios/report/names.h"
#include "scenarios/requirements/dataroot.h"

#include <QtCore/QCoreApplication>

#include <algorithm>
#include <cstring>
#include <iostream>
#include <string>
#include <vector>

namespace {

/// Who lists the machine's processes shall not see the passwords of the URLs that we were given.
void hidePasswords(int argc, char **argv)
{
    for (int i = 1; i < argc; ++i) {
        const std::string hidden = hiatus::wire::redacted(argv[i]);
        const std::size_t room = std::strlen(argv[i]);
        if (hidden == argv[i])
            continue;
        std::fill_n(argv[i], room, '\0');
        std::copy_n(hidden.begin(), std::min(room, hidden.size()), argv[i]);
    }
}

/// As it was called; hidePasswords() has been here before.
std::string commandLine(int argc, char **argv)
{
    std::string line = "hiatus";
    for (int i = 1; i < argc; ++i)
        line += ' ' + hiatus::report::shellQuoted(argv[i]);
    return line;
}

} // namespace

int main(int argc, char **argv)
{
    std::vector<std::string> arguments(argv + 1, argv + argc);
    std::reverse(arguments.begin(), arguments.end()); // as CLI11 wants them
    hidePasswords(argc, argv);
    QCoreApplication application(argc, argv);
    hiatus::command::Environment environment;
    environment.root = hiatus::dataRoot(QCoreApplication::applicationFilePath().toStdString());
    environment.program = argv[0];
    environment.commandLine = commandLine(argc, argv);

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
    addAdapterCheck(app, environment);
    addInit(app, environment);
    addRepro(app, environment);
    addMerge(app, environment);
    addSession(app, environment);
    addProbe(app, environment);
    hiatus::commandline::addManual(app, HIATUS_VERSION);
    const std::vector<std::string> asGiven(arguments.rbegin(), arguments.rend());
    try {
        app.parse(arguments);
    } catch (const CLI::ParseError &error) {
        const std::string said = error.get_exit_code() == 0 ? std::string() : mistyped(app, asGiven, error);
        if (!said.empty()) {
            std::cerr << said << "\n";
            return hiatus::report::UsageError;
        }
        return app.exit(error) == 0 ? 0 : hiatus::report::UsageError;
    }
    return environment.status;
}
