#include "minibroker/commandline/manual.h"

#include <iostream>

namespace hiatus::commandline {

namespace {

/// CLI11 shows the choices of an option as "TEXT:{one,two}".
std::vector<std::string> choicesIn(const std::string &type)
{
    std::vector<std::string> choices;
    const auto begin = type.find('{');
    const auto end = type.find('}', begin);
    if (begin == std::string::npos || end == std::string::npos)
        return choices;
    for (auto at = begin + 1; at <= end;) {
        const auto comma = std::min(type.find(',', at), end);
        const std::string choice = type.substr(at, comma - at);
        choices.push_back(choice.substr(0, choice.find("->")));
        at = comma + 1;
    }
    return choices;
}

} // namespace

std::vector<OptionRow> optionsOf(const CLI::App &app)
{
    std::vector<OptionRow> rows;
    for (const CLI::Option *option : app.get_options()) {
        if (option->get_group().empty())
            continue; // hidden
        OptionRow row;
        row.isPositional = option->get_positional();
        row.name = row.isPositional ? option->get_name() : "--" + option->get_lnames().front();
        row.takesValue = option->get_type_size_max() > 0;
        row.choices = choicesIn(option->get_type_name());
        row.description = option->get_description();
        rows.push_back(row);
    }
    return rows;
}

std::vector<const CLI::App *> subcommandsOf(const CLI::App &app)
{
    const auto all = app.get_subcommands([](const CLI::App *) { return true; });
    return {all.begin(), all.end()};
}

void addManual(CLI::App &app, const std::string &version)
{
    app.add_flag_callback("--man", [&app, version] {
        std::cout << manualOf(app, version);
        throw CLI::Success();
    })->group("");
    app.add_option_function<std::string>("--completion", [&app](const std::string &shell) {
        std::cout << completionOf(app, shell);
        throw CLI::Success();
    })->check(CLI::IsMember({"bash", "zsh"}))->group("");
}

} // namespace hiatus::commandline
