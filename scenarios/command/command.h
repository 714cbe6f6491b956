#pragma once
// The subcommands of `hiatus`: each adds itself to the command line and runs.

#include "scenarios/report/exitstatus.h"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace hiatus::command {

struct Environment
{
    std::string root; ///< where scenarios/ is
    std::string commandLine; ///< as it was called, without passwords
    std::string program; ///< as it was called, for rerun commands
    std::vector<std::string> requirements; ///< the user's own files of statements
    int status = report::AsExpected;
};

void addRun(CLI::App &app, Environment &environment);
void addList(CLI::App &app, Environment &environment);
void addShow(CLI::App &app, Environment &environment);
void addLint(CLI::App &app, Environment &environment);
void addExplain(CLI::App &app, Environment &environment);
void addMutants(CLI::App &app, Environment &environment);
void addJudge(CLI::App &app, Environment &environment);
void addCompare(CLI::App &app, Environment &environment);
void addAdapterCheck(CLI::App &app, Environment &environment);
void addInit(CLI::App &app, Environment &environment);
void addRepro(CLI::App &app, Environment &environment);
void addMerge(CLI::App &app, Environment &environment);
void addSession(CLI::App &app, Environment &environment);
void addProbe(CLI::App &app, Environment &environment);

/// Is standard output a terminal that wants colour (NO_COLOR is honoured)?
bool isColourful();

} // namespace hiatus::command
