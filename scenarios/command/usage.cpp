#include "scenarios/command/usage.h"

#include "scenarios/command/common.h"

#include <algorithm>

namespace hiatus::command {

namespace {

std::vector<std::string> commandsOf(const CLI::App &app)
{
    std::vector<std::string> names;
    for (const auto *command : app.get_subcommands({}))
        names.push_back(command->get_name());
    return names;
}

std::vector<std::string> optionsOf(const CLI::App &command)
{
    std::vector<std::string> names;
    for (const auto *option : command.get_options()) {
        for (const auto &name : option->get_lnames())
            names.push_back("--" + name);
    }
    return names;
}

} // namespace

std::string mistyped(const CLI::App &app, const std::vector<std::string> &arguments, const CLI::ParseError &error)
{
    const auto commands = commandsOf(app);
    if (arguments.empty())
        return app.help() + "\nTo begin with: hiatus run, hiatus run --target mqtt://localhost:1883, hiatus init mybroker";
    const auto called = std::find_if(arguments.begin(), arguments.end(), [](const auto &word) { return word.front() != '-'; });
    if (called == arguments.end())
        return {};
    if (std::find(commands.begin(), commands.end(), *called) == commands.end())
        return "hiatus: there is no command " + *called + nearest(*called, commands) + " (hiatus --help)";
    if (!dynamic_cast<const CLI::ExtrasError *>(&error))
        return {};
    const auto *command = app.get_subcommand(*called);
    const auto known = optionsOf(*command);
    for (auto word = called + 1; word != arguments.end(); ++word) {
        const std::string name = word->substr(0, word->find('='));
        if (name.rfind("--", 0) == 0 && std::find(known.begin(), known.end(), name) == known.end())
            return "hiatus " + *called + ": there is no option " + name + nearest(name, known) + " (hiatus " + *called + " --help)";
    }
    return {};
}

} // namespace hiatus::command
